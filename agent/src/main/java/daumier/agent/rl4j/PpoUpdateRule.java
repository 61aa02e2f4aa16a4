package daumier.agent.rl4j;

import daumier.env.SeededRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.rl4j.agent.learning.update.Gradients;
import org.deeplearning4j.rl4j.agent.learning.update.IUpdateRule;

/**
 * Several epochs of shuffled minibatches over one rollout; RL4J's own rule takes a single step. The
 * epochs end early, before the step is taken, once a minibatch's KL exceeds 1.5 times the target.
 */
final class PpoUpdateRule implements IUpdateRule<PpoSample> {
    private final ActorCritic network;
    private final PpoAlgorithm algorithm;
    private final PpoConfig config;
    private final SeededRandom random;
    private final Map<String, Double> metrics = new LinkedHashMap<>();
    private int updates;

    PpoUpdateRule(ActorCritic network, PpoConfig config, SeededRandom random) {
        this.network = network;
        this.config = config;
        this.random = random;
        algorithm = new PpoAlgorithm(network, config);
    }

    /** Whether the critic alone learns from the next rollouts. */
    void setCriticOnly(boolean value) {
        algorithm.setCriticOnly(value);
    }

    @Override
    public void update(List<PpoSample> rollout) {
        Means all = new Means();
        Means epochMeans = new Means();
        boolean goOn = true;
        for (int epoch = 0; epoch < config.epochs() && goOn; epoch++) {
            epochMeans = new Means();
            for (List<PpoSample> minibatch : minibatches(rollout)) {
                Gradients gradients = algorithm.compute(minibatch);
                PpoLoss loss = algorithm.lastLoss();
                all.add(loss);
                epochMeans.add(loss);
                if (config.targetKl() > 0 && loss.approxKl() > 1.5 * config.targetKl()) {
                    goOn = false;
                    break;
                }
                network.applyGradients(gradients);
            }
            updates++;
        }
        metrics.clear();
        all.write(metrics);
        metrics.put("train/approx_kl", epochMeans.approxKl());
        metrics.put("train/explained_variance", explainedVariance(rollout));
        metrics.put("train/n_updates", (double) updates);
    }

    /** The last minibatch takes what is left; one of a single sample joins the one before. */
    private List<List<PpoSample>> minibatches(List<PpoSample> rollout) {
        int[] order = new int[rollout.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        random.shuffle(order);
        List<List<PpoSample>> batches = new ArrayList<>();
        int end = 0;
        while (end < order.length) {
            int start = end;
            end = Math.min(start + config.minibatchSize(), order.length);
            if (order.length - end == 1) {
                end = order.length;
            }
            List<PpoSample> batch = new ArrayList<>(end - start);
            for (int i = start; i < end; i++) {
                batch.add(rollout.get(order[i]));
            }
            batches.add(batch);
        }
        return batches;
    }

    /** One minus the share of the returns' variance that the values left unexplained. */
    static double explainedVariance(List<PpoSample> rollout) {
        double meanReturn = rollout.stream().mapToDouble(PpoSample::target).average().orElse(0);
        double meanError =
                rollout.stream().mapToDouble(s -> s.target() - s.value()).average().orElse(0);
        double total = 0;
        double left = 0;
        for (PpoSample sample : rollout) {
            double error = sample.target() - sample.value() - meanError;
            total += (sample.target() - meanReturn) * (sample.target() - meanReturn);
            left += error * error;
        }
        return total == 0 ? Double.NaN : 1 - left / total;
    }

    /** Metrics of the last update. */
    Map<String, Double> metrics() {
        return metrics;
    }

    @Override
    public int getUpdateCount() {
        return updates;
    }

    void setUpdateCount(int count) {
        updates = count;
    }

    @Override
    public void notifyNewBatchStarted() {
        // The network itself is trained: there is no worker's copy to bring up to date.
    }

    /** Running means over minibatches. */
    private static final class Means {
        private int count;
        private double policyLoss;
        private double valueLoss;
        private double entropyLoss;
        private double approxKl;
        private double clipFraction;
        private double lastLoss;

        void add(PpoLoss loss) {
            count++;
            policyLoss += loss.policyLoss();
            valueLoss += loss.valueLoss();
            entropyLoss += loss.entropyLoss();
            approxKl += loss.approxKl();
            clipFraction += loss.clipFraction();
            lastLoss = loss.loss();
        }

        double approxKl() {
            return approxKl / count;
        }

        void write(Map<String, Double> metrics) {
            metrics.put("train/policy_gradient_loss", policyLoss / count);
            metrics.put("train/value_loss", valueLoss / count);
            metrics.put("train/entropy_loss", entropyLoss / count);
            metrics.put("train/clip_fraction", clipFraction / count);
            metrics.put("train/loss", lastLoss);
        }
    }
}
