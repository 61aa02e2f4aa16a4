package daumier.faces.nets;

/** Hears how a training goes on. Called on the training thread. */
@FunctionalInterface
public interface TrainingProgress {
    /**
     * A piece of work went on.
     *
     * @param task what is being made, for example {@code landmarks-meter} or {@code renders}
     * @param fraction 0 to 1
     * @param message the figures of the moment in a few words
     */
    void report(String task, double fraction, String message);

    /** Hears nothing. */
    static TrainingProgress silent() {
        return (task, fraction, message) -> {};
    }
}
