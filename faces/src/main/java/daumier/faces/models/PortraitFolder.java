package daumier.faces.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder of portraits in which it is known who is who: one folder a person, or files {@code
 * person_anything.jpg} (the person's name ends at the last underscore).
 *
 * @param people the portraits of each person
 */
public record PortraitFolder(Map<String, List<Path>> people) {
    private static final Set<String> PICTURES =
            Set.of("png", "jpg", "jpeg", "webp", "bmp", "tif", "tiff");

    /**
     * Lists a folder.
     *
     * @param folder portraits, or folders of portraits
     * @return who is in it
     * @throws IOException if it is no folder or holds no pictures
     */
    public static PortraitFolder open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is no folder; name a folder of portraits.");
        }
        Map<String, List<Path>> people = new TreeMap<>();
        for (Path entry : sorted(folder)) {
            if (Files.isDirectory(entry)) {
                List<Path> own = sorted(entry).stream().filter(PortraitFolder::picture).toList();
                if (!own.isEmpty()) {
                    people.put(String.valueOf(entry.getFileName()), own);
                }
            } else if (picture(entry)) {
                String stem = ModelCard.stem(entry);
                int end = stem.lastIndexOf('_');
                people.computeIfAbsent(
                                end < 1 ? stem : stem.substring(0, end), n -> new ArrayList<>())
                        .add(entry);
            }
        }
        if (people.isEmpty()) {
            throw new IOException(
                    folder
                            + " holds no portraits; put in a folder for each person, or files"
                            + " PERSON_1.jpg, PERSON_2.jpg.");
        }
        return new PortraitFolder(people);
    }

    private static List<Path> sorted(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    private static boolean picture(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Files.isRegularFile(file)
                && PICTURES.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
