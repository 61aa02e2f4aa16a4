package daumier.cli.pack.card;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The words of the card that no measurement changes. */
final class CardText {
    static final String TOP =
            """
            # The embedded pack of Daumier

            A small latent diffusion model that draws portraits of 128 x 128 pixels, in the layout of
            diffusers: autoencoder and tiny autoencoder (latents 8 x 32 x 32), U-Net (v-prediction), text
            encoder with its own vocabulary, T2I adapter for geometry maps of 13 channels, style LoRAs of
            imaginary artists, and networks that measure faces.

            """;

    static final String MEASURED =
            """
            On people that nothing was trained on (the validation split of the face world), with fixed
            seeds; "a ± b" is the mean and the standard deviation of one measurement, not of the mean. All
            figures are in `figures.json`.

            """;

    static final String BOTTOM =
            """
            ## Limits

            - It knows the procedural face world and nothing else: heads turned by 20 degrees at most, one at a
              time, plain backgrounds, the words of that world. A photograph is drawn by way of what was
              measured in it.
            - The population is made up. Its spread of shapes and colours says nothing about real people,
              and its measures of identity are not meant for recognising anybody.
            - 128 pixels are few: irises, nostrils and single hairs are blurred.
            - The artists' LoRAs are under- to over-trained on purpose, each with another right weight.
            - Exaggeration far beyond a gain of 1.5, or of everything at once, leaves what was seen in
              training.

            ## Licence

            Trained from nothing, by this project, on pictures that this project's own program drew. No
            photograph, no drawing and no weights of others went into it; it comes under the licence of
            the project. Of photographed people it knows averages alone: most heads that landmarks-photo
            learned from have the proportions (means and spreads of 23 measures) of official portraits.

            ## To make it again

            ```sh
            %s
            ```

            Finished stages are not done again; remove a part to have it made anew. The same seed on the
            same machine and libraries gives the same examples; trained weights differ in rounding
            between processors.
            """;

    private CardText() {}

    static void making(Section section, Recipe recipe) throws IOException {
        section.paragraph(
                "Everything is trained from nothing on procedural faces, rendered from seed %d. People are told"
                                .formatted(recipe.seed())
                        + " apart by seed before anything: those of validation and test appear in no training"
                        + " set. The base model sees photographs alone, half of them with regions pushed by gains"
                        + " of -0.5 to 1.5, with their maps (dropped in 10 % of the examples) and captions (8 %"
                        + " empty, 12 % of the phrases left out).");
        section.table(List.of("part", "amount"), recipe.ingredients());
        section.paragraph(
                "Style LoRAs, as users train theirs: a few pictures of a few characters drawn with the artist's"
                        + " habits of shape, no map, phrases left out. The strength is a factor on alpha: authors"
                        + " publish at different ones, and a policy has to find out.");
        section.table(
                List.of(
                        "LoRA",
                        "characters",
                        "pictures",
                        "steps of 4",
                        "learning rate",
                        "strength"),
                recipe.loras());
        TrainingTimes times = new TrainingTimes();
        for (Path log : recipe.logs()) {
            times.read(log);
        }
        times.write(section);
        JsonObject json = new JsonObject();
        recipe.ingredients().forEach(line -> json.addProperty(line.get(0), line.get(1)));
        section.figure("seed", new JsonPrimitive(recipe.seed()));
        section.figure("amounts", json);
    }
}
