package daumier.cli.sample;

import daumier.cli.Outputs;
import daumier.cli.UserException;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Pack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A picture to be drawn again.
 *
 * @param picture the file
 * @param recipe how it was drawn
 */
record Likeness(Path picture, PictureRecipe recipe) {
    /** Reads a picture's recipe. */
    static Likeness of(Path picture) throws IOException {
        return new Likeness(picture, PictureRecipe.read(picture));
    }

    /** Takes from a picture what the command line does not say. */
    void fillIn(SampleOptions options) {
        options.prompt = options.given("--prompt") ? options.prompt : recipe.prompt();
        options.negativePrompt =
                options.given("--negative-prompt")
                        ? options.negativePrompt
                        : recipe.negativePrompt();
        if (!options.given("--lora")) {
            recipe.masks().forEach(this::demandMask);
            options.loras = recipe.loras();
        }
        options.composition =
                options.given("--compose")
                        ? options.composition
                        : recipe.composition().orElse(options.composition);
        options.scheduler =
                options.given("--scheduler")
                        ? options.scheduler
                        : recipe.scheduler().orElse(options.scheduler);
        options.eta = options.given("--eta") ? options.eta : recipe.eta().orElse(options.eta);
        options.phase.fillIn(recipe);
        options.reference.fillIn(this);
        options.guide.fillIn(this);
        options.steps =
                options.given("--steps") ? options.steps : recipe.steps().orElse(options.steps);
        options.guidance =
                options.given("--guidance")
                        ? options.guidance
                        : recipe.guidance().orElse(options.guidance);
        options.seeds =
                options.given("--seed")
                        ? options.seeds
                        : recipe.seed().map(List::of).orElse(options.seeds);
        options.clipSkip =
                options.given("--clip-skip")
                        ? options.clipSkip
                        : recipe.clipSkip().orElse(options.clipSkip);
        options.negativeClipSkip =
                options.given("--negative-clip-skip")
                        ? options.negativeClipSkip
                        : recipe.negativeClipSkip().orElse(options.negativeClipSkip);
        options.strength =
                options.given("--strength")
                        ? options.strength
                        : recipe.strength().orElse(options.strength);
        options.adapterScale =
                options.given("--adapter-scale")
                        ? options.adapterScale
                        : recipe.adapterScale().orElse(options.adapterScale);
        options.dtype =
                options.given("--dtype")
                        ? options.dtype
                        : recipe.dtype().map(this::precision).orElse(options.dtype);
        recipe.size()
                .filter(
                        size ->
                                !options.given("--width")
                                        && !options.given("--height")
                                        && options.latents == null)
                .ifPresent(
                        size -> {
                            options.width = size[0];
                            options.height = size[1];
                        });
        demand(recipe.file("init_image"), options.initImage, "--init-image");
        demand(recipe.file("latents"), options.latents, "--latents");
        demand(recipe.file("adapter_image"), options.adapterImage, "--adapter-image");
        Set<String> known =
                options.embeddings.stream().map(Outputs::name).collect(Collectors.toSet());
        recipe.embeddings().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> demand(Optional.of(name), null, "--embedding"));
    }

    private Precision precision(String name) {
        try {
            return Precision.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    "%s was drawn in %s, which is not known here; choose with --dtype."
                            .formatted(picture, Quoted.of(name)),
                    e);
        }
    }

    /** Asks for a file that a picture was drawn with and does not hold. */
    void demand(Optional<String> needed, Path given, String option) {
        if (needed.isPresent() && given == null) {
            throw new UserException(
                    "%s was drawn with the file %s, which it does not hold; give it with %s."
                            .formatted(picture, Quoted.of(needed.get()), option));
        }
    }

    private void demandMask(String lora, String mask) {
        throw new UserException(
                "%s was drawn with the mask %s of the LoRA %s, which it does not hold; give both with --lora."
                        .formatted(picture, Quoted.of(mask), Quoted.of(lora)));
    }

    /** What keeps the new picture from being the same as this one, if anything is known. */
    Optional<String> note(Pack pack) {
        String name = Outputs.name(pack.folder());
        if (!recipe.exact()) {
            return Optional.of(
                    "Note: another program drew %s; this picture will resemble it, not equal it."
                            .formatted(picture));
        }
        return recipe.pack()
                .filter(own -> !own.equals(name))
                .map(
                        own ->
                                "Note: %s was drawn with the pack %s, and this one is %s."
                                        .formatted(picture, Quoted.of(own), name));
    }
}
