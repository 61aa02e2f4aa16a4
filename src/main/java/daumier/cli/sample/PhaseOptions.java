package daumier.cli.sample;

import daumier.cli.picture.Provenance;
import daumier.diffusion.sample.GenerationRequest;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option of {@code daumier sample} for sampling in two phases. */
final class PhaseOptions {
    private static final String NAME = "--detail-phase";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = NAME,
            paramLabel = "PART",
            defaultValue = "0",
            description =
                    "The last part of the noise schedule in which fresh noise loses its high "
                            + "frequencies, for flat areas as in a cartoon (CartoonDiff); 0.25 to "
                            + "0.3 as in the paper. Needs a sampler that adds noise: ddpm, euler-a, "
                            + "dpm2-a, dpm++sde, dpm++2m-sde, lcm, or ddim with --eta.")
    double detail;

    /** Takes from a picture what the command line does not say. */
    void fillIn(PictureRecipe recipe) {
        boolean given = command.commandLine().getParseResult().hasMatchedOption(NAME);
        detail = given ? detail : recipe.detailPhase().orElse(detail);
    }

    /**
     * Checks what can be checked without a sampler.
     *
     * @throws ParameterException with one sentence if it does not fit
     */
    void check() {
        if (!(detail >= 0 && detail <= 1)) {
            throw new ParameterException(command.commandLine(), NAME + " must be 0 to 1.");
        }
    }

    /** Asks for the phase. */
    void ask(GenerationRequest.Builder builder) {
        builder.detailPhase(detail);
    }

    /** Says so in a picture. */
    void tell(Provenance provenance) {
        if (detail != 0) {
            provenance.put("Detail phase", "detail_phase", detail);
        }
    }
}
