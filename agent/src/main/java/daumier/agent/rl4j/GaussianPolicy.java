package daumier.agent.rl4j;

import daumier.env.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.rl4j.learning.IHistoryProcessor;
import org.deeplearning4j.rl4j.mdp.MDP;
import org.deeplearning4j.rl4j.network.IOutputNeuralNet;
import org.deeplearning4j.rl4j.observation.Observation;
import org.deeplearning4j.rl4j.policy.INeuralNetPolicy;
import org.deeplearning4j.rl4j.space.ActionSpace;
import org.deeplearning4j.rl4j.space.Encodable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Draws actions from an {@link ActorCritic}, for all lanes at once. */
final class GaussianPolicy implements INeuralNetPolicy<LaneAction> {
    private final ActorCritic network;
    private final SeededRandom random;

    GaussianPolicy(ActorCritic network, SeededRandom random) {
        this.network = network;
        this.random = random;
    }

    /** One drawn action a lane, with what PPO must remember of it. */
    List<LaneAction> nextActions(double[][] observations) {
        double[][] means = network.means(observations);
        double[] values = network.values(observations);
        double[] logStd = network.logStd();
        List<LaneAction> actions = new ArrayList<>(means.length);
        for (int lane = 0; lane < means.length; lane++) {
            double[] drawn = Gaussian.sample(means[lane], logStd, random);
            double logProb = Gaussian.logProb(drawn, means[lane], logStd);
            actions.add(new LaneAction(lane, drawn, logProb, values[lane]));
        }
        return actions;
    }

    @Override
    public LaneAction nextAction(Observation observation) {
        return nextActions(new double[][] {DenseNetwork.values(observation.getData())}).get(0);
    }

    /**
     * The same for a bare array.
     *
     * @deprecated by RL4J in favour of {@link #nextAction(Observation)}
     */
    @Deprecated
    @Override
    public LaneAction nextAction(INDArray input) {
        return nextActions(new double[][] {DenseNetwork.values(input)}).get(0);
    }

    /**
     * Not supported: RL4J's older interface.
     *
     * @deprecated by RL4J
     */
    @Deprecated
    @Override
    public <O extends Encodable, AS extends ActionSpace<LaneAction>> double play(
            MDP<O, LaneAction, AS> mdp, IHistoryProcessor history) {
        throw new UnsupportedOperationException("Play episodes with daumier.agent.Evaluation.");
    }

    @Override
    public void reset() {
        network.reset();
    }

    @Override
    public IOutputNeuralNet getNeuralNet() {
        return network;
    }
}
