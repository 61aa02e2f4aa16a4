package daumier.cli.pack.card;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.cli.run.AtomicFiles;
import daumier.diffusion.nn.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Measures a pack and writes its card: {@code card/MODEL_CARD.md}, {@code card/figures.json} and
 * sheets of pictures. What was measured is kept in the work folder and measured again only when a
 * part of the pack it depends on is newer.
 */
public final class PackCard {
    static final String TEXT = "MODEL_CARD.md";
    static final String FIGURES = "figures.json";
    static final Set<String> FILES = Set.of(TEXT, FIGURES);

    private static final Gson GSON =
            new GsonBuilder().serializeSpecialFloatingPointValues().disableHtmlEscaping().create();

    private final Path pack;
    private final Path kept;
    private final Recipe recipe;
    private final List<Chapter> chapters;
    private final Consumer<String> progress;

    private PackCard(
            Path pack,
            Path kept,
            Recipe recipe,
            List<Chapter> chapters,
            Consumer<String> progress) {
        this.pack = pack;
        this.kept = kept;
        this.recipe = recipe;
        this.chapters = chapters;
        this.progress = progress;
    }

    /**
     * A card to be written.
     *
     * @param pack folder in the diffusers layout
     * @param work folder for what is kept between runs
     * @param people how many held-out people the slower measurements look at, at least 2
     * @param portraits how many the rivals of a policy are tuned and compared on; 0 leaves that
     *     out, for it takes longer than everything else
     * @param precision of the networks while drawing
     * @param progress hears what is measured next
     */
    public static PackCard of(
            Path pack,
            Path work,
            Recipe recipe,
            int people,
            int portraits,
            Precision precision,
            Consumer<String> progress) {
        if (people < 2) {
            throw new IllegalArgumentException("A card looks at two people at least.");
        }
        List<Chapter> chapters = new ArrayList<>();
        chapters.add(new ReconstructionChapter(pack, 2 * people));
        chapters.add(new FollowingChapter(pack, precision, 2 * people, recipe.seed()));
        chapters.add(new FaceNetsChapter(pack));
        chapters.add(new LoraChapter(pack, precision, people, progress));
        chapters.add(new ResponseChapter(pack, precision, people, progress));
        if (portraits > 0) {
            chapters.add(new HeadroomChapter(pack, precision, portraits, progress));
        }
        return new PackCard(pack, work.resolve("card"), recipe, chapters, progress);
    }

    /**
     * Measures what is not measured yet, and writes.
     *
     * @throws IOException if the pack cannot be read or the card not be written
     */
    public void write() throws IOException {
        Path folder = pack.resolve("card");
        Files.createDirectories(folder);
        Files.createDirectories(kept);
        StringBuilder text = new StringBuilder();
        JsonObject figures = new JsonObject();
        Section making = new Section(folder);
        CardText.making(making, recipe);
        text.append(CardText.TOP).append("## How it was made\n\n").append(making.text());
        figures.add("making", making.figures());
        text.append("## What was measured\n\n").append(CardText.MEASURED);
        for (Chapter chapter : chapters) {
            JsonObject one = measured(chapter, folder);
            text.append("### ").append(chapter.title()).append("\n\n");
            text.append(one.get("text").getAsString());
            figures.add(chapter.name(), one.get("figures"));
        }
        Section sizes = new Section(folder);
        SizesChapter last = new SizesChapter(pack);
        last.measure(sizes);
        text.append("### Sizes\n\n").append(sizes.text());
        figures.add("sizes", sizes.figures());
        text.append(CardText.BOTTOM.formatted(recipe.command()));
        AtomicFiles.write(folder.resolve(FIGURES), GSON.toJson(figures) + "\n");
        AtomicFiles.write(folder.resolve(TEXT), text.toString());
        if (last.total() > SizesChapter.LIMIT) {
            progress.accept("the pack is larger than the 60 MB it may take");
        }
        progress.accept("card written to " + folder);
    }

    private JsonObject measured(Chapter chapter, Path folder) throws IOException {
        Section section = new Section(folder);
        List<String> missing =
                chapter.reads().stream().filter(r -> !Files.exists(pack.resolve(r))).toList();
        if (!missing.isEmpty()) {
            section.paragraph(
                    "Not measured: the pack has no " + String.join(", no ", missing) + ".");
            progress.accept(chapter.title() + ": left out, no " + missing.get(0));
            return json(section);
        }
        Path known = kept.resolve(chapter.name() + "-" + chapter.amount() + ".json");
        if (Files.exists(known) && isNewest(known, chapter)) {
            JsonObject json = JsonParser.parseString(Files.readString(known)).getAsJsonObject();
            if (hasSheets(json, folder)) {
                return json;
            }
        }
        progress.accept("measuring: " + chapter.title());
        chapter.measure(section);
        JsonObject json = json(section);
        AtomicFiles.write(known, GSON.toJson(json));
        return json;
    }

    private boolean isNewest(Path known, Chapter chapter) throws IOException {
        FileTime time = Files.getLastModifiedTime(known);
        for (String part : chapter.reads()) {
            if (Files.getLastModifiedTime(pack.resolve(part)).compareTo(time) > 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasSheets(JsonObject json, Path folder) {
        for (JsonElement name : json.getAsJsonArray("sheets")) {
            if (!Files.exists(folder.resolve(name.getAsString()))) {
                return false;
            }
        }
        return true;
    }

    private static JsonObject json(Section section) {
        JsonObject json = new JsonObject();
        json.addProperty("text", section.text());
        json.add("figures", section.figures());
        JsonArray sheets = new JsonArray();
        section.sheets().forEach(sheets::add);
        json.add("sheets", sheets);
        return json;
    }
}
