package daumier.cli.pack.card;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the pack takes on disk. */
final class SizesChapter {
    /** The most that a pack may take. */
    static final long LIMIT = 60_000_000;

    private final Path pack;

    SizesChapter(Path pack) {
        this.pack = pack;
    }

    void measure(Section section) throws IOException {
        Map<String, Long> sizes = sizes();
        List<List<String>> rows = new ArrayList<>();
        long total = 0;
        JsonObject json = new JsonObject();
        for (Map.Entry<String, Long> part : sizes.entrySet()) {
            total += part.getValue();
            rows.add(List.of(part.getKey(), megabytes(part.getValue())));
            json.addProperty(part.getKey(), part.getValue());
        }
        rows.add(List.of("all", megabytes(total)));
        section.table(List.of("part", "MB"), rows);
        section.figure("bytes", json);
        if (total > LIMIT) {
            section.paragraph(
                    "**This is more than the %s MB that a pack may take.**"
                            .formatted(megabytes(LIMIT)));
        }
    }

    /** Bytes by the first part of the path; the card's own texts are not counted. */
    Map<String, Long> sizes() throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(pack)) {
            List<Path> counted =
                    files.filter(Files::isRegularFile)
                            .filter(f -> !PackCard.FILES.contains(f.getFileName().toString()))
                            .toList();
            for (Path file : counted) {
                String part = pack.relativize(file).getName(0).toString();
                sizes.merge(part, Files.size(file), Long::sum);
            }
        }
        return sizes;
    }

    /** Bytes of everything that is counted. */
    long total() throws IOException {
        return sizes().values().stream().mapToLong(Long::longValue).sum();
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f", bytes / 1e6);
    }
}
