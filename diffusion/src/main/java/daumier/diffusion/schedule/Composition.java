package daumier.diffusion.schedule;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How several LoRAs act together over a sampling. The text forms are {@code sum}, {@code switch:N},
 * {@code composite} and {@code klora}; {@link #parse} and {@code toString} are inverse to one
 * another.
 */
public sealed interface Composition {
    /** All at once. */
    Composition SUM = new Sum();

    /**
     * Checks that a number of LoRAs can be composed this way.
     *
     * @throws IllegalArgumentException with one sentence if not
     */
    void check(int loras);

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException with one sentence if the text is none
     */
    static Composition parse(String text) {
        Matcher switching = Switch.TEXT.matcher(text);
        if (switching.matches()) {
            return new Switch(Integer.parseInt(switching.group(1)));
        }
        return switch (text) {
            case "sum" -> SUM;
            case "composite" -> new Composite();
            case "klora" -> new KLora();
            default ->
                    throw new IllegalArgumentException(
                            ("'%s' is no way to compose LoRAs: write sum, switch:N (N steps each),"
                                            + " composite or klora.")
                                    .formatted(text));
        };
    }

    private static void require(boolean fits, String rule, String needs, int loras) {
        if (!fits) {
            throw new IllegalArgumentException(
                    "To compose LoRAs by %s takes %s of them, not %d."
                            .formatted(rule, needs, loras));
        }
    }

    /** Their changes are added up. */
    record Sum() implements Composition {
        @Override
        public void check(int loras) {
            // any number adds up
        }

        @Override
        public String toString() {
            return "sum";
        }
    }

    /**
     * LoRA Switch (Zhong et al. 2024, arXiv 2402.16843): one at a time, in the order given, and
     * from the last to the first again. It holds for the text encoder, too.
     *
     * @param every so many steps the next one acts, at least 1
     */
    record Switch(int every) implements Composition {
        private static final Pattern TEXT = Pattern.compile("switch:([1-9]\\d{0,3})");

        /** Checks the number of steps. */
        public Switch {
            if (every < 1) {
                throw new IllegalArgumentException(
                        "LoRAs are switched after at least 1 step, not " + every + ".");
            }
        }

        @Override
        public void check(int loras) {
            require(loras >= 2, toString(), "at least two", loras);
        }

        /** The place of the LoRA that acts in a step, of so many. */
        public int active(int step, int loras) {
            return step / every % loras;
        }

        @Override
        public String toString() {
            return "switch:" + every;
        }
    }

    /**
     * LoRA Composite (same paper): each step takes the mean of the guided estimates that the
     * network gives with each LoRA alone, in U-Net and text encoder.
     */
    record Composite() implements Composition {
        @Override
        public void check(int loras) {
            require(loras >= 2, toString(), "at least two", loras);
        }

        @Override
        public String toString() {
            return "composite";
        }
    }

    /**
     * K-LoRA (Ouyang et al. 2025, arXiv 2502.18461): the first LoRA is the subject's, the second
     * the style's; in each layer of the U-Net one of the two acts, the subject's rather early, the
     * style's rather late. In the text encoder, which the paper leaves alone, they add up.
     */
    record KLora() implements Composition {
        @Override
        public void check(int loras) {
            require(loras == 2, toString(), "exactly two (subject, then style)", loras);
        }

        @Override
        public String toString() {
            return "klora";
        }
    }
}
