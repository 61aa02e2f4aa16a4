package daumier.cli.pack;

import daumier.cli.pack.card.Recipe;
import daumier.diffusion.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes down how a pack is made, for its card. */
final class PackRecipe {
    private PackRecipe() {}

    /**
     * The recipe of a pack.
     *
     * @param pack whose LoRA files say how long they were trained
     * @param name of the budget
     * @param budget that the rest was made with
     * @param logs of the training
     * @throws IOException if a LoRA file cannot be read
     */
    static Recipe of(Path pack, String name, PackBudget budget, long seed, List<Path> logs)
            throws IOException {
        List<List<String>> amounts = new ArrayList<>();
        amounts.addAll(
                List.of(
                        line("photographs with maps", budget.photographs(), ""),
                        line("pictures in all looks", budget.looks(), ""),
                        line("decoder", budget.decoderSteps(), " steps of 4 pictures"),
                        line("tiny autoencoder", budget.tinySteps(), " steps of 8 pictures"),
                        line(
                                "U-Net, text encoder, adapter",
                                budget.unetSteps(),
                                " steps of 16 latents"),
                        line("the same, refined", budget.refineSteps(), " steps of 16 latents")));
        if (Files.exists(new PackFolder(pack).lora("lcm"))) {
            amounts.add(line("LCM-LoRA", budget.lcmSteps(), " steps of 8 latents"));
        }
        List<List<String>> loras = new ArrayList<>();
        for (Atelier atelier : Atelier.all()) {
            if (!Files.exists(new PackFolder(pack).lora(atelier.name()))) {
                continue;
            }
            int pictures = atelier.characters() * FaceExamples.PICTURES_PER_CHARACTER;
            loras.add(
                    List.of(
                            atelier.name(),
                            Integer.toString(atelier.characters()),
                            Integer.toString(pictures),
                            steps(new PackFolder(pack).lora(atelier.name())),
                            Double.toString(atelier.learningRate()),
                            Double.toString(atelier.strength())));
        }
        String command =
                "./daumier train-pack --out pack --work work --budget %s --seed %d"
                        .formatted(name, seed);
        return new Recipe(command, seed, amounts, loras, logs);
    }

    private static String steps(Path lora) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(lora)) {
            return file.metadata().getOrDefault("ss_steps", "–");
        }
    }

    private static List<String> line(String what, long amount, String unit) {
        return List.of(what, amount + unit);
    }
}
