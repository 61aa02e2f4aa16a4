package daumier.diffusion.sample;

/**
 * An ancestral step in k-diffusion's sigmas: down without noise, then up by fresh noise, so that
 * the variances add up to the target's (Song et al. 2021, eta 1).
 *
 * @param down the sigma that is reached without noise
 * @param up the deviation of the noise that is added
 */
record Ancestry(double down, double up) {
    /** The parts of a step. */
    static Ancestry of(NoiseLevel from, NoiseLevel to) {
        double target = to.ratio();
        double part = target / from.ratio();
        double up = target * Math.sqrt(Math.max(0, 1 - part * part));
        return new Ancestry(Math.sqrt(Math.max(0, target * target - up * up)), up);
    }
}
