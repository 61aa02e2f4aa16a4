package daumier.diffusion.nn;

/** The number type in which kernels compute. Weights, inputs and outputs are float32 either way. */
public enum Precision {
    /** 32-bit floats throughout. */
    FP32(6),
    /** Products and convolutions in bfloat16, norms in float32. */
    BF16(15);

    /** PyTorch's number for the type (c10::ScalarType). */
    final int code;

    Precision(int code) {
        this.code = code;
    }
}
