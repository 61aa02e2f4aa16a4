package daumier.diffusion.sample;

import java.util.Arrays;

/**
 * The noise a network was trained with: {@code alphasCumprod[t]} for the integer timesteps 0 to T -
 * 1, and levels between them.
 *
 * <p>Values are doubles that went through the same single-precision roundings as diffusers' tables,
 * so that samplings agree to rounding. Between two timesteps the ratio {@code sigma / alpha} is
 * linear in the timestep, as in k-diffusion and diffusers' Euler scheduler.
 */
public final class NoiseSchedule {
    private final double[] alphasCumprod;

    private NoiseSchedule(double[] alphasCumprod) {
        this.alphasCumprod = alphasCumprod;
    }

    /**
     * The schedule of a configuration with diffusers' usual defaults: beta_start 0.0001, beta_end
     * 0.02, beta_schedule linear.
     */
    public static NoiseSchedule of(SchedulerConfig config) {
        return of(config, 0.0001, 0.02, "linear");
    }

    /** The schedule of a configuration, with the betas to assume where it does not say. */
    static NoiseSchedule of(SchedulerConfig config, double start, double end, String form) {
        float[] betas =
                config.trainedBetas()
                        .map(NoiseSchedule::toFloats)
                        .orElseGet(
                                () ->
                                        betas(
                                                config,
                                                config.number("beta_start", start),
                                                config.number("beta_end", end),
                                                config.text("beta_schedule", form)));
        for (float beta : betas) {
            if (!(beta >= 0 && beta < 1)) {
                throw config.wrong("beta_start", "such that every beta is in [0, 1)");
            }
        }
        if (betas.length != config.numTrainTimesteps()) {
            throw config.wrong("trained_betas", "a list of num_train_timesteps numbers");
        }
        if (config.flag("rescale_betas_zero_snr", false)) {
            betas = rescaledToZeroTerminalSnr(betas);
        }
        return new NoiseSchedule(cumulativeProduct(betas));
    }

    /** A schedule from its own table, falling strictly from near 1 to 0 at least. */
    public static NoiseSchedule ofAlphasCumprod(double[] alphasCumprod) {
        return new NoiseSchedule(alphasCumprod.clone());
    }

    /**
     * This schedule with a last level that is not quite pure noise, so that its ratio is finite.
     */
    NoiseSchedule withFiniteTerminal() {
        double[] table = alphasCumprod.clone();
        table[table.length - 1] = 0x1p-24; // as diffusers: the smallest half-precision number
        return new NoiseSchedule(table);
    }

    /** The number of training timesteps T. */
    public int length() {
        return alphasCumprod.length;
    }

    /** The table, a copy. */
    public double[] alphasCumprod() {
        return alphasCumprod.clone();
    }

    /** The cumulative alpha at a timestep from 0 to T - 1, also between two integers. */
    public double alphaBar(double timestep) {
        double alpha = level(timestep).alpha();
        return alpha * alpha;
    }

    /** k-diffusion's sigma at a timestep: {@code sqrt((1 - alphaBar) / alphaBar)}. */
    public double sigma(double timestep) {
        return level(timestep).ratio();
    }

    /** The level at a timestep from 0 to T - 1, also between two integers. */
    public NoiseLevel level(double timestep) {
        if (!(timestep >= 0 && timestep <= length() - 1)) {
            throw new IllegalArgumentException(
                    "The timestep " + timestep + " is outside 0 to " + (length() - 1) + ".");
        }
        int low = (int) timestep;
        double part = timestep - low;
        if (part == 0) {
            return at(timestep, alphasCumprod[low]);
        }
        double first = ratio(low);
        double second = ratio(low + 1);
        if (Double.isInfinite(second)) {
            // Towards pure noise the ratio has no value to interpolate: alpha has.
            double alpha = Math.sqrt(alphasCumprod[low]) * (1 - part);
            return at(timestep, alpha * alpha);
        }
        return NoiseLevel.ofRatio(timestep, first + part * (second - first));
    }

    /**
     * The timestep at which k-diffusion's sigma has a value, by linear interpolation of its
     * logarithm; clamped to 0 and T - 1.
     */
    public double timestepOfRatio(double ratio) {
        double wanted = Math.log(Math.max(ratio, 1e-10));
        int low = 0;
        while (low < length() - 2 && logRatio(low + 1) <= wanted) {
            low++;
        }
        double from = logRatio(low);
        double to = logRatio(low + 1);
        double part = Math.min(1, Math.max(0, (from - wanted) / (from - to)));
        return low + part;
    }

    private double ratio(int timestep) {
        return Math.sqrt((1 - alphasCumprod[timestep]) / alphasCumprod[timestep]);
    }

    /** In single precision as in diffusers, which cuts off the decimals of what follows from it. */
    private double logRatio(int timestep) {
        return (float) Math.log((float) ratio(timestep));
    }

    private static NoiseLevel at(double timestep, double alphaBar) {
        return new NoiseLevel(timestep, Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar));
    }

    private static float[] betas(SchedulerConfig config, double start, double end, String form) {
        int length = config.numTrainTimesteps();
        return switch (form) {
            case "linear" -> linspace(start, end, length);
            case "scaled_linear" -> squared(linspace(Math.sqrt(start), Math.sqrt(end), length));
            case "squaredcos_cap_v2" -> cosineBetas(length);
            default ->
                    throw config.wrong(
                            "beta_schedule", "linear, scaled_linear or squaredcos_cap_v2");
        };
    }

    private static float[] squared(float[] roots) {
        for (int i = 0; i < roots.length; i++) {
            roots[i] *= roots[i];
        }
        return roots;
    }

    private static float[] cosineBetas(int length) {
        float[] betas = new float[length];
        for (int i = 0; i < length; i++) {
            double ratio = cosine((i + 1.0) / length) / cosine((double) i / length);
            betas[i] = (float) Math.min(1 - ratio, 0.999);
        }
        return betas;
    }

    /** The cumulative alpha of Nichol and Dhariwal (2021), equation 17, at t in 0 to 1. */
    private static double cosine(double t) {
        double root = Math.cos((t + 0.008) / 1.008 * Math.PI / 2);
        return root * root;
    }

    /** PyTorch's single-precision linspace: counted from both ends. */
    private static float[] linspace(double start, double end, int length) {
        float[] values = new float[length];
        float first = (float) start;
        float last = (float) end;
        float step = (last - first) / (length - 1);
        for (int i = 0; i < length; i++) {
            values[i] = i < length / 2 ? first + step * i : last - step * (length - 1 - i);
        }
        return values;
    }

    /** PyTorch's cumprod of 1 - beta: summed up in double, each entry rounded to single. */
    private static double[] cumulativeProduct(float[] betas) {
        double[] table = new double[betas.length];
        double product = 1;
        for (int i = 0; i < betas.length; i++) {
            product *= 1f - betas[i];
            table[i] = (float) product;
        }
        return table;
    }

    /** Algorithm 1 of Lin et al. 2023 ("Common diffusion noise schedules ... are flawed"). */
    private static float[] rescaledToZeroTerminalSnr(float[] betas) {
        double[] cumulative = cumulativeProduct(betas);
        int length = betas.length;
        float[] roots = new float[length];
        for (int i = 0; i < length; i++) {
            roots[i] = (float) Math.sqrt(cumulative[i]);
        }
        float first = roots[0];
        float last = roots[length - 1];
        float[] bars = new float[length];
        for (int i = 0; i < length; i++) {
            float root = (roots[i] - last) * (first / (first - last));
            bars[i] = root * root;
        }
        float[] rescaled = new float[length];
        rescaled[0] = 1 - bars[0];
        for (int i = 1; i < length; i++) {
            rescaled[i] = 1 - bars[i] / bars[i - 1];
        }
        return rescaled;
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoiseSchedule that
                && Arrays.equals(alphasCumprod, that.alphasCumprod);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(alphasCumprod);
    }
}
