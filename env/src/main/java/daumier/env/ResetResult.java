package daumier.env;

import java.util.Map;

/**
 * What a reset gives.
 *
 * @param observation the first observation of the episode
 * @param info anything worth knowing beside it
 */
public record ResetResult(double[] observation, Map<String, Object> info) {}
