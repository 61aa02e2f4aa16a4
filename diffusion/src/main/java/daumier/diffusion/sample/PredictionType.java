package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** What the network's output means, by diffusers' names. */
public enum PredictionType {
    /** The noise. */
    EPSILON("epsilon"),
    /** The velocity {@code alpha * noise - sigma * x0} (Salimans and Ho 2022). */
    V_PREDICTION("v_prediction"),
    /** The clean latents themselves. */
    SAMPLE("sample");

    private final String key;

    PredictionType(String key) {
        this.key = key;
    }

    /** The name in {@code scheduler_config.json}. */
    public String key() {
        return key;
    }

    /** The type with this name, or an {@link IllegalArgumentException} that lists them. */
    public static PredictionType of(String key) {
        for (PredictionType type : values()) {
            if (type.key.equals(key)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "The prediction_type '"
                        + key
                        + "' is unknown: use epsilon, v_prediction or sample.");
    }

    /**
     * The estimate of the clean latents from the network's output.
     *
     * @param x the noisy latents (b, c, h, w) it was asked about
     * @param output its output, of the same shape
     * @param at the level of each row
     */
    public NDArray x0(NDArray x, NDArray output, List<NoiseLevel> at) {
        if (this == SAMPLE) {
            return output;
        }
        float[] fromX = new float[at.size()];
        float[] fromOutput = new float[at.size()];
        for (int i = 0; i < fromX.length; i++) {
            NoiseLevel level = at.get(i);
            boolean velocity = this == V_PREDICTION;
            fromX[i] = (float) (velocity ? level.alpha() : 1 / level.alpha());
            fromOutput[i] = (float) (velocity ? level.sigma() : level.sigma() / level.alpha());
        }
        NDManager manager = x.getManager();
        return x.mul(Rows.column(manager, fromX)).sub(output.mul(Rows.column(manager, fromOutput)));
    }
}
