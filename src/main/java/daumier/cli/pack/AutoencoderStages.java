package daumier.cli.pack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.AutoencoderTiny;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.nn.TinyConfig;
import daumier.diffusion.nn.VaeConfig;
import daumier.diffusion.train.DecoderObjective;
import daumier.diffusion.train.ExampleStore;
import daumier.diffusion.train.LatentStore;
import daumier.diffusion.train.Objective;
import daumier.diffusion.train.PatchAutoencoder;
import daumier.diffusion.train.PatchCode;
import daumier.diffusion.train.TinyAutoencoderObjective;
import daumier.diffusion.train.TrainingPlan;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Trains the autoencoders: the encoder that is fitted, its decoder, and the tiny one of previews.
 */
final class AutoencoderStages {
    private static final int FITTED_ON = 1500;
    private static final int AUTOENCODER_BATCH = 8;

    private final PackWorkshop shop;

    AutoencoderStages(PackWorkshop shop) {
        this.shop = shop;
    }

    /**
     * The autoencoder with its encoder, which is fitted to patches of the pictures and not trained;
     * its decoder knows mean colours only until {@link #decoder()}.
     */
    void vae() throws IOException {
        if (shop.pack().has(PackFolder.VAE)) {
            return;
        }
        shop.progress().begin("encoder");
        try (ExampleStore looks = shop.looks();
                ExampleStore photographs = shop.photographs();
                NDManager scope = shop.manager().newSubManager()) {
            VaeConfig config = VaeConfig.read(shop.pack().folder(PackFolder.VAE));
            Weights weights = Weights.initial(scope, shop.seed() + 1);
            AutoencoderKL.create(config, weights, shop.kernels());
            PatchCode code =
                    PatchCode.fit(List.of(looks, photographs), FITTED_ON, config.latentChannels());
            PatchAutoencoder.write(weights.parameters(), config, code);
            shop.pack().write(PackFolder.VAE, weights.parameters());
        }
    }

    /** The autoencoder's decoder; the latents stay what they are. */
    void decoder() throws IOException {
        Path done = shop.work().resolve("decoder.done");
        if (Files.exists(done)) {
            return;
        }
        shop.progress().begin("decoder");
        try (ExampleStore looks = shop.looks();
                NDManager scope = shop.manager().newSubManager()) {
            Path folder = shop.pack().folder(PackFolder.VAE);
            Weights weights = Weights.open(folder, scope);
            AutoencoderKL vae =
                    AutoencoderKL.create(VaeConfig.read(folder), weights, shop.kernels());
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
                    TrainingPlan.of(shop.budget().decoderSteps(), 1e-3, shop.seed() + 2)
                            .withEma(0.99);
            Objective objective =
                    new DecoderObjective(
                            vae, latents, looks, AUTOENCODER_BATCH / 2, 0.05, Precision.BF16);
            if (shop.train("decoder", objective, trained, plan)) {
                shop.pack().write(PackFolder.VAE, weights.parameters());
                Files.createFile(done);
            }
        }
    }

    /** The tiny autoencoder of the same latents. */
    void tiny() throws IOException {
        if (shop.pack().has(PackFolder.TINY)) {
            return;
        }
        shop.progress().begin("tiny autoencoder");
        try (ExampleStore looks = shop.looks();
                NDManager scope = shop.manager().newSubManager()) {
            AutoencoderKL vae = shop.readVae(scope);
            LatentStore latents = LatentStore.encode(vae, looks, scope, Precision.FP32);
            Weights weights = Weights.initial(scope, shop.seed() + 2);
            AutoencoderTiny tiny =
                    AutoencoderTiny.create(
                            TinyConfig.read(shop.pack().folder(PackFolder.TINY)),
                            weights,
                            shop.kernels());
            TrainingPlan plan =
                    TrainingPlan.of(shop.budget().tinySteps(), 2e-3, shop.seed()).withEma(0.99);
            Objective objective =
                    new TinyAutoencoderObjective(
                            tiny, latents, looks, AUTOENCODER_BATCH, 0.2, Precision.BF16);
            if (shop.train("taesd", objective, weights.parameters(), plan)) {
                shop.pack().write(PackFolder.TINY, weights.parameters());
            }
        }
    }
}
