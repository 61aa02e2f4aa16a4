package daumier.cli.sample;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The timesteps at which something acts, written {@code LOW-HIGH}.
 *
 * @param lowest at which it still acts
 * @param highest at which it acts already
 */
record TimestepRange(double lowest, double highest) {
    /** Reads a range. */
    static TimestepRange parse(String text) {
        String[] ends = text.split("-", -1);
        try {
            if (ends.length == 2) {
                double low = Double.parseDouble(ends[0]);
                double high = Double.parseDouble(ends[1]);
                if (low <= high) {
                    return new TimestepRange(low, high);
                }
            }
        } catch (NumberFormatException e) {
            // the same mistake
        }
        throw new IllegalArgumentException(
                "Timesteps are two numbers, the lower first, such as 400-1000, not '%s'."
                        .formatted(Quoted.of(text)));
    }

    @Override
    public String toString() {
        return plain(lowest) + "-" + plain(highest);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    /** For the command line. */
    static final class Converter implements ITypeConverter<TimestepRange> {
        @Override
        public TimestepRange convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
