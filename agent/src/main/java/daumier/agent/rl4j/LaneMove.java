package daumier.agent.rl4j;

/**
 * A move with the observation it reached, for which RL4J's {@code ExperienceHandler} has no room:
 * lanes reset themselves, so that the next observation of a lane may belong to another episode.
 *
 * @param move index of the move
 * @param reached the observation after it
 */
record LaneMove(int move, double[] reached) {}
