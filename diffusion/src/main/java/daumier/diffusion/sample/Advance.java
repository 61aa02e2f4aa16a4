package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Carries out the row updates of a sampler on a state. */
final class Advance {
    private Advance() {}

    static SamplingState apply(
            Sampler sampler, SamplingState state, NDArray x0, List<NoiseLevel> to) {
        int rows = state.rows();
        Shape shape = state.latents().getShape();
        if (to.size() != rows || !x0.getShape().equals(shape)) {
            throw new IllegalArgumentException(
                    String.format(
                            "A step needs an x0 of shape %s and %d targets, but got %s and %d.",
                            shape, rows, x0.getShape(), to.size()));
        }
        List<RowUpdate> updates = new ArrayList<>(rows);
        NoiseLevel[] x0At = new NoiseLevel[rows];
        List<TorchRandom> generators = new ArrayList<>(rows);
        boolean[] moves = new boolean[rows];
        boolean allMove = true;
        for (int i = 0; i < rows; i++) {
            NoiseLevel at = state.at().get(i);
            NoiseLevel history = state.x0At(i).orElse(null);
            moves[i] = !to.get(i).equals(at);
            allMove &= moves[i];
            if (moves[i] && !(to.get(i).timestep() < at.timestep())) {
                throw new IllegalArgumentException(
                        String.format(
                                "A step must lead to a lower timestep than %s, not to %s.",
                                at.timestep(), to.get(i).timestep()));
            }
            updates.add(moves[i] ? sampler.update(at, to.get(i), history) : RowUpdate.STAY);
            x0At[i] = moves[i] ? at : history;
            generators.add(state.generator(i).copy());
        }
        try (NDManager scratch = state.newScratch()) {
            NDArray x = SamplingState.borrow(scratch, state.latents());
            NDArray raw = SamplingState.borrow(scratch, x0);
            NDArray estimate = sampler.estimate(scratch, x, raw, state.at());
            NDArray previous =
                    state.x0().map(p -> SamplingState.borrow(scratch, p)).orElse(estimate);
            NDArray next = x.mul(factors(scratch, updates, RowUpdate::x));
            next = plus(next, updates, RowUpdate::raw, raw);
            next = plus(next, updates, RowUpdate::estimate, estimate);
            next = plus(next, updates, RowUpdate::history, previous);
            if (updates.stream().anyMatch(RowUpdate::draws)) {
                NDArray noise = noise(scratch, updates, generators, shape);
                next = plus(next, updates, RowUpdate::noise, noise);
            }
            NDArray kept = estimate;
            if (!allMove) {
                NDArray mask = scratch.create(moves, new Shape(rows, 1, 1, 1));
                kept = NDArrays.where(mask.broadcast(shape), estimate, previous);
            }
            return state.next(next, to, kept, x0At, generators);
        }
    }

    private static NDArray plus(
            NDArray sum,
            List<RowUpdate> updates,
            ToDoubleFunction<RowUpdate> factor,
            NDArray term) {
        if (updates.stream().mapToDouble(factor).allMatch(f -> f == 0)) {
            return sum;
        }
        return sum.add(term.mul(factors(sum.getManager(), updates, factor)));
    }

    private static NDArray factors(
            NDManager manager, List<RowUpdate> updates, ToDoubleFunction<RowUpdate> factor) {
        float[] values = new float[updates.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) factor.applyAsDouble(updates.get(i));
        }
        return Rows.column(manager, values);
    }

    /**
     * Fresh unit noise for the rows that draw, each from its own generator; zeros for the others.
     */
    private static NDArray noise(
            NDManager manager, List<RowUpdate> updates, List<TorchRandom> generators, Shape shape) {
        int row = Math.toIntExact(shape.size() / shape.get(0));
        float[] values = new float[Math.multiplyExact(row, generators.size())];
        for (int i = 0; i < generators.size(); i++) {
            if (updates.get(i).draws()) {
                System.arraycopy(generators.get(i).randn(row), 0, values, i * row, row);
            }
        }
        return manager.create(values, shape);
    }
}
