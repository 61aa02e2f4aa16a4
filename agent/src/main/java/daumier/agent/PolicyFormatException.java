package daumier.agent;

/** A policy file cannot be used: damaged, of another version, or for another kind of policy. */
public final class PolicyFormatException extends IllegalArgumentException {
    /** Says what is wrong and what to do, in one sentence. */
    public PolicyFormatException(String message) {
        super(message);
    }

    /** The same with the reason below. */
    public PolicyFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
