package daumier.cli.pack.card;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the face networks' own cards and the meter's table say, gathered. */
final class FaceNetsChapter implements Chapter {
    private static final String TABLE = "meter-table.txt";
    private static final Pattern CORRELATION =
            Pattern.compile("correlation of the two meters' errors by region: (\\[.*])");

    private final Path faces;

    FaceNetsChapter(Path pack) {
        faces = pack.resolve("faces");
    }

    @Override
    public String name() {
        return "faces";
    }

    @Override
    public String amount() {
        return "all";
    }

    @Override
    public String title() {
        return "Face networks";
    }

    @Override
    public List<String> reads() {
        return List.of("faces/" + TABLE);
    }

    @Override
    public void measure(Section section) throws IOException {
        section.paragraph(
                "Measured on portraits that were held out when the networks were trained. Judges differ from"
                        + " the reward's networks in seed, architecture and portraits, and no reward sees them."
                        + " The judges' landmarks are the mean of nine looks.");
        List<List<String>> landmarks = new ArrayList<>();
        List<List<String>> identity = new ArrayList<>();
        List<List<String>> style = new ArrayList<>();
        for (JsonObject card : cards()) {
            section.figure(text(card, "name"), card);
            switch (text(card, "kind")) {
                case "landmarks" -> landmarks.add(landmarks(card));
                case "identity" -> identity.add(identity(card));
                case "style" -> styles(style, card);
                default -> section.paragraph("Unknown: " + text(card, "name") + ".");
            }
        }
        section.table(
                List.of(
                        "landmarks",
                        "parameters",
                        "steps",
                        "CPU min",
                        "photographs, px",
                        "of the eyes' distance",
                        "drawings, px",
                        "of the eyes' distance"),
                landmarks);
        section.table(
                List.of(
                        "identity",
                        "parameters",
                        "steps",
                        "CPU min",
                        "same person",
                        "look-alike",
                        "stranger",
                        "recognisable from",
                        "AUC stranger",
                        "AUC look-alike"),
                identity);
        section.paragraph(
                "Style level read (mean ± standard deviation) from mixtures of a photograph and an artist's drawing"
                        + " at known levels, and the largest level read for an artist who is not there.");
        section.table(
                List.of("style", "artist", "0", "0.25", "0.5", "0.75", "1", "wrong artist"), style);
        meter(section);
    }

    private void meter(Section section) throws IOException {
        String table = Files.readString(faces.resolve(TABLE));
        section.paragraph(
                "The meter, by look and region: slope / noise (bias) of what is read on what is true, in units of"
                        + " the median subject's own displacement, on renders it was not calibrated with. A star marks"
                        + " what is not measured well enough to be paid for: slope 0.9 to 1.1, noise at most 0.25.");
        section.verbatim(table);
        Matcher correlation = CORRELATION.matcher(table);
        if (correlation.find()) {
            section.figure("judge_error_correlation", JsonParser.parseString(correlation.group(1)));
        }
    }

    private List<JsonObject> cards() throws IOException {
        List<JsonObject> cards = new ArrayList<>();
        try (Stream<Path> files = Files.list(faces)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
                if (json.has("kind") && json.has("name")) {
                    cards.add(json);
                }
            }
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException(faces + " holds a card that is no JSON object.", e);
        }
        return cards;
    }

    private static List<String> landmarks(JsonObject card) {
        return List.of(
                text(card, "name"),
                text(card, "parameters"),
                text(card, "steps"),
                minutes(card),
                text(card, "errorPhoto", "allPixels"),
                text(card, "errorPhoto", "interOcular"),
                text(card, "errorDrawn", "allPixels"),
                text(card, "errorDrawn", "interOcular"));
    }

    private static List<String> identity(JsonObject card) {
        return List.of(
                text(card, "name"),
                text(card, "parameters"),
                text(card, "steps"),
                minutes(card),
                text(card, "calibration", "samePerson"),
                text(card, "calibration", "lookAlike"),
                text(card, "calibration", "stranger"),
                text(card, "calibration", "recognisable"),
                text(card, "calibration", "aucStranger"),
                text(card, "calibration", "aucLookAlike"));
    }

    private static void styles(List<List<String>> rows, JsonObject card) {
        if (!card.has("byArtist")) {
            return;
        }
        for (Map.Entry<String, JsonElement> one : card.getAsJsonObject("byArtist").entrySet()) {
            List<String> row = new ArrayList<>(List.of(text(card, "name"), one.getKey()));
            JsonObject artist = one.getValue().getAsJsonObject();
            for (JsonElement level : artist.getAsJsonArray("levelMeanDeviation")) {
                JsonArray values = level.getAsJsonArray();
                Statistic read =
                        new Statistic(values.get(1).getAsDouble(), values.get(2).getAsDouble(), 0);
                row.add(read.text(2));
            }
            row.add(text(artist, "largestWrongArtist"));
            rows.add(row);
        }
    }

    private static String minutes(JsonObject card) {
        return card.has("processorSeconds")
                ? Long.toString(Math.round(card.get("processorSeconds").getAsDouble() / 60))
                : "–";
    }

    /** A value down a path of keys; a dash where there is none. */
    private static String text(JsonObject json, String... path) {
        JsonElement at = json;
        for (String key : path) {
            if (at == null || !at.isJsonObject()) {
                return "–";
            }
            at = at.getAsJsonObject().get(key);
        }
        if (at == null || !at.isJsonPrimitive()) {
            return "–";
        }
        boolean fraction = at.getAsString().contains(".");
        return fraction ? String.format(Locale.ROOT, "%.3f", at.getAsDouble()) : at.getAsString();
    }
}
