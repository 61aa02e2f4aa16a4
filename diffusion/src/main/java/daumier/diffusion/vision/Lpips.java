package daumier.diffusion.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.weights.Init;
import daumier.diffusion.weights.Weights;
import daumier.diffusion.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The learned perceptual distance of two pictures (LPIPS 0.1, Zhang et al. 2018): the features of a
 * classifier at five depths, each point's of length 1, their squared differences weighted by
 * channel. The weights are the user's: the classifier's under the names of torchvision ({@code
 * features.N}), the channels' under those of LPIPS ({@code linN.model.1.weight}), or all in one
 * file as LPIPS itself names them.
 */
public final class Lpips {
    /** The smallest side from which the deepest features are left. */
    private static final int SMALLEST = 32;

    private final Kernels kernels;
    private final Trunk trunk;
    private final List<List<NDArray>> layers;
    private final List<NDArray> channels;

    private Lpips(
            Kernels kernels, Trunk trunk, List<List<NDArray>> layers, List<NDArray> channels) {
        this.kernels = kernels;
        this.trunk = trunk;
        this.layers = layers;
        this.channels = channels;
    }

    /**
     * Reads the weights.
     *
     * @param files safetensors that together hold the classifier and the channels' weights
     * @param manager owner of the weights
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if something is missing or belongs to another network
     */
    public static Lpips open(List<Path> files, NDManager manager, Kernels kernels)
            throws IOException {
        List<Weights> parts = new ArrayList<>();
        for (Path file : files) {
            parts.add(Weights.open(file, manager));
        }
        Trunk trunk = trunk(files, parts);
        List<List<NDArray>> layers = new ArrayList<>();
        List<NDArray> channels = new ArrayList<>();
        for (Stage stage : trunk.stages) {
            for (Convolution c : stage.convolutions()) {
                String slice = "net.slice" + (channels.size() + 1) + "." + c.index();
                String own = "features." + c.index();
                layers.add(
                        List.of(
                                find(files, parts, c.weightShape(), ".weight", own, slice),
                                find(files, parts, new long[] {c.out()}, ".bias", own, slice)));
            }
            String number = channels.size() + ".model.1";
            channels.add(
                    find(
                            files,
                            parts,
                            new long[] {1, stage.out(), 1, 1},
                            ".weight",
                            "lin" + number,
                            "lins." + number));
        }
        return new Lpips(kernels, trunk, layers, channels);
    }

    private static Trunk trunk(List<Path> files, List<Weights> parts) {
        for (Weights part : parts) {
            for (String first : new String[] {"features.0.weight", "net.slice1.0.weight"}) {
                long[] shape = part.shape(first).orElse(new long[0]);
                for (Trunk trunk : List.of(Trunk.ALEX, Trunk.VGG)) {
                    long[] own = trunk.stages.get(0).convolutions().get(0).weightShape();
                    if (Arrays.equals(shape, own)) {
                        return trunk;
                    }
                }
            }
        }
        throw new WeightsException(
                "%s hold no AlexNet or VGG-16 for LPIPS: give torchvision's weights of either as safetensors."
                        .formatted(files));
    }

    private static NDArray find(
            List<Path> files, List<Weights> parts, long[] shape, String kind, String... names) {
        for (Weights part : parts) {
            for (String name : names) {
                if (part.has(name + kind)) {
                    return part.get(name + kind, Init.zeros(), shape);
                }
            }
        }
        throw new WeightsException(
                "%s hold no %s, which LPIPS needs: give the classifier's weights and LPIPS's own together."
                        .formatted(files, names[0] + kind));
    }

    /** The classifier's name: alex or vgg. */
    public String name() {
        return trunk.name();
    }

    /**
     * The distances of pictures, row by row. Differentiable in either.
     *
     * @param a (rows, 3, H, W) in [-1, 1]
     * @param b the same shape, or of one row that all are compared with
     * @return (rows), at least 0, with the manager of {@code a}
     */
    public NDArray distance(NDArray a, NDArray b) {
        Shape shape = a.getShape();
        if (!shape.slice(1).equals(b.getShape().slice(1))) {
            throw new IllegalArgumentException(
                    "LPIPS compares pictures of one size, not of %s and %s."
                            .formatted(shape, b.getShape()));
        }
        if (shape.get(2) < SMALLEST || shape.get(3) < SMALLEST) {
            throw new IllegalArgumentException(
                    "LPIPS takes pictures from %d pixels a side on, not %dx%d."
                            .formatted(SMALLEST, shape.get(3), shape.get(2)));
        }
        NDManager outside = a.getManager();
        try (NDManager scratch = outside.newSubManager()) {
            NDArray x = own(scratch, kernels.call("lpips_in", a));
            NDArray y = own(scratch, kernels.call("lpips_in", b));
            NDArray sum = null;
            int layer = 0;
            for (int i = 0; i < trunk.stages.size(); i++) {
                for (Convolution c : trunk.stages.get(i).convolutions()) {
                    NDArray numbers =
                            scratch.create(
                                    new long[] {c.stride(), c.padding(), c.pool(), trunk.poolSide});
                    List<NDArray> weights = layers.get(layer++);
                    x = own(scratch, kernels.call("lpips_layer", weights, x, numbers));
                    y = own(scratch, kernels.call("lpips_layer", weights, y, numbers));
                }
                NDArray part =
                        own(scratch, kernels.call("lpips_difference", x, y, channels.get(i)));
                sum = sum == null ? part : sum.add(part);
            }
            sum.attach(outside);
            return sum;
        }
    }

    private static NDArray own(NDManager scratch, NDArray array) {
        array.attach(scratch);
        return array;
    }

    /**
     * A convolution and the ReLU behind it.
     *
     * @param index in torchvision's {@code features}
     * @param pool 1 if a max pooling goes before it, else 0
     */
    private record Convolution(
            int index, long in, long out, int kernel, int stride, int padding, int pool) {
        static Convolution three(int index, long in, long out, int pool) {
            return new Convolution(index, in, out, 3, 1, 1, pool);
        }

        long[] weightShape() {
            return new long[] {out, in, kernel, kernel};
        }
    }

    /** Convolutions up to a depth where features are compared. */
    private record Stage(List<Convolution> convolutions) {
        static Stage of(Convolution... convolutions) {
            return new Stage(List.of(convolutions));
        }

        long out() {
            return convolutions.get(convolutions.size() - 1).out();
        }
    }

    /** The classifiers that LPIPS has weights for and that are still used. */
    private record Trunk(String name, int poolSide, List<Stage> stages) {
        /** AlexNet without its last pooling (Krizhevsky 2014). */
        static final Trunk ALEX =
                new Trunk(
                        "alex",
                        3,
                        List.of(
                                Stage.of(new Convolution(0, 3, 64, 11, 4, 2, 0)),
                                Stage.of(new Convolution(3, 64, 192, 5, 1, 2, 1)),
                                Stage.of(new Convolution(6, 192, 384, 3, 1, 1, 1)),
                                Stage.of(new Convolution(8, 384, 256, 3, 1, 1, 0)),
                                Stage.of(new Convolution(10, 256, 256, 3, 1, 1, 0))));

        /** VGG-16 (Simonyan and Zisserman 2015). */
        static final Trunk VGG =
                new Trunk(
                        "vgg",
                        2,
                        List.of(
                                Stage.of(
                                        Convolution.three(0, 3, 64, 0),
                                        Convolution.three(2, 64, 64, 0)),
                                Stage.of(
                                        Convolution.three(5, 64, 128, 1),
                                        Convolution.three(7, 128, 128, 0)),
                                Stage.of(
                                        Convolution.three(10, 128, 256, 1),
                                        Convolution.three(12, 256, 256, 0),
                                        Convolution.three(14, 256, 256, 0)),
                                Stage.of(
                                        Convolution.three(17, 256, 512, 1),
                                        Convolution.three(19, 512, 512, 0),
                                        Convolution.three(21, 512, 512, 0)),
                                Stage.of(
                                        Convolution.three(24, 512, 512, 1),
                                        Convolution.three(26, 512, 512, 0),
                                        Convolution.three(28, 512, 512, 0))));
    }
}
