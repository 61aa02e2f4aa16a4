package daumier.faces.nets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.SplittableRandom;

/** Trains a {@link StyleNet} on blends of a photo with an artist's drawing of the same geometry. */
final class StyleTask implements TrainingLoop.Task<StyleTask.Batch> {
    private static final int PICTURE = 3 * Augmentation.PIXELS;
    private static final double SOFTNESS = 0.05;
    private final StyleNet net;
    private final PortraitStore pairs;
    private final int usable;
    private final int size;

    StyleTask(StyleNet net, PortraitStore pairs, int usable, int size) {
        this.net = net;
        this.pairs = pairs;
        this.usable = usable;
        this.size = size;
    }

    /** Plain arrays of one step. */
    record Batch(float[] pictures, float[] levels) {}

    @Override
    public Batch batch(SplittableRandom rng) {
        int artists = net.artists().size();
        float[] pictures = new float[size * PICTURE];
        float[] levels = new float[size * artists];
        for (int i = 0; i < size; i++) {
            Portrait p = pairs.get(rng.nextInt(usable));
            double u = rng.nextDouble();
            float share = u < 0.1 ? 0 : u < 0.2 ? 1 : rng.nextInt(1001) / 1000f;
            // A drawing by nobody in the list is style 0 for everybody in it.
            byte[] drawn = p.artist() < 0 ? null : p.drawn();
            Augmentation.STYLE.apply(
                    new Augmentation.Source(p.photo(), drawn, share, null),
                    null,
                    rng,
                    pictures,
                    i * PICTURE,
                    null,
                    0);
            if (p.artist() >= 0) {
                levels[i * artists + p.artist()] = share;
            }
        }
        return new Batch(pictures, levels);
    }

    @Override
    public NDArray loss(Batch batch, NDManager m, double progress) {
        int side = Augmentation.SIDE;
        NDArray x = m.create(batch.pictures(), new Shape(size, 3, side, side));
        NDArray wanted = m.create(batch.levels(), new Shape(size, net.artists().size()));
        return Tensors.charbonnier(net.network().train(x).sub(wanted), SOFTNESS);
    }

    @Override
    public Map<String, Network> networks() {
        return net.networks();
    }
}
