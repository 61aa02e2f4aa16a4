package daumier.env.caricature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Pack;
import daumier.env.AutoresetMode;
import daumier.env.StepResult;
import daumier.env.VectorStep;
import daumier.faces.MeterTarget;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How exaggeration acts on the picture: by the map, by warps, in the regions that can be measured.
 */
class MeansTest {
    private static final Settings STANDARD = Settings.standard();
    private static TinyRoom room;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        room = new TinyRoom(folder);
    }

    @AfterAll
    static void close() {
        room.close();
    }

    @Test
    void whatCannotBeMeasuredIsNeitherSteeredNorPaidFor() {
        boolean[] trusted = {true, false, true, false, true, true};
        FaceNets nets = AnalyticNets.trusting(trusted, TinyRoom.nets());
        try (Studio some = Studio.of(room.pack(), nets, null);
                CaricatureVectorEnvironment lanes =
                        new CaricatureVectorEnvironment(
                                some,
                                STANDARD,
                                some.episodes(Split.TRAIN),
                                1,
                                AutoresetMode.DISABLED)) {
            for (EpisodeSpec spec : some.episodes(Split.TRAIN).numbered(0, 60)) {
                assertEquals(0, spec.intent()[1]);
                assertEquals(0, spec.intent()[3]);
            }
            double[] asked = {0.8, 1.1, 0, 0, 0, 0};
            EpisodeSpec spec = some.episodes(Split.TRAIN).numbered(0).withIntent(asked);
            TinyRoom.begin(lanes, List.of(spec));
            double[] everything = new double[Move.SPACE.size()];
            Arrays.fill(everything, 1);
            double[] after = lanes.step(List.of(everything)).observations()[0];
            double[] effort = Observation.SPACE.slice(after, "effort");
            assertEquals(1.1, effort[1], 1e-9);
            assertEquals(0, effort[3]);
            assertTrue(effort[2] > 0);
            assertEquals(0.8, Observation.SPACE.slice(after, "intent")[0], 1e-9);
            assertEquals(0, Observation.SPACE.slice(after, "intent")[1]);
            assertEquals(0, Observation.SPACE.slice(after, "achieved")[1]);
            assertEquals(0, Observation.SPACE.slice(after, "error")[1]);
        }
    }

    @Test
    void effortAndWeightAndWarpChangeThePicture() throws Exception {
        double[] quiet = {0, 0, 0, 0, 0, 0, -1, 0};
        double[] pushed = {1, 1, 1, 1, 1, 1, -1, 0};
        double[] styled = {0, 0, 0, 0, 0, 0, 1, 0};
        Settings pictures = STANDARD.withPictures();
        byte[] plain = draw(room.studio(), pictures, quiet);
        assertNotEquals(0, difference(plain, draw(room.studio(), pictures, pushed)));
        assertNotEquals(0, difference(plain, draw(room.studio(), pictures, styled)));
        Settings warped = pictures.withMeans(Settings.Means.WARP);
        assertEquals(0, difference(plain, draw(room.studio(), warped, quiet)));
        assertNotEquals(0, difference(plain, draw(room.studio(), warped, pushed)));
        Path bare = room.folder().resolve("bare");
        RandomPack.TINY.write(bare, false, "petal", "noir");
        try (Studio without =
                Studio.of(Pack.open(bare, Device.cpu(), Precision.FP32), TinyRoom.nets(), null)) {
            assertNotEquals(
                    0, difference(draw(without, pictures, quiet), draw(without, pictures, pushed)));
        }
    }

    @Test
    void whatIsAskedBeforeThereIsAnEstimateToWarpIsAskedAgain() {
        double[] pushed = {1, 1, 1, 1, 1, 1, -1, 0};
        EpisodeSpec spec = room.episodes().numbered(0);
        Settings warped = STANDARD.withMeans(Settings.Means.WARP);
        try (CaricatureVectorEnvironment one = room.lanes(1, AutoresetMode.DISABLED, warped)) {
            TinyRoom.begin(one, List.of(spec));
            double[] first = one.step(List.of(pushed)).observations()[0];
            assertArrayEquals(new double[6], Observation.SPACE.slice(first, "effort"));
            double[] second = one.step(List.of(pushed)).observations()[0];
            for (double effort : Observation.SPACE.slice(second, "effort")) {
                assertTrue(effort > 0, "effort " + effort);
            }
        }
    }

    private static byte[] draw(Studio in, Settings settings, double[] action) {
        try (CaricatureEnvironment one = new CaricatureEnvironment(in, settings, room.episodes())) {
            one.reset(OptionalLong.of(3), Map.of());
            StepResult step = one.step(action);
            while (!step.terminated()) {
                step = one.step(action);
            }
            Outcome outcome = (Outcome) step.info().get(CaricatureVectorEnvironment.OUTCOME);
            assertNull(outcome.judged());
            return outcome.picture().rgb();
        }
    }

    @Test
    void aFaceIsWarpedFurtherWhereEffortHasNoRoom() {
        double[] quiet = {0, 0, 0, 0, 0, 0, -1, 0};
        double[] pushed = {1, 1, 1, 1, 1, 1, -1, 0};
        EpisodeSpec spec = room.episodes().numbered(0).withAdapterScale(0);
        byte[][] pictures = new byte[2][];
        for (int i = 0; i < 2; i++) {
            try (CaricatureVectorEnvironment one =
                    room.lanes(1, AutoresetMode.DISABLED, STANDARD.withPictures())) {
                TinyRoom.begin(one, List.of(spec));
                one.step(List.of(pushed));
                double[] full = one.step(List.of(pushed)).observations()[0];
                VectorStep step = one.step(List.of(i == 0 ? quiet : pushed));
                assertArrayEquals(
                        Observation.SPACE.slice(full, "effort"),
                        Observation.SPACE.slice(step.observations()[0], "effort"));
                pictures[i] = picture(TinyRoom.finish(one, List.of(quiet)), 0);
            }
        }
        assertNotEquals(0, difference(pictures[0], pictures[1]));
    }

    @Test
    void theMapIsFollowedAsStrictlyAsTheEpisodeSays() {
        double[] quiet = {0, 0, 0, 0, 0, 0, -1, 0};
        double[] pushed = {1, 1, 1, 1, 1, 1, -1, 0};
        EpisodeSpec strict = room.episodes().numbered(0).withAdapterScale(1);
        EpisodeSpec loose = strict.withAdapterScale(0.5);
        EpisodeSpec free = strict.withAdapterScale(0);
        assertEquals(0, difference(drawn(free, quiet), drawn(free, pushed)));
        assertNotEquals(0, difference(drawn(loose, quiet), drawn(loose, pushed)));
        assertNotEquals(0, difference(drawn(strict, pushed), drawn(loose, pushed)));
        // Lanes of one batch have their own scales.
        try (CaricatureVectorEnvironment two = room.lanes(2, AutoresetMode.DISABLED, byMap())) {
            TinyRoom.begin(two, List.of(free, strict));
            VectorStep step = TinyRoom.finish(two, List.of(pushed, pushed));
            assertNear(drawn(free, pushed), picture(step, 0));
            assertNear(drawn(strict, pushed), picture(step, 1));
        }
        Set<Double> scales = new HashSet<>();
        for (EpisodeSpec spec : room.episodes().numbered(0, 20)) {
            assertTrue(spec.adapterScale() >= 0.5 && spec.adapterScale() <= 1);
            scales.add(spec.adapterScale());
        }
        assertEquals(20, scales.size());
    }

    private static Settings byMap() {
        return STANDARD.withPictures().withMeans(Settings.Means.ADAPTER);
    }

    private byte[] drawn(EpisodeSpec spec, double[] action) {
        try (CaricatureVectorEnvironment one = room.lanes(1, AutoresetMode.DISABLED, byMap())) {
            TinyRoom.begin(one, List.of(spec));
            VectorStep step = TinyRoom.finish(one, List.of(action));
            return picture(step, 0);
        }
    }

    private static byte[] picture(VectorStep step, int lane) {
        return TinyRoom.outcome(step, lane).picture().rgb();
    }

    /** Alike but for rounding. */
    private static void assertNear(byte[] expected, byte[] actual) {
        for (int i = 0; i < expected.length; i++) {
            assertTrue(Math.abs((expected[i] & 0xff) - (actual[i] & 0xff)) <= 1);
        }
    }

    private static int difference(byte[] a, byte[] b) {
        int different = 0;
        for (int i = 0; i < a.length; i++) {
            different += a[i] == b[i] ? 0 : 1;
        }
        return different;
    }

    @Test
    void aWarpBeginsWithThePictureThatWasSeenBeforeIt() {
        List<EpisodeSpec> specs = room.episodes().numbered(0, 2);
        List<Photographs> people = Photographs.take(specs, room.studio().renderers(), false);
        List<Sitter> sitters = Sitter.of(people, room.studio().nets(), room.studio().renderers());
        Easel easel = new Easel(room.studio(), STANDARD);
        List<Lane> lanes = easel.begin(people, sitters, List.of());
        draw(easel, lanes, 0.5);
        for (Lane lane : lanes) {
            float[] kept = lane.decoded().toFloatArray();
            try (NDManager scratch = room.studio().manager().newSubManager()) {
                NDArray estimate = lane.state().x0().orElseThrow().duplicate();
                estimate.attach(scratch);
                NDArray again = room.studio().pack().decode(estimate);
                assertArrayEquals(again.toFloatArray(), kept, 1e-4f);
            }
        }
        lanes.get(0).replace(lanes.get(0).state().copy());
        assertNull(lanes.get(0).decoded());
        draw(easel, lanes, 1);
        assertNull(lanes.get(1).decoded());
        Easel unwarped = new Easel(room.studio(), byMap());
        List<Lane> others = unwarped.begin(people, sitters, List.of());
        draw(unwarped, others, 0.5);
        others.forEach(lane -> assertNull(lane.decoded()));
        lanes.forEach(Lane::close);
        others.forEach(Lane::close);
    }

    private static final double[] NOTHING = new double[MeterTarget.REGIONS.size()];

    private static void draw(Easel easel, List<Lane> lanes, double goal) {
        easel.draw(lanes.stream().map(lane -> new Stroke(lane, goal, NOTHING)).toList());
    }
}
