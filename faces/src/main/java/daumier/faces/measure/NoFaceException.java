package daumier.faces.measure;

import java.io.Serial;

/** A picture shows no face that can be measured; the message is one sentence for the user. */
public final class NoFaceException extends IllegalArgumentException {
    @Serial private static final long serialVersionUID = 1L;

    /**
     * No face.
     *
     * @param message one sentence that says what to do
     */
    public NoFaceException(String message) {
        super(message);
    }
}
