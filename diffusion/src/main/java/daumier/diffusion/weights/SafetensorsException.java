package daumier.diffusion.weights;

import java.io.IOException;

/**
 * A file that is not sound safetensors; the message is one sentence with the file and the reason.
 */
public final class SafetensorsException extends IOException {

    private static final long serialVersionUID = 1L;

    /** An exception with that sentence. */
    public SafetensorsException(String message) {
        super(message);
    }

    /** An exception with that sentence and what was met underneath. */
    public SafetensorsException(String message, Throwable cause) {
        super(message, cause);
    }
}
