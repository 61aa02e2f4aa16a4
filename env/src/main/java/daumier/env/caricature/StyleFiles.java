package daumier.env.caricature;

import daumier.diffusion.lora.TriggerWords;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.faces.world.Artist;
import daumier.faces.world.Look;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The style LoRAs of a studio by name, and the words that call them. */
final class StyleFiles implements Captions {
    private static final String SUFFIX = ".safetensors";
    private static final String SECOND = "-2";

    private final Map<String, Path> files;
    private final Map<String, String> triggers = new LinkedHashMap<>();

    private StyleFiles(Map<String, Path> files) throws IOException {
        this.files = files;
        for (Map.Entry<String, Path> entry : files.entrySet()) {
            if (!isArtist(entry.getKey())) {
                try (SafetensorsFile file = SafetensorsFile.open(entry.getValue())) {
                    TriggerWords.of(file.metadata())
                            .ifPresent(words -> triggers.put(entry.getKey(), words));
                }
            }
        }
    }

    /**
     * Finds them.
     *
     * @param chosen files or names, or none for all of the pack's
     * @param elsewhere whether the pack is another than the style networks were trained for, so
     *     that none of its LoRAs is one of their artists
     * @throws IllegalArgumentException if one is not there, in one sentence
     */
    static StyleFiles of(Pack pack, List<String> chosen, boolean elsewhere) throws IOException {
        Map<String, Path> own = new LinkedHashMap<>();
        for (Path file : pack.loraFiles()) {
            if (pack.lcmLora().filter(file::equals).isEmpty()) {
                boolean namesake = elsewhere && isArtist(name(file));
                own.put(namesake ? name(file) + SECOND : name(file), file);
            }
        }
        if (chosen.isEmpty()) {
            return new StyleFiles(own);
        }
        Map<String, Path> files = new LinkedHashMap<>();
        for (String wish : chosen) {
            Path file = Path.of(wish);
            String name = name(file);
            if (Files.isRegularFile(file)) {
                // A stranger must not be taken for the artist of the pack who has the same name.
                boolean taken = files.containsKey(name) || own.containsKey(name) || isArtist(name);
                files.put(taken ? name + SECOND : name, file);
            } else if (own.containsKey(name)) {
                files.put(name, own.get(name));
            } else {
                throw new IllegalArgumentException(
                        "There is no style LoRA '%s': name a file, or one of the pack's (%s)."
                                .formatted(
                                        wish,
                                        own.isEmpty()
                                                ? "it has none"
                                                : String.join(", ", own.keySet())));
            }
        }
        return new StyleFiles(files);
    }

    private static String name(Path file) {
        String last = file.getFileName().toString();
        return last.endsWith(SUFFIX) ? last.substring(0, last.length() - SUFFIX.length()) : last;
    }

    private static boolean isArtist(String name) {
        return Artist.all().stream().anyMatch(artist -> artist.word().equals(name));
    }

    /** By name, in order. */
    Map<String, Path> files() {
        return files;
    }

    /** An artist's own words, or those of any caricature, with what calls the LoRA at the end. */
    @Override
    public String of(Subject subject, View view, String style) {
        if (isArtist(style)) {
            return EpisodeSpec.prompt(subject, view, style);
        }
        String words =
                subject.caption(view, Look.PHOTO)
                        .replaceFirst("^" + Look.PHOTO.word(), "caricature");
        return triggers.containsKey(style) ? words + ", " + triggers.get(style) : words;
    }
}
