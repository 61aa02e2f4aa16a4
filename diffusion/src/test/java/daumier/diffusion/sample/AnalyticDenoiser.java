package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** The denoiser of make_goldens.py: raw output 0.6 x + 0.2 sin(t / 100) - 0.05. */
record AnalyticDenoiser(PredictionType type) implements Denoiser {
    @Override
    public NDArray x0(NDArray x, List<NoiseLevel> at) {
        float[] shift = new float[at.size()];
        for (int i = 0; i < shift.length; i++) {
            shift[i] = (float) (0.2 * Math.sin(at.get(i).timestep() / 100) - 0.05);
        }
        NDArray output = x.mul(0.6f).add(Rows.column(x.getManager(), shift));
        return type.x0(x, output, at);
    }
}
