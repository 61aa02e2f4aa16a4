package daumier.faces.world;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class WorldTest {
    private final FaceRenderer renderer = new FaceRenderer();
    private final ProceduralModel model = renderer.model();

    private static RandomGenerator seeded(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Test
    void sameSeedSamePicture() {
        for (Look look : new Look[] {Look.PHOTO, Look.TOON, Artist.all().get(4)}) {
            RandomGenerator a = seeded(5);
            RandomGenerator b = seeded(5);
            Rendering x = renderer.render(Subject.sample(a), View.sample(a), look);
            Rendering y = new FaceRenderer().render(Subject.sample(b), View.sample(b), look);
            assertArrayEquals(x.picture().rgb(), y.picture().rgb());
            assertEquals(x.landmarks(), y.landmarks());
        }
    }

    @Test
    void projectionIsThatOfTheLandmarks() {
        RandomGenerator rng = seeded(4);
        Subject s = Subject.sample(rng);
        View v = View.sample(rng);
        float[] xy = FaceRenderer.project(model.points(s.shape(), v.expression()), v);
        Landmarks l = renderer.landmarks(s, v);
        for (int i = 0; i < 136; i++) {
            assertEquals(l.xy()[i], xy[i], 1e-3f);
        }
        float[] centre = FaceRenderer.project(new float[3], View.neutral());
        assertArrayEquals(new float[] {63.5f, 58.5f}, centre, 1e-4f);
    }

    @Test
    void landmarksStayInThePicture() {
        RandomGenerator rng = seeded(6);
        for (int i = 0; i < 400; i++) {
            Subject s = Subject.sample(rng).exaggerated(i % 4 * 0.5);
            Landmarks l = renderer.landmarks(s, View.sample(rng));
            for (float c : l.xy()) {
                assertTrue(c > -0.5f && c < 127.5f, "landmark at " + c);
            }
        }
    }

    @Test
    void identityComponentsMoveTheirRegionOnly() {
        double[][] basis = model.identityBasis();
        assertEquals(ProceduralModel.COMPONENTS, basis.length);
        for (int k = 0; k < basis.length; k++) {
            FaceRegion region = model.regionOf(k);
            for (int i = 0; i < 68; i++) {
                double move = Math.hypot(basis[k][3 * i], basis[k][3 * i + 1]);
                if (move > 1e-9) {
                    assertTrue(belongs(region, i), model.names().get(k) + " moves " + i);
                }
            }
        }
    }

    private static boolean belongs(FaceRegion region, int i) {
        return switch (region) {
            case JAW, CHIN -> i < 17;
            case BROWS -> i >= 17 && i < 27;
            case NOSE -> i >= 27 && i < 36;
            case EYES -> i >= 36 && i < 48;
            case MOUTH -> i >= 48;
            case FOREHEAD, EARS -> false;
        };
    }

    @Test
    void everyRegionHasComponents() {
        Set<FaceRegion> seen = new HashSet<>();
        for (int k = 0; k < ProceduralModel.COMPONENTS; k++) {
            seen.add(model.regionOf(k));
        }
        assertEquals(FaceRegion.values().length, seen.size());
    }

    @Test
    void mapIsBetweenZeroAndOneAndEveryChannelIsUsed() {
        RandomGenerator rng = seeded(7);
        Subject s = Subject.sample(rng);
        while (s.hairStyle() != HairStyle.CROP) {
            s = Subject.sample(rng);
        }
        float[] map = renderer.geometryMap(s, View.neutral());
        assertEquals(13 * 128 * 128, map.length);
        for (int c = 0; c < 13; c++) {
            float max = 0;
            for (int i = 0; i < 128 * 128; i++) {
                float v = map[c * 128 * 128 + i];
                assertTrue(v >= 0 && v <= 1);
                max = Math.max(max, v);
            }
            assertTrue(max > 0.5f, "channel " + c);
        }
        float[] again = map.clone();
        renderer.drawLines(renderer.landmarks(s, View.neutral()), again);
        assertArrayEquals(map, again, 1e-4f);
    }

    @Test
    void exaggerationLeadsAwayFromTheMean() {
        RandomGenerator rng = seeded(8);
        for (int i = 0; i < 50; i++) {
            Subject s = Subject.sample(rng);
            double before = norm(s.shape());
            assertTrue(norm(s.exaggerated(0.8).shape()) > 1.2 * before);
            assertEquals(0, norm(s.exaggerated(-1).shape()), 1e-6);
            double[] nose = new double[FaceRegion.values().length];
            nose[List.of(FaceRegion.values()).indexOf(FaceRegion.BROWS)] = 1;
            float[] p = s.exaggerated(nose).shape();
            for (int k = 0; k < p.length; k++) {
                if (model.regionOf(k) != FaceRegion.BROWS) {
                    assertEquals(s.shape()[k], p[k], 0.02, model.names().get(k));
                }
            }
        }
        assertEquals(2, Shapes.softClip(2), 0);
        assertTrue(Shapes.softClip(-9) > -3.5001f && Shapes.softClip(-9) < -3.4f);
    }

    private static double norm(float[] p) {
        double sum = 0;
        for (float v : p) {
            sum += v * v;
        }
        return Math.sqrt(sum);
    }

    @Test
    void outlinesNeverCrossThemselves() {
        RandomGenerator rng = seeded(9);
        for (int i = 0; i < 500; i++) {
            Subject s = Subject.sample(rng).exaggerated(1.5);
            Landmarks l = renderer.landmarks(s, View.neutral());
            for (int k = 0; k < 7; k++) {
                assertTrue(l.x(k) < l.x(16 - k), "outline folds at " + k);
                assertTrue(l.y(k) < l.y(k + 1) + 3, "outline turns back at " + k);
            }
            assertTrue(l.y(57) + 4 < l.y(8), "lips below the chin");
            assertTrue(l.y(33) < l.y(51), "nose below the lips");
            assertTrue(l.x(39) + 4 < l.x(42), "eyes touch");
            assertTrue(l.y(37) < l.y(41), "eye inside out");
            assertTrue(l.y(19) + 2 < l.y(37), "brow in the eye");
            assertTrue(l.x(21) < l.x(22), "brows cross");
            assertTrue(l.x(45) + 2 < l.x(15), "eye beyond the outline");
        }
    }

    @Test
    void captionsNameTheColours() {
        RandomGenerator rng = seeded(10);
        Set<String> hair = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            Subject s = Subject.sample(rng);
            View v = View.sample(rng);
            String c = s.caption(v);
            assertTrue(c.startsWith("photo of a"), c);
            assertTrue(c.replace(",", " ,").split(" +").length <= 27, c);
            assertTrue(c.contains(s.skin().word() + " skin"), c);
            assertTrue(c.contains(v.background().word() + " background"), c);
            assertTrue(c.contains(s.hair().word()), c);
            hair.add(s.hair().word());
        }
        assertEquals(Palette.HAIR.size(), hair.size());
    }

    @Test
    void paletteColoursStayApart() {
        for (var list : List.of(Palette.SKIN, Palette.HAIR, Palette.BACKGROUND)) {
            for (Tint a : list) {
                for (Tint b : list) {
                    double d = Math.hypot(Math.hypot(a.r() - b.r(), a.g() - b.g()), a.b() - b.b());
                    assertTrue(a.equals(b) || d > 0.1, a + " and " + b);
                }
            }
        }
    }

    @Test
    void lookAlikesShareColoursOnly() {
        RandomGenerator rng = seeded(11);
        Subject a = Subject.sample(rng);
        Subject b = a.lookAlike(rng);
        assertEquals(a.hair(), b.hair());
        double d = 0;
        for (int k = 0; k < a.shape().length; k++) {
            d += Math.abs(a.shape()[k] - b.shape()[k]);
        }
        assertTrue(d > 5);
    }

    @Test
    void artistsDiffer() {
        assertTrue(Artist.all().size() >= 6);
        Set<String> words = new HashSet<>();
        Artist.all().forEach(a -> words.add(a.word()));
        assertEquals(Artist.all().size(), words.size());
    }
}
