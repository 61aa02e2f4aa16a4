package daumier.cli.sample;

import daumier.diffusion.schedule.LoraSchedule;
import daumier.diffusion.schedule.ScheduleFile;
import daumier.diffusion.schedule.WeightSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A LoRA and its weights as given on the command line: {@code FILE=SCHEDULE}, {@code
 * FILE=SCHEDULE,mask=PICTURE}, or {@code FILE} alone for the weight 1.
 *
 * @param file a file, or the name of a LoRA of the pack
 * @param schedule of its weights
 * @param mask a picture, white where it acts; empty for everywhere
 */
public record LoraArgument(String file, LoraSchedule schedule, Optional<Path> mask) {
    /** Begins the name of a file that holds a schedule. */
    private static final String FILE = "@";

    private static final Pattern MASK = Pattern.compile("(?:^|[,:])\\s*mask=(.*)$");

    /**
     * Reads {@code SCHEDULE} or {@code SCHEDULE,mask=PICTURE}; the mask comes last. A schedule may
     * be kept in a file: {@code @FILE}, see {@link ScheduleFile}.
     *
     * @throws IllegalArgumentException with one sentence if it is neither
     */
    static LoraArgument of(String file, String text) {
        Matcher masked = MASK.matcher(text);
        if (!masked.find()) {
            return new LoraArgument(file, schedule(text), Optional.empty());
        }
        if (masked.group(1).isBlank()) {
            throw new IllegalArgumentException("mask= needs a picture.");
        }
        String weights = text.substring(0, masked.start());
        LoraSchedule schedule =
                weights.isBlank() ? LoraSchedule.of(WeightSchedule.constant(1)) : schedule(weights);
        return new LoraArgument(file, schedule, Optional.of(Path.of(masked.group(1).strip())));
    }

    private static LoraSchedule schedule(String text) {
        if (!text.startsWith(FILE)) {
            return LoraSchedule.parse(text);
        }
        Path kept = Path.of(text.substring(FILE.length()));
        try {
            return ScheduleFile.read(kept);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("There is no schedule " + kept + ".", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The schedule %s cannot be read: %s".formatted(kept, e.getMessage()), e);
        }
    }

    /** Reads the argument. */
    public static final class Converter implements ITypeConverter<LoraArgument> {
        @Override
        public LoraArgument convert(String text) {
            int divide = text.indexOf('=');
            if (divide < 0 || exists(text)) {
                return new LoraArgument(
                        text, LoraSchedule.of(WeightSchedule.constant(1)), Optional.empty());
            }
            // Paths may hold equals signs: one that ends the name of a file divides.
            for (int at = divide; at >= 0; at = text.indexOf('=', at + 1)) {
                if (exists(text.substring(0, at))) {
                    return parsed(text, at);
                }
            }
            return parsed(text, dividing(text, divide));
        }

        /** The first that a schedule follows, before any comma: schedules hold those, too. */
        private static int dividing(String text, int first) {
            int comma = text.indexOf(',');
            int end = comma < 0 ? text.length() : comma;
            for (int at = first; at >= 0 && at < end; at = text.indexOf('=', at + 1)) {
                if (divides(text, at)) {
                    return at;
                }
            }
            return first; // to say what is wrong with it
        }

        private static boolean divides(String text, int at) {
            try {
                of(text.substring(0, at), text.substring(at + 1));
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        private static LoraArgument parsed(String text, int divide) {
            try {
                return of(text.substring(0, divide), text.substring(divide + 1));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }

        private static boolean exists(String path) {
            return Files.isRegularFile(Path.of(path));
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
