package daumier.diffusion.sample;

/**
 * One step of a plan: one evaluation of the network.
 *
 * @param from the level the network is asked at
 * @param to the level the latents are brought to. With diffusers' DDIM the next step's {@code from}
 *     is not always this one: its grid and its stride differ by roundings, and by more with the
 *     spacing linspace.
 * @param order the highest order that the plan allows for it: solvers of high order come down
 *     towards the end
 */
public record SamplingStep(NoiseLevel from, NoiseLevel to, int order) {
    /** No bound. */
    public static final int ANY_ORDER = Integer.MAX_VALUE;

    /** A step of any order. */
    public SamplingStep(NoiseLevel from, NoiseLevel to) {
        this(from, to, ANY_ORDER);
    }

    /** The same, bounded. */
    SamplingStep atMost(int bound) {
        return new SamplingStep(from, to, Math.min(order, bound));
    }
}
