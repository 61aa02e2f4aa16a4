package daumier.cli.console;

import java.io.PrintStream;

/**
 * Where progress goes: standard error, redrawn in place on a terminal, plain lines otherwise.
 *
 * @param out the stream
 * @param live whether a line can be redrawn in place
 * @param columns width in characters; longer lines are cut when live
 */
public record Terminal(PrintStream out, boolean live, int columns) {
    private static final int DEFAULT_COLUMNS = 80;

    /**
     * Standard error as the launcher described it ({@code daumier.terminal}, {@code
     * daumier.columns}).
     *
     * @return the terminal, not live when the launcher saw none
     */
    public static Terminal standardError() {
        boolean live =
                Boolean.getBoolean("daumier.terminal") && !"dumb".equals(System.getenv("TERM"));
        int columns = Integer.getInteger("daumier.columns", DEFAULT_COLUMNS);
        return new Terminal(System.err, live, columns < 20 ? DEFAULT_COLUMNS : columns);
    }
}
