package daumier.cli;

import daumier.diffusion.nn.PackedCache;
import java.nio.file.Path;

/**
 * Where packed weights of large networks are kept from one program to the next: in the folder that
 * the environment variable {@value #VARIABLE} names, else in {@code .daumier/packed} in the user's
 * home; nowhere if the variable is {@value #NONE}.
 */
public final class PackedWeights {
    /** The environment variable. */
    public static final String VARIABLE = "DAUMIER_CACHE";

    private static final String NONE = "none";

    /** Three packs of Stable Diffusion's size in bfloat16, or two in float32. */
    private static final long MOST_BYTES = 8_000_000_000L;

    private PackedWeights() {}

    /** The cache, or null for none. */
    public static PackedCache cache() {
        String named = System.getenv(VARIABLE);
        if (NONE.equals(named)) {
            return null;
        }
        Path folder =
                named == null || named.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".daumier", "packed")
                        : Path.of(named);
        return new PackedCache(folder, MOST_BYTES);
    }
}
