package daumier.diffusion.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.nn.VisionTransformer;
import daumier.diffusion.nn.VitConfig;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;

/**
 * DINO (Caron et al. 2021) or DINOv2 (Oquab et al. 2023) from a folder with {@code config.json},
 * safetensors and {@code preprocessor_config.json}: the cosine of two pictures' class tokens is the
 * score of DreamBooth (Ruiz et al. 2023), which tells subjects apart that CLIP takes for one kind.
 */
public final class DinoModel {
    /** The side of the pictures that scores are usually taken on, in patches of either size. */
    private static final int USUAL_SIDE = 224;

    private final Kernels kernels;
    private final VisionTransformer network;
    private final ImageProcessor processor;

    private DinoModel(Kernels kernels, VisionTransformer network, ImageProcessor processor) {
        this.kernels = kernels;
        this.network = network;
        this.processor = processor;
    }

    /**
     * Reads a model.
     *
     * @param manager owner of the weights
     * @throws IOException if the folder cannot be read or is no vision transformer
     * @throws IllegalArgumentException if it is a variant that is not implemented, or incomplete
     */
    public static DinoModel open(Path folder, NDManager manager, Kernels kernels)
            throws IOException {
        VitConfig config = VitConfig.read(folder);
        VisionTransformer network =
                VisionTransformer.create(config, Weights.open(folder, manager), kernels);
        return new DinoModel(
                kernels, network, ImageProcessor.read(folder, ImageProcessor.imageNet(USUAL_SIDE)));
    }

    /**
     * Class tokens of pictures.
     *
     * @param pictures (rows, 3, H, W) in [-1, 1]; they are rounded to 8 bits
     * @return (rows, d), each of length 1, with the pictures' manager
     */
    public NDArray embed(NDArray pictures) {
        return Cosine.normalised(
                network.forward(processor.prepare(pictures, kernels), Precision.FP32));
    }

    /** The same without rounding, so that gradients pass to the pictures. */
    public NDArray embedSmoothly(NDArray pictures) {
        return Cosine.normalised(
                network.forward(processor.prepareSmoothly(pictures, kernels), Precision.FP32));
    }
}
