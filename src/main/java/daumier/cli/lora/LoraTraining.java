package daumier.cli.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.lora.LoraFile;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.nn.LoraStack;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.sample.PredictionType;
import daumier.diffusion.train.CaptionDropout;
import daumier.diffusion.train.Conditioning;
import daumier.diffusion.train.DenoiserObjective;
import daumier.diffusion.train.ExampleStore;
import daumier.diffusion.train.LatentStore;
import daumier.diffusion.train.Networks;
import daumier.diffusion.train.OptimizerKernel;
import daumier.diffusion.train.TrainingLoop;
import daumier.diffusion.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;

/**
 * Trains one LoRA of a pack's U-Net on pictures with captions: the denoising loss of its base
 * model, captions dropped now and then so that guidance keeps working, a running average of the
 * weights kept. Autoencoder, text encoder and U-Net themselves stay as they are.
 */
final class LoraTraining {
    private static final CaptionDropout DROPOUT = new CaptionDropout(0.1, 0.1);
    private static final double EMA = 0.98;

    /** A single bad batch must not blow it up. */
    private static final double CLIP = 0.3;

    private final Pack pack;
    private final LoraRecipe recipe;

    LoraTraining(Pack pack, LoraRecipe recipe) {
        this.pack = pack;
        this.recipe = recipe;
    }

    /**
     * Trains and writes the file.
     *
     * @param examples pictures of the pack's size, at least one
     * @param checkpoint resumed from where it exists, removed at the end
     * @param target where the LoRA goes
     * @param listener hears of every step, and may stop
     * @return false if it was stopped, with a checkpoint
     */
    boolean run(ExampleStore examples, Path checkpoint, Path target, TrainingLoop.Listener listener)
            throws IOException {
        try (NDManager scope = pack.manager().newSubManager();
                OptimizerKernel kernel = new OptimizerKernel(pack.manager().getDevice())) {
            LatentStore latents = LatentStore.encode(pack.vae(), examples, scope, pack.precision());
            Networks networks =
                    new Networks(
                            pack.unet(),
                            pack.textEncoder(),
                            pack.tokenizer(),
                            null,
                            pack.schedule(),
                            pack.schedulerConfig().predictionType() == PredictionType.V_PREDICTION,
                            pack.precision());
            LoraStack loras = pack.unet().lora();
            int column =
                    loras.attachTrainable(
                            recipe.name(),
                            recipe.rank(),
                            recipe.alpha(),
                            layer -> true,
                            recipe.seed());
            SortedMap<String, NDArray> trained = loras.parameters(column);
            DenoiserObjective objective =
                    new DenoiserObjective(
                            networks,
                            latents,
                            new Conditioning(networks, examples, DROPOUT, 1),
                            recipe.batch(),
                            LoraScales.of(1f),
                            0);
            TrainingPlan plan =
                    TrainingPlan.of(recipe.steps(), recipe.learningRate(), recipe.seed())
                            .withEma(EMA)
                            .withClipNorm(CLIP);
            Files.createDirectories(target.toAbsolutePath().getParent());
            boolean done =
                    new TrainingLoop(kernel, scope)
                            .run(objective, trained, plan, checkpoint, listener);
            if (done) {
                LoraFile.write(
                        target,
                        loras.weights(column),
                        recipe.metadata(examples.count(), examples.size()));
                Files.deleteIfExists(checkpoint);
            }
            return done;
        }
    }
}
