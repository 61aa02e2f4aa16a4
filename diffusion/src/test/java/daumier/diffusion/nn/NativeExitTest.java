package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A virtual machine that ends while kernels run gives its exit code and no crash report. */
@EnabledOnOs(OS.LINUX)
class NativeExitTest {
    private static final int CODE = 7;

    @TempDir Path folder;

    @Test
    void survivesSystemExit() throws Exception {
        endsWell("exit");
    }

    @Test
    void survivesHalt() throws Exception {
        endsWell("halt");
    }

    private void endsWell(String how) throws IOException, InterruptedException {
        File output = folder.resolve("output").toFile();
        Process busy =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                                "-XX:-CreateCoredumpOnCrash",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Busy.class.getName(),
                                how)
                        .redirectErrorStream(true)
                        .redirectOutput(output)
                        .start();
        assertTrue(busy.waitFor(120, TimeUnit.SECONDS), "still running");
        String said = Files.readString(output.toPath());
        assertEquals(CODE, busy.exitValue(), said);
        // A crash that the end of the process overtakes has only begun to report.
        assertFalse(said.contains("fatal error"), said);
        assertTrue(Files.notExists(folder.resolve("crash.log")));
    }

    /**
     * Computes for ever, each call longer than a virtual machine waits, and ends itself meanwhile.
     */
    static final class Busy {
        private static final int THREADS = 2;
        private static final Shape HEADS = new Shape(1, 48, 4096, 40);

        public static void main(String... how) throws InterruptedException {
            Kernels kernels = Kernels.load(Device.cpu());
            CountDownLatch warm = new CountDownLatch(THREADS);
            for (int i = 0; i < THREADS; i++) {
                Thread worker = new Thread(() -> attend(kernels, warm));
                worker.setDaemon(true);
                worker.start();
            }
            warm.await();
            if ("halt".equals(how[0])) {
                NativeExit.arm();
                Runtime.getRuntime().halt(CODE);
            }
            System.exit(CODE);
        }

        private static void attend(Kernels kernels, CountDownLatch warm) {
            try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
                NDArray x = manager.ones(HEADS);
                NDArray few = manager.ones(new Shape(1, 1, 4096, 40));
                while (true) {
                    kernels.call("mix_rows", few, few, few).close();
                    warm.countDown();
                    kernels.call("mix_rows", x, x, x).close();
                }
            }
        }
    }
}
