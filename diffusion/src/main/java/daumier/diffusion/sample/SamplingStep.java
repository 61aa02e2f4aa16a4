package daumier.diffusion.sample;

/**
 * One step of a plan.
 *
 * @param from the level the network is asked at
 * @param to the level the latents are brought to. With diffusers' DDIM the next step's {@code from}
 *     is not always this one: its grid and its stride differ by roundings, and by more with the
 *     spacing linspace.
 */
public record SamplingStep(NoiseLevel from, NoiseLevel to) {}
