package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * A stochastic sampler in two phases, after CartoonDiff (He et al. 2023, arXiv 2309.08251). In the
 * semantic phase it is the sampler as it is; in the detail phase the fresh noise at each place is
 * divided by the sum of its magnitudes over the channels, and a constant is added, 2 in the first
 * channel and 1 in the others: what is left of the high frequencies is faint and even, as in a
 * cartoon.
 *
 * <p>The constants are the authors', for the latents of Stable Diffusion's autoencoder. They count
 * the phase in sampling steps of a DDPM; here it is a part of the training timesteps, which for
 * their evenly spaced steps is the same and does not change with the strides.
 *
 * @param sampler whose noise it is
 * @param detail the last part of the training timesteps, above 0 to 1; 0.25 to 0.3 in the paper
 */
public record Phased(Sampler sampler, double detail) implements Sampler {
    private static final float FIRST = 2;
    private static final float OTHERS = 1;

    /** As in PyTorch's normalize. */
    private static final float LEAST_NORM = 1e-12f;

    /**
     * The sampler in two phases.
     *
     * @throws IllegalArgumentException if it would be the same
     */
    static Phased of(Sampler sampler, double detail) {
        if (!sampler.isStochastic()) {
            throw new IllegalArgumentException(
                    "A detail phase changes the fresh noise of a sampler, and "
                            + sampler.name()
                            + " adds none: take euler-a, ddpm, dpm++sde or another that does, or"
                            + " ddim with an eta.");
        }
        return new Phased(sampler, detail);
    }

    /** Checks the part. */
    public Phased {
        if (!(detail > 0 && detail <= 1)) {
            throw new IllegalArgumentException(
                    "The detail phase is a part above 0 and at most 1, not " + detail + ".");
        }
    }

    @Override
    public NDArray injected(NDArray unit, List<NoiseLevel> at) {
        boolean[] detailed = new boolean[at.size()];
        boolean any = false;
        for (int i = 0; i < detailed.length; i++) {
            detailed[i] = at.get(i).timestep() < detail * schedule().length();
            any |= detailed[i];
        }
        if (!any) {
            return unit;
        }
        NDManager manager = unit.getManager();
        Shape shape = unit.getShape();
        NDArray norm = unit.abs().sum(new int[] {1}, true).maximum(LEAST_NORM);
        NDArray even = unit.div(norm).add(constants(manager, shape.get(1)));
        NDArray mask = manager.create(detailed, new Shape(detailed.length, 1, 1, 1));
        return NDArrays.where(mask.broadcast(shape), even, unit);
    }

    private static NDArray constants(NDManager manager, long channels) {
        float[] values = new float[Math.toIntExact(channels)];
        for (int i = 0; i < values.length; i++) {
            values[i] = i == 0 ? FIRST : OTHERS;
        }
        return manager.create(values, new Shape(1, channels, 1, 1));
    }

    @Override
    public Phased atMost(int bound) {
        return new Phased(sampler.atMost(bound), detail);
    }

    @Override
    public String name() {
        return sampler.name();
    }

    @Override
    public NoiseSchedule schedule() {
        return sampler.schedule();
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        return sampler.plan(steps);
    }

    @Override
    public int evaluations() {
        return sampler.evaluations();
    }

    @Override
    public List<SamplingStep> stride(NoiseLevel from, NoiseLevel to) {
        return sampler.stride(from, to);
    }

    @Override
    public boolean isStochastic() {
        return true;
    }

    @Override
    public NoiseLevel end() {
        return sampler.end();
    }

    @Override
    public double initialScale(NoiseLevel first) {
        return sampler.initialScale(first);
    }

    @Override
    public boolean leads(NoiseLevel at, NoiseLevel to, List<NoiseLevel> past) {
        return sampler.leads(at, to, past);
    }

    @Override
    public int memory() {
        return sampler.memory();
    }

    @Override
    public RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history) {
        return sampler.update(at, to, history);
    }

    @Override
    public RowUpdate update(
            NoiseLevel at, NoiseLevel to, NoiseLevel history, List<NoiseLevel> past) {
        return sampler.update(at, to, history, past);
    }

    @Override
    public NDArray estimate(NDManager manager, NDArray x, NDArray x0, List<NoiseLevel> at) {
        return sampler.estimate(manager, x, x0, at);
    }
}
