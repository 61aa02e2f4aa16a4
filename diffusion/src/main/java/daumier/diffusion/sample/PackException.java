package daumier.diffusion.sample;

/** A pack that cannot be used; the message is one sentence that names the folder and says why. */
public class PackException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** With the reason. */
    public PackException(String message) {
        super(message);
    }

    /** With the reason and where it comes from. */
    public PackException(String message, Throwable cause) {
        super(message, cause);
    }
}
