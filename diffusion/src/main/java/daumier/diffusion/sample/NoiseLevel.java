package daumier.diffusion.sample;

/**
 * A place on the noise schedule: latents there are {@code alpha * x0 + sigma * noise}.
 *
 * @param timestep the training timestep the network is told, possibly between two integers; -1 at
 *     the end of a sampling
 * @param alpha factor of the clean latents, {@code sqrt(alphasCumprod)}, 0 to 1
 * @param sigma factor of the unit noise, {@code sqrt(1 - alphasCumprod)}, 0 to 1
 */
public record NoiseLevel(double timestep, double alpha, double sigma) {
    /** The timestep of a finished sampling, below every training timestep. */
    public static final double END = -1;

    /** The end of a sampling at the given remaining noise. */
    public static NoiseLevel end(double alpha, double sigma) {
        return new NoiseLevel(END, alpha, sigma);
    }

    /** The level whose noise is {@code ratio} times its signal (k-diffusion's sigma). */
    public static NoiseLevel ofRatio(double timestep, double ratio) {
        double norm = Math.sqrt(1 + ratio * ratio);
        return new NoiseLevel(timestep, 1 / norm, ratio / norm);
    }

    /** Whether no further step may follow. */
    public boolean isEnd() {
        return timestep < 0;
    }

    /** Half the log signal-to-noise ratio, {@code log(alpha / sigma)}; infinite without noise. */
    public double lambda() {
        return Math.log(alpha) - Math.log(sigma);
    }

    /** k-diffusion's sigma, {@code sigma / alpha}. */
    public double ratio() {
        return sigma / alpha;
    }
}
