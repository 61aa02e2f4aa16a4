package daumier.faces.nets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
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
 * Small safetensors files (a few megabytes) of float tensors, read and written whole. The format:
 * eight bytes little-endian header length, a JSON header, then the tensors' bytes.
 */
final class TensorFile {
    private static final int LARGEST_HEADER = 1 << 20;

    private TensorFile() {}

    /**
     * Writes float32 arrays, as F32 or rounded to F16, beside the target and moves them into place.
     *
     * @param path the file
     * @param tensors float32 arrays by name; the order is kept
     * @param half whether to store F16
     * @throws IOException if the file cannot be written
     */
    static void write(Path path, Map<String, NDArray> tensors, boolean half) throws IOException {
        JsonObject header = new JsonObject();
        int size = half ? 2 : 4;
        long offset = 0;
        for (Map.Entry<String, NDArray> e : tensors.entrySet()) {
            Shape shape = e.getValue().getShape();
            JsonObject info = new JsonObject();
            info.addProperty("dtype", half ? "F16" : "F32");
            JsonArray dims = new JsonArray();
            for (long d : shape.getShape()) {
                dims.add(d);
            }
            info.add("shape", dims);
            JsonArray range = new JsonArray();
            range.add(offset);
            offset += shape.size() * size;
            range.add(offset);
            info.add("data_offsets", range);
            header.add(e.getKey(), info);
        }
        StringBuilder json = new StringBuilder(header.toString());
        while (json.length() % 8 != 0) {
            json.append(' ');
        }
        byte[] head = json.toString().getBytes(StandardCharsets.UTF_8);
        Path folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path part = folder.resolve(path.getFileName() + ".part");
        try (OutputStream out = Files.newOutputStream(part)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            out.write(length.putLong(head.length).array());
            out.write(head);
            for (NDArray a : tensors.values()) {
                try (NDArray stored = a.toType(half ? DataType.FLOAT16 : DataType.FLOAT32, true)) {
                    ByteBuffer bytes = stored.toByteBuffer();
                    byte[] copy = new byte[bytes.remaining()];
                    bytes.get(copy);
                    out.write(copy);
                }
            }
        }
        Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Reads a file written by {@link #write}, or any small safetensors file of F32 and F16.
     *
     * @param path the file
     * @param manager what the arrays are attached to
     * @return float32 arrays by name, in the order of the header
     * @throws IOException if the file is missing or no safetensors file of float tensors
     */
    static Map<String, NDArray> read(Path path, NDManager manager) throws IOException {
        byte[] all = Files.readAllBytes(path);
        ByteBuffer file = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        long head = all.length < 8 ? -1 : file.getLong(0);
        if (head < 2 || head > LARGEST_HEADER || 8 + head > all.length) {
            throw new IOException(path + " is no safetensors file: its header does not fit.");
        }
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try {
            String json = new String(all, 8, (int) head, StandardCharsets.UTF_8);
            JsonObject header = JsonParser.parseString(json).getAsJsonObject();
            for (Map.Entry<String, JsonElement> e : header.entrySet()) {
                if (!e.getKey().equals("__metadata__")) {
                    JsonObject info = e.getValue().getAsJsonObject();
                    tensors.put(e.getKey(), tensor(path, file, (int) head + 8, info, manager));
                }
            }
        } catch (JsonParseException | IllegalStateException | NumberFormatException e) {
            throw new IOException(path + " has a header that is no safetensors header.", e);
        }
        return tensors;
    }

    private static NDArray tensor(
            Path path, ByteBuffer file, int base, JsonObject info, NDManager manager)
            throws IOException {
        JsonArray dims = info.getAsJsonArray("shape");
        long[] shape = new long[dims.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dims.get(i).getAsLong();
        }
        JsonArray range = info.getAsJsonArray("data_offsets");
        long begin = range.get(0).getAsLong();
        long end = range.get(1).getAsLong();
        String type = info.get("dtype").getAsString();
        int size = type.equals("F16") ? 2 : type.equals("F32") ? 4 : 0;
        Shape djlShape = new Shape(shape);
        if (size == 0 || begin < 0 || end - begin != djlShape.size() * size) {
            throw new IOException(path + " holds a tensor that is no whole F32 or F16 tensor.");
        }
        if (base + end > file.capacity()) {
            throw new IOException(path + " is cut short: a tensor ends after the file does.");
        }
        float[] values = new float[(int) djlShape.size()];
        for (int i = 0; i < values.length; i++) {
            int at = base + (int) begin + i * size;
            values[i] = size == 4 ? file.getFloat(at) : halfToFloat(file.getShort(at));
        }
        return manager.create(values, djlShape);
    }

    /** IEEE 754 binary16 to binary32. */
    static float halfToFloat(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float subnormal = fraction * 0x1p-24f;
            return sign == 0 ? subnormal : -subnormal;
        }
        int widened = exponent == 31 ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | widened << 23 | fraction << 13);
    }
}
