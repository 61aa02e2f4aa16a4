package daumier.faces.measure;

import java.io.IOException;
import java.io.Serial;

/** A file is no picture that can be read; the message is one sentence for the user. */
public final class ImageFileException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    /**
     * An unreadable picture.
     *
     * @param message one sentence naming the file and the reason
     */
    public ImageFileException(String message) {
        super(message);
    }
}
