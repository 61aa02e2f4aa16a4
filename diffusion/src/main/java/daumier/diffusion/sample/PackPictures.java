package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.T2IAdapter;
import java.util.ArrayList;
import java.util.List;

/** Pictures in and out of a pack. */
final class PackPictures {
    private PackPictures() {}

    static NDArray decode(Pack pack, NDArray latents) {
        NDManager owner = latents.getManager();
        try (NDManager scratch = owner.newSubManager()) {
            float scale = (float) pack.vae().config().scalingFactor();
            NDArray unscaled = SamplingState.borrow(scratch, latents).div(scale);
            NDArray pictures = pack.vae().decode(unscaled, pack.precision());
            pictures.attach(owner);
            return pictures;
        }
    }

    static NDArray encode(Pack pack, NDArray pictures, List<TorchRandom> generators) {
        NDManager owner = pictures.getManager();
        try (NDManager scratch = owner.newSubManager()) {
            AutoencoderKL.Moments moments =
                    pack.vae().encode(SamplingState.borrow(scratch, pictures), pack.precision());
            NDArray latents = moments.mean();
            if (generators != null) {
                Shape shape = latents.getShape();
                int size = Math.toIntExact(shape.size() / shape.get(0));
                float[] noise = Rows.noise(generators, generators.size(), size);
                NDArray deviation = moments.logvar().mul(0.5f).exp();
                latents = latents.add(deviation.mul(scratch.create(noise, shape)));
            }
            NDArray scaled = latents.mul((float) pack.vae().config().scalingFactor());
            scaled.attach(owner);
            return scaled;
        }
    }

    static List<NDArray> residuals(Pack pack, T2IAdapter adapter, NDArray condition, double scale) {
        int channels = adapter.config().inChannels();
        Shape shape = condition.getShape();
        if (shape.dimension() != 4 || shape.get(1) != channels) {
            throw new IllegalArgumentException(
                    "The adapter takes a condition of "
                            + channels
                            + " channels, not of shape "
                            + shape
                            + ".");
        }
        List<NDArray> residuals = new ArrayList<>(adapter.forward(condition, pack.precision()));
        if (scale != 1) {
            residuals.replaceAll(r -> r.mul((float) scale));
        }
        return residuals;
    }
}
