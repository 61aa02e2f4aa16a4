package daumier.env;

import java.util.List;
import java.util.Map;

/**
 * What a reset of lanes gives.
 *
 * @param observations (lanes, size): the current observation of every lane, reset or not
 * @param infos one a lane; empty for lanes that were not reset
 */
public record VectorReset(double[][] observations, List<Map<String, Object>> infos) {}
