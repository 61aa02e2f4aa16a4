package daumier.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class EnvironmentCheckerTest {
    private static Environment<double[]> withSteps(UnaryOperator<StepResult> change) {
        return new EnvironmentWrapper<>(new CountingEnvironment(5)) {
            @Override
            public StepResult step(double[] action) {
                return change.apply(super.step(action));
            }
        };
    }

    private static void assertBroken(String part, Environment<?> environment) {
        String message =
                assertThrows(
                                EnvironmentContractException.class,
                                () -> EnvironmentChecker.check(environment))
                        .getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void aSoundEnvironmentPassesAndIsClosedTwice() {
        CountingEnvironment environment = new CountingEnvironment(5);
        assertEquals(List.of(), EnvironmentChecker.check(environment));
        assertEquals(2, environment.timesClosed());
        assertEquals(
                List.of(),
                EnvironmentChecker.check(
                        new OrderEnforcing<>(
                                new RecordEpisodeStatistics<>(new CountingEnvironment(5)))));
    }

    @Test
    void aResetThatForgetsTheSeedIsFound() {
        assertBroken(
                "same seed",
                new EnvironmentWrapper<>(new CountingEnvironment(5)) {
                    @Override
                    public ResetResult reset(OptionalLong seed, Map<String, Object> options) {
                        return super.reset(OptionalLong.empty(), options);
                    }
                });
    }

    @Test
    void seedsThatChangeNothingAreWarnedAbout() {
        List<String> warnings =
                EnvironmentChecker.check(
                        new EnvironmentWrapper<>(new CountingEnvironment(5)) {
                            @Override
                            public ResetResult reset(
                                    OptionalLong seed, Map<String, Object> options) {
                                return super.reset(OptionalLong.of(1), options);
                            }
                        });
        assertEquals(List.of("Different seeds gave the same first observation."), warnings);
    }

    @Test
    void stepsThatAreNotRepeatableAreFound() {
        SeededRandom outside = new SeededRandom(3);
        assertBroken(
                "different rewards at step 1",
                withSteps(
                        r ->
                                new StepResult(
                                        r.observation(),
                                        outside.nextDouble(),
                                        r.terminated(),
                                        false,
                                        r.info())));
        assertBroken(
                "different infos",
                withSteps(
                        r ->
                                new StepResult(
                                        r.observation(),
                                        0,
                                        r.terminated(),
                                        false,
                                        Map.of("noise", outside.nextDouble()))));
    }

    @Test
    void valuesOutsideTheirSpaceAreFound() {
        assertBroken(
                "step[0] = 99.0",
                withSteps(
                        r ->
                                new StepResult(
                                        new double[] {1, 99, 0},
                                        0,
                                        r.terminated(),
                                        false,
                                        r.info())));
        assertBroken(
                "2 values",
                withSteps(r -> new StepResult(new double[2], 0, r.terminated(), false, r.info())));
        assertBroken(
                "reward NaN",
                withSteps(
                        r ->
                                new StepResult(
                                        r.observation(),
                                        Double.NaN,
                                        r.terminated(),
                                        false,
                                        r.info())));
    }

    @Test
    void arraysThatAreWrittenAgainAreFound() {
        double[] shared = new double[3];
        assertBroken(
                "new array",
                withSteps(
                        r -> {
                            System.arraycopy(r.observation(), 0, shared, 0, 3);
                            return new StepResult(shared, 0, r.terminated(), false, r.info());
                        }));
        assertBroken(
                "wrote into the action",
                new EnvironmentWrapper<>(new CountingEnvironment(5)) {
                    @Override
                    public StepResult step(double[] action) {
                        action[0] = 0.123;
                        return super.step(action);
                    }
                });
    }
}
