package daumier.cli.sample;

import daumier.cli.Torch;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.schedule.Composition;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code daumier sample}; {@link Likeness} fills in what is not given. */
final class SampleOptions {
    private static final int MOST_STEPS = 1000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--pack",
            paramLabel = "DIR",
            description =
                    "A pack in the diffusers layout, or a single-file checkpoint (default: the "
                            + "embedded one).")
    Path pack;

    @Option(
            names = "--like",
            paramLabel = "PNG",
            description =
                    "Draws again what this picture's metadata tells, from daumier sample or a web "
                            + "UI; options given beside it replace what it says.")
    Path like;

    @Option(
            names = "--prompt",
            description =
                    "What the picture shows, of any length; (word:1.3) is stronger, [word] weaker, "
                            + "BREAK begins a new chunk.")
    String prompt;

    @Option(
            names = "--negative-prompt",
            defaultValue = "",
            description = "What to be guided away from.")
    String negativePrompt;

    @Option(
            names = "--scheduler",
            paramLabel = "NAME",
            description =
                    "ddim, ddpm, euler, euler-a, heun, lms, dpm2, dpm2-a, dpm++2m, dpm++2m-sde, "
                            + "dpm++2s, dpm++sde, deis, plms, unipc or lcm; -karras after all but "
                            + "ddim, ddpm, euler-a, plms and lcm (default: the pack's own). heun, "
                            + "dpm2 and dpm++sde ask the network twice in a step.")
    String scheduler;

    @Mixin PhaseOptions phase;

    @Mixin ReferenceOptions reference;

    @Mixin GuideOptions guide;

    @Option(names = "--eta", defaultValue = "0", description = "Fresh noise of ddim, 0 to 1.")
    double eta;

    @Option(
            names = "--steps",
            defaultValue = "30",
            description = "Sampling steps (default: ${DEFAULT-VALUE}).")
    int steps;

    @Option(
            names = "--guidance",
            defaultValue = "7.5",
            description = "Classifier-free guidance; 1 for none (default: ${DEFAULT-VALUE}).")
    double guidance;

    @Option(
            names = "--seed",
            split = ",",
            defaultValue = "0",
            description = "Seed of the noise; several, divided by commas, draw several pictures.")
    List<Long> seeds;

    @Option(names = "--width", description = "Pixels (default: the pack's own size).")
    int width;

    @Option(names = "--height", description = "Pixels (default: the pack's own size).")
    int height;

    @Option(
            names = "--clip-skip",
            defaultValue = "1",
            description =
                    "Layer of the text encoder, counted from the end: 1 is the last, 2 the one "
                            + "before it (default: ${DEFAULT-VALUE}).")
    int clipSkip;

    @Option(
            names = "--negative-clip-skip",
            defaultValue = "1",
            description =
                    "The same for the negative prompt (default: ${DEFAULT-VALUE}, as in "
                            + "diffusers).")
    int negativeClipSkip;

    @Option(
            names = "--lora",
            paramLabel = "FILE=SCHEDULE",
            converter = LoraArgument.Converter.class,
            description =
                    "A LoRA and its weight over the steps: 0.8, 0.3@0,0.7@1 (linear between "
                            + "points), ramp(0.3,0.7), cosine(0.3,0.7). Parts may have their own, "
                            + "as in 0.8,te=0.5,down=0.3,mid=1,up=0.3@0;0.9@1,down.1=0: te is the "
                            + "text encoder, down, mid and up are the U-Net's blocks. Points are "
                            + "read as loractl reads them: 0@5,1@12 counts steps, and te=0.4:unet=0.8 "
                            + "or 0.4:0.8 is text encoder and U-Net. @FILE reads the text of "
                            + "loractl, a list of diffusers or ComfyUI keyframes. At the end, "
                            + "mask=PICTURE keeps it to the white region. FILE may be the name of "
                            + "a LoRA of the pack. Repeatable.")
    List<LoraArgument> loras = List.of();

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
    Composition composition;

    @Option(
            names = "--plot-schedule",
            paramLabel = "FILE",
            description =
                    "Draws with what weights the LoRAs act in each step, as --compose has it, in a "
                            + "PNG before the run.")
    Path plotSchedule;

    @Option(
            names = "--embedding",
            paramLabel = "FILE",
            description =
                    "A textual-inversion embedding (safetensors); the prompt uses it by the name of "
                            + "the file. Repeatable.")
    List<Path> embeddings = List.of();

    @Option(
            names = "--init-image",
            paramLabel = "FILE",
            description = "A picture to start from (image-to-image).")
    Path initImage;

    @Option(
            names = "--strength",
            defaultValue = "0.8",
            description =
                    "How much of the plan image-to-image runs, above 0 to 1 (default: "
                            + "${DEFAULT-VALUE}).")
    double strength;

    @Option(
            names = "--latents",
            paramLabel = "FILE",
            description =
                    "Noise to start from: safetensors with a tensor latents of shape (1, 4, h, w), "
                            + "before the sampler's initial scale.")
    Path latents;

    @Option(
            names = "--save-latents",
            paramLabel = "FILE",
            description = "Writes the latents after the last step in the same form.")
    Path saveLatents;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "A T2I adapter (default: the pack's own).")
    Path adapter;

    @Option(
            names = "--adapter-image",
            paramLabel = "FILE",
            description =
                    "What the adapter looks at: a picture, or safetensors with a tensor condition "
                            + "of shape (1, c, h, w) in [0, 1].")
    Path adapterImage;

    @Option(
            names = "--adapter-scale",
            defaultValue = "1",
            description = "Factor of the adapter's influence (default: ${DEFAULT-VALUE}).")
    double adapterScale;

    @Option(
            names = "--dtype",
            defaultValue = "FP32",
            description = "Number type of the networks: ${COMPLETION-CANDIDATES}.")
    Precision dtype;

    @Option(
            names = "--device",
            defaultValue = "CPU",
            description = "Where to compute: ${COMPLETION-CANDIDATES}.")
    Torch.DeviceName device;

    @Option(
            names = "--threads",
            defaultValue = "0",
            description =
                    "Threads of one operation (default: one on each processor for pictures from "
                            + "256 pixels on, else one).")
    int threads;

    @Option(
            names = "--timings",
            paramLabel = "FILE",
            description = "Writes where the time went, as JSON.")
    Path timings;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "sample.png",
            description =
                    "The PNG file (default: ${DEFAULT-VALUE}); with several seeds, each is added "
                            + "to the name.")
    Path out;

    /** Whether the command line says it. */
    boolean given(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }

    /**
     * Checks what can be checked without a pack.
     *
     * @throws ParameterException with one sentence if something does not fit
     */
    void check() {
        composition.check(loras.size());
        phase.check();
        reference.check();
        guide.check();
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
            throw new ParameterException(command.commandLine(), sentence + ".");
        }
    }
}
