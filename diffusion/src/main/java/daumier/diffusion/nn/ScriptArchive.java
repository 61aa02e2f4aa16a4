package daumier.diffusion.nn;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Wraps TorchScript source text into the archive that {@code torch.jit.load} reads: a zip of stored
 * entries with a pickled, empty module object and its code.
 */
public final class ScriptArchive {
    private static final String FOLDER = "kernels/";
    private static final String CLASS_NAME = "Kernels";

    private ScriptArchive() {}

    /** The archive of a module without parameters whose class is the one in {@code source}. */
    public static byte[] of(String source) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                store(zip, "data.pkl", pickledModule());
                store(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
                store(zip, "constants.pkl", ascii("\u0080\u0002)."));
                store(zip, "version", ascii("3\n"));
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String resource(String name) {
        return resource(ScriptArchive.class, name);
    }

    /** The text of a resource that stands beside a class. */
    public static String resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the resource " + name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Pickle protocol 2: {@code __torch__.Kernels.__new__(); __setstate__({"training": False})}.
     */
    private static byte[] pickledModule() {
        return ascii(
                "\u0080\u0002c__torch__\n"
                        + CLASS_NAME
                        + "\nq\u0000)\u0081}(X\u0008\u0000\u0000\u0000trainingq\u0001\u0089ub.");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(FOLDER + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
