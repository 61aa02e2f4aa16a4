package daumier.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Progress is a bar on a terminal and an occasional line in a log. */
final class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void aTerminalShowsABarWithAnEstimate() {
        Terminal terminal = new Terminal(out, true, 100);
        try (Progress progress = new Progress(terminal, "training", 0, 100, nanos::get)) {
            after(30);
            progress.at(25);
            String shown = last();
            assertTrue(shown.startsWith("training [======   "), shown);
            assertTrue(shown.contains(" 25% 25/100  30s, 1m30s left"), shown);
            after(1);
            progress.note("reward 0.5");
            assertTrue(last().contains("left  reward 0.5"), last());
        }
        assertTrue(text().endsWith("training at 25/100, 31s  reward 0.5\n"), text());
    }

    @Test
    void aNarrowTerminalCutsTheLineInsteadOfWrapping() {
        Terminal terminal = new Terminal(out, true, 30);
        try (Progress progress = new Progress(terminal, "training", 0, 100, nanos::get)) {
            after(1);
            progress.at(50);
            assertEquals(29, last().length());
        }
    }

    @Test
    void aLogGetsFewLinesFurtherAndFurtherApart() {
        Terminal terminal = new Terminal(out, false, 80);
        try (Progress progress = new Progress(terminal, "training", 0, 1000, nanos::get)) {
            for (int i = 1; i <= 1000; i++) {
                after(1);
                progress.at(i);
            }
        }
        String[] lines = text().split("\n");
        // After 10, 30, 70, 150, 310 and 610 seconds, then every five minutes, and at the end.
        assertEquals(8, lines.length, text());
        assertEquals("training   1% 10/1000  10s, 16m30s left", lines[0]);
        assertEquals("training, 16m40s", lines[7]);
        assertTrue(text().indexOf('\r') < 0);
    }

    @Test
    void aResumedTaskEstimatesFromWhatItDidItself() {
        Terminal terminal = new Terminal(out, false, 80);
        try (Progress progress = new Progress(terminal, "training", 500, 1000, nanos::get)) {
            after(100);
            progress.at(600);
        }
        assertTrue(text().contains("60% 600/1000  1m40s, 6m40s left"), text());
    }

    @Test
    void anUnknownTotalCountsOnly() {
        Terminal terminal = new Terminal(out, false, 80);
        try (Progress progress = new Progress(terminal, "reading", 0, 0, nanos::get)) {
            after(20);
            progress.advance(7);
        }
        assertEquals("reading 7  20s\nreading at 7, 20s\n", text());
    }

    @Test
    void printedLinesStayAboveTheBar() {
        Terminal terminal = new Terminal(out, true, 100);
        try (Progress progress = new Progress(terminal, "training", 0, 10, nanos::get)) {
            progress.print("saved");
            assertTrue(text().contains("\rsaved\n\rtraining ["), text().replace("\r", "<cr>"));
        }
    }

    @Test
    void durationsAreSaidAsPeopleSayThem() {
        assertEquals("0s", Progress.duration(Duration.ZERO));
        assertEquals("42s", Progress.duration(Duration.ofSeconds(42)));
        assertEquals("3m05s", Progress.duration(Duration.ofSeconds(185)));
        assertEquals("2h07m", Progress.duration(Duration.ofMinutes(127)));
    }

    private void after(int seconds) {
        nanos.addAndGet(seconds * 1_000_000_000L);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private String last() {
        return text().substring(text().lastIndexOf('\r') + 1);
    }
}
