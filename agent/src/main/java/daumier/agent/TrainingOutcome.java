package daumier.agent;

/** Why a training returned. */
public enum TrainingOutcome {
    /** All steps were taken. */
    FINISHED,
    /** The stop signal was raised; the learner stands at the end of its last whole iteration. */
    STOPPED
}
