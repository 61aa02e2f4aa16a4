package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
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
        List<List<NoiseLevel>> past = new ArrayList<>(rows);
        boolean[] moves = new boolean[rows];
        boolean allMove = true;
        for (int i = 0; i < rows; i++) {
            NoiseLevel at = state.at().get(i);
            NoiseLevel history = state.x0At(i).orElse(null);
            moves[i] = !to.get(i).equals(at);
            allMove &= moves[i];
            List<NoiseLevel> before = state.memory().past().get(i);
            if (moves[i] && !sampler.leads(at, to.get(i), before)) {
                throw new IllegalArgumentException(
                        String.format(
                                "A step must lead below the timestep %s, not to %s.",
                                at.timestep(), to.get(i).timestep()));
            }
            RowUpdate update =
                    moves[i] ? sampler.update(at, to.get(i), history, before) : RowUpdate.STAY;
            updates.add(update);
            past.add(SamplerMemory.after(before, update.past(), at));
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
            List<NDArray> slots = slots(scratch, sampler.memory(), state);
            for (int i = 0; i < slots.size(); i++) {
                int slot = i;
                next = plus(next, updates, u -> u.slot(slot), slots.get(i));
            }
            SamplerMemory memory =
                    new SamplerMemory(remembered(updates, x, raw, previous, slots), past);
            if (updates.stream().anyMatch(RowUpdate::draws)) {
                NDArray unit = noise(scratch, updates, generators, shape);
                NDArray noise = sampler.injected(unit, state.at());
                next = plus(next, updates, RowUpdate::noise, noise);
            }
            NDArray kept = estimate;
            if (!allMove) {
                NDArray mask = scratch.create(moves, new Shape(rows, 1, 1, 1));
                kept = NDArrays.where(mask.broadcast(shape), estimate, previous);
            }
            return state.next(next, to, kept, x0At, generators, memory);
        }
    }

    /** The arrays in memory, or zeros where nothing is remembered yet. */
    private static List<NDArray> slots(NDManager scratch, int count, SamplingState state) {
        if (count == 0) {
            return List.of();
        }
        Shape shape = state.latents().getShape();
        NDArray all = state.memory().slots();
        boolean known = all != null && all.getShape().get(1) == count * shape.get(1);
        NDArray own = known ? SamplingState.borrow(scratch, all) : null;
        List<NDArray> slots = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long from = i * shape.get(1);
            slots.add(
                    known
                            ? own.get(":, " + from + ":" + (from + shape.get(1)))
                            : scratch.zeros(shape));
        }
        return slots;
    }

    private static NDArray remembered(
            List<RowUpdate> updates, NDArray x, NDArray raw, NDArray previous, List<NDArray> old) {
        if (old.isEmpty()) {
            return null;
        }
        NDList slots = new NDList();
        for (int i = 0; i < old.size(); i++) {
            int slot = i;
            NDArray sum = x.mul(factors(x.getManager(), updates, u -> u.memory(slot).x()));
            sum = plus(sum, updates, u -> u.memory(slot).raw(), raw);
            sum = plus(sum, updates, u -> u.memory(slot).history(), previous);
            for (int j = 0; j < old.size(); j++) {
                int part = j;
                sum = plus(sum, updates, u -> u.memory(slot).factor(part), old.get(j));
            }
            slots.add(sum);
        }
        return NDArrays.concat(slots, 1);
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
