package daumier.agent.rl4j;

import daumier.agent.Gae;
import daumier.agent.LeaveOneOut;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.rl4j.experience.ExperienceHandler;
import org.deeplearning4j.rl4j.observation.Observation;

/**
 * Keeps the decisions of all lanes until a rollout is full and gives them back with their
 * advantages. RL4J resets handlers at each episode; a rollout spans episodes, so that {@link
 * #reset()} keeps it and {@link #clear()} drops it.
 */
final class RolloutHandler implements ExperienceHandler<LaneAction, PpoSample> {
    private record Experience(
            double[] observation, LaneAction action, double reward, boolean ended) {}

    private final double gamma;
    private final double lambda;
    private final int batchSize;
    private final int groupSize;
    private final boolean evenGroups;
    private final List<List<Experience>> lanes = new ArrayList<>();
    private double[] lastValues = new double[0];

    /**
     * A handler for rollouts of {@code batchSize} decisions, all lanes together.
     *
     * @param gamma discount
     * @param lambda of the advantages
     * @param groupSize lanes that are each other's baseline, 0 or 1 for none
     * @param evenGroups whether every episode of a group weighs the same
     */
    RolloutHandler(double gamma, double lambda, int batchSize, int groupSize, boolean evenGroups) {
        this.gamma = gamma;
        this.lambda = lambda;
        this.batchSize = batchSize;
        this.groupSize = groupSize;
        this.evenGroups = evenGroups;
    }

    /**
     * Takes in a decision.
     *
     * @param reward with gamma V(final observation) in it if the episode was truncated
     * @param ended whether the episode ended, for whatever reason
     */
    @Override
    public void addExperience(
            Observation observation, LaneAction action, double reward, boolean ended) {
        while (lanes.size() <= action.lane()) {
            lanes.add(new ArrayList<>());
        }
        lanes.get(action.lane())
                .add(
                        new Experience(
                                DenseNetwork.values(observation.getData()), action, reward, ended));
    }

    /** Not used: lanes end apart, and their last values come by {@link #bootstrap}. */
    @Override
    public void setFinalObservation(Observation observation) {
        // See bootstrap.
    }

    /** Values of the observations that each lane has reached at the end of the rollout. */
    void bootstrap(double[] values) {
        lastValues = values.clone();
    }

    @Override
    public int getTrainingBatchSize() {
        return lanes.stream().mapToInt(List::size).sum();
    }

    @Override
    public boolean isTrainingBatchReady() {
        return getTrainingBatchSize() >= batchSize;
    }

    @Override
    public List<PpoSample> generateTrainingBatch() {
        double[][] advantages = new double[lanes.size()][];
        boolean[][] ended = new boolean[lanes.size()][];
        for (int lane = 0; lane < lanes.size(); lane++) {
            List<Experience> steps = lanes.get(lane);
            double[] rewards = steps.stream().mapToDouble(Experience::reward).toArray();
            double[] values = steps.stream().mapToDouble(e -> e.action().value()).toArray();
            ended[lane] = new boolean[steps.size()];
            for (int t = 0; t < ended[lane].length; t++) {
                ended[lane][t] = steps.get(t).ended();
            }
            advantages[lane] =
                    Gae.advantages(rewards, values, ended[lane], lastValues[lane], gamma, lambda);
        }
        double[][] against = advantages;
        if (groupSize > 1) {
            against = LeaveOneOut.centred(advantages, ended, groupSize);
            against = evenGroups ? LeaveOneOut.evened(against, ended, groupSize) : against;
        }
        List<PpoSample> samples = new ArrayList<>();
        for (int lane = 0; lane < lanes.size(); lane++) {
            for (int t = 0; t < advantages[lane].length; t++) {
                Experience step = lanes.get(lane).get(t);
                samples.add(
                        new PpoSample(
                                step.observation(),
                                step.action().drawn(),
                                step.action().logProb(),
                                step.action().value(),
                                against[lane][t],
                                step.action().value() + advantages[lane][t]));
            }
        }
        clear();
        return samples;
    }

    @Override
    public void reset() {
        // An episode begins; the rollout goes on.
    }

    /** Drops the rollout. */
    void clear() {
        lanes.clear();
    }
}
