package daumier.agent.rl4j;

import daumier.agent.NamedArray;
import daumier.agent.PolicyBundle;
import daumier.env.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.rl4j.experience.ExperienceHandler;
import org.deeplearning4j.rl4j.experience.StateActionRewardState;
import org.deeplearning4j.rl4j.observation.Observation;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A replay memory that lanes may fill side by side and that can be written down. RL4J's own follows
 * one episode at a time.
 */
final class ReplayHandler implements ExperienceHandler<LaneMove, StateActionRewardState<Integer>> {
    private record Transition(
            double[] observation, int move, double reward, boolean terminal, double[] reached) {}

    private final int capacity;
    private final int batchSize;
    private final int learningStarts;
    private final SeededRandom random;
    private final List<Transition> memory = new ArrayList<>();
    private int oldest;

    ReplayHandler(DqnConfig config, SeededRandom random) {
        capacity = config.replaySize();
        batchSize = config.minibatchSize();
        learningStarts = Math.min(config.learningStarts(), config.replaySize());
        this.random = random;
    }

    /**
     * Remembers a transition.
     *
     * @param terminal whether the task ended; false for a truncated episode, whose value goes on
     */
    @Override
    public void addExperience(
            Observation observation, LaneMove move, double reward, boolean terminal) {
        add(
                new Transition(
                        DenseNetwork.values(observation.getData()),
                        move.move(),
                        reward,
                        terminal,
                        move.reached()));
    }

    private void add(Transition transition) {
        if (memory.size() < capacity) {
            memory.add(transition);
        } else {
            memory.set(oldest, transition);
            oldest = (oldest + 1) % capacity;
        }
    }

    /** Not used: each transition brings the observation it reached. */
    @Override
    public void setFinalObservation(Observation observation) {
        // See LaneMove.
    }

    @Override
    public int getTrainingBatchSize() {
        return batchSize;
    }

    @Override
    public boolean isTrainingBatchReady() {
        return memory.size() >= learningStarts;
    }

    @Override
    public List<StateActionRewardState<Integer>> generateTrainingBatch() {
        List<StateActionRewardState<Integer>> batch = new ArrayList<>(batchSize);
        for (int i = 0; i < batchSize; i++) {
            Transition drawn = memory.get(random.nextInt(memory.size()));
            StateActionRewardState<Integer> transition =
                    new StateActionRewardState<>(
                            row(drawn.observation()),
                            drawn.move(),
                            drawn.reward(),
                            drawn.terminal());
            transition.setNextObservation(row(drawn.reached()));
            batch.add(transition);
        }
        return batch;
    }

    static Observation row(double[] values) {
        return new Observation(Nd4j.createFromArray(new double[][] {values}));
    }

    @Override
    public void reset() {
        // An episode begins; the memory stays.
    }

    void write(Map<String, NamedArray> arrays, Map<String, Long> counters) {
        double[][] before = new double[memory.size()][];
        double[][] after = new double[memory.size()][];
        double[][] rest = new double[memory.size()][];
        for (int i = 0; i < memory.size(); i++) {
            Transition transition = memory.get(i);
            before[i] = transition.observation();
            after[i] = transition.reached();
            rest[i] =
                    new double[] {
                        transition.move(), transition.reward(), transition.terminal() ? 1 : 0
                    };
        }
        arrays.put("replay.observation", NamedArray.of(before));
        arrays.put("replay.reached", NamedArray.of(after));
        arrays.put("replay.move_reward_terminal", NamedArray.of(rest));
        counters.put("replay.oldest", (long) oldest);
    }

    void read(PolicyBundle bundle) {
        double[][] before = NamedArray.require(bundle.arrays(), "replay.observation").rows();
        double[][] after = NamedArray.require(bundle.arrays(), "replay.reached").rows();
        double[][] rest = NamedArray.require(bundle.arrays(), "replay.move_reward_terminal").rows();
        memory.clear();
        for (int i = 0; i < rest.length; i++) {
            memory.add(
                    new Transition(
                            before[i], (int) rest[i][0], rest[i][1], rest[i][2] != 0, after[i]));
        }
        oldest = (int) bundle.counter("replay.oldest");
    }
}
