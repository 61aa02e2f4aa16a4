package daumier.diffusion.sample;

/**
 * How one row moves: new latents = x * latents + raw * x0 + estimate * estimate + history *
 * previous estimate + noise * fresh unit noise. Every sampler of this package is of this form.
 *
 * @param raw factor of the denoiser's x0
 * @param estimate factor of the sampler's own x0 estimate (clipped, or a consistency estimate)
 * @param draws whether the row's generator draws noise, be its factor 0 or not
 */
record RowUpdate(
        double x, double raw, double estimate, double history, double noise, boolean draws) {
    /** The row stays where it is. */
    static final RowUpdate STAY = deterministic(1, 0, 0);

    /** An update without noise. */
    static RowUpdate deterministic(double x, double raw, double history) {
        return new RowUpdate(x, raw, 0, history, 0, false);
    }
}
