package daumier.cli.pack.card;

import java.nio.file.Path;
import java.util.List;

/**
 * How a pack was made.
 *
 * @param command that makes it again
 * @param seed of everything
 * @param ingredients lines of a table: what, how much
 * @param loras lines of a table: name, characters, pictures, steps, learning rate, strength
 * @param logs of the training
 */
public record Recipe(
        String command,
        long seed,
        List<List<String>> ingredients,
        List<List<String>> loras,
        List<Path> logs) {
    /** Copies the lists. */
    public Recipe {
        ingredients = List.copyOf(ingredients);
        loras = List.copyOf(loras);
        logs = List.copyOf(logs);
    }
}
