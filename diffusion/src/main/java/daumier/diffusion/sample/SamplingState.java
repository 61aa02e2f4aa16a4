package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Where a sampling stands: latents, the noise level of each row, the last estimate of the clean
 * latents (which is also the history of multistep samplers), and a random generator for each row.
 *
 * <p>A state is a value: steps give a new one and leave this one valid. Rows are independent of one
 * another: each has its own level and its own noise, so that what happens to a picture does not
 * depend on the batch it is in. It owns its arrays; {@link #close} releases them.
 */
public final class SamplingState implements AutoCloseable {
    private final NDManager parent;
    private final NDManager manager;
    private final NDArray latents;
    private final List<NoiseLevel> at;
    private final NDArray x0;
    private final NoiseLevel[] x0At;
    private final List<TorchRandom> generators;
    private final SamplerMemory memory;

    /** Takes over nothing: arrays are copied into a manager of this state's own. */
    private SamplingState(
            NDManager parent,
            NDArray latents,
            List<NoiseLevel> at,
            NDArray x0,
            NoiseLevel[] x0At,
            List<TorchRandom> generators,
            SamplerMemory memory) {
        this.parent = parent;
        this.manager = parent.newSubManager();
        this.latents = own(manager, latents);
        this.at = List.copyOf(at);
        this.x0 = x0 == null ? null : own(manager, x0);
        this.x0At = x0At;
        this.generators = generators;
        this.memory =
                memory.slots() == null
                        ? memory
                        : new SamplerMemory(own(manager, memory.slots()), memory.past());
    }

    private static NDArray own(NDManager manager, NDArray array) {
        NDArray copy = array.duplicate();
        copy.attach(manager);
        return copy;
    }

    /**
     * A handle in the given manager, so that results made from it belong there. Where gradients are
     * recorded it is a view, as copying would cut them.
     */
    static NDArray borrow(NDManager scratch, NDArray array) {
        if (array.hasGradient()) {
            NDArray view = array.reshape(array.getShape());
            view.attach(scratch);
            return view;
        }
        return own(scratch, array);
    }

    /**
     * The start of a plan from noise: each row draws torch.randn(1, c, h, w) from its own seed.
     *
     * @param parent decides the device and outlives the state
     * @param row shape of one row (c, h, w)
     * @param seeds one for each row
     */
    public static SamplingState fromNoise(
            NDManager parent, Sampler sampler, NoiseLevel first, Shape row, long... seeds) {
        List<TorchRandom> generators = generators(seeds);
        int size = Math.toIntExact(row.size());
        float[] noise = Rows.noise(generators, seeds.length, size);
        try (NDManager scratch = parent.newSubManager()) {
            NDArray unit = scratch.create(noise, withRows(seeds.length, row));
            return fromUnitNoise(parent, sampler, first, unit, generators);
        }
    }

    /**
     * The start of a plan from given unit noise (b, c, h, w), "before the sampler's initial noise
     * scale"; the generators are only for noise that is drawn later.
     */
    public static SamplingState fromLatents(
            NDManager parent, Sampler sampler, NoiseLevel first, NDArray unit, long... seeds) {
        return fromUnitNoise(parent, sampler, first, unit, generators(seeds));
    }

    private static SamplingState fromUnitNoise(
            NDManager parent,
            Sampler sampler,
            NoiseLevel first,
            NDArray unit,
            List<TorchRandom> generators) {
        try (NDManager scratch = parent.newSubManager()) {
            double scale = sampler.initialScale(first);
            NDArray x = borrow(scratch, unit);
            return start(parent, scale == 1 ? x : x.mul((float) scale), first, generators);
        }
    }

    /**
     * The start of image-to-image: clean latents noised to the first level.
     *
     * @param clean (b, c, h, w), scaled
     * @param generators one a row; noise is the next they draw. They are copied.
     */
    public static SamplingState fromClean(
            NDManager parent, NoiseLevel first, NDArray clean, List<TorchRandom> generators) {
        List<TorchRandom> own = generators.stream().map(TorchRandom::copy).toList();
        try (NDManager scratch = parent.newSubManager()) {
            Shape shape = clean.getShape();
            int size = Math.toIntExact(shape.size() / shape.get(0));
            NDArray noise = scratch.create(Rows.noise(own, own.size(), size), shape);
            NDArray x =
                    borrow(scratch, clean)
                            .mul((float) first.alpha())
                            .add(noise.mul((float) first.sigma()));
            return start(parent, x, first, own);
        }
    }

    private static SamplingState start(
            NDManager parent, NDArray x, NoiseLevel first, List<TorchRandom> generators) {
        int rows = (int) x.getShape().get(0);
        if (rows != generators.size()) {
            throw new IllegalArgumentException(
                    rows
                            + " rows of latents need "
                            + rows
                            + " seeds, not "
                            + generators.size()
                            + ".");
        }
        return new SamplingState(
                parent,
                x,
                Collections.nCopies(rows, first),
                null,
                new NoiseLevel[rows],
                generators,
                SamplerMemory.none(rows));
    }

    /**
     * The latents (b, c, h, w) in the variance-preserving scale; they live as long as the state.
     */
    public NDArray latents() {
        return latents;
    }

    /** The noise level of each row. */
    public List<NoiseLevel> at() {
        return at;
    }

    /** The number of rows b. */
    public int rows() {
        return at.size();
    }

    /** The last estimate of the clean latents (b, c, h, w); empty before the first step. */
    public Optional<NDArray> x0() {
        return Optional.ofNullable(x0);
    }

    /** The level at which a row's x0 was estimated; empty if it has none yet. */
    public Optional<NoiseLevel> x0At(int row) {
        return Optional.ofNullable(x0At[row]);
    }

    /** Whether every row is at the end. */
    public boolean isFinished() {
        return at.stream().allMatch(NoiseLevel::isEnd);
    }

    TorchRandom generator(int row) {
        return generators.get(row);
    }

    NDManager newScratch() {
        return parent.newSubManager();
    }

    SamplerMemory memory() {
        return memory;
    }

    SamplingState next(
            NDArray next,
            List<NoiseLevel> to,
            NDArray estimate,
            NoiseLevel[] estimatedAt,
            List<TorchRandom> nextGenerators,
            SamplerMemory nextMemory) {
        return new SamplingState(
                parent, next, to, estimate, estimatedAt, nextGenerators, nextMemory);
    }

    /** An independent state that goes on as this one would. */
    public SamplingState copy() {
        return new SamplingState(parent, latents, at, x0, x0At.clone(), copies(), memory);
    }

    /** This state as if all rows stood at another level, the latents unchanged. */
    SamplingState restated(NoiseLevel level) {
        return new SamplingState(
                parent,
                latents,
                Collections.nCopies(rows(), level),
                x0,
                x0At.clone(),
                copies(),
                memory);
    }

    /**
     * The state with another estimate of the clean latents, such as a warped one. The noise that
     * each row is thought to hold is kept: its latents move by {@code alpha * (newX0 - x0)}. A
     * sampler that remembers more than the estimate begins its memory anew.
     *
     * @throws IllegalStateException if a row has no estimate yet
     */
    public SamplingState replaceX0(NDArray newX0) {
        if (x0 == null || Arrays.asList(x0At).contains(null)) {
            throw new IllegalStateException("There is no estimate to replace before a first step.");
        }
        try (NDManager scratch = newScratch()) {
            float[] alphas = new float[rows()];
            for (int i = 0; i < alphas.length; i++) {
                alphas[i] = (float) at.get(i).alpha();
            }
            NDArray change = borrow(scratch, newX0).sub(x0);
            NDArray moved = borrow(scratch, latents).add(change.mul(Rows.column(scratch, alphas)));
            return new SamplingState(
                    parent, moved, at, newX0, x0At.clone(), copies(), SamplerMemory.none(rows()));
        }
    }

    /** One row as a state of its own. */
    public SamplingState row(int row) {
        try (NDManager scratch = newScratch()) {
            String index = row + ":" + (row + 1);
            return new SamplingState(
                    parent,
                    borrow(scratch, latents).get(index),
                    List.of(at.get(row)),
                    x0 == null ? null : borrow(scratch, x0).get(index),
                    new NoiseLevel[] {x0At[row]},
                    List.of(generators.get(row).copy()),
                    new SamplerMemory(
                            memory.slots() == null
                                    ? null
                                    : borrow(scratch, memory.slots()).get(index),
                            List.of(memory.past().get(row))));
        }
    }

    /**
     * The rows of several states as one, in order; their latents must agree in shape. The states
     * stay valid.
     */
    public static SamplingState concat(List<SamplingState> states) {
        NDManager parent = states.get(0).parent;
        try (NDManager scratch = parent.newSubManager()) {
            NDList latents = new NDList();
            NDList estimates = new NDList();
            boolean estimated = states.stream().anyMatch(s -> s.x0 != null);
            List<NoiseLevel> at = new ArrayList<>();
            List<NoiseLevel> x0At = new ArrayList<>();
            List<TorchRandom> generators = new ArrayList<>();
            List<List<NoiseLevel>> past = new ArrayList<>();
            long channels = 0;
            for (SamplingState state : states) {
                NDArray own = state.memory.slots();
                channels = own == null ? channels : own.getShape().get(1);
            }
            NDList slots = new NDList();
            for (SamplingState state : states) {
                latents.add(borrow(scratch, state.latents));
                // a row without an estimate is marked by its missing level
                estimates.add(borrow(scratch, state.x0 == null ? state.latents : state.x0));
                at.addAll(state.at);
                x0At.addAll(Arrays.asList(state.x0At));
                generators.addAll(state.copies());
                past.addAll(state.memory.past());
                if (channels > 0) {
                    slots.add(state.slotsOf(scratch, channels));
                }
            }
            SamplerMemory memory =
                    new SamplerMemory(channels > 0 ? NDArrays.concat(slots) : null, past);
            return new SamplingState(
                    parent,
                    NDArrays.concat(latents),
                    at,
                    estimated ? NDArrays.concat(estimates) : null,
                    x0At.toArray(NoiseLevel[]::new),
                    generators,
                    memory);
        }
    }

    /** The memory, or zeros, which nothing refers to as long as the past is empty. */
    private NDArray slotsOf(NDManager scratch, long channels) {
        Shape shape = latents.getShape();
        return memory.slots() != null
                ? borrow(scratch, memory.slots())
                : scratch.zeros(new Shape(shape.get(0), channels, shape.get(2), shape.get(3)));
    }

    /** Writes everything into a safetensors file; {@link #load} goes on bit by bit. */
    public void save(Path file) throws IOException {
        SamplingStateFile.write(file, this);
    }

    /**
     * Reads a state.
     *
     * @param parent decides the device and outlives the state
     */
    public static SamplingState load(NDManager parent, Path file) throws IOException {
        return SamplingStateFile.read(parent, file);
    }

    static SamplingState of(
            NDManager parent,
            NDArray latents,
            List<NoiseLevel> at,
            NDArray x0,
            NoiseLevel[] x0At,
            List<TorchRandom> generators,
            SamplerMemory memory) {
        return new SamplingState(parent, latents, at, x0, x0At, generators, memory);
    }

    private List<TorchRandom> copies() {
        return generators.stream().map(TorchRandom::copy).toList();
    }

    private static List<TorchRandom> generators(long... seeds) {
        return Arrays.stream(seeds).mapToObj(TorchRandom::new).toList();
    }

    private static Shape withRows(int rows, Shape row) {
        return new Shape(rows).addAll(row);
    }

    @Override
    public void close() {
        manager.close();
    }
}
