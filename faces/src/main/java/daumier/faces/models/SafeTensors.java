package daumier.faces.models;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A small safetensors file of float32 tensors, read and written whole.
 *
 * @param tensors by name
 * @param metadata by keyword
 */
record SafeTensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
    private static final int LARGEST_HEADER = 1 << 20;
    private static final long LARGEST = 1L << 30;
    private static final String METADATA = "__metadata__";

    /** Writes the file beside its place and moves it there. */
    void write(Path file) throws IOException {
        JsonObject header = new JsonObject();
        JsonObject words = new JsonObject();
        metadata.forEach(words::addProperty);
        header.add(METADATA, words);
        long offset = 0;
        for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
            JsonObject one = new JsonObject();
            one.addProperty("dtype", "F32");
            JsonArray shape = new JsonArray();
            for (int d : e.getValue().shape()) {
                shape.add(d);
            }
            one.add("shape", shape);
            JsonArray range = new JsonArray();
            range.add(offset);
            offset += 4L * e.getValue().values().length;
            range.add(offset);
            one.add("data_offsets", range);
            header.add(e.getKey(), one);
        }
        StringBuilder json = new StringBuilder(header.toString());
        while (json.toString().getBytes(StandardCharsets.UTF_8).length % 8 != 0) {
            json.append(' ');
        }
        byte[] head = json.toString().getBytes(StandardCharsets.UTF_8);
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path part = Files.createTempFile(folder, ".tensors", ".part");
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                byte[] length = new byte[8];
                little(length).putLong(head.length);
                out.write(length);
                out.write(head);
                for (Tensor t : tensors.values()) {
                    byte[] bytes = new byte[4 * t.values().length];
                    ByteBuffer into = little(bytes);
                    for (double v : t.values()) {
                        into.putFloat((float) v);
                    }
                    out.write(bytes);
                }
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads the header alone.
     *
     * @param file a safetensors file
     * @return its header; empty if it is no such file
     * @throws IOException if it cannot be read
     */
    static JsonObject header(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] first = in.readNBytes(8);
            long length =
                    first.length < 8
                            ? -1
                            : ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (length < 2 || length > LARGEST_HEADER) {
                return new JsonObject();
            }
            byte[] json = in.readNBytes((int) length);
            return JsonParser.parseString(new String(json, StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException(file + " has no readable safetensors header.", e);
        }
    }

    /**
     * Reads a file.
     *
     * @param file float32 tensors only
     * @throws IOException if it is no such file
     */
    static SafeTensors read(Path file) throws IOException {
        JsonObject header = header(file);
        if (Files.size(file) > LARGEST || header.size() == 0) {
            throw new IOException(file + " is no face model in the safetensors form.");
        }
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        long base = 8 + all.getLong(0);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, JsonElement> e : header.entrySet()) {
                JsonObject one = e.getValue().getAsJsonObject();
                if (e.getKey().equals(METADATA)) {
                    one.entrySet()
                            .forEach(w -> metadata.put(w.getKey(), w.getValue().getAsString()));
                    continue;
                }
                JsonArray dims = one.getAsJsonArray("shape");
                int[] shape = new int[dims.size()];
                long size = 1;
                for (int d = 0; d < shape.length; d++) {
                    shape[d] = dims.get(d).getAsInt();
                    size *= shape[d];
                }
                long from = base + one.getAsJsonArray("data_offsets").get(0).getAsLong();
                if (!one.get("dtype").getAsString().equals("F32")
                        || from < base
                        || from + 4 * size > all.capacity()) {
                    throw new IOException(
                            "%s: %s is no whole float32 tensor.".formatted(file, e.getKey()));
                }
                double[] values = new double[(int) size];
                for (int i = 0; i < values.length; i++) {
                    values[i] = all.getFloat((int) from + 4 * i);
                }
                tensors.put(e.getKey(), new Tensor(values, shape));
            }
        } catch (IllegalStateException | NullPointerException | NumberFormatException e) {
            throw new IOException(file + " has no readable safetensors header.", e);
        }
        return new SafeTensors(tensors, metadata);
    }
}
