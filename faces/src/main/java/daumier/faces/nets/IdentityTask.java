package daumier.faces.nets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Trains an {@link IdentityNet}: first the shape is regressed from the embedding; from {@link
 * #MARGIN_FROM} on people are classes with an additive angular margin, their centres starting at
 * embeddings, because a margin from nothing does not train in the time there is. Half of a batch is
 * groups of look-alikes.
 */
final class IdentityTask implements TrainingLoop.Task<IdentityTask.Batch> {
    private static final double MARGIN_FROM = 0.3;
    private static final double SCALE = 24;
    private static final double MARGIN = 0.2;
    private static final int PICTURE = 3 * Augmentation.PIXELS;
    private static final int CHUNK = 32;
    private final IdentityNet net;
    private final PortraitStore people;
    private final int classes;
    private final int groupsInBatch;
    private final int size;
    private final int shapeSize;
    private final NDManager manager;
    private final Network head;
    private final NDArray centres;
    private boolean centred;

    IdentityTask(
            IdentityNet net,
            PortraitStore people,
            int classes,
            int groupsInBatch,
            int size,
            NDManager parent,
            long seed) {
        this.net = net;
        this.people = people;
        this.classes = classes;
        this.groupsInBatch = groupsInBatch;
        this.size = size;
        shapeSize = people.get(0).shape().length;
        manager = parent.newSubManager();
        head =
                new Network(
                        new Architecture(
                                IdentityNet.SIZE,
                                1,
                                1,
                                java.util.List.of("flatten", "linear " + shapeSize)),
                        manager,
                        seed);
        centres = manager.zeros(new Shape(classes, IdentityNet.SIZE));
        centres.setRequiresGradient(true);
    }

    /** Plain arrays of one step. */
    record Batch(float[] pictures, float[] shapes, int[] persons) {}

    /** The class centres, which learn beside the networks. */
    Map<String, NDArray> extra() {
        return Map.of("centres", centres);
    }

    @Override
    public Batch batch(SplittableRandom rng) {
        float[] pictures = new float[size * PICTURE];
        float[] shapes = new float[size * shapeSize];
        int[] persons = new int[size];
        int groups = classes / PortraitMaker.GROUP;
        int inGroups = groupsInBatch * PortraitMaker.GROUP;
        int group = 0;
        for (int i = 0; i < size; i++) {
            if (i % PortraitMaker.GROUP == 0) {
                group = rng.nextInt(groups);
            }
            int person =
                    i < inGroups
                            ? group * PortraitMaker.GROUP + i % PortraitMaker.GROUP
                            : rng.nextInt(classes);
            int view = rng.nextInt(PortraitMaker.VIEWS);
            Portrait p = people.get(person * PortraitMaker.VIEWS + view);
            Augmentation.PERSON.apply(
                    new Augmentation.Source(p.photo(), null, 0, null),
                    null,
                    rng,
                    pictures,
                    i * PICTURE,
                    null,
                    0);
            System.arraycopy(p.shape(), 0, shapes, i * shapeSize, shapeSize);
            persons[i] = person;
        }
        return new Batch(pictures, shapes, persons);
    }

    @Override
    public boolean before(double progress) {
        if (progress < MARGIN_FROM || centred) {
            return true;
        }
        centred = true;
        if (centres.square().sum().getFloat() > 0) {
            return true;
        }
        net.network().fold();
        float[] all = new float[classes * IdentityNet.SIZE];
        for (int from = 0; from < classes; from += CHUNK) {
            int n = Math.min(CHUNK, classes - from);
            float[] planes = new float[n * PICTURE];
            for (int i = 0; i < n; i++) {
                byte[] rgb = people.get((from + i) * PortraitMaker.VIEWS).photo();
                for (int k = 0; k < PICTURE; k++) {
                    planes[i * PICTURE + k % 3 * Augmentation.PIXELS + k / 3] =
                            (rgb[k] & 0xff) / 127.5f - 1;
                }
            }
            try (NDManager m = manager.newSubManager()) {
                int side = Augmentation.SIDE;
                NDArray e = net.embed(m.create(planes, new Shape(n, 3, side, side)));
                float[] rows = e.toFloatArray();
                System.arraycopy(rows, 0, all, from * IdentityNet.SIZE, rows.length);
            }
        }
        centres.set(all);
        return true;
    }

    @Override
    public NDArray loss(Batch batch, NDManager m, double progress) {
        int side = Augmentation.SIDE;
        NDArray x = m.create(batch.pictures(), new Shape(size, 3, side, side));
        NDArray raw = net.network().train(x);
        NDArray shapes = m.create(batch.shapes(), new Shape(size, shapeSize));
        NDArray regression = Tensors.charbonnier(head.train(raw).sub(shapes), 0.5);
        if (progress < MARGIN_FROM || !centred) {
            return regression.mul(1.5f).add(centres.sum().mul(0f));
        }
        NDArray e = Tensors.normalise(raw);
        NDArray c = e.matMul(Tensors.normalise(centres).transpose());
        NDArray chosen = m.create(batch.persons()).oneHot(classes);
        NDArray own = c.mul(chosen).sum(new int[] {1}, true);
        double grown = Math.min(1, (progress - MARGIN_FROM) * 3);
        double margin = MARGIN * grown;
        NDArray sine = own.square().neg().add(1.0001).sqrt();
        NDArray harder = own.mul(Math.cos(margin)).sub(sine.mul(Math.sin(margin)));
        NDArray logits = c.add(chosen.mul(harder.sub(own))).mul(SCALE);
        NDArray entropy = logits.logSoftmax(1).mul(chosen).sum().mul(-1f / size);
        return regression.mul(0.6f).add(entropy.mul(0.2f));
    }

    @Override
    public Map<String, Network> networks() {
        Map<String, Network> all = new LinkedHashMap<>(net.networks());
        all.put("head", head);
        return all;
    }
}
