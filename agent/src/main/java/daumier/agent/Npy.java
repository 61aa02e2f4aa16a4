package daumier.agent;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NumPy's NPY format, version 1.0, for arrays of doubles ({@code <f8}, C order). */
final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final Pattern HEADER =
            Pattern.compile(
                    "\\{'descr': '<f8', 'fortran_order': False, 'shape': \\(([0-9, ]*)\\), \\}\\s*");
    private static final int ALIGNMENT = 64;
    private static final long MAX_VALUES = 1L << 27;

    private Npy() {}

    static void write(NamedArray array, OutputStream out) throws IOException {
        StringBuilder shape = new StringBuilder();
        for (int size : array.shape()) {
            shape.append(size).append(", ");
        }
        StringBuilder header =
                new StringBuilder("{'descr': '<f8', 'fortran_order': False, 'shape': (")
                        .append(shape.toString().strip())
                        .append("), }");
        while ((MAGIC.length + 2 + header.length() + 1) % ALIGNMENT != 0) {
            header.append(' ');
        }
        header.append('\n');
        ByteBuffer buffer =
                ByteBuffer.allocate(MAGIC.length + 2 + header.length() + 8 * array.values().length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(MAGIC).putShort((short) header.length());
        buffer.put(header.toString().getBytes(StandardCharsets.US_ASCII));
        for (double value : array.values()) {
            buffer.putDouble(value);
        }
        out.write(buffer.array());
    }

    static NamedArray read(String name, InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte[] start = data.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2) {
            throw damaged(name);
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (start[i] != MAGIC[i]) {
                throw damaged(name);
            }
        }
        int length = (start[MAGIC.length] & 0xff) | (start[MAGIC.length + 1] & 0xff) << 8;
        Matcher header =
                HEADER.matcher(new String(data.readNBytes(length), StandardCharsets.US_ASCII));
        if (!header.matches()) {
            throw damaged(name);
        }
        int[] shape =
                Pattern.compile(",")
                        .splitAsStream(header.group(1))
                        .map(String::strip)
                        .filter(text -> !text.isEmpty() && text.length() < 10)
                        .mapToInt(Integer::parseInt)
                        .toArray();
        long count = 1;
        for (int size : shape) {
            count *= size;
            if (count > MAX_VALUES) {
                throw damaged(name);
            }
        }
        byte[] bytes = data.readNBytes((int) count * 8);
        if (bytes.length != count * 8) {
            throw damaged(name);
        }
        double[] values = new double[(int) count];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
        return new NamedArray(values, shape);
    }

    private static PolicyFormatException damaged(String name) {
        return new PolicyFormatException(
                "The array '" + name + "' of the policy file is damaged or cut short.");
    }
}
