package daumier.cli.pack;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code daumier train-pack}: trains a pack from nothing, resumable. */
@Command(
        name = "train-pack",
        description = {
            "Trains a pack from nothing on procedural faces: autoencoders, text encoder, U-Net, adapter and LoRAs.",
            "Finished stages are not done again; an interrupted one goes on from its checkpoint."
        })
public final class TrainPackCommand implements Callable<Integer> {
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
        /** A LoRA for each look. */
        LORAS,
        /** The LCM-LoRA. */
        LCM
    }

    /** How much time to spend. */
    enum Budget {
        /** As the shipped pack. */
        FULL,
        /** A try of everything, in a minute or two. */
        SMOKE
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

    @Override
    public Integer call() throws IOException {
        Engine.getEngine("PyTorch"); // loads the native library
        JniUtils.setNumThreads(threads);
        PackBudget amounts = budget == Budget.FULL ? PackBudget.full() : PackBudget.smoke();
        PrintStream console = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (PackTraining training =
                new PackTraining(out, work, amounts, seed, new StageProgress(console))) {
            for (Stage stage : Stage.values()) {
                if (stages.contains(stage)) {
                    run(training, stage);
                }
            }
        }
        return 0;
    }

    private void run(PackTraining training, Stage stage) throws IOException {
        switch (stage) {
            case RENDER -> training.render();
            case VAE -> training.vae();
            case DECODER -> training.decoder();
            case TINY -> training.tiny();
            case UNET -> training.unet();
            case LORAS -> {
                for (Atelier atelier : Atelier.all()) {
                    if (looks.isEmpty() || looks.contains(atelier.name())) {
                        training.lora(atelier);
                    }
                }
            }
            case LCM -> training.lcm();
        }
    }
}
