package daumier.env.caricature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Pack;
import daumier.env.AutoresetMode;
import daumier.env.LaneReset;
import daumier.env.VectorStep;
import daumier.faces.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drawings under a controller that look at a portrait, on an untrained pack. */
class PortraitReferenceTest {
    private static Studio studio;
    private static List<EpisodeSpec> two;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        RandomPack.TINY.write(folder, true, "petal", "noir");
        Pack pack = Pack.open(folder, Device.cpu(), Precision.FP32);
        studio = Studio.of(pack, AnalyticNets.of(0, "petal", "noir"), null);
        two = studio.episodes(Split.TEST).numbered(0, 2);
    }

    @AfterAll
    static void close() {
        studio.close();
    }

    private static PortraitReference seen(double strength, double lowest, double highest) {
        byte[] rgb = new byte[3 * 96 * 96];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * 7 % 251);
        }
        return new PortraitReference(new Picture(96, 96, rgb), strength, lowest, highest, 3);
    }

    private static List<byte[]> draw(Settings settings, List<EpisodeSpec> episodes) {
        try (CaricatureVectorEnvironment lanes =
                new CaricatureVectorEnvironment(
                        studio,
                        settings.withPictures(),
                        studio.episodes(Split.TEST),
                        episodes.size(),
                        AutoresetMode.DISABLED)) {
            List<LaneReset> resets = new ArrayList<>();
            List<double[]> still = new ArrayList<>();
            for (int i = 0; i < episodes.size(); i++) {
                Map<String, Object> options =
                        Map.of(CaricatureVectorEnvironment.EPISODE, episodes.get(i));
                resets.add(new LaneReset(i, OptionalLong.empty(), options));
                still.add(new double[8]);
            }
            lanes.reset(resets);
            VectorStep step = lanes.step(still);
            while (!step.ended(0)) {
                step = lanes.step(still);
            }
            List<byte[]> pictures = new ArrayList<>();
            for (Map<String, Object> info : step.infos()) {
                Outcome outcome = (Outcome) info.get(CaricatureVectorEnvironment.OUTCOME);
                pictures.add(outcome.picture().rgb());
            }
            return pictures;
        }
    }

    private static byte[] one(Settings settings) {
        return draw(settings, two.subList(0, 1)).get(0);
    }

    @Test
    void aReferenceChangesDrawingsByItsStrengthAndOnlyInItsTimesteps() {
        Settings none = Settings.standard();
        byte[] without = one(none);
        byte[] full = one(none.with(seen(1, 0, 1000)));
        assertFalse(Arrays.equals(without, full));
        assertFalse(Arrays.equals(full, one(none.with(seen(0.2, 0, 1000)))));
        assertFalse(Arrays.equals(full, one(none.with(seen(1, 0, 400)))));
        assertArrayEquals(full, one(none.with(seen(1, 0, 1000))));
        assertArrayEquals(without, one(none.with(seen(1, 2000, 3000))));
    }

    @Test
    void allLanesLookAtIt() {
        List<byte[]> without = draw(Settings.standard(), two);
        List<byte[]> with = draw(Settings.standard().with(seen(1, 0, 1000)), two);
        List<byte[]> never = draw(Settings.standard().with(seen(1, 2000, 3000)), two);
        for (int lane = 0; lane < 2; lane++) {
            assertFalse(Arrays.equals(without.get(lane), with.get(lane)));
            assertArrayEquals(without.get(lane), never.get(lane));
        }
    }

    @Test
    void strengthsAndTimestepsThatAreNoneAreRefused() {
        for (double strength : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> seen(strength, 0, 1000));
        }
        assertThrows(IllegalArgumentException.class, () -> seen(1, 700, 200));
        assertThrows(IllegalArgumentException.class, () -> seen(1, Double.NaN, 200));
    }
}
