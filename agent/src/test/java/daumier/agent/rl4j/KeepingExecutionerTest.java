package daumier.agent.rl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.env.SeededRandom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A collector that comes all the time takes nothing away from operations that run: with ND4J's own
 * executioner such a program crashes after 4 to 40 seconds.
 */
@Tag("slow")
class KeepingExecutionerTest {
    private static final int SECONDS = 45;
    private static final int ANOTHER = 3;

    @TempDir Path folder;

    @Test
    void operationsAreKeptUntilTheyEnd() throws Exception {
        Path output = folder.resolve("output");
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                                "-XX:-CreateCoredumpOnCrash",
                                "-XX:+UseSerialGC",
                                "-Xmx1g",
                                "-Xmn8m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Learner.class.getName())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertTrue(child.waitFor(3 * SECONDS, TimeUnit.SECONDS), "still running");
        assertEquals(0, child.exitValue(), Files.readString(output));
    }

    /** Learns while another thread makes the collector come. */
    static final class Learner {
        /** What the other thread made last: it is looked at, or it would never be made. */
        private static volatile byte[] litter;

        public static void main(String... none) {
            DenseNetwork network =
                    new DenseNetwork(
                            61,
                            List.of(64, 64),
                            List.of(
                                    new DenseNetwork.Head("mean", 8, 0.01),
                                    new DenseNetwork.Head("value", 1, 1)),
                            new SeededRandom(1));
            if (!(Nd4j.getExecutioner() instanceof KeepingExecutioner)) {
                System.exit(ANOTHER);
            }
            Thread other = new Thread(Learner::litter);
            other.setDaemon(true);
            other.start();
            INDArray x = Nd4j.rand(192, 61);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (System.nanoTime() < end) {
                INDArray[] outputs = network.forward(x);
                network.backward(Nd4j.onesLike(outputs[0]), Nd4j.onesLike(outputs[1]));
            }
            System.exit(litter == null ? ANOTHER : 0);
        }

        private static void litter() {
            while (true) {
                litter = new byte[8192];
            }
        }
    }
}
