package daumier.cli.sample;

import daumier.diffusion.schedule.WeightSchedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A LoRA and its weight as given on the command line: {@code FILE=SCHEDULE}, or {@code FILE} alone
 * for the weight 1.
 *
 * @param file a file, or the name of a LoRA of the pack
 * @param weight over the steps
 */
public record LoraArgument(String file, WeightSchedule weight) {
    /** Reads the argument; the last equals sign divides it, so that paths may hold others. */
    public static final class Converter implements ITypeConverter<LoraArgument> {
        @Override
        public LoraArgument convert(String text) {
            int divide = text.lastIndexOf('=');
            if (divide < 0 || Files.exists(Path.of(text))) {
                return new LoraArgument(text, WeightSchedule.constant(1));
            }
            try {
                return new LoraArgument(
                        text.substring(0, divide),
                        WeightSchedule.parse(text.substring(divide + 1)));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /**
     * The file meant.
     *
     * @param packLoras the LoRA files of the pack
     * @return the file itself, or that of the pack with this name
     */
    Path resolve(List<Path> packLoras) {
        Path path = Path.of(file);
        if (Files.exists(path)) {
            return path;
        }
        for (Path candidate : packLoras) {
            if (candidate.getFileName().toString().equals(file + ".safetensors")) {
                return candidate;
            }
        }
        return path; // reading it says that it does not exist
    }

    /** The name without folders and ending, as prompts write it. */
    String name() {
        return Path.of(file).getFileName().toString().replaceFirst("\\.safetensors$", "");
    }
}
