package daumier.cli.pack;

import daumier.diffusion.train.ExampleStore;
import daumier.faces.FaceRegion;
import daumier.faces.world.Artist;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import daumier.faces.world.Rendering;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * Renders the pictures that the pack is trained on. Example {@code i} depends on the seed and
 * {@code i} alone, so a stopped run goes on where it was.
 */
final class FaceExamples {
    /**
     * Pictures of one character that an artist's LoRA is trained on, and how many characters there
     * are.
     */
    static final int PICTURES_PER_CHARACTER = 6;

    private static final float[] NO_CONDITION = {};

    private final FaceRenderer renderer = new FaceRenderer();
    private final long seed;

    FaceExamples(long seed) {
        this.seed = seed;
    }

    /**
     * Photographs with their geometry maps: half of them of the population, half with every region
     * pushed by a gain between -0.5 and 1.5, so that the base model has seen what it will be asked
     * for.
     */
    void photographs(ExampleStore store, int count, LongConsumer progress) throws IOException {
        for (int i = store.count(); i < count; i++) {
            SplittableRandom random = random(1, i);
            Subject subject = Subject.sample(random);
            if (i % 2 == 1) {
                subject = subject.exaggerated(gains(random));
            }
            View view = view(random);
            Rendering rendering = renderer.render(subject, view, new Look.Photo());
            store.add(
                    rendering.picture().toChw(),
                    subject.caption(view, new Look.Photo()),
                    renderer.geometryMap(subject, view));
            progress.accept(i + 1L);
        }
    }

    /**
     * Pictures in every look, for the autoencoders: photographs, the plain toon look and all
     * artists.
     */
    void looks(ExampleStore store, int count, LongConsumer progress) throws IOException {
        for (int i = store.count(); i < count; i++) {
            SplittableRandom random = random(2, i);
            Subject subject = Subject.sample(random);
            if (random.nextBoolean()) {
                subject = subject.exaggerated(gains(random));
            }
            View view = View.sample(random);
            int kind = random.nextInt(Artist.all().size() + 3);
            Look look =
                    kind < 2
                            ? new Look.Photo()
                            : kind == 2 ? new Look.Toon() : Artist.all().get(kind - 3);
            Rendering rendering = renderer.render(subject, view, look);
            store.add(rendering.picture().toChw(), subject.caption(view, look), NO_CONDITION);
            progress.accept(i + 1L);
        }
    }

    /**
     * What a user would train a LoRA of one look on: a few pictures each of a few characters, no
     * map.
     */
    void characters(ExampleStore store, Look look, int characters, LongConsumer progress)
            throws IOException {
        for (int i = store.count(); i < characters * PICTURES_PER_CHARACTER; i++) {
            SplittableRandom random =
                    random(3 + look.word().hashCode(), i / PICTURES_PER_CHARACTER);
            Subject subject = Subject.sample(random);
            Subject drawn = look instanceof Artist artist ? artist.characterOf(subject) : subject;
            View view = View.sample(random(4 + look.word().hashCode(), i));
            Rendering rendering = renderer.render(drawn, view, look);
            store.add(rendering.picture().toChw(), drawn.caption(view, look), NO_CONDITION);
            progress.accept(i + 1L);
        }
    }

    private SplittableRandom random(long stream, long index) {
        return new SplittableRandom(seed * 1_000_003 + stream * 0x9E3779B97F4A7C15L + index);
    }

    private static double[] gains(SplittableRandom random) {
        double[] gains = new double[FaceRegion.values().length];
        boolean all = random.nextDouble() < 0.6;
        for (int r = 0; r < gains.length; r++) {
            double gain = random.nextDouble(-0.5, 1.5);
            gains[r] = all || random.nextBoolean() ? gain : 0;
        }
        return gains;
    }

    /** Half of the views nearly frontal: that is how the controller draws. */
    private static View view(SplittableRandom random) {
        View view = View.sample(random);
        return random.nextBoolean()
                ? view
                : view.withPose(0.35f * view.yaw(), 0.35f * view.pitch(), 0.35f * view.roll());
    }
}
