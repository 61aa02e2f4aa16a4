package daumier.cli.sample;

import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import daumier.cli.Outputs;
import daumier.cli.picture.Provenance;
import daumier.diffusion.sample.GenerationRequest;
import daumier.diffusion.sample.Pack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code daumier sample} for guidance by the look-ahead preview. */
final class GuideOptions {
    private static final String GUIDE = "--guide";
    private static final String IMAGE = "--guide-image";
    private static final String TEXT = "--guide-text";
    private static final String CLIP = "--guide-clip";
    private static final String LPIPS = "--guide-lpips";
    private static final String TIMESTEPS = "--guide-timesteps";
    private static final String EVERY = "--guide-every";
    private static final String JACOBIAN = "--guide-jacobian";

    /** What a preview can be judged by. */
    enum Kind {
        /** Whose face it is, by the identity network of the embedded pack. */
        IDENTITY,
        /** How well it goes with words or another picture, by CLIP. */
        CLIP,
        /** How far it is from another picture, by LPIPS. */
        LPIPS
    }

    /** What is taken for the U-Net's derivative. */
    enum Jacobian {
        /** Its own. */
        UNET,
        /** That of the identity: the gradient goes around it. */
        IDENTITY
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = GUIDE,
            paramLabel = "KIND=WEIGHT",
            split = ",",
            description =
                    "Leads the drawing by what its look-ahead preview shows: identity (whose face, "
                            + "for drawings that a face fills as in the embedded pack), clip or "
                            + "lpips. The weight is how far the noise estimate is moved, 0.05 to "
                            + "0.5. Several are divided by commas.")
    Map<Kind, Double> weights = new EnumMap<>(Kind.class);

    @Option(
            names = IMAGE,
            paramLabel = "FILE",
            description = "The portrait that identity, clip and lpips lead to.")
    Path image;

    @Option(names = TEXT, description = "Words that clip leads to, instead of the picture.")
    String text;

    @Option(
            names = CLIP,
            paramLabel = "DIR",
            description = "The CLIP that guides, as transformers stores it.")
    Path clip;

    @Option(
            names = LPIPS,
            paramLabel = "FILE",
            description =
                    "Safetensors with torchvision's AlexNet or VGG-16 and the linear layers of LPIPS; "
                            + "repeatable.")
    List<Path> lpips = List.of();

    @Option(
            names = TIMESTEPS,
            paramLabel = "LOW-HIGH",
            defaultValue = "0-1000",
            converter = TimestepRange.Converter.class,
            description = "The timesteps at which it guides (default: ${DEFAULT-VALUE}).")
    TimestepRange timesteps;

    @Option(
            names = EVERY,
            paramLabel = "N",
            defaultValue = "1",
            description = "It guides in every Nth step (default: ${DEFAULT-VALUE}).")
    int every;

    @Option(
            names = JACOBIAN,
            defaultValue = "UNET",
            description =
                    "What the gradient takes for the U-Net's derivative: ${COMPLETION-CANDIDATES}; "
                            + "IDENTITY costs a fraction of time and memory (default: "
                            + "${DEFAULT-VALUE}).")
    Jacobian jacobian;

    /** Takes from a picture what the command line does not say. */
    void fillIn(Likeness likeness) {
        PictureRecipe recipe = likeness.recipe();
        if (!given(GUIDE)) {
            weights = recipe.guides();
        }
        if (weights.isEmpty()) {
            return;
        }
        text = given(TEXT) ? text : recipe.file("guide_text").orElse(text);
        timesteps = given(TIMESTEPS) ? timesteps : recipe.guideTimesteps().orElse(timesteps);
        every = given(EVERY) ? every : recipe.guideEvery().orElse(every);
        jacobian = given(JACOBIAN) ? jacobian : recipe.guideJacobian().orElse(jacobian);
        likeness.demand(recipe.file("guide_image"), image, IMAGE);
        likeness.demand(recipe.file("guide_clip"), clip, CLIP);
        if (lpips.isEmpty()) {
            recipe.guideLpips().forEach(name -> likeness.demand(Optional.of(name), null, LPIPS));
        }
    }

    private boolean given(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }

    /**
     * Checks what can be checked without a pack.
     *
     * @throws ParameterException with one sentence if something does not fit
     */
    void check() {
        for (Map.Entry<Kind, Double> e : weights.entrySet()) {
            double weight = e.getValue() == null ? 0 : e.getValue();
            require(
                    weight > 0 && !Double.isInfinite(weight),
                    "A weight of --guide must be above 0, as in identity=0.2");
        }
        require(every >= 1, EVERY + " counts from 1");
        boolean words = weights.containsKey(Kind.CLIP) && text != null;
        boolean others = weights.size() > (words ? 1 : 0);
        require(
                !others || image != null,
                "--guide needs a portrait to lead to: name it with --guide-image");
        require(
                !weights.containsKey(Kind.CLIP) || clip != null,
                "--guide clip needs a CLIP: name its folder with --guide-clip");
        require(
                !weights.containsKey(Kind.LPIPS) || !lpips.isEmpty(),
                "--guide lpips needs its weights: name the files with --guide-lpips");
        boolean idle = image != null || text != null || clip != null || !lpips.isEmpty();
        require(
                !weights.isEmpty() || !idle,
                "Say how strongly to guide, and by what, with --guide, such as clip=0.2");
        require(
                text == null || weights.containsKey(Kind.CLIP),
                "--guide-text is for --guide clip=WEIGHT");
    }

    private void require(boolean holds, String sentence) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), sentence + ".");
        }
    }

    /**
     * Asks for the guidance.
     *
     * @param inputs owner of what is read, for as long as is drawn
     * @param width of the picture to draw
     * @param height of the picture to draw
     */
    void ask(GenerationRequest.Builder builder, NDManager inputs, int width, int height, Pack pack)
            throws IOException {
        if (!weights.isEmpty()) {
            builder.previewGuidance(Guides.of(this, inputs, width, height, pack));
        }
    }

    /** Says so in a picture. */
    void tell(Provenance provenance) {
        if (weights.isEmpty()) {
            return;
        }
        List<String> terms = new ArrayList<>();
        weights.forEach(
                (kind, weight) -> terms.add(kind.name().toLowerCase(Locale.ROOT) + "=" + weight));
        provenance.put("Preview guidance", "guide", String.join(",", terms));
        provenance.json().addProperty("guide_timesteps", timesteps.toString());
        provenance.json().addProperty("guide_every", every);
        provenance.json().addProperty("guide_jacobian", jacobian.name());
        if (image != null) {
            provenance.json().addProperty("guide_image", Outputs.name(image));
        }
        if (text != null) {
            provenance.json().addProperty("guide_text", text);
        }
        if (weights.containsKey(Kind.CLIP)) {
            provenance.json().addProperty("guide_clip", Outputs.name(clip));
        }
        if (weights.containsKey(Kind.LPIPS)) {
            JsonArray names = new JsonArray();
            lpips.forEach(file -> names.add(Outputs.name(file)));
            provenance.json().add("guide_lpips", names);
        }
    }
}
