package daumier.diffusion.sample;

import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.ClipTextConfig;
import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.UNet2DConditionModel;
import daumier.diffusion.nn.UNetConfig;
import daumier.diffusion.nn.VaeConfig;
import daumier.diffusion.text.ClipTokenizer;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a pack's components come from: a folder in the diffusers layout, or one file of all. */
abstract sealed class PackSource permits PackFolder, PackCheckpoint {
    private final Path path;
    private double loadSeconds;

    PackSource(Path path) {
        this.path = path;
    }

    /**
     * The source at a path.
     *
     * @throws PackException if it is neither
     */
    static PackSource at(Path path) {
        return Files.isRegularFile(path) ? new PackCheckpoint(path) : new PackFolder(path);
    }

    /** Reads a component from a file or folder. */
    interface Reader<T> {
        T read(Path component) throws IOException;
    }

    /** How the weights of a component are opened. */
    interface Opener {
        Weights open(Path fileOrFolder) throws IOException;
    }

    /** How a U-Net is made of its weights. */
    interface UNetMaker {
        UNet2DConditionModel make(UNetConfig config, Weights weights);
    }

    /** How a text encoder is made of its weights. */
    interface TextMaker {
        ClipTextModel make(ClipTextConfig config, Weights weights);
    }

    /** Where the pack is. */
    final Path path() {
        return path;
    }

    /** Seconds spent in reading so far. */
    final double loadSeconds() {
        return loadSeconds;
    }

    /** The configuration of the scheduler. */
    abstract SchedulerConfig schedulerConfig();

    /** A folder with an optional component, whether it exists or not. */
    abstract Path folder(String component);

    /** The configuration of the U-Net, without its weights. */
    abstract UNetConfig unetConfig();

    /** The configuration of the autoencoder, without its weights. */
    abstract VaeConfig vaeConfig();

    /** The U-Net. */
    abstract UNet2DConditionModel unet(Opener opener, UNetMaker maker);

    /** The autoencoder. */
    abstract AutoencoderKL vae(Opener opener, Kernels kernels);

    /** The text encoder. */
    abstract ClipTextModel textEncoder(Opener opener, TextMaker maker);

    /** The tokenizer. */
    abstract ClipTokenizer tokenizer();

    /** Reads from any path. */
    final <T> T timed(Path source, Reader<T> reader) {
        long start = System.nanoTime();
        try {
            return reader.read(source);
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            boolean named = reason.contains(source.toString());
            throw new PackException(named ? reason : source + " cannot be read: " + reason, e);
        } finally {
            loadSeconds += (System.nanoTime() - start) / 1e9;
        }
    }
}
