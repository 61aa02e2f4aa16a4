package daumier.cli.run;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes a run folder with plausible made-up figures. */
public final class MadeUpRun {
    static final List<String> TERMS =
            List.of("identity", "style", "alignment", "implausibility", "compute");
    static final List<String> COLUMNS =
            List.of(
                    "time/iterations",
                    RunLog.STEPS,
                    "train/approx_kl",
                    "train/entropy_loss",
                    "train/explained_variance");

    private MadeUpRun() {}

    /**
     * Writes one.
     *
     * @param path of the folder, must not exist
     * @param seed of the figures
     * @param episodes how many
     * @return the folder
     * @throws IOException when it cannot be written
     */
    public static RunFolder write(Path path, long seed, int episodes) throws IOException {
        JsonObject config = new JsonObject();
        config.addProperty("seed", seed);
        RunFolder run = RunFolder.create(path, config);
        Random random = new Random(seed);
        try (RunLog log = RunLog.start(run, "CaricatureEnv", COLUMNS, TERMS)) {
            double ease = 0.8 + 0.4 * random.nextDouble();
            for (int e = 1; e <= episodes; e++) {
                double learned = 1 - Math.exp(-3.0 * ease * e / episodes);
                double[] terms = {
                    -0.3 * (1 - learned) + 0.10 * random.nextGaussian(),
                    0.8 * learned + 0.10 * random.nextGaussian(),
                    1.2 * learned - 0.2 + 0.25 * random.nextGaussian(),
                    -0.2 + 0.1 * learned + 0.05 * random.nextGaussian(),
                    -0.15 + 0.02 * random.nextGaussian()
                };
                Map<String, Double> info = new LinkedHashMap<>();
                double sum = 0;
                for (int t = 0; t < terms.length; t++) {
                    info.put(TERMS.get(t), terms[t]);
                    sum += terms[t];
                }
                log.episode(sum, 8, 0.4 * e, info);
                if (e % 16 == 0) {
                    log.update(
                            Map.of(
                                    "time/iterations",
                                    e / 16.0,
                                    RunLog.STEPS,
                                    8.0 * e,
                                    "train/approx_kl",
                                    0.012 + 0.004 * Math.abs(random.nextGaussian()),
                                    "train/entropy_loss",
                                    -9.9 + 3 * learned + 0.05 * random.nextGaussian(),
                                    "train/explained_variance",
                                    0.75 * learned - 0.1 + 0.06 * random.nextGaussian()));
                }
            }
        }
        return run;
    }
}
