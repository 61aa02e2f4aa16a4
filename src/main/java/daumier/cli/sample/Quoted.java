package daumier.cli.sample;

/** What a message quotes of a file: on one line, and not endless. */
final class Quoted {
    private static final int LONGEST = 80;

    private Quoted() {}

    /** The text as a message may hold it. */
    static String of(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
