package daumier.env;

/** An environment, or the one who uses it, broke the contract of {@link Environment}. */
public final class EnvironmentContractException extends IllegalStateException {
    /** Says what was broken and what to do, in one sentence. */
    public EnvironmentContractException(String message) {
        super(message);
    }
}
