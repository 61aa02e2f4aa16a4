package daumier.agent.rl4j;

import daumier.env.SeededRandom;

/** A diagonal Gaussian over actions. */
final class Gaussian {
    private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    private Gaussian() {}

    static double[] sample(double[] mean, double[] logStd, SeededRandom random) {
        double[] action = new double[mean.length];
        for (int i = 0; i < mean.length; i++) {
            action[i] = mean[i] + Math.exp(logStd[i]) * random.nextGaussian();
        }
        return action;
    }

    static double logProb(double[] action, double[] mean, double[] logStd) {
        double sum = 0;
        for (int i = 0; i < mean.length; i++) {
            double z = (action[i] - mean[i]) * Math.exp(-logStd[i]);
            sum -= 0.5 * z * z + logStd[i] + HALF_LOG_TWO_PI;
        }
        return sum;
    }

    static double entropy(double[] logStd) {
        double sum = 0;
        for (double value : logStd) {
            sum += value + 0.5 + HALF_LOG_TWO_PI;
        }
        return sum;
    }
}
