package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Small tensors with one entry a row. */
final class Rows {
    private Rows() {}

    /** A column (b, 1, 1, 1) to multiply pictures with. */
    static NDArray column(NDManager manager, float[] values) {
        return manager.create(values, new Shape(values.length, 1, 1, 1));
    }

    /** Unit noise (b, c, h, w), one fresh generator a seed, as torch.randn(1, c, h, w) each. */
    static float[] noise(Iterable<TorchRandom> generators, int rows, int size) {
        float[] values = new float[Math.multiplyExact(rows, size)];
        int i = 0;
        for (TorchRandom generator : generators) {
            System.arraycopy(generator.randn(size), 0, values, i++ * size, size);
        }
        return values;
    }
}
