package daumier.agent.rival;

import daumier.env.AutoresetMode;
import daumier.env.Box;
import daumier.env.LaneReset;
import daumier.env.Space;
import daumier.env.VectorEnvironment;
import daumier.env.VectorReset;
import daumier.env.VectorStep;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Observation;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Reward;
import daumier.env.caricature.Terms;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Portraits by formula: faces answer effort by a factor that nobody is told, LoRAs differ in
 * strength, and style costs identity. What a static schedule cannot know, a look shows.
 */
final class SimulatedPortraits implements VectorEnvironment<double[]> {
    private static final int REGIONS = 6;
    private static final int DECISIONS = 6;
    private static final Map<String, Double> STRENGTH =
            Map.of("weak", 0.7, "middling", 1.2, "strong", 2.2);

    private final EpisodeSpec[] specs;
    private final double[][] effort;
    private final double[] weight;
    private final int[] step;

    SimulatedPortraits(int lanes) {
        specs = new EpisodeSpec[lanes];
        effort = new double[lanes][];
        weight = new double[lanes];
        step = new int[lanes];
    }

    static List<EpisodeSpec> portraits(int first, int count) {
        List<String> loras = STRENGTH.keySet().stream().sorted().toList();
        List<EpisodeSpec> all = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            SplittableRandom random = new SplittableRandom(i);
            double[] intent = new double[REGIONS];
            intent[random.nextInt(REGIONS)] = random.nextDouble(0.5, 1.2);
            intent[random.nextInt(REGIONS)] = random.nextDouble(0.5, 1.2);
            all.add(EpisodeSpec.of(Subject.mean(), View.neutral(), intent, loras.get(i % 3), i));
        }
        return all;
    }

    @Override
    public int lanes() {
        return specs.length;
    }

    @Override
    public Box observationSpace() {
        return Observation.SPACE;
    }

    @Override
    public Space<double[]> actionSpace() {
        return Move.SPACE;
    }

    @Override
    public AutoresetMode autoresetMode() {
        return AutoresetMode.DISABLED;
    }

    @Override
    public VectorReset reset(List<LaneReset> resets) {
        for (LaneReset reset : resets) {
            int lane = reset.lane();
            specs[lane] = (EpisodeSpec) reset.options().get(CaricatureVectorEnvironment.EPISODE);
            effort[lane] = new double[REGIONS];
            weight[lane] = 0;
            step[lane] = 0;
        }
        return new VectorReset(observations(), Collections.nCopies(lanes(), Map.of()));
    }

    @Override
    public VectorStep step(List<double[]> actions) {
        int n = lanes();
        boolean[] terminated = new boolean[n];
        boolean[] parked = new boolean[n];
        List<Map<String, Object>> infos = new ArrayList<>(Collections.nCopies(n, Map.of()));
        for (int lane = 0; lane < n; lane++) {
            parked[lane] = specs[lane] == null || step[lane] == DECISIONS;
            if (parked[lane]) {
                continue;
            }
            Move move = Move.of(actions.get(lane));
            for (int r = 0; r < REGIONS; r++) {
                effort[lane][r] += move.increment()[r];
            }
            weight[lane] = move.loraWeight();
            terminated[lane] = ++step[lane] == DECISIONS;
            if (terminated[lane]) {
                Terms terms = terms(lane);
                Outcome outcome = new Outcome(specs[lane], terms, terms, 12, 0.1, List.of(), null);
                infos.set(lane, Map.of(CaricatureVectorEnvironment.OUTCOME, outcome));
            }
        }
        double[][] observed = observations();
        return new VectorStep(
                observed,
                new double[n],
                terminated,
                new boolean[n],
                infos,
                observed,
                Collections.nCopies(n, Map.of()),
                parked);
    }

    private double[] achieved(int lane) {
        SplittableRandom random = new SplittableRandom(specs[lane].noiseSeed() + 7);
        double[] achieved = new double[REGIONS];
        for (int r = 0; r < REGIONS; r++) {
            achieved[r] = effort[lane][r] * random.nextDouble(0.4, 1.1);
        }
        return achieved;
    }

    private Terms terms(int lane) {
        double level = Math.min(1.2, STRENGTH.get(specs[lane].lora()) * weight[lane]);
        double cosine = 0.95 - 0.4 * level * level;
        double identity = Math.max(0, Math.min(1, cosine / 0.8));
        return Reward.standard()
                .terms(achieved(lane), specs[lane].intent(), identity, cosine, level, 1);
    }

    private double[][] observations() {
        double[][] all = new double[lanes()][Observation.SPACE.size()];
        for (int lane = 0; lane < all.length; lane++) {
            if (specs[lane] == null) {
                continue;
            }
            double[] error = achieved(lane);
            Arrays.setAll(error, r -> 0);
            double[] achieved = achieved(lane);
            for (int r = 0; r < REGIONS; r++) {
                error[r] = specs[lane].intent()[r] - achieved[r];
            }
            Terms terms = terms(lane);
            double[] ones = new double[REGIONS];
            Arrays.fill(ones, 1);
            put(all[lane], "progress", (double) step[lane] / DECISIONS);
            put(all[lane], "seen", step[lane] == 0 ? 0 : 1);
            put(all[lane], "deviation", ones);
            put(all[lane], "intent", specs[lane].intent());
            put(all[lane], "achieved", achieved);
            put(all[lane], "error", error);
            put(all[lane], "effort", effort[lane]);
            put(all[lane], "cosine", terms.cosine());
            put(all[lane], "level", terms.level());
            put(all[lane], "lora_weight", weight[lane]);
            put(all[lane], "mean_lora_weight", weight[lane]);
        }
        return all;
    }

    private static void put(double[] observation, String part, double... values) {
        System.arraycopy(
                values, 0, observation, Observation.SPACE.part(part).offset(), values.length);
    }

    @Override
    public void close() {
        Arrays.fill(specs, null);
    }
}
