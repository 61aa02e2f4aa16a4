package daumier.env;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class WrappersTest {
    private static final double[] PAY = {0.5};

    @Test
    void orderIsEnforced() {
        OrderEnforcing<double[]> environment = new OrderEnforcing<>(new CountingEnvironment(1));
        assertThrows(EnvironmentContractException.class, () -> environment.step(PAY));
        environment.reset();
        assertTrue(environment.step(PAY).terminated());
        assertThrows(EnvironmentContractException.class, () -> environment.step(PAY));
        environment.reset();
        environment.close();
        assertThrows(EnvironmentContractException.class, environment::reset);
    }

    @Test
    void timeLimitTruncatesAndKeepsTermination() {
        TimeLimit<double[]> cut = new TimeLimit<>(new CountingEnvironment(3), 2);
        cut.reset();
        StepResult one = cut.step(PAY);
        assertFalse(one.ended());
        StepResult two = cut.step(PAY);
        assertFalse(two.terminated());
        assertTrue(two.truncated());

        TimeLimit<double[]> both = new TimeLimit<>(new CountingEnvironment(2), 2);
        both.reset();
        both.step(PAY);
        StepResult last = both.step(PAY);
        assertTrue(last.terminated());
        assertTrue(last.truncated());
    }

    @Test
    void statisticsStandInTheLastInfo() {
        AtomicLong clock = new AtomicLong();
        RecordEpisodeStatistics<double[]> environment =
                new RecordEpisodeStatistics<>(
                        new CountingEnvironment(2), () -> clock.getAndAdd(1_000_000_000L));
        environment.reset();
        assertEquals(Map.of("step taken", 1), environment.step(PAY).info());
        assertEquals(
                new EpisodeSummary(1.0, 2, 1.0),
                environment.step(PAY).info().get(EpisodeSummary.KEY));
    }

    @Test
    void observationsAreNormalisedByWhatWasSeen() {
        ObservationNormalizer normalizer = new ObservationNormalizer(1, 10);
        normalizer.observe(new double[][] {{1}, {3}});
        normalizer.observe(new double[][] {{5}, {7}});
        // Mean 4 and variance 5 of 1, 3, 5, 7, but for the weight 1e-4 of the prior.
        assertEquals(0, normalizer.apply(new double[] {4})[0], 1e-3);
        assertEquals(1, normalizer.apply(new double[] {4 + Math.sqrt(5)})[0], 1e-3);
        assertEquals(10, normalizer.apply(new double[] {1e9})[0]);
    }

    @Test
    void frozenNormaliserNeitherLearnsNorChanges() {
        ObservationNormalizer normalizer = new ObservationNormalizer(3, 10);
        NormalizeObservation<double[]> environment =
                new NormalizeObservation<>(new CountingEnvironment(4), normalizer);
        environment.reset(OptionalLong.of(1), Map.of());
        environment.step(PAY);
        normalizer.setFrozen(true);
        double[] before = normalizer.state();
        double[] first = environment.reset(OptionalLong.of(1), Map.of()).observation();
        environment.step(PAY);
        assertArrayEquals(before, normalizer.state());
        assertArrayEquals(first, environment.reset(OptionalLong.of(1), Map.of()).observation());

        ObservationNormalizer restored = new ObservationNormalizer(3, 10);
        restored.restore(before);
        double[] raw = {1, 2, 3};
        assertArrayEquals(normalizer.apply(raw), restored.apply(raw));
        normalizer.setFrozen(false);
        environment.step(PAY);
        assertFalse(Arrays.equals(before, normalizer.state()));
    }

    @Test
    void rewardsAreScaledByTheReturn() {
        RewardNormalizer normalizer = new RewardNormalizer(1, 0.5, 10);
        boolean[] going = {false};
        normalizer.apply(new double[] {1}, going);
        double[] scaled = normalizer.apply(new double[] {1}, going);
        // Returns 1 and 1.5: variance 1/16, so that 1 becomes 4, but for the prior.
        assertEquals(4, scaled[0], 0.01);
        normalizer.setFrozen(true);
        double[] state = normalizer.state();
        assertEquals(-scaled[0], normalizer.apply(new double[] {-1}, going)[0]);
        assertArrayEquals(state, normalizer.state());
        assertThrows(IllegalArgumentException.class, () -> new RewardNormalizer(1, 1.5, 10));
    }

    @Test
    void passiveCheckerNamesTheValueThatIsOutside() {
        Environment<double[]> broken =
                new EnvironmentWrapper<>(new CountingEnvironment(5)) {
                    @Override
                    public StepResult step(double[] action) {
                        return new StepResult(new double[] {1, -2, 0}, 0, false, false, Map.of());
                    }
                };
        PassiveChecker<double[]> checked = new PassiveChecker<>(broken);
        checked.reset();
        EnvironmentContractException thrown =
                assertThrows(EnvironmentContractException.class, () -> checked.step(PAY));
        assertEquals("step gave step[0] = -2.0, outside [0.0, 5.0].", thrown.getMessage());
        assertThrows(EnvironmentContractException.class, () -> checked.step(new double[] {2}));
    }
}
