package daumier.agent;

/**
 * Generalised advantage estimation (Schulman et al. 2016, equation 16) over one lane: {@code
 * delta_t = r_t + gamma V(s_t+1) - V(s_t)}, {@code A_t = delta_t + gamma lambda A_t+1}, where
 * neither reaches across the end of an episode.
 *
 * <p>An episode that was truncated, not terminated, must have gamma V(its final observation) added
 * to its last reward beforehand, because the task would have gone on.
 */
public final class Gae {
    private Gae() {}

    /**
     * Advantages of each step; adding the values gives the lambda returns.
     *
     * @param rewards r_t, with the bootstrap of truncated episodes in them
     * @param values V(s_t)
     * @param ended whether the episode ended with step t, for whatever reason
     * @param lastValue V of the observation after the last step; unused if that step ended
     */
    public static double[] advantages(
            double[] rewards,
            double[] values,
            boolean[] ended,
            double lastValue,
            double gamma,
            double lambda) {
        double[] advantages = new double[rewards.length];
        double advantage = 0;
        double next = lastValue;
        for (int t = rewards.length - 1; t >= 0; t--) {
            double goesOn = ended[t] ? 0 : 1;
            double delta = rewards[t] + goesOn * gamma * next - values[t];
            advantage = delta + goesOn * gamma * lambda * advantage;
            advantages[t] = advantage;
            next = values[t];
        }
        return advantages;
    }
}
