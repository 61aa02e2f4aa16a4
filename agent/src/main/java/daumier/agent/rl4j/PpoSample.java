package daumier.agent.rl4j;

/**
 * One decision as PPO learns from it.
 *
 * @param observation as the network saw it
 * @param action as drawn
 * @param logProb its log-probability when it was drawn
 * @param value the critic's estimate then
 * @param advantage by {@link daumier.agent.Gae}
 */
record PpoSample(
        double[] observation, double[] action, double logProb, double value, double advantage) {
    /** The lambda return, which the critic learns. */
    double target() {
        return value + advantage;
    }
}
