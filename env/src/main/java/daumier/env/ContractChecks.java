package daumier.env;

import java.util.Arrays;

/** The checks that the environment checker and the passive checker share. */
final class ContractChecks {
    private ContractChecks() {}

    static void observation(Box space, double[] observation, String where) {
        if (observation == null) {
            throw new EnvironmentContractException(where + " gave no observation.");
        }
        if (observation.length != space.size()) {
            throw new EnvironmentContractException(
                    where
                            + " gave an observation of "
                            + observation.length
                            + " values, but the space has "
                            + space.size()
                            + ".");
        }
        if (space.contains(observation)) {
            return;
        }
        for (Box.Part part : space.parts()) {
            for (int i = part.offset(); i < part.end(); i++) {
                if (!(observation[i] >= space.low()[i] && observation[i] <= space.high()[i])) {
                    throw new EnvironmentContractException(
                            where
                                    + " gave "
                                    + part.name()
                                    + "["
                                    + (i - part.offset())
                                    + "] = "
                                    + observation[i]
                                    + ", outside ["
                                    + space.low()[i]
                                    + ", "
                                    + space.high()[i]
                                    + "].");
                }
            }
        }
    }

    static void reset(Box space, ResetResult result) {
        observation(space, result.observation(), "reset");
        if (result.info() == null) {
            throw new EnvironmentContractException("reset gave no info: give an empty map.");
        }
    }

    static void step(Box space, StepResult result) {
        observation(space, result.observation(), "step");
        if (!Double.isFinite(result.reward())) {
            throw new EnvironmentContractException(
                    "step gave the reward " + result.reward() + ": it must be finite.");
        }
        if (result.info() == null) {
            throw new EnvironmentContractException("step gave no info: give an empty map.");
        }
    }

    /** Whether an action still is what was kept of it. */
    static <A> boolean sameAction(A kept, A now) {
        if (kept instanceof double[] a && now instanceof double[] b) {
            return Arrays.equals(a, b);
        }
        return kept.equals(now);
    }
}
