package daumier.diffusion.weights;

import java.util.Arrays;
import java.util.SplittableRandom;

/** How a parameter that is in no file yet gets its first values. */
public sealed interface Init permits Init.Constant, Init.Normal, Init.Uniform {

    /** All zeros. */
    static Init zeros() {
        return new Constant(0f);
    }

    /** All ones. */
    static Init ones() {
        return new Constant(1f);
    }

    /** Gaussian around 0 with that standard deviation. */
    static Init normal(double std) {
        return new Normal(std);
    }

    /** Uniform in [-bound, bound). */
    static Init uniform(double bound) {
        return new Uniform(bound);
    }

    /**
     * PyTorch's default for the weight and the bias of linear and convolution layers: uniform with
     * bound 1/sqrt(fanIn), which is kaiming_uniform with a = sqrt(5).
     *
     * @param fanIn inputs of one output: in features, or in channels times kernel area
     */
    static Init kaimingUniform(long fanIn) {
        return new Uniform(1 / Math.sqrt((double) Math.max(1, fanIn)));
    }

    /** Fills the array from the generator. */
    void fill(float[] values, SplittableRandom random);

    /** The same value everywhere. */
    record Constant(float value) implements Init {
        @Override
        public void fill(float[] values, SplittableRandom random) {
            Arrays.fill(values, value);
        }
    }

    /** Gaussian around 0. */
    record Normal(double std) implements Init {
        @Override
        public void fill(float[] values, SplittableRandom random) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (std * random.nextGaussian());
            }
        }
    }

    /** Uniform around 0. */
    record Uniform(double bound) implements Init {
        @Override
        public void fill(float[] values, SplittableRandom random) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
        }
    }
}
