package daumier.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the pack that comes with the program. */
public final class EmbeddedPack {
    private EmbeddedPack() {}

    /**
     * The pack to use.
     *
     * @param given what the user named, or null for the embedded one
     * @return its folder
     * @throws UserException when the user named none and there is no embedded one
     */
    public static Path orElse(Path given) {
        if (given != null) {
            return given;
        }
        return find().orElseThrow(
                        () ->
                                new UserException(
                                        "This program comes without its pack; name one with --pack,"
                                                + " or train it with daumier train-pack."));
    }

    /** The embedded pack, if the program comes with one. */
    public static Optional<Path> find() {
        return places().stream()
                .filter(place -> Files.isRegularFile(place.resolve("model_index.json")))
                .findFirst();
    }

    /** Beside the sources for the launcher, in the working folder for tests and tools. */
    private static List<Path> places() {
        List<Path> places = new ArrayList<>();
        String home = System.getProperty("daumier.home");
        if (home != null) {
            places.add(Path.of(home, "src", "main", "resources", "pack"));
        }
        places.add(Path.of("src", "main", "resources", "pack"));
        places.add(Path.of("..", "src", "main", "resources", "pack"));
        return places;
    }
}
