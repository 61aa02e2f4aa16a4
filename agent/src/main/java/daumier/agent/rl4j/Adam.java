package daumier.agent.rl4j;

import daumier.agent.NamedArray;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2015, algorithm 1, bias-corrected before epsilon is added as in PyTorch) with
 * the gradient clipped by its global norm. DL4J's own clips by layer only and adds epsilon
 * elsewhere.
 */
final class Adam {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-5;

    private final double[] first;
    private final double[] second;
    private final double maxNorm;
    private long steps;

    /**
     * An optimiser of {@code size} parameters.
     *
     * @param maxNorm gradients longer than this are scaled down to it
     */
    Adam(int size, double maxNorm) {
        first = new double[size];
        second = new double[size];
        this.maxNorm = maxNorm;
    }

    /** What is to be added to the parameters to go down along {@code gradient}. */
    double[] update(double[] gradient, double learningRate) {
        double squares = 0;
        for (double g : gradient) {
            squares += g * g;
        }
        double norm = Math.sqrt(squares);
        double scale = norm > maxNorm ? maxNorm / (norm + 1e-6) : 1;
        steps++;
        double correction1 = 1 - StrictMath.pow(BETA1, (double) steps);
        double correction2 = Math.sqrt(1 - StrictMath.pow(BETA2, (double) steps));
        double[] update = new double[gradient.length];
        for (int i = 0; i < gradient.length; i++) {
            double g = gradient[i] * scale;
            first[i] = BETA1 * first[i] + (1 - BETA1) * g;
            second[i] = BETA2 * second[i] + (1 - BETA2) * g * g;
            double denominator = Math.sqrt(second[i]) / correction2 + EPSILON;
            update[i] = -learningRate * (first[i] / correction1) / denominator;
        }
        return update;
    }

    void write(Map<String, NamedArray> arrays) {
        arrays.put("optimizer.exp_avg", NamedArray.of(first));
        arrays.put("optimizer.exp_avg_sq", NamedArray.of(second));
        arrays.put("optimizer.step", NamedArray.of(new double[] {steps}));
    }

    void read(Map<String, NamedArray> arrays) {
        copy(NamedArray.require(arrays, "optimizer.exp_avg", first.length), first);
        copy(NamedArray.require(arrays, "optimizer.exp_avg_sq", second.length), second);
        steps = (long) NamedArray.require(arrays, "optimizer.step", 1).values()[0];
    }

    private static void copy(NamedArray from, double[] to) {
        System.arraycopy(from.values(), 0, to, 0, to.length);
    }
}
