package daumier.faces.models;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.faces.measure.GainCalibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The calibration of gains that lies beside a pack's landmark network, with the fingerprint of the
 * network that it was measured with: another network reads other gains.
 */
public final class NetworkGains {
    private static final String NETWORK = "network";
    private static final String ENDING = ".safetensors";

    private NetworkGains() {}

    /**
     * Where the calibration of a network lies.
     *
     * @param network its .safetensors file
     * @return {@code NAME-gains.json} beside it
     */
    public static Path file(Path network) {
        String name = String.valueOf(network.getFileName());
        String stem =
                name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
        return network.resolveSibling(stem + "-gains.json");
    }

    /**
     * A calibration as text, for the file that {@link #beside} reads.
     *
     * @param gains what was measured
     * @param network the network it was measured with, a .safetensors file
     * @return JSON
     * @throws IOException if the network cannot be read
     */
    public static String json(GainCalibration gains, Path network) throws IOException {
        JsonObject all = new JsonObject();
        all.addProperty(NETWORK, fingerprint(network));
        JsonObject slopes = JsonParser.parseString(gains.json()).getAsJsonObject();
        slopes.entrySet().forEach(e -> all.add(e.getKey(), e.getValue()));
        return new GsonBuilder().setPrettyPrinting().create().toJson(all) + "\n";
    }

    /**
     * The calibration beside a network.
     *
     * @param network its .safetensors file
     * @return empty if there is none, or if it was measured with another network
     * @throws IOException if it cannot be read or is something else
     */
    public static Optional<GainCalibration> beside(Path network) throws IOException {
        Path file = file(network);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        String said;
        try {
            JsonElement json = JsonParser.parseString(Files.readString(file));
            JsonElement name = json.isJsonObject() ? json.getAsJsonObject().get(NETWORK) : null;
            said = name != null && name.isJsonPrimitive() ? name.getAsString() : "";
        } catch (JsonParseException e) {
            throw new IOException(file + " is no calibration of gains; measure it again.", e);
        }
        return said.equals(fingerprint(network))
                ? Optional.of(GainCalibration.read(file))
                : Optional.empty();
    }

    private static String fingerprint(Path network) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(network)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java knows SHA-256.", e);
        }
    }
}
