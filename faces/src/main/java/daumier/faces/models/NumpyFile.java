package daumier.faces.models;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads NumPy's arrays: .npy, and .npz, a zip of them. Numbers only, no pickled objects. */
final class NumpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final long LARGEST = 1L << 30;
    private static final Pattern DESCR = Pattern.compile("'descr':\\s*'([<>|=]?)([a-z])(\\d+)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([^)]*)\\)");

    private NumpyFile() {}

    /**
     * Reads one array.
     *
     * @param file .npy
     * @throws IOException if it cannot be read or holds anything but numbers
     */
    static Tensor array(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + " is larger than 1 GB; that is no face model.");
        }
        return parse(Files.readAllBytes(file), file.toString());
    }

    /**
     * Reads all arrays.
     *
     * @param file .npz
     * @return by name, without {@code .npy}
     * @throws IOException if it cannot be read or holds anything but numbers
     */
    static Map<String, Tensor> arrays(Path file) throws IOException {
        Map<String, Tensor> all = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
                ZipEntry entry = e.nextElement();
                if (entry.getSize() > LARGEST) {
                    throw new IOException(file + " holds more than 1 GB; that is no face model.");
                }
                String name = entry.getName().replaceFirst("\\.npy$", "");
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                all.put(name, parse(bytes, file + ", " + name));
            }
        }
        return all;
    }

    private static Tensor parse(byte[] bytes, String name) throws IOException {
        for (int i = 0; i < MAGIC.length; i++) {
            if (bytes.length < 12 || bytes[i] != MAGIC[i]) {
                throw new IOException(name + " is no NumPy array.");
            }
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean old = bytes[6] == 1;
        int from = old ? 10 : 12;
        long length = old ? in.getShort(8) & 0xffff : in.getInt(8) & 0xffffffffL;
        if (from + length > bytes.length) {
            throw new IOException(name + " is cut short; copy it again.");
        }
        String header = new String(bytes, from, (int) length, StandardCharsets.ISO_8859_1);
        Matcher descr = DESCR.matcher(header);
        Matcher order = ORDER.matcher(header);
        Matcher sizes = SHAPE.matcher(header);
        if (!descr.find() || !order.find() || !sizes.find()) {
            throw new IOException(name + " holds no plain numbers; save it as float32.");
        }
        String[] parts = sizes.group(1).isBlank() ? new String[0] : sizes.group(1).split(",", -1);
        int[] shape =
                java.util.Arrays.stream(parts)
                        .map(String::strip)
                        .filter(s -> !s.isEmpty())
                        .mapToInt(Integer::parseInt)
                        .toArray();
        int total = 1;
        for (int d : shape) {
            total = Math.multiplyExact(total, d);
        }
        in.position((int) (from + length));
        in.order(descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[total];
        try {
            for (int i = 0; i < total; i++) {
                values[i] = number(in, descr.group(2) + descr.group(3), name);
            }
        } catch (BufferUnderflowException e) {
            throw new IOException(name + " is cut short; copy it again.", e);
        }
        return order.group(1).equals("True") ? reordered(values, shape) : new Tensor(values, shape);
    }

    private static double number(ByteBuffer in, String type, String name) throws IOException {
        return switch (type) {
            case "f4" -> in.getFloat();
            case "f8" -> in.getDouble();
            case "i4" -> in.getInt();
            case "i8" -> in.getLong();
            case "u4" -> in.getInt() & 0xffffffffL;
            case "i2" -> in.getShort();
            case "u2" -> in.getShort() & 0xffff;
            case "u1" -> in.get() & 0xff;
            case "i1" -> in.get();
            default ->
                    throw new IOException(
                            name + " holds numbers of the type " + type + "; save it as float32.");
        };
    }

    private static Tensor reordered(double[] values, int[] shape) {
        double[] out = new double[values.length];
        int[] at = new int[shape.length];
        for (double v : values) {
            int to = 0;
            for (int d = 0; d < shape.length; d++) {
                to = to * shape[d] + at[d];
            }
            out[to] = v;
            // In Fortran's order the first index runs fastest.
            for (int d = 0; d < shape.length && ++at[d] == shape[d]; d++) {
                at[d] = 0;
            }
        }
        return new Tensor(out, shape);
    }
}
