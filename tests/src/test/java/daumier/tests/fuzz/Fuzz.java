package daumier.tests.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * Tries inputs on a target and keeps what is not in order: anything thrown but a {@link Refusal},
 * and more memory taken for one input than a small file can be worth.
 */
public final class Fuzz {
    /** For one input, on the heap: an input has at most some hundred kilobytes. */
    private static final long MOST_BYTES = 64L << 20;

    private final FuzzTarget target;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Map<String, String> findings = new LinkedHashMap<>();
    private long accepted;
    private long refused;
    private long mostBytes;

    /** Nothing tried yet. */
    public Fuzz(FuzzTarget target) {
        this.target = target;
    }

    /**
     * Tries inputs; the input of a seed is always the same.
     *
     * @param first seed of the first input; the others follow
     * @param cases how many
     * @param progress hears the number of inputs tried
     */
    public void run(long first, long cases, LongConsumer progress) {
        for (long i = 0; i < cases; i++) {
            attempt(first + i);
            progress.accept(i + 1);
        }
    }

    private void attempt(long seed) {
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        try {
            target.attempt(new SplittableRandom(seed));
            accepted++;
        } catch (Refusal expected) {
            refused++;
        } catch (Throwable thrown) { // errors, too, are what is looked for
            found(thrown, seed);
        }
        long taken = threads.getThreadAllocatedBytes(thread) - before;
        mostBytes = Math.max(mostBytes, taken);
        if (taken > MOST_BYTES) {
            findings.putIfAbsent("memory", "seed %d took %d bytes".formatted(seed, taken));
        }
    }

    /** The first input for each place where something went wrong is kept. */
    private void found(Throwable thrown, long seed) {
        String place = "";
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (frame.getClassName().startsWith("daumier.")) {
                place = frame.toString();
                break;
            }
        }
        String text = String.valueOf(thrown.getMessage());
        String kind = text.replaceAll("\\d+", "0").substring(0, Math.min(60, text.length()));
        findings.putIfAbsent(
                thrown.getClass().getName()
                        + " at "
                        + place
                        + (place.contains(".tests.") ? kind : ""),
                "seed %d: %s".formatted(seed, thrown));
    }

    /** What went wrong, by kind and place, each with a seed that shows it. */
    public Map<String, String> findings() {
        return findings;
    }

    /** Inputs that were read as sound. */
    public long accepted() {
        return accepted;
    }

    /** Inputs that were refused with one sentence. */
    public long refused() {
        return refused;
    }

    /** The most heap that one input took, in bytes. */
    public long mostBytes() {
        return mostBytes;
    }
}
