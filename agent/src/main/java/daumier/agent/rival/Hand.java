package daumier.agent.rival;

/** Draws one portrait in a way of its own: unlike a policy's it may differ from face to face. */
@FunctionalInterface
interface Hand {
    /** The action after an observation. */
    double[] act(double[] observation);
}
