package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.nn.Forward;
import daumier.diffusion.nn.Precision;
import java.util.List;

/**
 * What the U-Net is told beside the noisy latents.
 *
 * @param hiddenStates text states (b, tokens, features)
 * @param residuals the adapter's, or null
 */
record Conditions(NDArray hiddenStates, List<NDArray> residuals) {
    Forward forward(Precision precision) {
        Forward forward = Forward.in(precision);
        return residuals == null ? forward : forward.withAdapter(residuals);
    }
}
