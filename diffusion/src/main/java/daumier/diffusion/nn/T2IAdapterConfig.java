package daumier.diffusion.nn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The configuration of a {@link T2IAdapter} under diffusers' names and with its defaults.
 *
 * @param downscaleFactor by what height and width of the condition are divided before the first
 *     block
 */
public record T2IAdapterConfig(
        int inChannels, List<Integer> channels, int numResBlocks, int downscaleFactor) {
    /**
     * Reads {@code config.json}; unknown keys are ignored.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it asks for a variant that is not implemented
     */
    public static T2IAdapterConfig read(Path fileOrFolder) throws IOException {
        return of(JsonConfig.read(fileOrFolder));
    }

    /** The configuration in a JSON text. */
    public static T2IAdapterConfig parse(String json) {
        return of(JsonConfig.parse(json, "the adapter's configuration"));
    }

    private static T2IAdapterConfig of(JsonConfig c) {
        c.demand(
                "adapter_type",
                "full_adapter is",
                c.text("adapter_type", "full_adapter").equals("full_adapter"));
        return new T2IAdapterConfig(
                c.integer("in_channels", 3),
                c.integers("channels", List.of(320, 640, 1280, 1280)),
                c.integer("num_res_blocks", 2),
                c.integer("downscale_factor", 8));
    }
}
