package daumier.diffusion.sample;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraWeights;
import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.AutoencoderTiny;
import daumier.diffusion.nn.ClipTextConfig;
import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.nn.PackedCache;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.nn.T2IAdapter;
import daumier.diffusion.nn.T2IAdapterConfig;
import daumier.diffusion.nn.TinyConfig;
import daumier.diffusion.nn.UNet2DConditionModel;
import daumier.diffusion.nn.UNetConfig;
import daumier.diffusion.text.ClipTokenizer;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A folder of models in the diffusers layout: {@code model_index.json}, {@code unet/}, {@code
 * vae/}, {@code text_encoder/}, {@code tokenizer/}, {@code scheduler/}, and beside them, where
 * there are any, {@code adapter/} (a T2I adapter), {@code taesd/} (a tiny autoencoder) and {@code
 * lora/}. The embedded pack and Stable Diffusion 1.x are the same to it.
 *
 * <p>Or a Stable Diffusion 1.x checkpoint in one safetensors file, with CLIP's {@code tokenizer/}
 * beside it; the other folders are looked for there too.
 *
 * <p>Components are read when they are first asked for and live on one device until {@link #close}.
 * Problems with the folder are {@link PackException}s. Not thread-safe.
 */
public final class Pack implements AutoCloseable {
    /**
     * Channels from which on a U-Net spends much of its time on bringing weights to the processor.
     */
    private static final int WIDE = 640;

    private final PackSource source;
    private final Precision precision;
    private final boolean training;
    private final NDManager manager;
    private final Kernels kernels;
    private final SchedulerConfig schedulerConfig;
    private final LearnedTokens learned;
    private final PackedCache cache;
    private final PackLoras loras;
    private final Map<Path, T2IAdapter> adapters = new LinkedHashMap<>();
    private PackSizes sizes;
    private UNet2DConditionModel unet;
    private AutoencoderKL vae;
    private AutoencoderTiny tiny;
    private ClipTextModel textEncoder;
    private ClipTokenizer tokenizer;

    private Pack(
            Path folder, Device device, Precision precision, boolean training, PackedCache cache) {
        this.cache = cache;
        this.source = PackSource.at(folder);
        this.precision = precision;
        this.training = training;
        this.schedulerConfig = source.schedulerConfig();
        this.manager = NDManager.newBaseManager(device, "PyTorch");
        this.kernels = Kernels.load(manager.getDevice());
        this.learned = new LearnedTokens(manager);
        this.loras = new PackLoras(this, source);
    }

    /**
     * Opens a pack. Its networks are read later, when they are needed.
     *
     * @param precision of the U-Net, the autoencoders and the adapter; text is always encoded in 32
     *     bits
     * @throws PackException if the folder is no pack
     */
    public static Pack open(Path folder, Device device, Precision precision) {
        return open(folder, device, precision, null);
    }

    /**
     * The same, with a cache of packed weights; a large U-Net is then there in no time from the
     * second program on.
     *
     * @param cache closed with the pack; or null
     * @throws PackException if the folder is no pack
     */
    public static Pack open(Path folder, Device device, Precision precision, PackedCache cache) {
        return new Pack(folder, device, precision, false, cache);
    }

    /**
     * Opens a pack whose U-Net keeps its weights as they are, as passes that record gradients need
     * them.
     *
     * @throws PackException if the folder is no pack
     */
    public static Pack openForTraining(Path folder, Device device, Precision precision) {
        return new Pack(folder, device, precision, true, null);
    }

    /** The folder or file it was opened from. */
    public Path folder() {
        return source.path();
    }

    /** The number type that networks compute in. */
    public Precision precision() {
        return precision;
    }

    /** The manager that all components live in; closed with the pack. */
    public NDManager manager() {
        return manager;
    }

    /** The kernels of the device. */
    public Kernels kernels() {
        return kernels;
    }

    /** Seconds spent on reading components so far. */
    public double loadSeconds() {
        return source.loadSeconds();
    }

    /** The scheduler's configuration. */
    public SchedulerConfig schedulerConfig() {
        return schedulerConfig;
    }

    /** The noise schedule of the configuration. */
    public NoiseSchedule schedule() {
        return NoiseSchedule.of(schedulerConfig);
    }

    /** A sampler for this pack by its name, see {@link Sampler#NAMES}. */
    public Sampler sampler(String name) {
        return Sampler.named(name, schedulerConfig);
    }

    private Weights weights(Path fileOrFolder) throws IOException {
        return Weights.open(fileOrFolder, manager);
    }

    /** The U-Net. */
    public UNet2DConditionModel unet() {
        if (unet == null) {
            unet = source.unet(this::weights, this::unet);
        }
        return unet;
    }

    /** Whether weights are kept in the order that products read alone. */
    private boolean isPacked() {
        return !training && Collections.max(source.unetConfig().blockOutChannels()) >= WIDE;
    }

    private ClipTextModel textEncoder(ClipTextConfig config, Weights weights) {
        return isPacked()
                ? ClipTextModel.forDrawing(config, weights, kernels, cache)
                : ClipTextModel.create(config, weights, kernels);
    }

    private UNet2DConditionModel unet(UNetConfig config, Weights weights) {
        return isPacked()
                ? UNet2DConditionModel.forDrawing(config, weights, kernels, precision, cache)
                : UNet2DConditionModel.create(config, weights, kernels);
    }

    /** The autoencoder. */
    public AutoencoderKL vae() {
        if (vae == null) {
            vae = source.vae(this::weights, kernels);
        }
        return vae;
    }

    /** The tiny autoencoder, where the pack has one. */
    public Optional<AutoencoderTiny> tiny() {
        if (tiny == null && Files.isDirectory(source.folder("taesd"))) {
            tiny =
                    source.timed(
                            source.folder("taesd"),
                            f ->
                                    AutoencoderTiny.create(
                                            TinyConfig.read(f), Weights.open(f, manager), kernels));
        }
        return Optional.ofNullable(tiny);
    }

    /** The text encoder. */
    public ClipTextModel textEncoder() {
        if (textEncoder == null) {
            textEncoder = source.textEncoder(this::weights, this::textEncoder);
        }
        return textEncoder;
    }

    /** The tokenizer. */
    public ClipTokenizer tokenizer() {
        if (tokenizer == null) {
            tokenizer = source.tokenizer();
            int known = textEncoder().config().vocabSize();
            if (tokenizer.vocabularySize() > known) {
                throw new PackException(
                        "The tokenizer of %s has %d tokens, but its text encoder has vectors for %d: take the tokenizer that belongs to it."
                                .formatted(source.path(), tokenizer.vocabularySize(), known));
            }
        }
        return tokenizer;
    }

    /** The pack's own adapter, where it has one. */
    public Optional<T2IAdapter> adapter() {
        Path own = source.folder("adapter");
        return Files.isDirectory(own) ? Optional.of(adapter(own)) : Optional.empty();
    }

    /** An adapter from any folder; read once. */
    public T2IAdapter adapter(Path adapterFolder) {
        Path key = adapterFolder.toAbsolutePath().normalize();
        T2IAdapter known = adapters.get(key);
        if (known == null) {
            known =
                    source.timed(
                            adapterFolder,
                            f ->
                                    T2IAdapter.create(
                                            T2IAdapterConfig.read(f),
                                            Weights.open(f, manager),
                                            kernels));
            adapters.put(key, known);
        }
        return known;
    }

    /** The LoRA files of the pack, by name. */
    public List<Path> loraFiles() {
        return loras.files();
    }

    /**
     * The LoRA that lets the U-Net answer in one step, for previews: {@code lora/lcm.safetensors}.
     */
    public Optional<Path> lcmLora() {
        return loras.lcm();
    }

    /**
     * Attaches a LoRA to the U-Net and the text encoder, once.
     *
     * @return its index in {@link LoraScales}; it acts only where a scale is given
     */
    public int attachLora(Path file) {
        return loras.attach(file);
    }

    /** Attaches a LoRA that was made in memory. */
    public int attachLora(LoraWeights lora) {
        return loras.attach(lora);
    }

    /** Reads a LoRA file against this pack's layers; the arrays belong to the owner given. */
    public LoraWeights readLora(NDManager owner, Path file) {
        return loras.read(owner, file);
    }

    /** How many LoRAs are attached. */
    public int loraCount() {
        return unet == null ? 0 : unet.lora().size();
    }

    /** Detaches all LoRAs. */
    public void detachLoras() {
        loras.clear();
        if (unet != null) {
            unet.lora().clear();
        }
        if (textEncoder != null) {
            textEncoder.lora().clear();
        }
    }

    /** Latent size for a picture of this size: (4, h, w); refuses sizes the pack cannot make. */
    public Shape latentShape(int width, int height) {
        return sizes().latentShape(width, height);
    }

    /** What both sides of a picture must be a multiple of. */
    public int pictureUnit() {
        return sizes().pictureUnit();
    }

    /** How many pixels of a side are one of a latent. */
    public int downscale() {
        return sizes().downscale();
    }

    /** The side of the pictures that the pack was trained on. */
    public int pictureSize() {
        return sizes().pictureSize();
    }

    private PackSizes sizes() {
        if (sizes == null) {
            sizes = new PackSizes(source.unetConfig(), source.vaeConfig());
        }
        return sizes;
    }

    /** {@link #encodePrompt(NDManager, List, int, LoraScales)} without LoRA. */
    public NDArray encodePrompt(NDManager owner, List<String> prompts, int clipSkip) {
        return encodePrompt(owner, prompts, clipSkip, null);
    }

    /**
     * Text states of prompts. Weights like {@code (word:1.3)}, prompts of any length, {@code BREAK}
     * and the words of {@link #addEmbedding} are understood as AUTOMATIC1111's web UI does; a plain
     * prompt that fits the text encoder gives what diffusers gives.
     *
     * @param owner of the result
     * @param clipSkip 1 for the text encoder's last layer, 2 for the one before it, as A1111 counts
     * @param scales LoRA scales of the text encoder, or null
     * @return (prompts, tokens, hidden), with as many times the tokens as the longest prompt needs
     */
    public NDArray encodePrompt(
            NDManager owner, List<String> prompts, int clipSkip, LoraScales scales) {
        return new PromptEncoder(tokenizer(), textEncoder(), learned)
                .encode(owner, prompts, clipSkip, scales);
    }

    /**
     * Adds the words of a textual-inversion embedding, which prompts may use from then on: the name
     * of the file without its ending, or the word that a file of diffusers names.
     *
     * @param file safetensors
     * @throws PackException if it is none, or one for another model
     */
    public void addEmbedding(Path file) {
        source.timed(
                file,
                f -> {
                    ClipTextConfig config = textEncoder().config();
                    learned.add(f, tokenizer(), config.vocabSize(), config.hiddenSize());
                    return f;
                });
    }

    /**
     * Pictures (b, 3, H, W) in about [-1, 1] from latents (b, c, h, w), with the latents' manager.
     */
    public NDArray decode(NDArray latents) {
        return PackPictures.decode(this, latents);
    }

    /** The same quickly, by the tiny autoencoder where there is one. */
    public NDArray decodePreview(NDArray latents) {
        return tiny().map(t -> t.decode(latents, precision)).orElseGet(() -> decode(latents));
    }

    /**
     * Latents of pictures, with the pictures' manager.
     *
     * @param pictures (b, 3, H, W) in [-1, 1]
     * @param generators one a row to sample the encoder's distribution with (they move on), or null
     *     for its mean
     * @return (b, c, h, w), scaled
     */
    public NDArray encodeImage(NDArray pictures, List<TorchRandom> generators) {
        return PackPictures.encode(this, pictures, generators);
    }

    /**
     * An adapter's residuals, scaled, with the condition's manager.
     *
     * @param condition (b or 1, channels, H, W) in [0, 1]
     */
    public List<NDArray> adapterResiduals(T2IAdapter adapter, NDArray condition, double scale) {
        return PackPictures.residuals(this, adapter, condition, scale);
    }

    /** Releases all components. */
    @Override
    public void close() {
        if (cache != null) {
            cache.close(); // it may still be writing weights
        }
        kernels.close();
        manager.close();
    }
}
