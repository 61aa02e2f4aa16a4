package daumier.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
        for (Path place : places()) {
            if (Files.isRegularFile(place.resolve("model_index.json"))) {
                return place;
            }
        }
        throw new UserException(
                "This program comes without its pack; name one with --pack, or train it with"
                        + " daumier train-pack.");
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
