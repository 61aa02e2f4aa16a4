package daumier.faces.models;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an ONNX file is and how it wants to be used. The user's word comes first: a JSON file of the
 * same name beside it ({@code "kind"}: {@code detector}, {@code identity} or {@code landmarks}, and
 * the fields of {@link Preprocessing}); then what is known of files by their fingerprint; then what
 * the file's own inputs and outputs tell.
 *
 * @param kind what it does
 * @param file the network
 * @param fingerprint SHA-256 of the file
 * @param card the user's or the known card; empty where neither speaks
 */
record ModelCard(Kind kind, Path file, String fingerprint, JsonObject card) {
    /** Mean of 0 to 255 about its middle: what InsightFace does to networks that do not scale. */
    static final double MIDDLE = 127.5;

    /** What networks do. */
    enum Kind {
        /** YuNet. */
        DETECTOR,
        /** An aligned face of 112 x 112 to a vector. */
        IDENTITY,
        /** A cropped face to 68 points. */
        LANDMARKS
    }

    /**
     * Recognises a file.
     *
     * @param file ends in .onnx
     * @return what it is; empty if it is something else
     * @throws IOException if the file cannot be read or its card is wrong
     */
    static Optional<ModelCard> of(Path file) throws IOException {
        String fingerprint = fingerprint(file);
        JsonObject card = beside(file).or(() -> known(fingerprint)).orElseGet(JsonObject::new);
        if (card.has("kind")) {
            String kind = card.get("kind").getAsString();
            for (Kind k : Kind.values()) {
                if (k.name().equalsIgnoreCase(kind)) {
                    return Optional.of(new ModelCard(k, file, fingerprint, card));
                }
            }
            throw new IOException(
                    "The card beside %s calls it \"%s\": kinds are detector, identity, landmarks."
                            .formatted(file, kind));
        }
        return told(OnnxHeader.read(file))
                .map(kind -> new ModelCard(kind, file, fingerprint, card));
    }

    private static Optional<Kind> told(OnnxHeader header) {
        if (header.inputs().size() != 1 || header.outputs().isEmpty()) {
            return Optional.empty();
        }
        List<String> outputs = header.outputs().stream().map(OnnxHeader.Value::name).toList();
        if (outputs.contains("kps_8") && outputs.contains("cls_32")) {
            return Optional.of(Kind.DETECTOR);
        }
        List<Long> in = header.inputs().get(0).shape();
        if (in.size() != 4 || in.get(1) != 3) {
            return Optional.empty();
        }
        OnnxHeader.Value out = header.outputs().get(0);
        boolean heat = out.shape().size() == 4 && out.shape().get(1) == 68;
        if (out.size() == 136 || heat) {
            return Optional.of(Kind.LANDMARKS);
        }
        boolean vector = out.shape().size() == 2 && out.last() >= 64 && out.last() <= 2048;
        boolean face = in.get(2) == 112 && in.get(3) == 112;
        return face && vector ? Optional.of(Kind.IDENTITY) : Optional.empty();
    }

    /**
     * How the network wants its pixels: as the card says, otherwise as InsightFace finds out: a
     * network that begins by subtracting and multiplying scales by itself, any other wants {@code
     * (value - 127.5) / 127.5}.
     *
     * @throws IOException if the card is wrong
     */
    Preprocessing preprocessing() throws IOException {
        OnnxHeader header = OnnxHeader.read(file);
        List<Long> in = header.inputs().get(0).shape();
        int side = in.size() == 4 && in.get(2) > 0 ? (int) (long) in.get(2) : 112;
        boolean sub = false;
        boolean mul = false;
        for (OnnxHeader.Node node : header.first()) {
            String name = node.name().toLowerCase(Locale.ROOT);
            sub |= node.type().equals("Sub") || name.startsWith("sub") || name.equals("bn_data");
            mul |= node.type().equals("Mul") || name.startsWith("mul") || name.equals("bn_data");
        }
        Preprocessing found =
                kind == Kind.LANDMARKS
                        ? Preprocessing.uniform(side, 0, 255)
                        : sub && mul
                                ? Preprocessing.uniform(side, 0, 1)
                                : Preprocessing.uniform(side, MIDDLE, MIDDLE);
        try {
            return Preprocessing.of(card, found);
        } catch (IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException e) {
            throw new IOException("The card beside " + file + " is wrong: " + e.getMessage(), e);
        }
    }

    /** The file's name without its ending. */
    String name() {
        return stem(file);
    }

    /** A file's name without its ending. */
    static String stem(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot < 1 ? name : name.substring(0, dot);
    }

    /** The user's card of a model. */
    static Optional<JsonObject> beside(Path file) throws IOException {
        Path card = file.resolveSibling(stem(file) + ".json");
        if (!Files.isRegularFile(card)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonParser.parseString(Files.readString(card)).getAsJsonObject());
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException(card + " is no JSON object; mend or remove it.", e);
        }
    }

    /** Public networks that do not tell how they want their pixels. */
    private static Optional<JsonObject> known(String fingerprint) {
        try (InputStream in = ModelCard.class.getResourceAsStream("known-models.json");
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            JsonObject all = JsonParser.parseReader(reader).getAsJsonObject();
            return Optional.ofNullable(all.getAsJsonObject(fingerprint));
        } catch (IOException e) {
            throw new IllegalStateException("The table of known models cannot be read.", e);
        }
    }

    private static String fingerprint(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java without SHA-256.", e);
        }
    }
}
