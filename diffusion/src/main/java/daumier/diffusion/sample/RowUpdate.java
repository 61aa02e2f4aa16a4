package daumier.diffusion.sample;

/**
 * How one row moves: new latents = x * latents + raw * x0 + estimate * estimate + history *
 * previous estimate + sum of slots * memory + noise * fresh unit noise. Every sampler of this
 * package is of this form.
 *
 * @param raw factor of the denoiser's x0
 * @param estimate factor of the sampler's own x0 estimate (clipped, or a consistency estimate)
 * @param draws whether the row's generator draws noise, be its factor 0 or not
 * @param slots factors of the sampler's memory
 * @param memory the new memory, a mixture of the same parts for each slot; none keeps the old
 * @param past what becomes of the row's past
 */
record RowUpdate(
        double x,
        double raw,
        double estimate,
        double history,
        double noise,
        boolean draws,
        double[] slots,
        Mixture[] memory,
        Past past) {
    private static final double[] NO_SLOTS = {};
    private static final Mixture[] KEPT = {};

    /** What becomes of the levels that a row's memory comes from. */
    enum Past {
        /** It stays as it is. */
        KEPT,
        /** This evaluation is added. */
        LONGER,
        /** This evaluation is all that is left. */
        ANEW,
        /** It is forgotten. */
        NONE
    }

    /** The row stays where it is. */
    static final RowUpdate STAY = new RowUpdate(1, 0, 0, 0, 0, false, NO_SLOTS, KEPT, Past.KEPT);

    /**
     * A sum of what a step knows.
     *
     * @param x factor of the latents
     * @param raw factor of the denoiser's x0
     * @param history factor of the previous estimate
     * @param slots factors of the memory; shorter ones end with zeros
     */
    record Mixture(double x, double raw, double history, double... slots) {
        /** The old content of a slot. */
        static Mixture slot(int index) {
            double[] slots = new double[index + 1];
            slots[index] = 1;
            return new Mixture(0, 0, 0, slots);
        }

        /** Factor of a slot. */
        double factor(int index) {
            return RowUpdate.slot(slots, index);
        }

        /** This sum times a number. */
        Mixture times(double factor) {
            double[] scaled = slots.clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= factor;
            }
            return new Mixture(x * factor, raw * factor, history * factor, scaled);
        }

        /** The sum of both. */
        Mixture plus(Mixture other) {
            double[] sum = new double[Math.max(slots.length, other.slots.length)];
            for (int i = 0; i < sum.length; i++) {
                sum[i] = factor(i) + other.factor(i);
            }
            return new Mixture(x + other.x, raw + other.raw, history + other.history, sum);
        }
    }

    /** An update of a sampler without memory. */
    RowUpdate(double x, double raw, double estimate, double history, double noise, boolean draws) {
        this(x, raw, estimate, history, noise, draws, NO_SLOTS, KEPT, Past.KEPT);
    }

    /** An update without noise. */
    static RowUpdate deterministic(double x, double raw, double history) {
        return new RowUpdate(x, raw, 0, history, 0, false);
    }

    /** An update to a mixture that leaves other mixtures in memory. */
    static RowUpdate of(Mixture next, Past past, Mixture... memory) {
        return new RowUpdate(
                next.x(), next.raw(), 0, next.history(), 0, false, next.slots(), memory, past);
    }

    /** The same with fresh noise on top. */
    RowUpdate withNoise(double factor) {
        return new RowUpdate(x, raw, estimate, history, factor, true, slots, memory, past);
    }

    /** The same with the sampler's own estimate in the place of the denoiser's. */
    RowUpdate onEstimate() {
        return new RowUpdate(x, 0, raw + estimate, history, noise, draws, slots, memory, past);
    }

    /** Factor of a memory slot. */
    double slot(int index) {
        return slot(slots, index);
    }

    /** What a slot will hold. */
    Mixture memory(int index) {
        return index < memory.length ? memory[index] : Mixture.slot(index);
    }

    private static double slot(double[] slots, int index) {
        return index < slots.length ? slots[index] : 0;
    }
}
