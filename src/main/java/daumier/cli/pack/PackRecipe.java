package daumier.cli.pack;

import daumier.cli.pack.card.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes down how a pack is made, for its card. */
final class PackRecipe {
    private PackRecipe() {}

    static Recipe of(PackBudget budget, double faceEffort, long seed, List<Path> logs) {
        List<List<String>> amounts =
                List.of(
                        line("photographs with maps", budget.photographs(), ""),
                        line("pictures in all looks", budget.looks(), ""),
                        line("autoencoder", budget.vaeSteps(), " steps of 8 pictures"),
                        line("autoencoder, then", budget.vaeFineSteps(), " steps of 4 pictures"),
                        line("decoder alone", budget.decoderSteps(), " steps of 4 pictures"),
                        line("tiny autoencoder", budget.tinySteps(), " steps of 8 pictures"),
                        line(
                                "U-Net, text encoder, adapter",
                                budget.unetSteps(),
                                " steps of 16 latents"),
                        line("LCM-LoRA", budget.lcmSteps(), " steps of 8 latents"),
                        List.of(
                                "face networks",
                                String.format(Locale.ROOT, "effort %.2f", faceEffort)));
        List<List<String>> loras = new ArrayList<>();
        for (Atelier atelier : Atelier.all()) {
            long steps = Math.max(1, Math.round(atelier.steps() * budget.loraScale()));
            int pictures = atelier.characters() * FaceExamples.PICTURES_PER_CHARACTER;
            loras.add(
                    List.of(
                            atelier.name(),
                            Integer.toString(atelier.characters()),
                            Integer.toString(pictures),
                            Long.toString(steps),
                            Double.toString(atelier.learningRate())));
        }
        String command = "./daumier train-pack --out pack --work work --seed " + seed;
        return new Recipe(command, seed, amounts, loras, logs);
    }

    private static List<String> line(String what, long amount, String unit) {
        return List.of(what, amount + unit);
    }
}
