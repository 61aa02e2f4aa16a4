package daumier.faces.nets;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.Population;
import daumier.faces.world.Artist;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import daumier.faces.world.Rendering;
import daumier.faces.world.Shapes;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.List;
import java.util.Random;

/**
 * Draws the portraits that face networks learn from. Portrait {@code i} of a maker depends on the
 * seed and {@code i} alone. One maker for each thread.
 */
final class PortraitMaker {
    /** How many people share colours and hair and differ in shape only. */
    static final int GROUP = 4;

    /** Pictures of each person. */
    static final int VIEWS = 3;

    private static final double LOWEST_GAIN = -0.5;
    private static final double HIGHEST_GAIN = 1.5;

    /** Share of heads shaped like photographed people's, and how much wider they are spread. */
    private static final double PHOTOGRAPHED = 0.7;

    private static final double SPREAD = 1.6;
    private final FaceRenderer renderer = new FaceRenderer();
    private final Population population = Population.photographs(renderer.model());
    private final long seed;

    PortraitMaker(long seed) {
        this.seed = seed;
    }

    private Random rng(long stream, long i) {
        long mixed = (seed * 0x9E3779B97F4A7C15L + stream) * 0xBF58476D1CE4E5B9L + i;
        mixed = (mixed ^ (mixed >>> 31)) * 0x94D049BB133111EBL;
        return new Random(mixed ^ (mixed >>> 29));
    }

    /** Gains by region far beyond what is asked for, or none. */
    static double[] gains(Random rng, double share) {
        double[] gain = new double[FaceRegion.values().length];
        for (int r = 0; r < gain.length; r++) {
            if (rng.nextDouble() < share) {
                gain[r] = LOWEST_GAIN + (HIGHEST_GAIN - LOWEST_GAIN) * rng.nextDouble();
            }
        }
        return gain;
    }

    private static Subject shaped(Random rng) {
        Subject subject = Subject.sample(rng);
        double kind = rng.nextDouble();
        if (kind < 0.15) {
            return subject;
        }
        if (kind < 0.3) {
            List<Artist> all = Artist.all();
            return all.get(rng.nextInt(all.size())).characterOf(subject);
        }
        return subject.exaggerated(gains(rng, 0.65));
    }

    private static View view(Random rng) {
        View v = View.sample(rng);
        if (rng.nextDouble() < 0.35) {
            v = v.withPose(0, 0, 0);
        }
        return rng.nextDouble() < 0.25 ? v.withExpression(View.neutral().expression()) : v;
    }

    /** Photo and one artist's drawing of the same wide shape. */
    Portrait pair(int i) {
        Random rng = rng(1, i);
        Subject s = shaped(rng);
        View v = view(rng);
        List<Artist> all = Artist.all();
        int artist = i % (all.size() + 1) == all.size() ? -1 : i % (all.size() + 1);
        Look look = artist < 0 ? Look.TOON : all.get(artist);
        Rendering photo = renderer.render(s, v, Look.PHOTO);
        Rendering drawn = renderer.render(s, v, look);
        return portrait(photo, drawn.picture(), null, s, i, artist);
    }

    /**
     * A photo with wider poses and expressions, another look of the same geometry, and the mask of
     * the person. Most of the heads are shaped like photographed people's, whose eyes are half as
     * large as those of the face world.
     */
    Portrait wild(int i) {
        Random rng = rng(2, i);
        Subject s = Subject.sample(rng);
        if (rng.nextDouble() < PHOTOGRAPHED) {
            s = s.withShape(photographed(rng));
        } else if (rng.nextDouble() < 0.5) {
            s = s.exaggerated(gains(rng, 0.4));
        }
        View v = View.sample(rng);
        if (rng.nextDouble() < 0.5) {
            float[] e = v.expression().clone();
            for (int k = 0; k < e.length; k++) {
                e[k] += (float) (0.5 * rng.nextGaussian());
            }
            v = v.withExpression(e);
        }
        if (rng.nextDouble() < 0.6) {
            float yaw = (float) Math.max(-0.75, Math.min(0.75, 0.35 * rng.nextGaussian()));
            float pitch = (float) Math.max(-0.3, Math.min(0.3, 0.12 * rng.nextGaussian()));
            v = v.withPose(yaw, pitch, v.roll());
        }
        List<Artist> all = Artist.all();
        int artist = rng.nextInt(all.size() + 1);
        Look look = artist == all.size() ? Look.TOON : all.get(artist);
        Rendering photo = renderer.render(s, v, Look.PHOTO);
        Picture drawn = renderer.render(s, v, look).picture();
        return portrait(photo, drawn, mask(s, v), s, i, -1);
    }

    private float[] photographed(Random rng) {
        float[] shape = new float[population.mean().length];
        for (int k = 0; k < shape.length; k++) {
            double sd = SPREAD * population.sd()[k];
            shape[k] = (float) (population.mean()[k] + sd * rng.nextGaussian());
        }
        return Shapes.exaggerated(shape, new double[FaceRegion.values().length]);
    }

    private byte[] mask(Subject s, View v) {
        float[] map = renderer.geometryMap(s, v);
        byte[] mask = new byte[Augmentation.PIXELS];
        int[] solid = {0, 5, 6, 7};
        for (int i = 0; i < mask.length; i++) {
            float cover = 0;
            for (int ch : solid) {
                // Neck and hair behind the head are drawn at about half strength.
                float full =
                        ch == 7 || ch == 5
                                ? Math.min(1, 2 * map[ch * mask.length + i])
                                : map[ch * mask.length + i];
                cover = Math.max(cover, full);
            }
            mask[i] = (byte) Math.round(255 * cover);
        }
        return mask;
    }

    /** Person {@code i / VIEWS} in one of {@code VIEWS} views; groups of look-alikes. */
    Portrait person(int i) {
        int person = i / VIEWS;
        int group = person / GROUP;
        Random like = rng(3, group);
        Subject s = Subject.sample(like);
        if (person % GROUP > 0) {
            s = s.lookAlike(rng(4, person));
        }
        View v = i % VIEWS == 0 ? View.sample(rng(5, i)).withPose(0, 0, 0) : View.sample(rng(5, i));
        return portrait(renderer.render(s, v, Look.PHOTO), null, null, s, person, -1);
    }

    private static Portrait portrait(
            Rendering photo, Picture drawn, byte[] mask, Subject s, int person, int artist) {
        Landmarks l = photo.landmarks();
        return new Portrait(
                photo.picture().rgb(),
                drawn == null ? null : drawn.rgb(),
                mask,
                l.xy(),
                s.shape(),
                person,
                artist);
    }
}
