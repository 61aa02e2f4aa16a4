package daumier.faces.nets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Trains the coarse network and all patches of a {@link LandmarkNet} in the same steps. */
final class LandmarkTask implements TrainingLoop.Task<LandmarkTask.Batch> {
    private static final int PICTURE = 3 * Augmentation.PIXELS;
    private static final double SOFTNESS = 0.04;
    private static final double BLENDED = 0.4;

    /** Shares of windows that are nearly right already and of those that are far off. */
    private static final double NEAR = 0.6;

    private static final double NEAR_ERROR = 0.7;

    /**
     * What differs between pictures that lie in their frame and photographs.
     *
     * @param farError standard deviation of a far window's place in pixels
     * @param drawn of the share of the drawing that is mixed into the photo
     */
    record Manner(double farError, double drawn) {
        /** Portraits in their frame: photos as often as drawings. */
        static final Manner ALIGNED = new Manner(2.5, 1);

        /** Photographs: the coarse network errs more, and drawings only vary the look. */
        static final Manner WILD = new Manner(3.5, 0.5);
    }

    private final LandmarkNet net;
    private final PortraitStore portraits;
    private final int usable;
    private final Augmentation augmentation;
    private final Manner manner;
    private final int size;

    /**
     * The task.
     *
     * @param net what learns
     * @param portraits what it learns from
     * @param usable only the first so many of them; the rest is held out
     * @param augmentation how pictures are changed
     * @param manner how far off windows lie and how much of drawings is seen
     * @param size pictures a batch
     */
    LandmarkTask(
            LandmarkNet net,
            PortraitStore portraits,
            int usable,
            Augmentation augmentation,
            Manner manner,
            int size) {
        this.net = net;
        this.portraits = portraits;
        this.usable = usable;
        this.augmentation = augmentation;
        this.manner = manner;
        this.size = size;
    }

    /** Plain arrays of one step: pictures and targets, then windows and targets of each patch. */
    record Batch(float[] pictures, float[] targets, List<float[]> crops, List<float[]> offsets) {}

    /** How much of the drawing is mixed into the photo: often none, often all. */
    static float share(SplittableRandom rng) {
        double u = rng.nextDouble();
        double side = (1 - BLENDED) / 2;
        return u < side ? 0f : u < 2 * side ? 1f : rng.nextInt(1001) / 1000f;
    }

    @Override
    public Batch batch(SplittableRandom rng) {
        float[] pictures = new float[size * PICTURE];
        float[] points = new float[size * 136];
        for (int i = 0; i < size; i++) {
            Portrait p = portraits.get(rng.nextInt(usable));
            float share = (float) manner.drawn() * share(rng);
            Augmentation.Source source =
                    new Augmentation.Source(p.photo(), p.drawn(), share, p.mask());
            augmentation.apply(source, p.landmarks(), rng, pictures, i * PICTURE, points, i * 136);
        }
        float[] mean = net.mean();
        float[] targets = new float[points.length];
        for (int i = 0; i < points.length; i++) {
            targets[i] = (points[i] - mean[i % 136]) / LandmarkNet.UNIT;
        }
        List<float[]> crops = new ArrayList<>();
        List<float[]> offsets = new ArrayList<>();
        for (LandmarkDesign.Patch patch : net.design().patches()) {
            PatchWindow window = new PatchWindow(patch);
            int rows = size * window.sides();
            float[] cut = new float[rows * window.cropSize()];
            float[] wanted = new float[rows * window.outputs()];
            float[] one = new float[136];
            for (int r = 0; r < rows; r++) {
                int face = r / window.sides();
                int side = r % window.sides();
                System.arraycopy(points, face * 136, one, 0, 136);
                int[] corner = window.corner(one, side);
                double error = rng.nextDouble() < NEAR ? NEAR_ERROR : manner.farError();
                corner[0] += (int) Math.round(Augmentation.normal(rng) * error);
                corner[1] += (int) Math.round(Augmentation.normal(rng) * error);
                window.cut(pictures, face * PICTURE, corner, side, cut, r);
                window.targets(points, face * 136, corner, side, wanted, r);
            }
            crops.add(cut);
            offsets.add(wanted);
        }
        return new Batch(pictures, targets, crops, offsets);
    }

    @Override
    public NDArray loss(Batch batch, NDManager m, double progress) {
        NDArray x =
                m.create(batch.pictures(), new Shape(size, 3, LandmarkNet.SIDE, LandmarkNet.SIDE));
        NDArray wanted = m.create(batch.targets(), new Shape(size, 136));
        NDArray loss = Tensors.charbonnier(net.coarse().train(x).sub(wanted), SOFTNESS);
        List<LandmarkDesign.Patch> patches = net.design().patches();
        for (int k = 0; k < patches.size(); k++) {
            PatchWindow window = new PatchWindow(patches.get(k));
            int rows = size * window.sides();
            NDArray crops = m.create(batch.crops().get(k), window.shape(rows));
            NDArray offsets = m.create(batch.offsets().get(k), new Shape(rows, window.outputs()));
            NDArray out = net.patch(k).train(crops);
            loss = loss.add(Tensors.charbonnier(out.sub(offsets), SOFTNESS));
        }
        return loss;
    }

    @Override
    public Map<String, Network> networks() {
        return net.networks();
    }
}
