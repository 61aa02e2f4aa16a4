package daumier.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.tests.fuzz.Fuzz;
import daumier.tests.fuzz.FuzzTarget;
import daumier.tests.fuzz.HeaderTarget;
import daumier.tests.fuzz.LoraFileTarget;
import daumier.tests.fuzz.PictureTarget;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few thousand of the million inputs of {@link FuzzTool}. */
@Tag("fuzz")
class FuzzTest {
    @TempDir private Path folder;

    @Test
    void headersAreReadOrRefused() throws Exception {
        tryOut(new HeaderTarget(folder), 2000);
    }

    @Test
    void loraFilesAreReadOrRefused() throws Exception {
        tryOut(new LoraFileTarget(folder), 600);
    }

    @Test
    void pictureTextsAreReadOrRefused() throws Exception {
        tryOut(new PictureTarget(folder), 300);
    }

    private static void tryOut(FuzzTarget target, int cases) throws Exception {
        try (target) {
            Fuzz fuzz = new Fuzz(target);
            fuzz.run(1, cases, done -> {});
            assertEquals(Map.of(), fuzz.findings());
            assertEquals(cases, fuzz.accepted() + fuzz.refused());
            assertTrue(fuzz.accepted() > cases / 100, "read: " + fuzz.accepted());
            assertTrue(fuzz.refused() > cases / 10, "refused: " + fuzz.refused());
        }
    }
}
