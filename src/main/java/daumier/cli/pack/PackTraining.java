package daumier.cli.pack;

import daumier.diffusion.train.ExampleStore;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Trains a pack from nothing, stage by stage. A finished stage leaves its component in the pack
 * folder and is not done again; an unfinished one goes on from its checkpoint.
 */
final class PackTraining implements AutoCloseable {
    private final PackWorkshop shop;

    PackTraining(Path packFolder, Path work, PackBudget budget, long seed, StageProgress progress)
            throws IOException {
        shop = new PackWorkshop(packFolder, work, budget, seed, progress);
    }

    /** Renders the examples and learns the vocabulary of their captions. */
    void render() throws IOException {
        FaceExamples faces = new FaceExamples(shop.seed());
        try (ExampleStore photographs = shop.photographs();
                ExampleStore looks = shop.looks()) {
            shop.progress().begin("rendering looks");
            faces.looks(
                    looks,
                    shop.budget().looks(),
                    i -> shop.progress().count(i, shop.budget().looks()));
            shop.progress().begin("rendering photographs");
            faces.photographs(
                    photographs,
                    shop.budget().photographs(),
                    i -> shop.progress().count(i, shop.budget().photographs()));
            shop.pack().writeVocabulary(photographs, looks);
        }
    }

    AutoencoderStages autoencoders() {
        return new AutoencoderStages(shop);
    }

    DenoiserStages denoiser() {
        return new DenoiserStages(shop);
    }

    LoraStages loras() {
        return new LoraStages(shop);
    }

    @Override
    public void close() {
        shop.close();
    }
}
