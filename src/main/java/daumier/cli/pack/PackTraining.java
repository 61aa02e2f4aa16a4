package daumier.cli.pack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.lora.LoraFile;
import daumier.diffusion.lora.LoraWeights;
import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.AutoencoderTiny;
import daumier.diffusion.nn.ClipTextConfig;
import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.nn.T2IAdapter;
import daumier.diffusion.nn.T2IAdapterConfig;
import daumier.diffusion.nn.TinyConfig;
import daumier.diffusion.nn.UNet2DConditionModel;
import daumier.diffusion.nn.UNetConfig;
import daumier.diffusion.nn.VaeConfig;
import daumier.diffusion.sample.NoiseSchedule;
import daumier.diffusion.sample.SchedulerConfig;
import daumier.diffusion.text.ClipTokenizer;
import daumier.diffusion.train.CaptionDropout;
import daumier.diffusion.train.CaptionObjective;
import daumier.diffusion.train.Conditioning;
import daumier.diffusion.train.ConsistencyObjective;
import daumier.diffusion.train.DecoderObjective;
import daumier.diffusion.train.DenoiserObjective;
import daumier.diffusion.train.ExampleStore;
import daumier.diffusion.train.LatentStore;
import daumier.diffusion.train.Networks;
import daumier.diffusion.train.Objective;
import daumier.diffusion.train.OptimizerKernel;
import daumier.diffusion.train.PatchAutoencoder;
import daumier.diffusion.train.PatchCode;
import daumier.diffusion.train.TinyAutoencoderObjective;
import daumier.diffusion.train.TrainingLoop;
import daumier.diffusion.train.TrainingPlan;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.SafetensorsWriter;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Trains a pack from nothing, stage by stage. A finished stage leaves its component in the pack
 * folder and is not done again; an unfinished one goes on from its checkpoint.
 */
final class PackTraining implements AutoCloseable {
    private static final int CONDITION_CHANNELS = 13;
    private static final int SIZE = 128;
    private static final int FITTED_ON = 1500;
    private static final int AUTOENCODER_BATCH = 8;
    private static final int DENOISER_BATCH = 16;

    /** At such rates a single bad batch would blow a LoRA up. */
    private static final double LORA_CLIP = 0.3;

    private static final int LORA_BATCH = 4;

    /** Eyes and mouth are small, and what a portrait is looked at for. */
    private static final double FOCUS = 1.5;

    private final PackFolder pack;
    private final Path work;
    private final PackBudget budget;
    private final long seed;
    private final StageProgress progress;
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final Kernels kernels = Kernels.load(Device.cpu());
    private final OptimizerKernel optimizer = new OptimizerKernel(Device.cpu());
    private final TrainingLoop loop = new TrainingLoop(optimizer, manager);

    PackTraining(Path packFolder, Path work, PackBudget budget, long seed, StageProgress progress)
            throws IOException {
        this.pack = new PackFolder(packFolder);
        this.work = work;
        this.budget = budget;
        this.seed = seed;
        this.progress = progress;
        Files.createDirectories(work);
        pack.writeTemplate();
    }

    /** Renders the examples and learns the vocabulary of their captions. */
    void render() throws IOException {
        FaceExamples faces = new FaceExamples(seed);
        try (ExampleStore photographs = photographs();
                ExampleStore looks = looks()) {
            progress.begin("rendering looks");
            faces.looks(looks, budget.looks(), i -> progress.count(i, budget.looks()));
            progress.begin("rendering photographs");
            faces.photographs(
                    photographs,
                    budget.photographs(),
                    i -> progress.count(i, budget.photographs()));
            pack.writeVocabulary(photographs, looks);
        }
    }

    /**
     * The autoencoder with its encoder, which is fitted to patches of the pictures and not trained;
     * its decoder knows mean colours only until {@link #decoder()}.
     */
    void vae() throws IOException {
        if (pack.has(PackFolder.VAE)) {
            return;
        }
        progress.begin("encoder");
        try (ExampleStore looks = looks();
                ExampleStore photographs = photographs();
                NDManager scope = manager.newSubManager()) {
            VaeConfig config = VaeConfig.read(pack.folder(PackFolder.VAE));
            Weights weights = Weights.initial(scope, seed + 1);
            AutoencoderKL.create(config, weights, kernels);
            PatchCode code =
                    PatchCode.fit(List.of(looks, photographs), FITTED_ON, config.latentChannels());
            PatchAutoencoder.write(weights.parameters(), config, code);
            pack.write(PackFolder.VAE, weights.parameters());
        }
    }

    /** The autoencoder's decoder; the latents stay what they are. */
    void decoder() throws IOException {
        Path done = work.resolve("decoder.done");
        if (Files.exists(done)) {
            return;
        }
        progress.begin("decoder");
        try (ExampleStore looks = looks();
                NDManager scope = manager.newSubManager()) {
            Path folder = pack.folder(PackFolder.VAE);
            Weights weights = Weights.open(folder, scope);
            AutoencoderKL vae = AutoencoderKL.create(VaeConfig.read(folder), weights, kernels);
            LatentStore latents = LatentStore.encode(vae, looks, scope, Precision.BF16);
            SortedMap<String, NDArray> trained = new TreeMap<>();
            weights.parameters()
                    .forEach(
                            (name, value) -> {
                                if (name.startsWith("decoder.") || name.startsWith("post_quant")) {
                                    trained.put(name, value);
                                }
                            });
            TrainingPlan plan =
                    TrainingPlan.of(budget.decoderSteps(), 1e-3, seed + 2).withEma(0.99);
            Objective objective =
                    new DecoderObjective(
                            vae, latents, looks, AUTOENCODER_BATCH / 2, 0.05, Precision.BF16);
            if (train("decoder", objective, trained, plan)) {
                pack.write(PackFolder.VAE, weights.parameters());
                Files.createFile(done);
            }
        }
    }

    /** The tiny autoencoder of the same latents. */
    void tiny() throws IOException {
        if (pack.has(PackFolder.TINY)) {
            return;
        }
        progress.begin("tiny autoencoder");
        try (ExampleStore looks = looks();
                NDManager scope = manager.newSubManager()) {
            AutoencoderKL vae = readVae(scope);
            LatentStore latents = LatentStore.encode(vae, looks, scope, Precision.FP32);
            Weights weights = Weights.initial(scope, seed + 2);
            AutoencoderTiny tiny =
                    AutoencoderTiny.create(
                            TinyConfig.read(pack.folder(PackFolder.TINY)), weights, kernels);
            TrainingPlan plan = TrainingPlan.of(budget.tinySteps(), 2e-3, seed).withEma(0.99);
            Objective objective =
                    new TinyAutoencoderObjective(
                            tiny, latents, looks, AUTOENCODER_BATCH, 0.2, Precision.BF16);
            if (train("taesd", objective, weights.parameters(), plan)) {
                pack.write(PackFolder.TINY, weights.parameters());
            }
        }
    }

    /** U-Net, text encoder and geometry adapter, together, on photographs. */
    void unet() throws IOException {
        if (pack.has(PackFolder.UNET)) {
            return;
        }
        try (ExampleStore photographs = photographs();
                NDManager scope = manager.newSubManager()) {
            Weights unet = Weights.initial(scope, seed + 3);
            Weights text = Weights.initial(scope, seed + 4);
            Weights adapter = Weights.initial(scope, seed + 5);
            Networks networks = networks(unet, text, adapter);
            silence(
                    unet.parameters(),
                    ".conv2.weight",
                    // The text is heard from the first step on, or it is learned late.
                    "attn1.to_out.0.weight",
                    "ff.net.2.weight",
                    "conv_out.weight");
            if (!readCaptions(networks, text, photographs, scope)) {
                return;
            }
            denoiser(networks, unet, text, adapter, photographs, scope, "unet");
        }
    }

    /**
     * U-Net, text encoder and adapter, longer, from where the pack holds them. LoRAs that were
     * trained before fit less well afterwards.
     */
    void refine() throws IOException {
        Path done = work.resolve("refine.done");
        if (Files.exists(done)) {
            return;
        }
        try (ExampleStore photographs = photographs();
                NDManager scope = manager.newSubManager()) {
            Weights unet = Weights.open(pack.folder(PackFolder.UNET), scope);
            Weights text = Weights.open(pack.folder(PackFolder.TEXT), scope);
            Weights adapter = Weights.open(pack.folder(PackFolder.ADAPTER), scope);
            Networks networks = networks(unet, text, adapter);
            if (denoiser(networks, unet, text, adapter, photographs, scope, "refine")) {
                Files.createFile(done);
            }
        }
    }

    /** Trains what is given on photographs; true when all steps are done. */
    private boolean denoiser(
            Networks networks,
            Weights unet,
            Weights text,
            Weights adapter,
            ExampleStore photographs,
            NDManager scope,
            String name)
            throws IOException {
        boolean refines = name.equals("refine");
        LatentStore latents =
                LatentStore.encode(readVae(scope), photographs, scope, Precision.BF16);
        progress.begin("U-Net, text encoder and adapter" + (refines ? ", refined" : ""));
        SortedMap<String, NDArray> all = new TreeMap<>();
        unet.parameters().forEach((k, v) -> all.put("unet." + k, v));
        text.parameters().forEach((k, v) -> all.put("text_encoder." + k, v));
        adapter.parameters().forEach((k, v) -> all.put("adapter." + k, v));
        Conditioning conditioning =
                new Conditioning(networks, photographs, new CaptionDropout(0.08, 0.12), 0.1);
        TrainingPlan plan =
                refines
                        ? TrainingPlan.of(budget.refineSteps(), 6e-4, seed + 8).withEma(0.998)
                        : TrainingPlan.of(budget.unetSteps(), 1e-3, seed).withEma(0.998);
        boolean done =
                train(
                        name,
                        new DenoiserObjective(
                                networks, latents, conditioning, DENOISER_BATCH, null, FOCUS),
                        all,
                        plan);
        if (done) {
            pack.write(PackFolder.TEXT, text.parameters());
            pack.write(PackFolder.ADAPTER, adapter.parameters());
            pack.write(PackFolder.UNET, unet.parameters());
        }
        return done;
    }

    /** The text encoder learns what its words look like; false if that was stopped. */
    private boolean readCaptions(
            Networks networks, Weights text, ExampleStore examples, NDManager scope)
            throws IOException {
        Path told = work.resolve("text-told.safetensors");
        if (Files.exists(told)) {
            try (SafetensorsFile file = SafetensorsFile.open(told);
                    NDManager reading = scope.newSubManager()) {
                for (Map.Entry<String, NDArray> e : text.parameters().entrySet()) {
                    float[] values = file.load(reading, e.getKey()).toFloatArray();
                    e.getValue().set(FloatBuffer.wrap(values));
                }
            }
            return true;
        }
        progress.begin("text encoder");
        CaptionObjective objective =
                new CaptionObjective(networks.text(), networks.tokenizer(), examples, 32, scope);
        SortedMap<String, NDArray> trained = new TreeMap<>(text.parameters());
        trained.put("head.weight", objective.weight());
        trained.put("head.bias", objective.bias());
        TrainingPlan plan = TrainingPlan.of(budget.textSteps(), 1e-3, seed);
        if (!train("text", objective, trained, plan)) {
            return false;
        }
        SafetensorsWriter.write(told, text.parameters(), Map.of(), Dtype.F32);
        return true;
    }

    /** One LoRA of a look, as its user would train it: few pictures, few characters, no map. */
    void lora(Atelier atelier) throws IOException {
        Path target = pack.lora(atelier.name());
        if (Files.exists(target)) {
            return;
        }
        progress.begin("LoRA " + atelier.name());
        try (ExampleStore examples =
                        ExampleStore.open(work.resolve("characters-" + atelier.name()), SIZE, 0);
                NDManager scope = manager.newSubManager()) {
            new FaceExamples(seed)
                    .characters(examples, atelier.look(), atelier.characters(), i -> {});
            LatentStore latents =
                    LatentStore.encode(readVae(scope), examples, scope, Precision.FP32);
            Networks read = readNetworks(scope);
            Networks networks =
                    new Networks(
                            read.unet(),
                            read.text(),
                            read.tokenizer(),
                            null,
                            read.schedule(),
                            read.velocity(),
                            read.precision());
            int column =
                    networks.unet()
                            .lora()
                            .attachTrainable(
                                    atelier.name(),
                                    atelier.rank(),
                                    atelier.rank(),
                                    t -> true,
                                    seed + 6);
            Conditioning conditioning =
                    new Conditioning(networks, examples, new CaptionDropout(0.1, 0.4), 1);
            long steps = Math.max(1, Math.round(atelier.steps() * budget.loraScale()));
            TrainingPlan plan =
                    TrainingPlan.of(steps, atelier.learningRate(), seed)
                            .withEma(0.98)
                            .withClipNorm(LORA_CLIP);
            Objective objective =
                    new DenoiserObjective(
                            networks, latents, conditioning, LORA_BATCH, LoraScales.of(1f), 0);
            if (train(
                    "lora-" + atelier.name(),
                    objective,
                    networks.unet().lora().parameters(column),
                    plan)) {
                write(
                        target,
                        networks.unet().lora().weights(column).strengthened(atelier.strength()),
                        atelier.metadata(steps));
            }
        }
    }

    /** The LCM-LoRA that previews are seen through. */
    void lcm() throws IOException {
        Path target = pack.lora("lcm");
        if (Files.exists(target)) {
            return;
        }
        progress.begin("LCM-LoRA");
        try (ExampleStore photographs = photographs();
                NDManager scope = manager.newSubManager()) {
            LatentStore latents =
                    LatentStore.encode(readVae(scope), photographs, scope, Precision.BF16);
            Networks networks = readNetworks(scope);
            int column = networks.unet().lora().attachTrainable("lcm", 4, 4, t -> true, seed + 7);
            Conditioning conditioning =
                    new Conditioning(networks, photographs, new CaptionDropout(0.05, 0.1), 0.1);
            Objective objective =
                    new ConsistencyObjective(
                            networks,
                            latents,
                            conditioning,
                            AUTOENCODER_BATCH,
                            LoraScales.of(0f),
                            LoraScales.of(1f));
            TrainingPlan plan = TrainingPlan.of(budget.lcmSteps(), 4e-4, seed).withEma(0.95);
            if (train("lora-lcm", objective, networks.unet().lora().parameters(column), plan)) {
                Map<String, String> metadata = new LinkedHashMap<>();
                metadata.put("modelspec.title", "LCM-LoRA");
                metadata.put("ss_steps", Long.toString(budget.lcmSteps()));
                write(target, networks.unet().lora().weights(column), metadata);
            }
        }
    }

    private boolean train(
            String name,
            Objective objective,
            SortedMap<String, NDArray> parameters,
            TrainingPlan plan)
            throws IOException {
        Path checkpoint = work.resolve("checkpoint-" + name + ".safetensors");
        boolean done = loop.run(objective, parameters, plan, checkpoint, progress);
        if (done) {
            Files.deleteIfExists(checkpoint);
        }
        return done;
    }

    private ExampleStore photographs() throws IOException {
        return ExampleStore.open(work.resolve("photographs"), SIZE, CONDITION_CHANNELS);
    }

    private ExampleStore looks() throws IOException {
        return ExampleStore.open(work.resolve("looks"), SIZE, 0);
    }

    private AutoencoderKL readVae(NDManager scope) throws IOException {
        Path folder = pack.folder(PackFolder.VAE);
        return AutoencoderKL.create(VaeConfig.read(folder), Weights.open(folder, scope), kernels);
    }

    private Networks readNetworks(NDManager scope) throws IOException {
        return networks(
                Weights.open(pack.folder(PackFolder.UNET), scope),
                Weights.open(pack.folder(PackFolder.TEXT), scope),
                Weights.open(pack.folder(PackFolder.ADAPTER), scope));
    }

    private Networks networks(Weights unet, Weights text, Weights adapter) throws IOException {
        NoiseSchedule schedule =
                NoiseSchedule.of(
                        SchedulerConfig.read(
                                pack.folder("scheduler").resolve("scheduler_config.json")));
        return new Networks(
                UNet2DConditionModel.create(
                        UNetConfig.read(pack.folder(PackFolder.UNET)), unet, kernels),
                ClipTextModel.create(
                        ClipTextConfig.read(pack.folder(PackFolder.TEXT)), text, kernels),
                ClipTokenizer.open(pack.folder("tokenizer")),
                T2IAdapter.create(
                        T2IAdapterConfig.read(pack.folder(PackFolder.ADAPTER)), adapter, kernels),
                schedule,
                true,
                Precision.BF16);
    }

    /** Residual branches start silent, so that a fresh network is the identity where it can be. */
    private static void silence(SortedMap<String, NDArray> parameters, String... endings) {
        parameters.forEach(
                (name, value) -> {
                    for (String ending : endings) {
                        if (name.endsWith(ending)) {
                            value.muli(0);
                        }
                    }
                });
    }

    private static void write(Path target, LoraWeights weights, Map<String, String> metadata)
            throws IOException {
        Files.createDirectories(target.getParent());
        LoraFile.write(target, weights, metadata);
    }

    @Override
    public void close() {
        optimizer.close();
        kernels.close();
        manager.close();
    }
}
