package daumier.diffusion.lora;

/**
 * A layer that a LoRA may change.
 *
 * @param path the layer's dotted name in its model, e.g. {@code
 *     down_blocks.0.attentions.0.proj_in}; layers of the text encoder begin with {@code
 *     text_model.}
 * @param kind linear or convolution
 * @param in input features or channels
 * @param out output features or channels
 * @param kernel side of the square kernel; 1 for a linear layer
 */
public record LoraTarget(String path, Kind kind, long in, long out, long kernel) {

    private static final String TEXT_MODEL = "text_model.";

    /** What the layer computes, and so the rank of its LoRA's arrays: 2 or 4. */
    public enum Kind {
        LINEAR,
        CONV
    }

    /** A linear layer. */
    public static LoraTarget linear(String path, long in, long out) {
        return new LoraTarget(path, Kind.LINEAR, in, out, 1);
    }

    /** A convolution with a square kernel. */
    public static LoraTarget conv(String path, long in, long out, long kernel) {
        return new LoraTarget(path, Kind.CONV, in, out, kernel);
    }

    /** Whether the layer is the text encoder's, else it is the U-Net's. */
    public boolean inTextEncoder() {
        return isInTextEncoder(path);
    }

    static boolean isInTextEncoder(String path) {
        return path.startsWith(TEXT_MODEL);
    }

    /** Shape of the down array for a rank: (r, in) or (r, in, k, k). */
    public long[] downShape(int rank) {
        return kind == Kind.LINEAR ? new long[] {rank, in} : new long[] {rank, in, kernel, kernel};
    }

    /** Shape of the up array for a rank: (out, r) or (out, r, 1, 1). */
    public long[] upShape(int rank) {
        return kind == Kind.LINEAR ? new long[] {out, rank} : new long[] {out, rank, 1, 1};
    }
}
