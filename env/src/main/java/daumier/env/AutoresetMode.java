package daumier.env;

/** What a vector environment does with a lane whose episode has ended. */
public enum AutoresetMode {
    /**
     * The lane is reset within the step that ended it: {@link VectorStep#observations()} holds the
     * first observation of the next episode, {@link VectorStep#finalObservations()} the last one of
     * the episode that ended. Made for training; no step is lost.
     */
    SAME_STEP,
    /**
     * The lane is parked until it is reset by a {@link LaneReset}: actions for it are ignored, its
     * reward is 0 and its last observation is repeated. A lane that was never reset is parked from
     * the beginning, with an observation of zeros, as long as another one plays. Made for
     * evaluation, where every episode has its own seed and options.
     */
    DISABLED
}
