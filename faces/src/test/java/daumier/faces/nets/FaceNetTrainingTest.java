package daumier.faces.nets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Makes all networks with next to no training, and uses them. */
@Tag("slow")
final class FaceNetTrainingTest {
    @Test
    void everyNetworkIsMadeAndCanBeUsed(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("faces");
        FaceNetSettings settings = new FaceNetSettings(folder.resolve("work"), out, 5, 0.004, 1);
        new FaceNetTraining(settings, TrainingProgress.silent()).run();
        long size = 0;
        try (var files = Files.list(out)) {
            for (Path p : (Iterable<Path>) files::iterator) {
                size += Files.size(p);
            }
        }
        assertTrue(size < 25_000_000, "the networks take " + size + " bytes");
        Picture portrait =
                new FaceRenderer()
                        .render(Subject.sample(new Random(1)), View.neutral(), Look.PHOTO)
                        .picture();
        try (NDManager manager = NDManager.newBaseManager();
                FaceNetworks nets = FaceNetworks.open(out, manager)) {
            float[] e = nets.identity().embed(portrait);
            assertEquals(1, IdentityNet.cosine(e, e), 1e-4);
            assertEquals(8, nets.style().level(List.of(portrait))[0].length);
            assertTrue(nets.photoLandmarks().locate(portrait).interOcular() > 5);
            assertTrue(nets.judgeIdentity().calibration().recognisable() <= 1);
            assertEquals(6, nets.meter().noise().length);
            var x = manager.create(portrait.toChw(), new Shape(1, 3, 128, 128));
            assertEquals(new Shape(1, 128), nets.identity().embed(x).getShape());
        }
    }
}
