package daumier.cli;

/**
 * A mistake that the user can mend. Its message is one sentence that says what is wrong and what to
 * do; the program prints it and ends with exit code 2.
 */
public final class UserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A mistake without a deeper cause.
     *
     * @param sentence what is wrong and what to do
     */
    public UserException(String sentence) {
        super(sentence);
    }

    /**
     * A mistake that showed itself in another exception.
     *
     * @param sentence what is wrong and what to do
     * @param cause where it showed
     */
    public UserException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
