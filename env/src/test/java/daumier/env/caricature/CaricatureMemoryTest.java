package daumier.env.caricature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Pack;
import daumier.env.AutoresetMode;
import daumier.env.SeededRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drawing for a long time leaves nothing behind. */
class CaricatureMemoryTest {
    private static final int LANES = 4;
    private static final Path STATUS = Path.of("/proc/self/status");

    @Test
    void stepsLeaveNoArraysBehind(@TempDir Path folder) throws Exception {
        RandomPack.TINY.write(folder, true, "petal", "noir");
        try (Studio studio = studio(folder);
                CaricatureVectorEnvironment lanes = lanes(studio, Settings.Means.BOTH)) {
            SeededRandom random = new SeededRandom(1);
            lanes.reset(OptionalLong.of(1), Map.of());
            play(lanes, random, 2 * Settings.standard().decisions());
            long before = resources(studio.pack().manager());
            play(lanes, random, Settings.standard().decisions());
            assertEquals(before, resources(studio.pack().manager()));
        }
    }

    @Test
    @Tag("slow")
    void memoryIsFlatOverFiveThousandSteps(@TempDir Path folder) throws Exception {
        assumeTrue(Files.exists(STATUS), "Only Linux tells its processes how large they are.");
        RandomPack.TINY.write(folder, true, "petal", "noir");
        try (Studio studio = studio(folder);
                CaricatureVectorEnvironment lanes = lanes(studio, Settings.Means.ADAPTER)) {
            SeededRandom random = new SeededRandom(1);
            lanes.reset(OptionalLong.of(1), Map.of());
            play(lanes, random, 1000 / LANES);
            long before = resident();
            play(lanes, random, 5000 / LANES);
            long grown = resident() - before;
            assertTrue(grown < 40L << 20, "resident memory grew by " + (grown >> 20) + " MB");
        }
    }

    private static Studio studio(Path folder) {
        Pack pack = Pack.open(folder, Device.cpu(), Precision.FP32);
        return Studio.of(pack, AnalyticNets.of(0, "petal", "noir"), null);
    }

    private static CaricatureVectorEnvironment lanes(Studio studio, Settings.Means means) {
        return new CaricatureVectorEnvironment(
                studio,
                Settings.standard().withMeans(means),
                studio.episodes(Split.TRAIN),
                LANES,
                AutoresetMode.SAME_STEP);
    }

    /** Uniform strides, so that all lanes end together. */
    private static void play(CaricatureVectorEnvironment lanes, SeededRandom random, int steps) {
        for (int i = 0; i < steps; i++) {
            List<double[]> actions = new ArrayList<>();
            for (int lane = 0; lane < LANES; lane++) {
                double[] action = Move.SPACE.sample(random);
                action[action.length - 1] = 0;
                actions.add(action);
            }
            lanes.step(actions);
        }
    }

    /** Arrays in a manager and all below it. */
    private static long resources(NDManager manager) {
        List<NDArray> arrays = manager.getManagedArrays();
        return arrays.size();
    }

    /** Bytes of physical memory that this process holds. */
    private static long resident() throws IOException {
        System.gc();
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("There is no VmRSS in " + STATUS + ".");
    }
}
