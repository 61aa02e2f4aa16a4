package daumier.diffusion.train;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes the network live with shorter prompts: some captions are emptied (for classifier-free
 * guidance, Ho and Salimans 2022), from others single phrases (between commas) are left out.
 *
 * @param whole probability that a caption is emptied
 * @param phrase probability that a phrase is left out
 */
public record CaptionDropout(double whole, double phrase) {
    /** One random version of {@code caption}. */
    String apply(String caption, RandomGenerator random) {
        if (random.nextDouble() < whole) {
            return "";
        }
        List<String> kept = new ArrayList<>();
        for (String part : caption.split(", ", -1)) {
            if (random.nextDouble() >= phrase) {
                kept.add(part);
            }
        }
        return String.join(", ", kept);
    }
}
