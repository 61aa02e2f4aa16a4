package daumier.faces.nets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;

/** One layer of a {@link Network}. */
sealed interface Layer {
    /** With batch statistics and dropout: for training. */
    NDArray train(NDArray x);

    /** With the stored statistics, norms folded into the convolutions: for use. */
    NDArray apply(NDArray x);

    /** Names the arrays that learn and those that are only kept. */
    default void visit(
            String prefix, BiConsumer<String, NDArray> learned, BiConsumer<String, NDArray> kept) {}

    /** Takes the values of a file into the arrays. */
    default void load(String prefix, Map<String, NDArray> values) {}

    /** Recomputes what {@link #apply} uses from the arrays. */
    default void fold() {}

    /** Convolution without bias, batch norm, and ReLU if asked for. */
    final class ConvNorm implements Layer {
        private static final float EPSILON = 1e-5f;
        private static final float MOMENTUM = 0.9f;
        private final NDArray weight;
        private final NDArray gamma;
        private final NDArray beta;
        private final NDArray mean;
        private final NDArray variance;
        private final NDArray none;
        private final Shape stride;
        private final Shape padding;
        private final boolean relu;
        private NDArray foldedWeight;
        private NDArray foldedBias;

        ConvNorm(NDManager m, Random rng, int in, int out, int kernel, int stride, Last last) {
            int fanIn = in * kernel * kernel;
            float[] w = new float[out * fanIn];
            double std = Math.sqrt(2.0 / fanIn);
            for (int i = 0; i < w.length; i++) {
                w[i] = (float) (rng.nextGaussian() * std);
            }
            weight = m.create(w, new Shape(out, in, kernel, kernel));
            // A residual branch starts as nothing, so that deep networks start as shallow ones.
            gamma = last == Last.ZERO ? m.zeros(new Shape(out)) : m.ones(new Shape(out));
            beta = m.zeros(new Shape(out));
            mean = m.zeros(new Shape(out));
            variance = m.ones(new Shape(out));
            none = m.zeros(new Shape(out));
            this.stride = new Shape(stride, stride);
            padding = new Shape(kernel / 2, kernel / 2);
            relu = last == Last.RELU;
        }

        /** What follows the norm, and how its scale starts. */
        enum Last {
            RELU,
            ZERO
        }

        private NDArray convolve(NDArray x, NDArray w, NDArray bias) {
            return Conv2d.conv2d(x, w, bias, stride, padding, new Shape(1, 1), 1)
                    .singletonOrThrow();
        }

        @Override
        public NDArray train(NDArray x) {
            NDArray y =
                    BatchNorm.batchNorm(
                                    convolve(x, weight, none),
                                    mean,
                                    variance,
                                    gamma,
                                    beta,
                                    1,
                                    MOMENTUM,
                                    EPSILON,
                                    true)
                            .singletonOrThrow();
            return relu ? Activation.relu(y) : y;
        }

        @Override
        public NDArray apply(NDArray x) {
            NDArray y = convolve(x, foldedWeight, foldedBias);
            return relu ? Activation.relu(y) : y;
        }

        @Override
        public void visit(
                String p, BiConsumer<String, NDArray> learned, BiConsumer<String, NDArray> kept) {
            learned.accept(p + ".weight", weight);
            learned.accept(p + ".gamma", gamma);
            learned.accept(p + ".beta", beta);
            kept.accept(p + ".mean", mean);
            kept.accept(p + ".variance", variance);
        }

        @Override
        public void load(String p, Map<String, NDArray> values) {
            Network.copy(values, p + ".weight", weight);
            Network.copy(values, p + ".gamma", gamma);
            Network.copy(values, p + ".beta", beta);
            Network.copy(values, p + ".mean", mean);
            Network.copy(values, p + ".variance", variance);
        }

        @Override
        public void fold() {
            if (foldedWeight != null) {
                foldedWeight.close();
                foldedBias.close();
            }
            NDManager manager = weight.getManager();
            try (NDManager m = manager.newSubManager()) {
                NDArray g = m.create(gamma.toFloatArray());
                NDArray scale = g.div(m.create(variance.toFloatArray()).add(EPSILON).sqrt());
                long[] shape = weight.getShape().getShape();
                NDArray w = m.create(weight.toFloatArray(), weight.getShape());
                foldedWeight = w.mul(scale.reshape(shape[0], 1, 1, 1));
                foldedBias =
                        m.create(beta.toFloatArray()).sub(m.create(mean.toFloatArray()).mul(scale));
                foldedWeight.attach(manager);
                foldedBias.attach(manager);
            }
        }
    }

    /** Two convolutions beside the identity. */
    record Residual(ConvNorm first, ConvNorm second) implements Layer {
        @Override
        public NDArray train(NDArray x) {
            return Activation.relu(second.train(first.train(x)).add(x));
        }

        @Override
        public NDArray apply(NDArray x) {
            return Activation.relu(second.apply(first.apply(x)).add(x));
        }

        @Override
        public void visit(
                String p, BiConsumer<String, NDArray> learned, BiConsumer<String, NDArray> kept) {
            first.visit(p + ".first", learned, kept);
            second.visit(p + ".second", learned, kept);
        }

        @Override
        public void load(String p, Map<String, NDArray> values) {
            first.load(p + ".first", values);
            second.load(p + ".second", values);
        }

        @Override
        public void fold() {
            first.fold();
            second.fold();
        }
    }

    /** y = x W' + b. */
    record Dense(NDArray weight, NDArray bias) implements Layer {
        static Dense create(NDManager m, Random rng, int in, int out) {
            float[] w = new float[out * in];
            double bound = 1 / Math.sqrt(in);
            for (int i = 0; i < w.length; i++) {
                w[i] = (float) ((2 * rng.nextDouble() - 1) * bound);
            }
            return new Dense(m.create(w, new Shape(out, in)), m.zeros(new Shape(out)));
        }

        @Override
        public NDArray train(NDArray x) {
            return Linear.linear(x, weight, bias).singletonOrThrow();
        }

        @Override
        public NDArray apply(NDArray x) {
            return train(x);
        }

        @Override
        public void visit(
                String p, BiConsumer<String, NDArray> learned, BiConsumer<String, NDArray> kept) {
            learned.accept(p + ".weight", weight);
            learned.accept(p + ".bias", bias);
        }

        @Override
        public void load(String p, Map<String, NDArray> values) {
            Network.copy(values, p + ".weight", weight);
            Network.copy(values, p + ".bias", bias);
        }
    }

    /** Layers without parameters. */
    enum Plain implements Layer {
        HALVE {
            @Override
            public NDArray apply(NDArray x) {
                return Pool.avgPool2d(
                        x, new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false, true);
            }
        },
        MEAN {
            @Override
            public NDArray apply(NDArray x) {
                return x.mean(new int[] {3}).mean(new int[] {2}); // the engine takes one axis
            }
        },
        FLATTEN {
            @Override
            public NDArray apply(NDArray x) {
                return x.reshape(x.getShape().get(0), -1);
            }
        },
        RELU {
            @Override
            public NDArray apply(NDArray x) {
                return Activation.relu(x);
            }
        };

        @Override
        public NDArray train(NDArray x) {
            return apply(x);
        }
    }

    /** Drops values while training, with a mask from its own generator. */
    record Dropout(double rate, Random rng) implements Layer {
        @Override
        public NDArray train(NDArray x) {
            float[] mask = new float[(int) x.getShape().size()];
            float keep = (float) (1 / (1 - rate));
            for (int i = 0; i < mask.length; i++) {
                mask[i] = rng.nextFloat() < rate ? 0 : keep;
            }
            return x.mul(x.getManager().create(mask, x.getShape()));
        }

        @Override
        public NDArray apply(NDArray x) {
            return x;
        }
    }
}
