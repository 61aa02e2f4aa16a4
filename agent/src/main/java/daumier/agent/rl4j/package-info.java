/**
 * The learned policies: PPO and double DQN behind RL4J's contracts, with DL4J networks on ND4J.
 *
 * <p>RL4J's policy, experience handler, update rule, update algorithm and trainable network are the
 * seams; its {@code AgentLearner} drives one environment at a time and knows no truncation, so
 * lanes are driven by {@link daumier.agent.LaneLearner}. Nothing outside of this package sees RL4J,
 * DL4J or ND4J.
 */
package daumier.agent.rl4j;
