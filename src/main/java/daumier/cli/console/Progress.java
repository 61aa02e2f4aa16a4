package daumier.cli.console;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far a long task is and how long it will take. On a terminal it is one line redrawn in place;
 * elsewhere (log files, continuous integration) a plain line now and then, the first after ten
 * seconds, later ones further apart. Thread-safe.
 */
public final class Progress implements AutoCloseable {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long FIRST_LINE_NANOS = 10_000_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 300_000_000_000L;
    private static final int BAR = 24;

    private final Terminal terminal;
    private final String task;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private final long startDone;

    private long total;
    private long done;
    private String note = "";
    private long shownNanos;
    private long pauseNanos = FIRST_LINE_NANOS;
    private int shownWidth;
    private boolean closed;

    /**
     * A task that starts now at the terminal of the program.
     *
     * @param task what is done, a few words
     * @param total how many units of work, or 0 when nobody knows
     * @return the progress; close it when the task ends
     */
    public static Progress start(String task, long total) {
        return resume(task, 0, total);
    }

    /**
     * A task of which a part was done earlier; the estimate counts only what is done from now on.
     *
     * @param task what is done, a few words
     * @param done units done earlier
     * @param total how many units of work, or 0 when nobody knows
     * @return the progress; close it when the task ends
     */
    public static Progress resume(String task, long done, long total) {
        return new Progress(Terminal.standardError(), task, done, total, System::nanoTime);
    }

    Progress(Terminal terminal, String task, long done, long total, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.task = task;
        this.total = total;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.startDone = done;
        this.done = done;
        this.shownNanos = startNanos - (terminal.live() ? REDRAW_NANOS : 0);
        show();
    }

    /**
     * More work is done.
     *
     * @param units how much more
     */
    public synchronized void advance(long units) {
        at(done + units);
    }

    /**
     * This much work is done in all.
     *
     * @param units units since the very beginning
     */
    public synchronized void at(long units) {
        done = units;
        show();
    }

    /**
     * How much work it is in all, where that turns out later.
     *
     * @param units of work, or 0 when nobody knows
     */
    public synchronized void total(long units) {
        total = units;
    }

    /**
     * Figures to show behind the estimate, for instance the mean reward.
     *
     * @param text a few words; empty for none
     */
    public synchronized void note(String text) {
        note = text;
        show();
    }

    /**
     * A line that stays, above the bar.
     *
     * @param text the line
     */
    public synchronized void print(String text) {
        erase();
        terminal.out().println(text);
        if (terminal.live() && !closed) {
            draw();
        }
    }

    /** Ends the task: the last state stays as a line, with the time it took. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        erase();
        String taken = duration(elapsed());
        String amount = total > 0 && done >= total ? "" : " at " + amount();
        terminal.out().println(task + amount + ", " + taken + (note.isEmpty() ? "" : "  " + note));
    }

    private void show() {
        if (closed) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (terminal.live()) {
            if (now - shownNanos >= REDRAW_NANOS) {
                shownNanos = now;
                draw();
            }
        } else if (now - shownNanos >= pauseNanos) {
            shownNanos = now;
            pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
            terminal.out().println(line());
        }
    }

    private void draw() {
        String line = line();
        if (line.length() >= terminal.columns()) {
            line = line.substring(0, terminal.columns() - 1);
        }
        terminal.out().print("\r" + line + " ".repeat(Math.max(0, shownWidth - line.length())));
        terminal.out().flush();
        shownWidth = line.length();
    }

    private void erase() {
        if (terminal.live() && shownWidth > 0) {
            terminal.out().print("\r" + " ".repeat(shownWidth) + "\r");
            terminal.out().flush();
            shownWidth = 0;
        }
    }

    private String line() {
        StringBuilder line = new StringBuilder(task).append(' ');
        if (total > 0) {
            double fraction = Math.min(1, (double) done / total);
            if (terminal.live()) {
                int filled = (int) Math.round(fraction * BAR);
                line.append('[').append("=".repeat(filled)).append(" ".repeat(BAR - filled));
                line.append("] ");
            }
            line.append("%3.0f%% ".formatted(100 * fraction));
        }
        line.append(amount());
        Duration elapsed = elapsed();
        line.append("  ").append(duration(elapsed));
        long since = done - startDone;
        if (total > 0 && since > 0 && done < total) {
            double nanos = (double) elapsed.toNanos() / since * (total - done);
            line.append(", ").append(duration(Duration.ofNanos((long) nanos))).append(" left");
        }
        if (!note.isEmpty()) {
            line.append("  ").append(note);
        }
        return line.toString();
    }

    private String amount() {
        return total > 0 ? done + "/" + total : Long.toString(done);
    }

    private Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - startNanos);
    }

    /**
     * A duration as people say it.
     *
     * @param duration any length of time
     * @return for instance {@code 42s}, {@code 3m05s}, {@code 2h07m}
     */
    public static String duration(Duration duration) {
        long seconds = Math.round(duration.toMillis() / 1000.0);
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
        }
        return String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds / 60 % 60);
    }
}
