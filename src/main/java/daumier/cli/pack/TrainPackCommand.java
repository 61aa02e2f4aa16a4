package daumier.cli.pack;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import daumier.cli.pack.card.PackCard;
import daumier.cli.pack.card.Recipe;
import daumier.diffusion.nn.Precision;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code daumier train-pack}: trains a pack from nothing, resumable. */
@Command(
        name = "train-pack",
        description = {
            "Trains a pack from nothing on procedural faces: autoencoders, text encoder, U-Net, adapter, LoRAs",
            "and face networks; then measures it and writes its card.",
            "Finished stages are not done again; an interrupted one goes on from its checkpoint."
        })
public final class TrainPackCommand implements Callable<Integer> {
    private static final String LOG = "train-pack.log";

    /** The stages, in the order they need each other. */
    enum Stage {
        /** Renders the examples and learns the vocabulary. */
        RENDER,
        /** The autoencoder. */
        VAE,
        /** The autoencoder's decoder, refined. */
        DECODER,
        /** The tiny autoencoder for previews. */
        TINY,
        /** U-Net, text encoder and adapter. */
        UNET,
        /** The same, longer, from what the pack holds. */
        REFINE,
        /** A LoRA for each look. */
        LORAS,
        /** The LCM-LoRA. */
        LCM,
        /** The networks that measure faces. */
        FACES,
        /** Measures the pack and writes its card. */
        CARD
    }

    /** How much time to spend. */
    enum Budget {
        /** As the shipped pack. */
        FULL(1),
        /** A pack that works; soft pictures. */
        QUICK(0.6),
        /** A try of everything, in a minute or two. */
        SMOKE(0.01);

        private final double faceEffort;

        Budget(double faceEffort) {
            this.faceEffort = faceEffort;
        }
    }

    @Option(names = "--out", required = true, description = "Folder of the pack.")
    private Path out;

    @Option(names = "--work", required = true, description = "Folder for examples and checkpoints.")
    private Path work;

    @Option(
            names = "--stages",
            split = ",",
            description = "Only these stages: ${COMPLETION-CANDIDATES}.")
    private List<Stage> stages = List.of(Stage.values());

    @Option(names = "--looks", split = ",", description = "Only the LoRAs of these looks, by name.")
    private List<String> looks = List.of();

    @Option(names = "--budget", defaultValue = "FULL", description = "${COMPLETION-CANDIDATES}.")
    private Budget budget;

    @Option(names = "--seed", defaultValue = "1", description = "Seeds everything.")
    private long seed;

    @Option(names = "--threads", defaultValue = "1", description = "Threads of the tensor library.")
    private int threads;

    @Option(
            names = "--people",
            defaultValue = "10",
            description = "Held-out people that the card's slower measurements look at.")
    private int people;

    @Option(
            names = "--portraits",
            defaultValue = "72",
            description =
                    "Portraits that the rivals of a policy are tuned and compared on for the card; 0"
                            + " leaves that out.")
    private int portraits;

    @Option(
            names = "--log",
            split = ",",
            description =
                    "Logs of earlier runs that the card takes steps and times from, beside that in the"
                            + " work folder.")
    private List<Path> logs = List.of();

    @Override
    public Integer call() throws IOException {
        Engine.getEngine("PyTorch"); // loads the native library
        JniUtils.setNumThreads(threads);
        PackBudget amounts =
                switch (budget) {
                    case FULL -> PackBudget.full();
                    case QUICK -> PackBudget.quick();
                    case SMOKE -> PackBudget.smoke();
                };
        Files.createDirectories(work);
        try (OutputStream log =
                Files.newOutputStream(
                        work.resolve(LOG), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            // Never closed: that would close the console.
            PrintStream console =
                    new PrintStream(new LogTee(System.out, log), true, StandardCharsets.UTF_8);
            StageProgress progress = new StageProgress(console);
            if (!List.of(Stage.FACES, Stage.CARD).containsAll(stages)) {
                train(amounts, progress);
            }
            if (stages.contains(Stage.FACES)) {
                double effort = budget.faceEffort;
                new FaceStage(out, work, seed, effort, threads, progress).run();
            }
            if (stages.contains(Stage.CARD)) {
                card(amounts, progress);
            }
        }
        return 0;
    }

    private void train(PackBudget amounts, StageProgress progress) throws IOException {
        try (PackTraining training = new PackTraining(out, work, amounts, seed, progress)) {
            for (Stage stage : Stage.values()) {
                if (stages.contains(stage)) {
                    run(training, stage);
                }
            }
        }
    }

    private void card(PackBudget amounts, StageProgress progress) throws IOException {
        List<Path> all = new ArrayList<>(logs);
        all.add(work.resolve(LOG));
        Recipe recipe = PackRecipe.of(out, budget.name(), amounts, seed, all);
        PackCard.of(out, work, recipe, people, portraits, Precision.BF16, progress::begin).write();
    }

    private void run(PackTraining training, Stage stage) throws IOException {
        switch (stage) {
            case RENDER -> training.render();
            case VAE -> training.autoencoders().vae();
            case DECODER -> training.autoencoders().decoder();
            case TINY -> training.autoencoders().tiny();
            case UNET -> training.denoiser().unet();
            case REFINE -> training.denoiser().refine();
            case LORAS -> {
                for (Atelier atelier : Atelier.all()) {
                    if (looks.isEmpty() || looks.contains(atelier.name())) {
                        training.loras().lora(atelier);
                    }
                }
            }
            case LCM -> training.loras().lcm();
            case FACES, CARD -> {} // not made by the trainer of the diffusion networks
        }
    }
}
