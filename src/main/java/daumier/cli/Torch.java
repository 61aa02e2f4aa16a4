package daumier.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import daumier.diffusion.nn.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Sets the tensor library up, once in a program, before its first use. */
public final class Torch {
    /** The side of a picture from which on its networks gain by more than one thread. */
    private static final int LARGE = 256;

    private Torch() {}

    /** Where tensors live. */
    public enum DeviceName {
        /** The processor. */
        CPU,
        /** The first CUDA graphics card. */
        CUDA
    }

    /**
     * Sets how many threads one operation may use.
     *
     * @param threads how many; 0 for what suits the size of the pictures
     * @param side pixels of a picture's side. The networks of small pictures are faster on one
     *     thread, and a second one would make them wait on a busy machine; those of large ones use
     *     each processor.
     */
    public static void threads(int threads, int side) {
        int fitting = side < LARGE ? 1 : Runtime.getRuntime().availableProcessors();
        JniUtils.setNumThreads(threads > 0 ? threads : fitting);
    }

    /**
     * The number type that suits a device: bfloat16 where the processor has instructions for it.
     * Emulated it would be slower than float32.
     */
    public static Precision fitting(DeviceName device) {
        return device == DeviceName.CPU && bfloat16Flag() ? Precision.BF16 : Precision.FP32;
    }

    private static boolean bfloat16Flag() {
        Path flags = Path.of("/proc/cpuinfo");
        try (Stream<String> lines = Files.lines(flags, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .limit(1)
                    .anyMatch(line -> line.contains("avx512_bf16") || line.contains("amx_bf16"));
        } catch (IOException | UncheckedIOException e) {
            return false; // no Linux: nothing is known
        }
    }

    /**
     * Loads the tensor library.
     *
     * @param name the device wanted
     * @return the device
     * @throws UserException when there is no such device, or no such library for this machine
     */
    public static Device start(DeviceName name) {
        Engine engine;
        try {
            engine = Engine.getEngine("PyTorch");
        } catch (UnsatisfiedLinkError e) {
            throw new UserException(
                    "The tensor library does not load on this machine (%s %s): %s"
                            .formatted(
                                    System.getProperty("os.name"),
                                    System.getProperty("os.arch"),
                                    e.getMessage()),
                    e);
        }
        if (name == DeviceName.CPU) {
            return Device.cpu();
        }
        if (engine.getGpuCount() == 0) {
            throw new UserException(
                    "No CUDA device is found; set PYTORCH_LIBRARY_PATH to a libtorch 2.7.1 for"
                            + " CUDA 12.8, or leave --device cuda out.");
        }
        return Device.gpu();
    }
}
