package daumier.agent.rl4j;

import java.util.List;
import org.deeplearning4j.rl4j.agent.learning.algorithm.IUpdateAlgorithm;
import org.deeplearning4j.rl4j.agent.learning.update.Features;
import org.deeplearning4j.rl4j.agent.learning.update.FeaturesLabels;
import org.deeplearning4j.rl4j.agent.learning.update.Gradients;
import org.deeplearning4j.rl4j.network.NeuralNetOutput;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Gradients of PPO's loss over one minibatch. */
final class PpoAlgorithm implements IUpdateAlgorithm<Gradients, PpoSample> {
    private final ActorCritic network;
    private final PpoConfig config;
    private boolean criticOnly;
    private PpoLoss lastLoss;

    PpoAlgorithm(ActorCritic network, PpoConfig config) {
        this.network = network;
        this.config = config;
    }

    /** Whether the policy's gradients are left out, so that only the values are learned. */
    void setCriticOnly(boolean value) {
        criticOnly = value;
    }

    @Override
    public Gradients compute(List<PpoSample> minibatch) {
        double[][] observations =
                minibatch.stream().map(PpoSample::observation).toArray(double[][]::new);
        Features features = new Features(new INDArray[] {Nd4j.createFromArray(observations)});
        NeuralNetOutput output = network.forward(features);
        lastLoss =
                PpoLoss.of(
                        config,
                        minibatch,
                        DenseNetwork.rows(output.get(ActorCritic.MEAN)),
                        DenseNetwork.rows(output.get(ActorCritic.VALUE)),
                        network.logStd());
        FeaturesLabels labels = new FeaturesLabels(features);
        INDArray mean = Nd4j.createFromArray(lastLoss.meanGradient());
        INDArray logStd = Nd4j.createFromArray(lastLoss.logStdGradient());
        labels.putLabels(ActorCritic.MEAN, criticOnly ? Nd4j.zerosLike(mean) : mean);
        labels.putLabels(ActorCritic.VALUE, Nd4j.createFromArray(lastLoss.valueGradient()));
        labels.putLabels(ActorCritic.LOG_STD, criticOnly ? Nd4j.zerosLike(logStd) : logStd);
        return network.computeGradients(labels);
    }

    /** The loss of the last minibatch. */
    PpoLoss lastLoss() {
        return lastLoss;
    }
}
