package daumier.cli.sample;

import ai.djl.ndarray.NDManager;
import daumier.cli.Outputs;
import daumier.cli.picture.PictureFile;
import daumier.cli.picture.Provenance;
import daumier.diffusion.sample.GenerationRequest;
import daumier.diffusion.sample.Pack;
import daumier.env.caricature.PortraitReference;
import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that draw for a portrait that self-attention looks at too. */
public final class ReferenceOptions {
    private static final String FILE = "--reference";
    private static final String STRENGTH = "--reference-strength";
    private static final String TIMESTEPS = "--reference-timesteps";
    private static final String SEED = "--reference-seed";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = FILE,
            paramLabel = "FILE",
            description =
                    "A portrait whose features the drawing takes up: noised alike, it goes through "
                            + "the U-Net too, and all self-attention sees its keys and values.")
    private Path file;

    @Option(
            names = STRENGTH,
            paramLabel = "FACTOR",
            defaultValue = "1",
            description =
                    "Factor of the attention that the reference gets, above 0 (default: "
                            + "${DEFAULT-VALUE}).")
    private double strength;

    @Option(
            names = TIMESTEPS,
            paramLabel = "LOW-HIGH",
            defaultValue = "0-1000",
            converter = TimestepRange.Converter.class,
            description =
                    "The timesteps at which it is seen: sampling begins near 1000 and ends near 0 "
                            + "(default: ${DEFAULT-VALUE}).")
    private TimestepRange timesteps;

    @Option(
            names = SEED,
            paramLabel = "SEED",
            defaultValue = "0",
            description = "Seed of the reference's own noise (default: ${DEFAULT-VALUE}).")
    private long seed;

    /** Takes from a picture what the command line does not say. */
    void fillIn(Likeness likeness) {
        PictureRecipe recipe = likeness.recipe();
        likeness.demand(recipe.file("reference"), file, FILE);
        strength = given(STRENGTH) ? strength : recipe.referenceStrength().orElse(strength);
        timesteps = given(TIMESTEPS) ? timesteps : recipe.referenceTimesteps().orElse(timesteps);
        seed = given(SEED) ? seed : recipe.referenceSeed().orElse(seed);
    }

    private boolean given(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }

    /**
     * Checks what can be checked without a pack.
     *
     * @throws ParameterException with one sentence if something does not fit
     */
    public void check() {
        if (!(strength > 0) || Double.isInfinite(strength)) {
            throw new ParameterException(
                    command.commandLine(),
                    STRENGTH + " must be above 0; leave --reference out for none.");
        }
        if (file == null && (given(STRENGTH) || given(TIMESTEPS) || given(SEED))) {
            throw new ParameterException(
                    command.commandLine(),
                    "The options of a reference need a portrait: name it with --reference.");
        }
    }

    /**
     * Asks for the reference.
     *
     * @param inputs owner of what is read
     * @param width of the picture to draw
     * @param height of the picture to draw
     */
    void ask(GenerationRequest.Builder builder, NDManager inputs, int width, int height, Pack pack)
            throws IOException {
        if (file == null) {
            return;
        }
        builder.portrait(
                new GenerationRequest.Portrait(
                        Inputs.initialPicture(
                                inputs,
                                file,
                                width,
                                height,
                                pack.pictureUnit(),
                                pack.pictureSize()),
                        strength,
                        timesteps.lowest(),
                        timesteps.highest(),
                        seed));
    }

    /**
     * The same for a controller's drawings, which are squares: the middle of the portrait.
     *
     * @throws IOException when the file is no picture
     */
    public Optional<PortraitReference> portrait() throws IOException {
        if (file == null) {
            return Optional.empty();
        }
        Picture picture = PictureFile.read(file);
        int side = Math.min(picture.width(), picture.height());
        return Optional.of(
                new PortraitReference(
                        Inputs.cover(picture, side, side),
                        strength,
                        timesteps.lowest(),
                        timesteps.highest(),
                        seed));
    }

    /** Says so in a picture. */
    public void tell(Provenance provenance) {
        if (file == null) {
            return;
        }
        provenance.put("Reference strength", "reference_strength", strength);
        provenance.json().addProperty("reference", Outputs.name(file));
        provenance.json().addProperty("reference_timesteps", timesteps.toString());
        provenance.json().addProperty("reference_seed", seed);
    }
}
