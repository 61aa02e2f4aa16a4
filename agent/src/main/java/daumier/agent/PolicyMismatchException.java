package daumier.agent;

/** A policy was made for another observation or action space than the one at hand. */
public final class PolicyMismatchException extends IllegalArgumentException {
    /** Says what differs and what to do, in one sentence. */
    public PolicyMismatchException(String message) {
        super(message);
    }
}
