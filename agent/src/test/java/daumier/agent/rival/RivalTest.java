package daumier.agent.rival;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.agent.StopSignal;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Observation;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Settings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rivals on simulated portraits, whose answers are known. */
class RivalTest {
    private static final List<EpisodeSpec> TRAIN = SimulatedPortraits.portraits(0, 45);
    private static final List<EpisodeSpec> TEST = SimulatedPortraits.portraits(1000, 30);

    private static double[] observation(double progress, double intent, double effort) {
        double[] o = new double[Observation.SPACE.size()];
        o[Observation.SPACE.part("progress").offset()] = progress;
        o[Observation.SPACE.part("intent").offset()] = intent;
        o[Observation.SPACE.part("effort").offset()] = effort;
        return o;
    }

    @Test
    void aStaticScheduleReachesItsGainAndFollowsItsRamp() {
        StaticSchedule schedule = new StaticSchedule(Observation.SPACE, 1.5, 0.3, 0.7, 0.3);
        double[][] o = {observation(0, 1, 0), observation(0.5, 1, 0.2), observation(1, 1, 1.5)};
        double[][] actions = schedule.act(o, new boolean[3], true);
        assertEquals(0, Move.of(actions[0]).increment()[0], 1e-9);
        assertEquals(1.3, Move.of(actions[1]).increment()[0], 1e-9);
        assertEquals(0, Move.of(actions[2]).increment()[0], 1e-9);
        assertEquals(0.3, Move.of(actions[0]).loraWeight(), 1e-9);
        assertEquals(0.5, Move.of(actions[1]).loraWeight(), 1e-9);
        assertEquals(0.7, Move.of(actions[2]).loraWeight(), 1e-9);
    }

    @Test
    void differenceFromMeanPushesEverythingAlike() {
        double[][] action =
                new DifferenceFromMean(Observation.SPACE, 0.6, 0.5)
                        .act(new double[][] {observation(0, 1, 0.1)}, new boolean[1], true);
        assertArrayEquals(
                new double[] {0.5, 0.6, 0.6, 0.6, 0.6, 0.6}, Move.of(action[0]).increment(), 1e-9);
    }

    @Test
    void theRuleCorrectsAStrongLoraByLess() {
        // Level 0.9 was reached by a weight of 0.3: a third of a weight for each level.
        assertEquals(0.3 - 0.2 / 3, weight(0.9, 0.3, 1), 1e-9);
        // A weak LoRA would take 4 for each level, which is not believed.
        assertEquals(0.4 + 0.6, weight(0.1, 0.4, 1), 1e-9);
        // Without a bound all LoRAs are corrected alike.
        assertEquals(0.3 - 0.2, weight(0.9, 0.3, 0), 1e-9);
        // However strong, some weight is taken for a level.
        assertEquals(0.01 + 0.15 * 0.2, weight(0.5, 0.01, 1), 1e-9);
    }

    /** The weight after a level was seen that a constant weight brought about; 0.7 is wanted. */
    private static double weight(double level, double before, double answer) {
        double[] o = observation(0.5, 1, 1);
        o[Observation.SPACE.part("seen").offset()] = 1;
        o[Observation.SPACE.part("level").offset()] = level;
        o[Observation.SPACE.part("lora_weight").offset()] = before;
        o[Observation.SPACE.part("mean_lora_weight").offset()] = before;
        ClosedLoopRule.Gains gains =
                new ClosedLoopRule.Gains(1, 0.4, 0.9, 1, 0, 0.7, 0.7, answer, 1);
        double[][] actions =
                new ClosedLoopRule(Observation.SPACE, gains)
                        .act(new double[][] {o}, new boolean[1], true);
        return Move.of(actions[0]).loraWeight();
    }

    @Test
    void portraitsComeBackInOrderOnAnyNumberOfLanes() {
        StaticSchedule schedule = StaticSchedule.constant(Observation.SPACE, 1.2, 0.6);
        List<Outcome> first = null;
        for (int lanes : new int[] {1, 4, 64}) {
            try (SimulatedPortraits environment = new SimulatedPortraits(lanes)) {
                List<Outcome> outcomes =
                        Portraits.play(environment, schedule, TEST, new StopSignal());
                assertEquals(TEST, outcomes.stream().map(Outcome::spec).toList());
                first = first == null ? outcomes : first;
                assertEquals(first, outcomes);
            }
        }
    }

    @Test
    void searchedCurvesAreBetterThanTheScheduleTheyBeganWith() {
        try (SimulatedPortraits environment = new SimulatedPortraits(8)) {
            // Far from what these faces ask for.
            StaticSchedule start =
                    StaticSchedule.constant(environment.observationSpace(), 0.5, 1.1);
            OpenLoopSchedule found =
                    OpenLoopSchedule.searched(
                            environment, start, TRAIN, 12, 3000, 1, new StopSignal(), line -> {});
            assertTrue(
                    mean(environment, found) > mean(environment, start) + 0.1,
                    () -> found.constants());
        }
    }

    @Test
    void theBestOfSeveralIsKeptAndPaidFor() {
        try (SimulatedPortraits environment = new SimulatedPortraits(8)) {
            StaticSchedule schedule =
                    StaticSchedule.constant(environment.observationSpace(), 1.1, 0.6);
            List<Outcome> once = Portraits.play(environment, schedule, TEST, new StopSignal());
            List<Outcome> best = new BestOf(3, schedule, 1).draw(environment, TEST);
            for (int i = 0; i < TEST.size(); i++) {
                assertEquals(TEST.get(i), best.get(i).spec());
                assertEquals(3 * once.get(i).unetCalls(), best.get(i).unetCalls());
                assertEquals(3 * once.get(i).seconds(), best.get(i).seconds(), 1e-9);
                assertTrue(best.get(i).reward().composite() >= once.get(i).reward().composite());
            }
        }
        assertEquals(
                List.of(6, 1, 4, 1, 1, 1),
                List.of(
                        BestOf.settings(Settings.standard(), 2).decisions(),
                        BestOf.settings(Settings.standard(), 2).callsPerDecision(),
                        BestOf.settings(Settings.standard(), 3).decisions(),
                        BestOf.settings(Settings.standard(), 3).callsPerDecision(),
                        BestOf.settings(Settings.standard(), 12).decisions(),
                        BestOf.settings(Settings.standard(), 12).callsPerDecision()));
        assertThrows(IllegalArgumentException.class, () -> BestOf.settings(Settings.standard(), 5));
        assertThrows(
                IllegalArgumentException.class,
                () -> new BestOf(1, StaticSchedule.constant(Observation.SPACE, 1, 1), 1));
    }

    private static double mean(SimulatedPortraits environment, Rival rival) {
        return Portraits.play(environment, rival, TEST, new StopSignal()).stream()
                .mapToDouble(outcome -> outcome.reward().composite())
                .average()
                .orElseThrow();
    }

    @Test
    void lookingBeatsNotLookingAndSearchingBeatsBoth() {
        List<String> log = new ArrayList<>();
        try (SimulatedPortraits environment = new SimulatedPortraits(8)) {
            Headroom headroom = new Headroom(environment, TRAIN, 9, 20, new StopSignal(), log::add);
            Comparison comparison = headroom.run(TEST, true);
            assertEquals(6, comparison.entrants().size());
            assertTrue(comparison.isJudged());
            for (int i = 1; i < 6; i++) {
                assertEquals(
                        comparison.mean(i, false).value() - comparison.mean(0, false).value(),
                        comparison.difference(i, false).value(),
                        1e-9);
            }
            double ramp = comparison.difference(1, false).value();
            double known = comparison.difference(3, false).value();
            double rule = comparison.difference(4, false).value();
            double search = comparison.difference(5, false).value();
            assertTrue(ramp <= 0.05, comparison::table);
            assertTrue(known > 0, comparison::table);
            assertTrue(comparison.difference(4, true).above(0), comparison::table);
            assertTrue(search > known && search > rule - 0.05, comparison::table);
            assertEquals(120, comparison.entrants().get(5).calls());
            assertTrue(comparison.table().contains("by the judges"));
        }
        assertTrue(log.get(0).startsWith("120 candidates on 9 portraits"), log.get(0));
    }

    @Test
    void theIncumbentMeetsEveryRoundOfATuning() {
        try (SimulatedPortraits environment = new SimulatedPortraits(8)) {
            List<String> rounds = new ArrayList<>();
            List<StaticSchedule> candidates = new ArrayList<>();
            // The incumbent is far worse than the others.
            candidates.add(StaticSchedule.constant(Observation.SPACE, 0.1, 0.1));
            for (int i = 0; i < 31; i++) {
                candidates.add(StaticSchedule.constant(Observation.SPACE, 1 + 0.01 * i, 0.6));
            }
            StaticSchedule best =
                    new Tuning(environment, TRAIN, 5, new StopSignal(), rounds::add)
                            .best(candidates);
            assertTrue(best.gain() >= 1);
            // A quarter of 32 and of 9, and the incumbent.
            assertEquals(
                    List.of("32", "9", "4"),
                    rounds.stream().map(line -> line.split(" ")[0]).toList());
        }
    }
}
