package daumier.env.caricature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.T2IAdapter;
import daumier.diffusion.sample.EstimateEdit;
import daumier.diffusion.sample.SamplingState;
import daumier.faces.measure.Camera;
import daumier.faces.measure.DisplacementField;
import daumier.faces.measure.FaceWarp;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Pose;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** Makes exaggeration act: by the adapter's condition map, and by warps of the estimate. */
final class MapDesk {
    private static final int SIDE = FaceRenderer.SIDE;
    private static final int PLANE = SIDE * SIDE;

    /** Warps that move no landmark by so many pixels are left out. */
    private static final double LEAST_MOVE = 0.05;

    private final Studio studio;
    private final Optional<T2IAdapter> adapter;
    private final boolean byMap;
    private final boolean byWarp;
    private final FaceWarp warp;
    private final EstimateEdit edit;

    MapDesk(Studio studio, Settings settings) {
        this.studio = studio;
        this.adapter = studio.pack().adapter();
        this.byMap = settings.means() != Settings.Means.WARP && adapter.isPresent();
        this.byWarp = settings.means() != Settings.Means.ADAPTER || adapter.isEmpty();
        this.warp = new FaceWarp(new ModelFit(new ProceduralModel(), Camera.PORTRAIT));
        this.edit = new EstimateEdit(studio.pack());
        if (adapter.isPresent()
                && adapter.get().config().inChannels() != FaceRenderer.MAP_CHANNELS) {
            throw new IllegalArgumentException(
                    "The adapter of the pack %s takes %d channels, but a map of a face has %d: use a pack with another adapter, or none."
                            .formatted(
                                    studio.pack().folder(),
                                    adapter.get().config().inChannels(),
                                    FaceRenderer.MAP_CHANNELS));
        }
    }

    /**
     * The adapter's residuals for all lanes, or null without an adapter. Only maps that changed go
     * through the adapter, in one batch.
     */
    List<NDArray> residuals(NDManager scratch, List<Lane> lanes) {
        if (adapter.isEmpty()) {
            return null;
        }
        List<double[]> gains = lanes.stream().map(Lane::effort).toList();
        int[] stale =
                IntStream.range(0, lanes.size())
                        .filter(i -> lanes.get(i).residuals(gains.get(i)) == null)
                        .toArray();
        if (stale.length > 0) {
            renew(lanes, gains, stale);
        }
        List<List<NDArray>> all = new ArrayList<>();
        for (int i = 0; i < lanes.size(); i++) {
            all.add(lanes.get(i).residuals(gains.get(i)));
        }
        List<NDArray> batch = new ArrayList<>();
        for (int block = 0; block < all.get(0).size(); block++) {
            int at = block;
            batch.add(Easel.concat(scratch, all.stream().map(r -> r.get(at)).toList()));
        }
        return batch;
    }

    /**
     * Whether exaggeration can act on a lane yet: the map does from the beginning; warps need an
     * estimate that was seen.
     */
    boolean acts(Lane lane) {
        return byMap || lane.reading() != null;
    }

    private void renew(List<Lane> lanes, List<double[]> gains, int[] stale) {
        int side = studio.pack().pictureSize();
        int size = FaceRenderer.MAP_CHANNELS * side * side;
        float[] maps = new float[stale.length * size];
        IntStream.range(0, stale.length)
                .parallel()
                .forEach(
                        k -> {
                            Lane lane = lanes.get(stale[k]);
                            float[] map = map(lane, gains.get(stale[k]));
                            System.arraycopy(scaled(map, side), 0, maps, k * size, size);
                        });
        try (NDManager scratch = studio.manager().newSubManager()) {
            Shape shape = new Shape(stale.length, FaceRenderer.MAP_CHANNELS, side, side);
            NDArray condition = scratch.create(maps, shape);
            List<NDArray> made =
                    studio.pack().adapterResiduals(adapter.orElseThrow(), condition, 1);
            for (int k = 0; k < stale.length; k++) {
                List<NDArray> own = new ArrayList<>();
                float scale = (float) lanes.get(stale[k]).spec().adapterScale();
                for (NDArray block : made) {
                    NDArray row = Easel.row(block, k);
                    own.add(scale == 1 ? row : row.muli(scale));
                }
                lanes.get(stale[k]).keepResiduals(gains.get(stale[k]), own);
            }
        }
    }

    private float[] map(Lane lane, double[] gains) {
        return studio.renderers().use(r -> r.geometryMap(lane.pushed(gains), lane.spec().view()));
    }

    /** A map at another resolution, nearest pixel. */
    private static float[] scaled(float[] map, int side) {
        if (side == SIDE) {
            return map;
        }
        float[] out = new float[map.length / PLANE * side * side];
        for (int i = 0; i < out.length; i++) {
            int x = i % side * SIDE / side;
            int y = i / side % side * SIDE / side;
            out[i] = map[i / (side * side) * PLANE + y * SIDE + x];
        }
        return out;
    }

    /** Whether exaggeration acts by warps of the decoded estimate, alone or beside the map. */
    boolean warps() {
        return byWarp;
    }

    /** Warps the estimates of lanes that have one by what is asked of them. */
    void warp(List<Stroke> strokes) {
        if (!byWarp) {
            return;
        }
        DisplacementField[] fields = new DisplacementField[strokes.size()];
        IntStream.range(0, fields.length)
                .parallel()
                .filter(i -> strokes.get(i).lane().reading() != null)
                .forEach(i -> fields[i] = field(strokes.get(i)));
        List<Lane> moved = new ArrayList<>();
        List<DisplacementField> moves = new ArrayList<>();
        for (int i = 0; i < fields.length; i++) {
            if (fields[i] != null) {
                moved.add(strokes.get(i).lane());
                moves.add(fields[i]);
            }
        }
        if (moved.isEmpty()) {
            return;
        }
        try (NDManager scratch = studio.manager().newSubManager();
                SamplingState before =
                        SamplingState.concat(moved.stream().map(Lane::state).toList());
                SamplingState after = warped(scratch, before, moved, moves)) {
            for (int i = 0; i < moved.size(); i++) {
                moved.get(i).replace(after.row(i));
            }
        }
    }

    /** What a look at the lanes has decoded already is not decoded again. */
    private SamplingState warped(
            NDManager scratch,
            SamplingState before,
            List<Lane> moved,
            List<DisplacementField> moves) {
        NDArray field = displacement(scratch, moves);
        List<NDArray> seen = moved.stream().map(Lane::decoded).toList();
        return seen.stream().anyMatch(Objects::isNull)
                ? edit.apply(before, field)
                : edit.apply(
                        before,
                        Easel.concat(scratch, seen),
                        pictures -> edit.warp(pictures, field));
    }

    /**
     * The warp that moves each region by what is asked for from where it was last seen, along its
     * path, or null if nothing moves. From where it was seen, not from the map's effort: where the
     * map is not obeyed the two part, and shapes bend and clip on the way.
     */
    private DisplacementField field(Stroke stroke) {
        Lane lane = stroke.lane();
        double[] deviation = lane.sitter().deviation();
        double[] seen = lane.reading().moved();
        double[] goal = seen.clone();
        for (int r = 0; r < goal.length; r++) {
            goal[r] += stroke.asked()[r] * Math.max(Move.LEAST_DEVIATION, deviation[r]);
        }
        double[] move = lane.sitter().target().way(seen, goal);
        double most = 0;
        for (double pixels : move) {
            most = Math.max(most, Math.abs(pixels));
        }
        if (most < LEAST_MOVE) {
            return null;
        }
        View view = lane.spec().view();
        Pose pose =
                new Pose(
                        Math.toDegrees(view.yaw()),
                        Math.toDegrees(view.pitch()),
                        Math.toDegrees(view.roll()),
                        view.scale(),
                        view.dx(),
                        view.dy());
        return warp.field(lane.reading().landmarks(), move, pose);
    }

    /** (b, 2, H, W) in pixels of the pack's pictures. */
    private NDArray displacement(NDManager scratch, List<DisplacementField> moves) {
        int side = studio.pack().pictureSize();
        int plane = side * side;
        double unit = (double) SIDE / side;
        float[] values = new float[moves.size() * 2 * plane];
        for (int i = 0; i < moves.size(); i++) {
            DisplacementField field = moves.get(i);
            for (int k = 0; k < plane; k++) {
                double x = (k % side + 0.5) * unit - 0.5;
                double y = (k / side + 0.5) * unit - 0.5;
                values[2 * i * plane + k] = (float) (field.dx(x, y) / unit);
                values[(2 * i + 1) * plane + k] = (float) (field.dy(x, y) / unit);
            }
        }
        return scratch.create(values, new Shape(moves.size(), 2, side, side));
    }
}
