package daumier.diffusion.weights;

/**
 * A checkpoint does not hold what a model needs: a tensor is missing or has another shape. The
 * message names the full key, the file, and what was expected and found.
 */
public final class WeightsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** An exception with that sentence. */
    public WeightsException(String message) {
        super(message);
    }

    /** An exception with that sentence and what was met underneath. */
    public WeightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
