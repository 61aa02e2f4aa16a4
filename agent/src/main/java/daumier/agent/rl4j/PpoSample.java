package daumier.agent.rl4j;

/**
 * One decision as PPO learns from it.
 *
 * @param observation as the network saw it
 * @param action as drawn
 * @param logProb its log-probability when it was drawn
 * @param value the critic's estimate then
 * @param advantage by {@link daumier.agent.Gae}, less the baseline of its group if there is one
 * @param target the lambda return, which the critic learns
 */
record PpoSample(
        double[] observation,
        double[] action,
        double logProb,
        double value,
        double advantage,
        double target) {}
