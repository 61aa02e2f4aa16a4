package daumier.env;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Gymnasium's {@code check_env} in Java: plays a few steps in an environment and finds out whether
 * it keeps the contract that learners rely on.
 */
public final class EnvironmentChecker {
    private static final int STEPS = 50;

    private EnvironmentChecker() {}

    /**
     * Checks {@code environment} and closes it.
     *
     * @return warnings: things that are allowed but seldom wanted, such as bounds that are infinite
     * @throws EnvironmentContractException at the first broken promise, with what to mend
     */
    public static <A> List<String> check(Environment<A> environment) {
        List<String> warnings = new ArrayList<>();
        spaces(environment, warnings);
        resets(environment, warnings);
        steps(environment);
        environment.close();
        environment.close();
        return warnings;
    }

    private static <A> void spaces(Environment<A> environment, List<String> warnings) {
        Box observations = environment.observationSpace();
        if (observations.size() == 0) {
            throw new EnvironmentContractException("The observation space has no values.");
        }
        if (!observations.equals(environment.observationSpace())
                || !environment.actionSpace().equals(environment.actionSpace())) {
            throw new EnvironmentContractException("The spaces change from call to call.");
        }
        for (Box.Part part : observations.parts()) {
            for (int i = part.offset(); i < part.end(); i++) {
                if (observations.low()[i] == observations.high()[i]) {
                    warnings.add("Observation '" + part.name() + "' can take one value only.");
                    break;
                }
                if (Double.isInfinite(observations.low()[i])
                        || Double.isInfinite(observations.high()[i])) {
                    warnings.add("Observation '" + part.name() + "' has an infinite bound.");
                    break;
                }
            }
        }
        if (environment.actionSpace() instanceof Box actions) {
            for (Box.Part part : actions.parts()) {
                for (int i = part.offset(); i < part.end(); i++) {
                    if (actions.low()[i] != -1 || actions.high()[i] != 1) {
                        warnings.add(
                                "Action '"
                                        + part.name()
                                        + "' is not in [-1, 1]: rescale it inside the"
                                        + " environment, or a Gaussian policy learns badly.");
                        break;
                    }
                }
            }
        }
    }

    private static <A> void resets(Environment<A> environment, List<String> warnings) {
        Box space = environment.observationSpace();
        ResetResult first = environment.reset(OptionalLong.of(123), Map.of());
        ContractChecks.reset(space, first);
        double[] kept = first.observation().clone();
        ResetResult again = environment.reset(OptionalLong.of(123), Map.of());
        ContractChecks.reset(space, again);
        if (!Arrays.equals(kept, again.observation())) {
            throw new EnvironmentContractException(
                    "Two resets with the same seed gave different observations: draw every random"
                            + " number from the generator that the seed restarts.");
        }
        if (!Arrays.equals(kept, first.observation())) {
            throw new EnvironmentContractException(
                    "A reset wrote into an observation given before: make a new array each time.");
        }
        ResetResult other = environment.reset(OptionalLong.of(456), Map.of());
        ContractChecks.reset(space, other);
        if (Arrays.equals(kept, other.observation())) {
            warnings.add("Different seeds gave the same first observation.");
        }
        ContractChecks.reset(space, environment.reset());
        ContractChecks.reset(
                space,
                environment.reset(OptionalLong.of(123), Map.of("an option nobody knows", 1)));
    }

    private record Played<A>(A action, StepResult result, double[] observation) {}

    private static <A> void steps(Environment<A> environment) {
        List<Played<A>> first = play(environment);
        List<Played<A>> second = play(environment);
        for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
            StepResult a = first.get(i).result();
            StepResult b = second.get(i).result();
            String what = null;
            if (!Arrays.equals(a.observation(), b.observation())) {
                what = "observations";
            } else if (a.reward() != b.reward()) {
                what = "rewards";
            } else if (a.terminated() != b.terminated() || a.truncated() != b.truncated()) {
                what = "ends";
            } else if (!sameInfo(a.info(), b.info())) {
                what = "infos";
            }
            if (what != null) {
                throw new EnvironmentContractException(
                        "The same seed and actions gave different "
                                + what
                                + " at step "
                                + (i + 1)
                                + ": draw every random number from the generator that the seed"
                                + " restarts.");
            }
        }
        if (first.size() != second.size()) {
            throw new EnvironmentContractException(
                    "The same seed and actions gave episodes of different length.");
        }
    }

    private static <A> List<Played<A>> play(Environment<A> environment) {
        Box space = environment.observationSpace();
        SeededRandom random = new SeededRandom(99);
        List<Played<A>> played = new ArrayList<>();
        ContractChecks.reset(space, environment.reset(OptionalLong.of(123), Map.of()));
        for (int i = 0; i < STEPS; i++) {
            A action = environment.actionSpace().sample(random);
            Object before = action instanceof double[] vector ? vector.clone() : action;
            StepResult result = environment.step(action);
            ContractChecks.step(space, result);
            if (!ContractChecks.sameAction(before, action)) {
                throw new EnvironmentContractException(
                        "step wrote into the action it was given: copy it first.");
            }
            played.add(new Played<>(action, result, result.observation().clone()));
            if (result.ended()) {
                environment.reset();
            }
        }
        for (Played<A> step : played) {
            if (!Arrays.equals(step.observation(), step.result().observation())) {
                throw new EnvironmentContractException(
                        "A step wrote into an observation given before: make a new array each"
                                + " time.");
            }
        }
        return played;
    }

    /** Equal infos, but for what measures the clock. */
    private static boolean sameInfo(Map<String, Object> a, Map<String, Object> b) {
        if (!a.keySet().equals(b.keySet())) {
            return false;
        }
        for (Map.Entry<String, Object> entry : a.entrySet()) {
            Object other = b.get(entry.getKey());
            if (entry.getValue() instanceof EpisodeSummary) {
                continue;
            }
            if (!Objects.deepEquals(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }
}
