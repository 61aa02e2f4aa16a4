package daumier.cli.lora;

import ai.djl.Device;
import daumier.cli.EmbeddedPack;
import daumier.cli.Outputs;
import daumier.cli.Torch;
import daumier.cli.UserException;
import daumier.cli.console.Interrupts;
import daumier.cli.console.Progress;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.train.ExampleStore;
import daumier.diffusion.train.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daumier train-lora}: a style LoRA from a folder of pictures. */
@Command(
        name = "train-lora",
        description = {
            "Trains a style LoRA on a folder of pictures; a text file of the same name beside a",
            "picture says what it shows. Interrupted, it goes on when called again alike."
        })
public final class TrainLoraCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;

    /** What the pack of full size is usually trained with, and what the small one needs. */
    private static final double USUAL_RATE = 1e-4;

    private static final double EMBEDDED_RATE = 5e-3;
    private static final double SMOOTHED = 0.05;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "PICTURES", description = "Folder of pictures of one style.")
    private Path folder;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The LoRA: a safetensors file in kohya's form.")
    private Path out;

    @Option(
            names = "--pack",
            paramLabel = "DIR",
            description = "The base model: a pack or a checkpoint (default: the embedded pack).")
    private Path pack;

    @Option(
            names = "--trigger",
            defaultValue = "",
            description = "Word that stands first in every caption.")
    private String trigger;

    @Option(names = "--rank", defaultValue = "8", description = "Rank (default: 8).")
    private int rank;

    @Option(names = "--alpha", description = "Strength is alpha / rank (default: the rank).")
    private Double alpha;

    @Option(names = "--steps", defaultValue = "500", description = "Steps (default: 500).")
    private long steps;

    @Option(names = "--batch", description = "Pictures a step (default: 4, above 256 pixels 1).")
    private Integer batch;

    @Option(
            names = "--learning-rate",
            description = "Height of the plateau (default: 0.0001; 0.005 for the embedded pack).")
    private Double learningRate;

    @Option(names = "--seed", defaultValue = "1", description = "Seeds everything.")
    private long seed;

    @Option(
            names = "--dtype",
            description =
                    "Number type of the products: ${COMPLETION-CANDIDATES} (default: BF16 where the"
                            + " processor computes in it, else FP32).")
    private Precision dtype;

    @Option(
            names = "--device",
            defaultValue = "CPU",
            description = "Where to compute: ${COMPLETION-CANDIDATES}.")
    private Torch.DeviceName device;

    @Option(names = "--threads", defaultValue = "0", description = "Threads of one operation.")
    private int threads;

    @Override
    public Integer call() throws IOException {
        if (!out.toString().endsWith(".safetensors")) {
            throw new UserException("--out must end in .safetensors.");
        }
        Outputs.check(out);
        CaptionedPictures pictures = CaptionedPictures.in(folder, trigger);
        Device place = Torch.start(device);
        Precision precision = dtype == null ? Torch.fitting(device) : dtype;
        try (Pack base = Pack.openForTraining(EmbeddedPack.orElse(pack), place, precision)) {
            int side = base.pictureSize();
            Torch.threads(threads, side);
            return train(base, pictures, recipe(side));
        }
    }

    private LoraRecipe recipe(int side) {
        String file = Outputs.name(out);
        return new LoraRecipe(
                file.substring(0, file.lastIndexOf('.')),
                trigger.strip(),
                rank,
                alpha == null ? rank : alpha,
                steps,
                batch == null ? (side > 256 ? 1 : 4) : batch,
                learningRate == null ? (pack == null ? EMBEDDED_RATE : USUAL_RATE) : learningRate,
                seed);
    }

    private int train(Pack base, CaptionedPictures pictures, LoraRecipe recipe) throws IOException {
        Path prepared = Files.createTempDirectory("daumier-lora");
        try (ExampleStore examples = ExampleStore.open(prepared, base.pictureSize(), 0)) {
            pictures.addTo(examples);
            say(
                    "%d pictures of %d pixels, %d of them described",
                    examples.count(), examples.size(), pictures.described());
            Path checkpoint = checkpoint(base, pictures, recipe);
            boolean done;
            Progress progress = Progress.start("training", recipe.steps());
            try (progress;
                    Interrupts interrupts =
                            Interrupts.listen(() -> progress.print("stopping after this step"))) {
                done =
                        new LoraTraining(base, recipe)
                                .run(examples, checkpoint, out, listener(progress, interrupts));
            } catch (IllegalStateException e) {
                throw new UserException(
                        e.getMessage(), e); // the loss is no number: a rate too high
            }
            if (!done) {
                say("Stopped; the same command goes on from %s.", checkpoint);
                return INTERRUPTED;
            }
            say("Wrote %s; draw with it: daumier sample --lora %s=0.8 ...", out, out);
            return 0;
        } finally {
            remove(prepared);
        }
    }

    /** Another recipe, other pictures or another base begin anew. */
    private Path checkpoint(Pack base, CaptionedPictures pictures, LoraRecipe recipe) {
        int same = Objects.hash(recipe.toString(), pictures.files(), base.folder());
        return out.resolveSibling(
                String.format(Locale.ROOT, "%s.%08x.training", Outputs.name(out), same));
    }

    private static TrainingLoop.Listener listener(Progress progress, Interrupts interrupts) {
        double[] smoothed = {Double.NaN};
        return (step, all, loss, norm, seconds) -> {
            smoothed[0] =
                    Double.isNaN(smoothed[0])
                            ? loss
                            : smoothed[0] + SMOOTHED * (loss - smoothed[0]);
            progress.at(step);
            progress.note(String.format(Locale.ROOT, "loss %.4f", smoothed[0]));
            return !interrupts.requested();
        };
    }

    private void say(String format, Object... values) {
        spec.commandLine().getOut().printf(Locale.ROOT, format + "%n", values);
        spec.commandLine().getOut().flush();
    }

    private static void remove(Path prepared) throws IOException {
        try (Stream<Path> all = Files.walk(prepared)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
