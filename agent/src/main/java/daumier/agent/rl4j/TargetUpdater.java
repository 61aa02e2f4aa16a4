package daumier.agent.rl4j;

import org.deeplearning4j.rl4j.agent.learning.update.FeaturesLabels;
import org.deeplearning4j.rl4j.agent.learning.update.updater.INeuralNetUpdater;

/**
 * Fits the network and copies it to the target network now and then, as RL4J's {@code
 * SyncLabelsNeuralNetUpdater} does, but with a count that can be put back.
 */
final class TargetUpdater implements INeuralNetUpdater<FeaturesLabels> {
    private final MoveNetwork network;
    private final MoveNetwork target;
    private final int frequency;
    private long updates;

    TargetUpdater(MoveNetwork network, MoveNetwork target, int frequency) {
        this.network = network;
        this.target = target;
        this.frequency = frequency;
    }

    @Override
    public void update(FeaturesLabels labels) {
        network.fit(labels);
        updates++;
        if (updates % frequency == 0) {
            target.copyFrom(network);
        }
    }

    @Override
    public void synchronizeCurrent() {
        // There is no worker's copy of the network.
    }

    long updates() {
        return updates;
    }

    void setUpdates(long count) {
        updates = count;
    }
}
