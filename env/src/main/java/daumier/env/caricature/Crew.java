package daumier.env.caricature;

import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Threads that draw parts of a batch side by side. With one worker the caller does it. */
final class Crew implements AutoCloseable {
    private static final int LEAST_PART = 2;

    private final int workers;
    private final ExecutorService threads;

    Crew(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException(
                    "Drawing needs at least one worker, not " + workers + ".");
        }
        this.workers = workers;
        threads = workers == 1 ? null : Executors.newFixedThreadPool(workers, Crew::thread);
    }

    /** A thread of libtorch begins with gradients on, whatever the others have. */
    private static Thread thread(Runnable work) {
        Thread thread =
                new Thread(
                        () -> {
                            JniUtils.setGradMode(false);
                            work.run();
                        },
                        "drawing");
        thread.setDaemon(true);
        return thread;
    }

    /** Consecutive parts of nearly equal size, their number a function of the list's size alone. */
    private <T> List<List<T>> parts(List<T> all) {
        int count = Math.max(1, Math.min(workers, all.size() / LEAST_PART));
        List<List<T>> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(all.subList(all.size() * i / count, all.size() * (i + 1) / count));
        }
        return parts;
    }

    /** Works on parts of a list and joins what comes out, in order. */
    <T, R> List<R> each(List<T> all, Function<List<T>, List<R>> work) {
        List<List<T>> parts = parts(all);
        if (threads == null || parts.size() == 1) {
            return work.apply(all);
        }
        List<Callable<List<R>>> calls = new ArrayList<>();
        parts.forEach(part -> calls.add(() -> work.apply(part)));
        List<R> joined = new ArrayList<>();
        try {
            for (Future<List<R>> done : threads.invokeAll(calls)) {
                joined.addAll(done.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The drawing was interrupted.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException problem) {
                throw problem;
            }
            throw new IllegalStateException("A drawing thread failed: " + e.getCause(), e);
        }
        return joined;
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.shutdown();
        }
    }
}
