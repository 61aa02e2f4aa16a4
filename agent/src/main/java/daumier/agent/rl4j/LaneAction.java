package daumier.agent.rl4j;

/**
 * The action type that RL4J's generic seams are used with. {@code ExperienceHandler} has no room
 * for what PPO must remember of a decision, so it travels with the action.
 *
 * @param lane where it was taken
 * @param drawn the action as drawn, before it was clipped into the action space
 * @param logProb its log-probability at that time
 * @param value the critic's estimate at that time
 */
record LaneAction(int lane, double[] drawn, double logProb, double value) {}
