package daumier.faces.nets;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The loop all face networks are trained by: batches made one step ahead on a second thread, each
 * from its own generator (so that a resumed run sees what an unbroken one sees), warm-up, constant
 * rate, cosine to the end, checkpoints.
 *
 * @param <B> what a batch is, plain Java arrays
 */
final class TrainingLoop<B> {
    private static final int WARM_UP = 60;
    private static final double FLAT = 0.35;
    private static final double LAST_RATE = 0.01;
    private static final double LARGEST_NORM = 2;
    private static final int REPORT_EVERY = 50;
    private static final double CHECKPOINT_SECONDS = 60;

    /** What differs from task to task. */
    interface Task<B> {
        /** Makes the batch of one step; called on another thread, must share no mutable state. */
        B batch(SplittableRandom rng);

        /** The loss of a batch, a scalar; called inside a gradient collector. */
        NDArray loss(B batch, NDManager manager, double progress);

        /** The networks whose parameters learn. */
        Map<String, Network> networks();

        /**
         * Called before each step.
         *
         * @param progress the share of the budget that is used
         * @return false to stop here, with a checkpoint
         */
        default boolean before(double progress) {
            return true;
        }
    }

    private final String name;
    private final Task<B> task;
    private final Budget budget;
    private final double rate;
    private final double decay;
    private final long seed;
    private final Map<String, NDArray> extra;
    private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();

    /**
     * A loop.
     *
     * @param extra arrays that learn beside the networks, by name; they must require gradients
     */
    TrainingLoop(
            String name,
            Task<B> task,
            Budget budget,
            double rate,
            double decay,
            long seed,
            Map<String, NDArray> extra) {
        this.name = name;
        this.task = task;
        this.budget = budget;
        this.rate = rate;
        this.decay = decay;
        this.seed = seed;
        this.extra = extra;
    }

    /** What a finished loop tells. */
    record Outcome(int steps, double seconds, double loss) {}

    /**
     * Runs to the end of the budget, from the checkpoint if there is one.
     *
     * @param checkpoint file without its ending, or null for none
     * @param progress hears the figures
     * @return steps, seconds and the mean loss of the last steps
     * @throws IOException if a checkpoint cannot be read or written
     */
    Outcome run(Path checkpoint, TrainingProgress progress) throws IOException {
        ExecutorService ahead =
                Executors.newSingleThreadExecutor(
                        r -> {
                            Thread t = new Thread(r, "batches");
                            t.setDaemon(true);
                            return t;
                        });
        Map<String, NDArray> learned = new LinkedHashMap<>(extra);
        task.networks()
                .forEach((n, net) -> net.learned().forEach((k, a) -> learned.put(n + "." + k, a)));
        task.networks().values().forEach(n -> n.requireGradients(true));
        try (NDManager manager = NDManager.newBaseManager();
                Adam adam = new Adam(learned, manager, decay)) {
            double before = resume(checkpoint, manager, adam);
            double started = cpuSeconds();
            double saved = started;
            int step = adam.steps();
            double mean = Double.NaN;
            CompletableFuture<B> next = batch(ahead, step);
            while (budget.progress(step, before + cpuSeconds() - started) < 1) {
                double seconds = before + cpuSeconds() - started;
                double done = budget.progress(step, seconds);
                if (!task.before(done)) {
                    break;
                }
                B batch = next.join();
                next = batch(ahead, step + 1);
                double loss = step(manager, adam, batch, done);
                step++;
                mean = Double.isNaN(mean) ? loss : mean + 0.03 * (loss - mean);
                if (step % REPORT_EVERY == 0) {
                    String text = "step %d, %.0f s, loss %.4f".formatted(step, seconds, mean);
                    progress.report(name, done, text);
                }
                if (checkpoint != null && cpuSeconds() - saved > CHECKPOINT_SECONDS) {
                    saved = cpuSeconds();
                    save(checkpoint, adam, before + saved - started);
                }
            }
            double seconds = before + cpuSeconds() - started;
            if (checkpoint != null) {
                save(checkpoint, adam, seconds);
            }
            return new Outcome(step, seconds, mean);
        } finally {
            ahead.shutdownNow();
            task.networks().values().forEach(n -> n.requireGradients(false));
            task.networks().values().forEach(Network::fold);
        }
    }

    private CompletableFuture<B> batch(ExecutorService ahead, int step) {
        SplittableRandom rng = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + step);
        return CompletableFuture.supplyAsync(() -> task.batch(rng.split()), ahead);
    }

    private double step(NDManager manager, Adam adam, B batch, double done) {
        double loss;
        try (NDManager m = manager.newSubManager()) {
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray l = task.loss(batch, m, done);
                collector.backward(l);
                loss = l.getFloat();
            }
        }
        double warm = Math.min(1, (adam.steps() + 1.0) / WARM_UP);
        double fall = Math.max(0, (done - FLAT) / (1 - FLAT));
        double cosine = LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + Math.cos(Math.PI * fall));
        adam.step(rate * warm * cosine, LARGEST_NORM);
        return loss;
    }

    private double cpuSeconds() {
        return clock.getCurrentThreadCpuTime() * 1e-9;
    }

    private Map<String, NDArray> everything(Adam adam) {
        Map<String, NDArray> all = new LinkedHashMap<>(extra);
        task.networks().forEach((n, net) -> net.state().forEach((k, a) -> all.put(n + "." + k, a)));
        all.putAll(adam.state());
        return all;
    }

    private void save(Path checkpoint, Adam adam, double seconds) throws IOException {
        TensorFile.write(file(checkpoint, ".safetensors"), everything(adam), false);
        JsonObject json = new JsonObject();
        json.addProperty("steps", adam.steps());
        json.addProperty("seconds", seconds);
        Files.writeString(file(checkpoint, ".json"), json.toString());
    }

    private double resume(Path checkpoint, NDManager manager, Adam adam) throws IOException {
        if (checkpoint == null || !Files.exists(file(checkpoint, ".json"))) {
            return 0;
        }
        JsonObject json =
                JsonParser.parseString(Files.readString(file(checkpoint, ".json")))
                        .getAsJsonObject();
        try (NDManager m = manager.newSubManager()) {
            Map<String, NDArray> values = TensorFile.read(file(checkpoint, ".safetensors"), m);
            adam.load(values, json.get("steps").getAsInt());
            extra.forEach((n, a) -> Network.copy(values, n, a));
            task.networks().forEach((n, net) -> net.load(Tensors.below(values, n)));
        }
        return json.get("seconds").getAsDouble();
    }

    private static Path file(Path checkpoint, String ending) {
        return checkpoint.resolveSibling(checkpoint.getFileName() + ending);
    }
}
