package daumier.cli.sample;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import daumier.cli.EmbeddedPack;
import daumier.cli.Outputs;
import daumier.cli.Torch;
import daumier.cli.UserException;
import daumier.cli.console.Progress;
import daumier.cli.picture.PictureFile;
import daumier.cli.picture.Provenance;
import daumier.cli.run.AtomicFiles;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.nn.T2IAdapter;
import daumier.diffusion.sample.Generated;
import daumier.diffusion.sample.Generation;
import daumier.diffusion.sample.GenerationRequest;
import daumier.diffusion.sample.LoraUse;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.sample.Sampler;
import daumier.diffusion.sample.Timings;
import daumier.diffusion.schedule.Composition;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsWriter;
import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code daumier sample}: text-to-image and image-to-image from a pack. */
@Command(
        name = "sample",
        sortOptions = false,
        description = {
            "Draws with plain diffusion, without a controller: text-to-image and image-to-image, "
                    + "LoRAs whose weight follows a schedule, an adapter."
        },
        footer = {
            "",
            "Examples:",
            "  daumier sample --prompt \"a portrait of a woman\" --seed 7 --out a.png",
            "  daumier sample --like a.png --guidance 5 --out b.png",
            "  daumier sample --pack ~/models/sd15 --prompt \"a portrait\" \\",
            "      --lora style.safetensors=0.3@0,0.7@1 --scheduler dpm++2m --steps 20"
        })
public final class SampleCommand implements Callable<Integer> {
    private static final int MOST_STEPS = 1000;

    @Spec private CommandSpec spec;

    @Option(
            names = "--pack",
            paramLabel = "DIR",
            description =
                    "A pack in the diffusers layout, or a single-file checkpoint (default: the "
                            + "embedded one).")
    private Path pack;

    @Option(
            names = "--like",
            paramLabel = "PNG",
            description =
                    "Draws again what this picture's metadata tells, from daumier sample or a web "
                            + "UI; options given beside it replace what it says.")
    private Path like;

    @Option(
            names = "--prompt",
            description =
                    "What the picture shows, of any length; (word:1.3) is stronger, [word] weaker, "
                            + "BREAK begins a new chunk.")
    private String prompt;

    @Option(
            names = "--negative-prompt",
            defaultValue = "",
            description = "What to be guided away from.")
    private String negativePrompt;

    @Option(
            names = "--scheduler",
            paramLabel = "NAME",
            description =
                    "ddim, euler, euler-a, dpm++2m, dpm++2m-karras, dpm++2m-sde, "
                            + "dpm++2m-sde-karras, plms, unipc or lcm (default: the pack's own).")
    private String scheduler;

    @Option(names = "--eta", defaultValue = "0", description = "Fresh noise of ddim, 0 to 1.")
    private double eta;

    @Option(
            names = "--steps",
            defaultValue = "30",
            description = "Sampling steps (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--guidance",
            defaultValue = "7.5",
            description = "Classifier-free guidance; 1 for none (default: ${DEFAULT-VALUE}).")
    private double guidance;

    @Option(
            names = "--seed",
            split = ",",
            defaultValue = "0",
            description = "Seed of the noise; several, divided by commas, draw several pictures.")
    private List<Long> seeds;

    @Option(names = "--width", description = "Pixels (default: the pack's own size).")
    private int width;

    @Option(names = "--height", description = "Pixels (default: the pack's own size).")
    private int height;

    @Option(
            names = "--clip-skip",
            defaultValue = "1",
            description =
                    "Layer of the text encoder, counted from the end: 1 is the last, 2 the one "
                            + "before it (default: ${DEFAULT-VALUE}).")
    private int clipSkip;

    @Option(
            names = "--negative-clip-skip",
            defaultValue = "1",
            description =
                    "The same for the negative prompt (default: ${DEFAULT-VALUE}, as in "
                            + "diffusers).")
    private int negativeClipSkip;

    @Option(
            names = "--lora",
            paramLabel = "FILE=SCHEDULE",
            converter = LoraArgument.Converter.class,
            description =
                    "A LoRA and its weight over the steps: 0.8, 0.3@0,0.7@1 (linear between "
                            + "points), ramp(0.3,0.7), cosine(0.3,0.7). Parts may have their own, "
                            + "as in 0.8,te=0.5,down=0.3,mid=1,up=0.3@0;0.9@1,down.1=0: te is the "
                            + "text encoder, down, mid and up are the U-Net's blocks; @FILE reads "
                            + "the text of loractl, a list of diffusers or ComfyUI keyframes. At the end, "
                            + "mask=PICTURE keeps it to the white region. FILE may be the name of "
                            + "a LoRA of the pack. Repeatable.")
    private List<LoraArgument> loras = List.of();

    @Option(
            names = "--compose",
            paramLabel = "RULE",
            defaultValue = "sum",
            converter = CompositionConverter.class,
            description =
                    "How several LoRAs act together: sum; switch:N, one at a time, in the order "
                            + "given, for N steps each; composite, the mean of the estimates with "
                            + "each alone (costs as much as that many pictures); klora, of a "
                            + "subject's and a style's LoRA the one that matters more in each layer "
                            + "(default: ${DEFAULT-VALUE}).")
    private Composition composition;

    @Option(
            names = "--plot-schedule",
            paramLabel = "FILE",
            description = "Draws the LoRAs' weights as curves in a PNG before the run.")
    private Path plotSchedule;

    @Option(
            names = "--embedding",
            paramLabel = "FILE",
            description =
                    "A textual-inversion embedding (safetensors); the prompt uses it by the name of "
                            + "the file. Repeatable.")
    private List<Path> embeddings = List.of();

    @Option(
            names = "--init-image",
            paramLabel = "FILE",
            description = "A picture to start from (image-to-image).")
    private Path initImage;

    @Option(
            names = "--strength",
            defaultValue = "0.8",
            description =
                    "How much of the plan image-to-image runs, above 0 to 1 (default: "
                            + "${DEFAULT-VALUE}).")
    private double strength;

    @Option(
            names = "--latents",
            paramLabel = "FILE",
            description =
                    "Noise to start from: safetensors with a tensor latents of shape (1, 4, h, w), "
                            + "before the sampler's initial scale.")
    private Path latents;

    @Option(
            names = "--save-latents",
            paramLabel = "FILE",
            description = "Writes the latents after the last step in the same form.")
    private Path saveLatents;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "A T2I adapter (default: the pack's own).")
    private Path adapter;

    @Option(
            names = "--adapter-image",
            paramLabel = "FILE",
            description =
                    "What the adapter looks at: a picture, or safetensors with a tensor condition "
                            + "of shape (1, c, h, w) in [0, 1].")
    private Path adapterImage;

    @Option(
            names = "--adapter-scale",
            defaultValue = "1",
            description = "Factor of the adapter's influence (default: ${DEFAULT-VALUE}).")
    private double adapterScale;

    @Option(
            names = "--dtype",
            defaultValue = "FP32",
            description = "Number type of the networks: ${COMPLETION-CANDIDATES}.")
    private Precision dtype;

    @Option(
            names = "--device",
            defaultValue = "CPU",
            description = "Where to compute: ${COMPLETION-CANDIDATES}.")
    private Torch.DeviceName device;

    @Option(
            names = "--threads",
            defaultValue = "0",
            description =
                    "Threads of one operation (default: one on each processor for pictures from "
                            + "256 pixels on, else one).")
    private int threads;

    @Option(
            names = "--timings",
            paramLabel = "FILE",
            description = "Writes where the time went, as JSON.")
    private Path timings;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "sample.png",
            description =
                    "The PNG file (default: ${DEFAULT-VALUE}); with several seeds, each is added "
                            + "to the name.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        PictureRecipe recipe = like == null ? null : PictureRecipe.read(like);
        if (recipe != null) {
            take(recipe);
        }
        check();
        for (Path file : new Path[] {out, saveLatents, timings, plotSchedule}) {
            if (file != null) {
                Outputs.check(file);
            }
        }
        if (plotSchedule != null) {
            ScheduleChart.write(plotSchedule, loras);
            spec.commandLine().getOut().println(plotSchedule);
        }
        Path folder = EmbeddedPack.orElse(pack);
        long start = System.nanoTime();
        Device place = Torch.start(device);
        try (Pack opened = Pack.open(folder, place, dtype)) {
            if (recipe != null) {
                note(recipe, opened);
            }
            Torch.threads(threads, opened.pictureSize());
            draw(opened, start);
        }
        return 0;
    }

    private boolean given(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    /** Takes from a picture what the command line does not say. */
    private void take(PictureRecipe recipe) {
        prompt = given("--prompt") ? prompt : recipe.prompt();
        negativePrompt = given("--negative-prompt") ? negativePrompt : recipe.negativePrompt();
        if (!given("--lora")) {
            recipe.masks().forEach(this::demandMask);
            loras = recipe.loras();
        }
        composition = given("--compose") ? composition : recipe.composition().orElse(composition);
        scheduler = given("--scheduler") ? scheduler : recipe.scheduler().orElse(scheduler);
        eta = given("--eta") ? eta : recipe.eta().orElse(eta);
        steps = given("--steps") ? steps : recipe.steps().orElse(steps);
        guidance = given("--guidance") ? guidance : recipe.guidance().orElse(guidance);
        seeds = given("--seed") ? seeds : recipe.seed().map(List::of).orElse(seeds);
        clipSkip = given("--clip-skip") ? clipSkip : recipe.clipSkip().orElse(clipSkip);
        negativeClipSkip =
                given("--negative-clip-skip")
                        ? negativeClipSkip
                        : recipe.negativeClipSkip().orElse(negativeClipSkip);
        strength = given("--strength") ? strength : recipe.strength().orElse(strength);
        adapterScale =
                given("--adapter-scale")
                        ? adapterScale
                        : recipe.adapterScale().orElse(adapterScale);
        dtype = given("--dtype") ? dtype : recipe.dtype().map(this::precision).orElse(dtype);
        recipe.size()
                .filter(size -> !given("--width") && !given("--height") && latents == null)
                .ifPresent(
                        size -> {
                            width = size[0];
                            height = size[1];
                        });
        demand(recipe.file("init_image"), initImage, "--init-image");
        demand(recipe.file("latents"), latents, "--latents");
        demand(recipe.file("adapter_image"), adapterImage, "--adapter-image");
        Set<String> known = embeddings.stream().map(Outputs::name).collect(Collectors.toSet());
        recipe.embeddings().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> demand(Optional.of(name), null, "--embedding"));
    }

    private Precision precision(String name) {
        try {
            return Precision.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    "%s was drawn in %s, which is not known here; choose with --dtype."
                            .formatted(like, name),
                    e);
        }
    }

    private void demand(Optional<String> needed, Path given, String option) {
        if (needed.isPresent() && given == null) {
            throw new UserException(
                    "%s was drawn with the file %s, which it does not hold; give it with %s."
                            .formatted(like, needed.get(), option));
        }
    }

    private void demandMask(String lora, String mask) {
        throw new UserException(
                "%s was drawn with the mask %s of the LoRA %s, which it does not hold; give both with --lora."
                        .formatted(like, mask, lora));
    }

    private void note(PictureRecipe recipe, Pack opened) {
        String name = Outputs.name(opened.folder());
        if (!recipe.exact()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "Note: another program drew %s; this picture will resemble it, not equal it."
                                    .formatted(like));
        } else if (recipe.pack().filter(p -> !p.equals(name)).isPresent()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "Note: %s was drawn with the pack %s, and this one is %s."
                                    .formatted(like, recipe.pack().orElseThrow(), name));
        }
    }

    private void check() {
        composition.check(loras.size());
        require(prompt != null, "Say what to draw with --prompt, or name a picture with --like");
        require(steps >= 1 && steps <= MOST_STEPS, "--steps must be 1 to " + MOST_STEPS);
        require(strength > 0 && strength <= 1, "--strength must be above 0 and at most 1");
        require(eta >= 0 && eta <= 1, "--eta must be 0 to 1");
        require(width >= 0 && height >= 0, "--width and --height must be positive");
        require(clipSkip >= 1 && negativeClipSkip >= 1, "--clip-skip counts from 1");
        require(threads >= 0, "--threads must be positive");
        require(
                initImage == null || latents == null,
                "--init-image and --latents exclude each other");
        require(
                plotSchedule == null || !loras.isEmpty(),
                "--plot-schedule needs a --lora to draw the weights of");
        require(
                adapter == null || adapterImage != null,
                "--adapter needs an --adapter-image to look at");
    }

    private void require(boolean condition, String sentence) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), sentence + ".");
        }
    }

    private void draw(Pack opened, long start) throws IOException {
        embeddings.forEach(opened::addEmbedding);
        try (NDManager inputs = opened.manager().newSubManager();
                Progress progress = Progress.start("drawing", 0)) {
            GenerationRequest request = request(opened, inputs);
            progress.total(steps);
            Generation generation = new Generation(opened);
            try (Generated generated =
                    generation.run(
                            request,
                            step -> {
                                progress.total(step.steps());
                                progress.at(step.index() + 1L);
                            })) {
                write(opened, generated, start);
            }
        }
    }

    private GenerationRequest request(Pack opened, NDManager inputs) throws IOException {
        List<LoraUse> uses = new ArrayList<>();
        for (LoraArgument lora : loras) {
            NDArray mask = lora.mask().isEmpty() ? null : Inputs.mask(inputs, lora.mask().get());
            uses.add(new LoraUse(lora.resolve(opened.loraFiles()), lora.schedule(), mask));
        }
        GenerationRequest.Builder builder =
                GenerationRequest.of(prompt)
                        .negativePrompt(negativePrompt)
                        .sampler(scheduler)
                        .eta(eta)
                        .steps(steps)
                        .guidance(guidance)
                        .seeds(seeds)
                        .width(width)
                        .height(height)
                        .clipSkip(clipSkip)
                        .negativeClipSkip(negativeClipSkip)
                        .loras(uses)
                        .composition(composition)
                        .strength(strength)
                        .adapterFolder(adapter)
                        .adapterScale(adapterScale);
        if (initImage != null) {
            builder.initImage(
                    Inputs.initialPicture(
                            inputs,
                            initImage,
                            width,
                            height,
                            opened.pictureUnit(),
                            opened.pictureSize()));
        }
        if (latents != null) {
            builder.latents(Inputs.tensor(inputs, latents, "latents"));
        }
        if (adapterImage != null) {
            T2IAdapter network =
                    adapter != null
                            ? opened.adapter(adapter)
                            : opened.adapter()
                                    .orElseThrow(
                                            () ->
                                                    new UserException(
                                                            "The pack has no adapter of its own;"
                                                                    + " name one with"
                                                                    + " --adapter."));
            boolean follow = initImage != null || latents != null;
            builder.condition(
                    Inputs.condition(
                            inputs,
                            adapterImage,
                            network.config().inChannels(),
                            width > 0 || follow ? width : opened.pictureSize(),
                            height > 0 || follow ? height : opened.pictureSize()));
        }
        return builder.build();
    }

    private void write(Pack opened, Generated generated, long start) throws IOException {
        long[] shape = generated.pictures().getShape().getShape();
        float[] pixels = generated.pictures().toDevice(Device.cpu(), false).toFloatArray();
        int w = (int) shape[3];
        int h = (int) shape[2];
        for (int i = 0; i < seeds.size(); i++) {
            Picture picture = Picture.fromChw(pixels, 3 * w * h * i, w, h);
            Path file = seeds.size() == 1 ? out : Outputs.numbered(out, seeds.get(i));
            PictureFile.write(file, picture, provenance(opened, seeds.get(i), w, h));
            spec.commandLine().getOut().println(file);
        }
        if (saveLatents != null) {
            SafetensorsWriter.write(
                    saveLatents,
                    Map.of("latents", generated.latents()),
                    Map.of("prompt", prompt),
                    Dtype.F32);
        }
        if (timings != null) {
            Timings taken = generated.timings();
            Timings whole =
                    new Timings(
                            taken.loadSeconds(),
                            taken.stepSeconds(),
                            taken.decodeSeconds(),
                            (System.nanoTime() - start) / 1e9,
                            taken.peakRssBytes());
            AtomicFiles.write(timings, whole.toJson() + "\n");
        }
    }

    private Map<String, String> provenance(Pack opened, long seed, int w, int h) {
        String sampler = scheduler == null ? Sampler.nameFor(opened.schedulerConfig()) : scheduler;
        Provenance provenance =
                new Provenance("sample", webPrompt(), negativePrompt)
                        .put("Steps", "num_inference_steps", steps)
                        .put("Sampler", "scheduler", SamplerNames.web(sampler))
                        .put("CFG scale", "guidance_scale", guidance)
                        .put("Seed", "seed", seed)
                        .put("Size", "size", w + "x" + h)
                        .put("Model", "pack", Outputs.name(opened.folder()))
                        .put("Precision", "dtype", dtype.name());
        provenance.json().addProperty("prompt", prompt);
        provenance.json().addProperty("scheduler", sampler);
        if (negativeClipSkip != 1) {
            provenance.json().addProperty("negative_clip_skip", negativeClipSkip);
        }
        if (!embeddings.isEmpty()) {
            JsonArray names = new JsonArray();
            embeddings.forEach(file -> names.add(Outputs.name(file)));
            provenance.json().add("embeddings", names);
        }
        if (clipSkip != 1) {
            provenance.put("Clip skip", "clip_skip", clipSkip);
        }
        if (eta != 0) {
            provenance.put("Eta DDIM", "eta", eta);
        }
        if (initImage != null) {
            provenance.put("Denoising strength", "strength", strength);
            provenance.json().addProperty("init_image", Outputs.name(initImage));
        }
        if (latents != null) {
            provenance.json().addProperty("latents", Outputs.name(latents));
        }
        if (adapterImage != null) {
            provenance.put("Adapter scale", "adapter_scale", adapterScale);
            provenance.json().addProperty("adapter_image", Outputs.name(adapterImage));
        }
        if (!composition.equals(Composition.SUM)) {
            provenance.put("LoRA composition", "compose", composition.toString());
        }
        if (!loras.isEmpty()) {
            JsonArray list = new JsonArray();
            for (LoraArgument lora : loras) {
                JsonObject entry = new JsonObject();
                entry.addProperty("name", lora.name());
                entry.addProperty("weight", lora.schedule().toString());
                lora.mask().ifPresent(mask -> entry.addProperty("mask", Outputs.name(mask)));
                list.add(entry);
            }
            provenance.json().add("loras", list);
        }
        return provenance.texts();
    }

    /** The prompt with the LoRAs in it, as the web UIs write them. */
    private String webPrompt() {
        StringBuilder text = new StringBuilder(prompt);
        for (LoraArgument lora : loras) {
            text.append(" <lora:%s:%s>".formatted(lora.name(), lora.schedule()));
        }
        return text.toString();
    }
}
