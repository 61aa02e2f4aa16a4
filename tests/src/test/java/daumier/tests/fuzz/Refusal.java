package daumier.tests.fuzz;

/** An input that was refused with one clear sentence. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    /** The longest sentence that still fits on a screen, in characters. */
    private static final int LONGEST = 1000;

    private Refusal(String sentence) {
        super(sentence, null, false, false);
    }

    /**
     * Judges what was said.
     *
     * @throws AssertionError if it is not one sentence on one line
     */
    static Refusal of(String sentence) {
        if (sentence == null || sentence.isBlank() || sentence.strip().contains("\n")) {
            throw new AssertionError("not one sentence: " + sentence);
        }
        if (!sentence.strip().matches(".*[.!?]") || sentence.length() > LONGEST) {
            throw new AssertionError("not a whole sentence: " + sentence);
        }
        return new Refusal(sentence);
    }
}
