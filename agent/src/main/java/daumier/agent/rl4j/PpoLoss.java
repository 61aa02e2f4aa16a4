package daumier.agent.rl4j;

import java.util.List;

/**
 * PPO's clipped loss (Schulman et al. 2017, equations 7 and 9) of a minibatch and its gradients
 * with respect to the network's outputs, by hand.
 *
 * @param policyLoss minus the mean of the clipped surrogate
 * @param valueLoss mean squared error of the values
 * @param entropyLoss minus the entropy of the policy
 * @param loss the weighted sum of the three
 * @param approxKl mean of (r - 1) - log r, Schulman's low-variance estimate of KL(old, new)
 * @param clipFraction share of the samples whose ratio has left the clip range
 * @param meanGradient (rows, actions): d loss / d mean
 * @param valueGradient (rows, 1): d loss / d value
 * @param logStdGradient (actions): d loss / d log std
 */
record PpoLoss(
        double policyLoss,
        double valueLoss,
        double entropyLoss,
        double loss,
        double approxKl,
        double clipFraction,
        double[][] meanGradient,
        double[][] valueGradient,
        double[] logStdGradient) {
    static PpoLoss of(
            PpoConfig config,
            List<PpoSample> batch,
            double[][] means,
            double[][] values,
            double[] logStd) {
        int rows = batch.size();
        int actions = logStd.length;
        double[] advantages = advantages(batch, config.normalizeAdvantages());
        double[][] meanGradient = new double[rows][actions];
        double[][] valueGradient = new double[rows][1];
        double[] logStdGradient = new double[actions];
        double surrogate = 0;
        double squares = 0;
        double kl = 0;
        int clipped = 0;
        for (int i = 0; i < rows; i++) {
            PpoSample sample = batch.get(i);
            double logRatio =
                    Gaussian.logProb(sample.action(), means[i], logStd) - sample.logProb();
            double ratio = Math.exp(logRatio);
            double free = ratio * advantages[i];
            double bounded =
                    Math.min(Math.max(ratio, 1 - config.clipRange()), 1 + config.clipRange())
                            * advantages[i];
            surrogate += Math.min(free, bounded);
            kl += ratio - 1 - logRatio;
            clipped += Math.abs(ratio - 1) > config.clipRange() ? 1 : 0;
            if (free <= bounded) {
                double weight = -free / rows;
                for (int k = 0; k < actions; k++) {
                    double inverse = Math.exp(-logStd[k]);
                    double z = (sample.action()[k] - means[i][k]) * inverse;
                    meanGradient[i][k] = weight * z * inverse;
                    logStdGradient[k] += weight * (z * z - 1);
                }
            }
            double value = values[i][0];
            double slope = 1;
            if (config.valueClipRange() > 0) {
                double moved = value - sample.value();
                slope = Math.abs(moved) <= config.valueClipRange() ? 1 : 0;
                value =
                        sample.value()
                                + Math.min(
                                        Math.max(moved, -config.valueClipRange()),
                                        config.valueClipRange());
            }
            double error = value - sample.target();
            squares += error * error;
            valueGradient[i][0] = config.valueCoefficient() * 2 * error * slope / rows;
        }
        for (int k = 0; k < actions; k++) {
            logStdGradient[k] -= config.entropyCoefficient();
        }
        double policyLoss = -surrogate / rows;
        double valueLoss = squares / rows;
        double entropyLoss = -Gaussian.entropy(logStd);
        return new PpoLoss(
                policyLoss,
                valueLoss,
                entropyLoss,
                policyLoss
                        + config.valueCoefficient() * valueLoss
                        + config.entropyCoefficient() * entropyLoss,
                kl / rows,
                (double) clipped / rows,
                meanGradient,
                valueGradient,
                logStdGradient);
    }

    private static double[] advantages(List<PpoSample> batch, boolean normalize) {
        double[] advantages = batch.stream().mapToDouble(PpoSample::advantage).toArray();
        if (!normalize || advantages.length < 2) {
            return advantages;
        }
        double mean = 0;
        for (double a : advantages) {
            mean += a / advantages.length;
        }
        double squares = 0;
        for (double a : advantages) {
            squares += (a - mean) * (a - mean);
        }
        double std = Math.sqrt(squares / (advantages.length - 1));
        for (int i = 0; i < advantages.length; i++) {
            advantages[i] = (advantages[i] - mean) / (std + 1e-8);
        }
        return advantages;
    }
}
