package daumier.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A multi-layer perceptron that can only be asked: tanh inside, linear at the end. Policies are
 * small, so that plain loops beat any tensor library, and drawing with a policy needs none.
 */
public final class Perceptron {
    /**
     * One layer.
     *
     * @param weights (in, out)
     * @param bias (out)
     */
    private record Layer(double[][] weights, double[] bias) {
        double[] apply(double[] input, boolean last) {
            double[] sums = bias.clone();
            for (int i = 0; i < input.length; i++) {
                double[] row = weights[i];
                for (int o = 0; o < sums.length; o++) {
                    sums[o] += input[i] * row[o];
                }
            }
            if (!last) {
                for (int o = 0; o < sums.length; o++) {
                    sums[o] = Math.tanh(sums[o]);
                }
            }
            return sums;
        }
    }

    private final List<Layer> layers;

    private Perceptron(List<Layer> layers) {
        this.layers = List.copyOf(layers);
    }

    /**
     * The perceptron whose last layer is called {@code prefix} and whose hidden ones have a number
     * from 0 after it, each with the arrays {@code _W} (in, out) and {@code _b}.
     *
     * @throws PolicyFormatException if an array is missing or does not fit the one before it
     */
    public static Perceptron read(Map<String, NamedArray> arrays, String prefix) {
        List<Layer> layers = new ArrayList<>();
        while (arrays.containsKey(prefix + layers.size() + "_W")) {
            layers.add(layer(arrays, prefix + layers.size(), layers));
        }
        layers.add(layer(arrays, prefix, layers));
        return new Perceptron(layers);
    }

    private static Layer layer(Map<String, NamedArray> arrays, String name, List<Layer> below) {
        NamedArray weights = NamedArray.require(arrays, name + "_W");
        double[] bias = NamedArray.require(arrays, name + "_b").values();
        boolean fits =
                weights.shape().length == 2
                        && weights.shape()[1] == bias.length
                        && (below.isEmpty()
                                || below.get(below.size() - 1).bias().length == weights.shape()[0]);
        if (!fits) {
            throw new PolicyFormatException(
                    "The layer '" + name + "' of the policy file does not fit the one before it.");
        }
        return new Layer(weights.rows(), bias.clone());
    }

    /** How many values it takes. */
    public int inputs() {
        return layers.get(0).weights().length;
    }

    /** The outputs for one input. */
    public double[] apply(double[] input) {
        double[] values = input;
        for (int i = 0; i < layers.size(); i++) {
            values = layers.get(i).apply(values, i == layers.size() - 1);
        }
        return values;
    }

    /** The outputs for each row. */
    public double[][] apply(double[][] rows) {
        double[][] results = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            results[i] = apply(rows[i]);
        }
        return results;
    }
}
