package daumier.cli.pack;

import daumier.diffusion.train.TrainingLoop;
import java.io.PrintStream;
import java.util.Locale;

/** Says how far a stage is, a line now and then, with the time left. */
final class StageProgress implements TrainingLoop.Listener {
    private static final long NANOS_BETWEEN_LINES = 20_000_000_000L;

    private final PrintStream out;
    private String stage = "";
    private long begun;
    private long firstStep;
    private long lastLine;
    private double lossSum;
    private long lossCount;

    StageProgress(PrintStream out) {
        this.out = out;
    }

    void begin(String name) {
        stage = name;
        begun = System.nanoTime();
        lastLine = begun;
        firstStep = -1;
        lossSum = 0;
        lossCount = 0;
        out.println(name);
    }

    void count(long done, long of) {
        line(done, of, "");
    }

    /** A share of the stage is done; {@code words} are its figures of the moment. */
    void share(double fraction, String words) {
        long now = System.nanoTime();
        if (fraction >= 1) {
            out.printf(Locale.ROOT, "  %s done after %.1f min%n", stage, (now - begun) / 6e10);
        } else if (now - lastLine >= NANOS_BETWEEN_LINES) {
            lastLine = now;
            out.printf(Locale.ROOT, "  %s %.0f%%, %s%n", stage, 100 * fraction, words);
        }
    }

    @Override
    public boolean afterStep(
            long step, long steps, double loss, double gradientNorm, double seconds) {
        lossSum += loss;
        lossCount++;
        line(
                step,
                steps,
                String.format(
                        Locale.ROOT,
                        " loss %.4f, gradient %.2f",
                        lossSum / lossCount,
                        gradientNorm));
        return !Thread.currentThread().isInterrupted();
    }

    private void line(long done, long of, String text) {
        if (firstStep < 0) {
            firstStep = done - 1;
        }
        long now = System.nanoTime();
        if (now - lastLine < NANOS_BETWEEN_LINES && done < of) {
            return;
        }
        lastLine = now;
        double each = (now - begun) / 1e9 / (done - firstStep);
        out.printf(
                Locale.ROOT,
                "  %s %d/%d%s, %.3f s each, %.1f min left%n",
                stage,
                done,
                of,
                text,
                each,
                each * (of - done) / 60);
        lossSum = 0;
        lossCount = 0;
    }
}
