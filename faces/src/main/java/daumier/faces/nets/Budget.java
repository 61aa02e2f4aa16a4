package daumier.faces.nets;

/**
 * How long one network may train: it ends after {@code steps} steps or {@code seconds} seconds of
 * the training thread's processor time, whichever comes first. Only a run that ends by its steps is
 * the same on every machine.
 *
 * @param steps at least 1
 * @param seconds of processor time, more than 0; infinity for no limit
 */
public record Budget(int steps, double seconds) {
    /** Checks the ranges. */
    public Budget {
        if (steps < 1 || !(seconds > 0)) {
            throw new IllegalArgumentException(
                    "A training budget needs steps and seconds above 0.");
        }
    }

    /** A budget by steps alone. */
    public static Budget ofSteps(int steps) {
        return new Budget(steps, Double.POSITIVE_INFINITY);
    }

    /** The share that is used up, 0 to 1. */
    double progress(int stepsDone, double secondsDone) {
        return Math.min(1, Math.max(stepsDone / (double) steps, secondsDone / seconds));
    }
}
