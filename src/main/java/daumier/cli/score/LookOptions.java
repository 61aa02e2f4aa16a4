package daumier.cli.score;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The networks of the user's that compare whole pictures, faces or not. */
final class LookOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--clip",
            paramLabel = "DIR",
            description =
                    "A CLIP as transformers stores it (config.json, safetensors, tokenizer): adds "
                            + "CLIP-I, the cosine of the two pictures.")
    Path clip;

    @Option(
            names = "--prompt",
            description = "Adds CLIP-T, the cosine of each picture with these words; needs --clip.")
    String prompt;

    @Option(
            names = "--lpips",
            paramLabel = "FILE",
            arity = "1..2",
            description =
                    "Safetensors with torchvision's AlexNet or VGG-16 and the linear layers of "
                            + "LPIPS, in one file or two: adds their distance, 0 for equal pictures.")
    List<Path> lpips = List.of();

    @Option(
            names = "--dino",
            paramLabel = "DIR",
            description =
                    "A DINO or DINOv2 as transformers stores it: adds the cosine of the two "
                            + "pictures.")
    Path dino;

    /** Whether any is asked for. */
    boolean any() {
        return clip != null || dino != null || !lpips.isEmpty();
    }

    /**
     * Checks what can be checked without the files.
     *
     * @throws ParameterException with one sentence if something is missing
     */
    void check() {
        if (prompt != null && clip == null) {
            throw new ParameterException(
                    command.commandLine(),
                    "--prompt is compared by a CLIP: name its folder with --clip.");
        }
    }
}
