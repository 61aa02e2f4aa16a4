package daumier.diffusion.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackSizesTest {
    @TempDir Path folder;

    @Test
    void needNoWeights() throws Exception {
        for (Map.Entry<String, String> file :
                Map.of(
                                "model_index.json",
                                        "{\"_class_name\": \"StableDiffusionPipeline\"}",
                                "scheduler/scheduler_config.json", "{}",
                                "unet/config.json", "{\"sample_size\": 64}",
                                "vae/config.json", "{\"block_out_channels\": [8, 8, 8, 8]}")
                        .entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        try (Pack pack = Pack.open(folder, Device.cpu(), Precision.FP32)) {
            assertEquals(512, pack.pictureSize());
            assertEquals(8, pack.downscale());
            assertEquals(64, pack.pictureUnit());
            assertEquals(new Shape(4, 64, 48), pack.latentShape(384, 512));
            assertThrows(IllegalArgumentException.class, () -> pack.latentShape(500, 512));
            assertThrows(PackException.class, pack::unet);
        }
    }
}
