package daumier.cli.pack.card;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import daumier.cli.picture.PictureFile;
import daumier.cli.picture.Sheet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One section of the card being written: text, figures, and sheets beside it. */
final class Section {
    /** Sheets are part of the pack, whose size has a limit. */
    private static final float QUALITY = 0.6f;

    private final Path folder;
    private final StringBuilder text = new StringBuilder();
    private final JsonObject figures = new JsonObject();
    private final List<String> sheets = new ArrayList<>();

    /**
     * An empty section.
     *
     * @param folder where its sheets are written
     */
    Section(Path folder) {
        this.folder = folder;
    }

    Section paragraph(String words) {
        text.append(words).append("\n\n");
        return this;
    }

    /** A table; cells must not contain the character {@code |}. */
    Section table(List<String> head, List<List<String>> rows) {
        line(head);
        line(head.stream().map(h -> "---").toList());
        rows.forEach(this::line);
        text.append('\n');
        return this;
    }

    private void line(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Text as it is, in one width. */
    Section verbatim(String words) {
        text.append("```text\n").append(words.stripTrailing()).append("\n```\n\n");
        return this;
    }

    /** Writes a sheet and shows it. */
    Section sheet(String name, Sheet sheet, String words) throws IOException {
        Files.createDirectories(folder);
        String file = name + ".jpg";
        PictureFile.writeJpeg(folder.resolve(file), sheet.draw(), QUALITY);
        sheets.add(file);
        text.append("![").append(words).append("](").append(file).append(")\n\n");
        return this;
    }

    Section figure(String name, JsonElement value) {
        figures.add(name, value);
        return this;
    }

    String text() {
        return text.toString();
    }

    /** Files of its sheets, in the folder. */
    List<String> sheets() {
        return sheets;
    }

    JsonObject figures() {
        return figures;
    }
}
