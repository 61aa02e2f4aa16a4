package daumier.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

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
