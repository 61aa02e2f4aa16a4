package daumier.diffusion.weights;

/**
 * What a header says of one tensor.
 *
 * @param dtype element type in the file
 * @param shape dimensions, outermost first; empty for a scalar
 * @param begin first byte, counted from the end of the header
 * @param end byte after the last, counted from the end of the header
 */
public record TensorInfo(Dtype dtype, long[] shape, long begin, long end) {

    /** Number of elements. */
    public long elements() {
        return (end - begin) / dtype.bytes();
    }
}
