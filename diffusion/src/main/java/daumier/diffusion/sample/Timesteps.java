package daumier.diffusion.sample;

import java.util.Arrays;

/** The grids of diffusers' {@code set_timesteps}, with NumPy's roundings (half to even). */
final class Timesteps {
    private Timesteps() {}

    /** {@code arange(n) * (T // n)} downwards, plus an offset. */
    static double[] leading(int trained, int steps, int divisions, int offset) {
        int ratio = trained / divisions;
        double[] grid = new double[steps];
        int extra = divisions - steps; // the lowest entries that are cut off
        for (int i = 0; i < steps; i++) {
            grid[i] = (double) (steps - 1 - i + extra) * ratio + offset;
        }
        return grid;
    }

    /** {@code arange(last, 0, -T / n)} rounded, minus one. */
    static double[] trailing(int trained, int last, int steps) {
        double ratio = (double) trained / steps;
        double delta = last - ratio - last;
        int count = (int) Math.ceil(-last / -ratio);
        double[] grid = new double[count];
        for (int i = 0; i < count; i++) {
            grid[i] = Math.rint(last + i * delta) - 1;
        }
        return grid;
    }

    /** {@code linspace(0, last, n)} downwards, not rounded. */
    static double[] linspace(double last, int steps) {
        double[] grid = new double[steps];
        double step = steps > 1 ? last / (steps - 1) : 0;
        for (int i = 0; i < steps; i++) {
            int up = steps - 1 - i;
            grid[i] = up == steps - 1 && steps > 1 ? last : up * step;
        }
        return grid;
    }

    /** {@code linspace(0, last - 1, n + 1)} downwards and rounded, without its 0. */
    static double[] withoutZero(int last, int steps) {
        return Arrays.copyOf(rounded(linspace(last - 1.0, steps + 1)), steps);
    }

    /** Rounds each entry half to even. */
    static double[] rounded(double[] grid) {
        for (int i = 0; i < grid.length; i++) {
            grid[i] = Math.rint(grid[i]);
        }
        return grid;
    }

    /** The grid of the samplers that step from one whole timestep to another, by its name. */
    static double[] spaced(String spacing, int trained, int steps, int offset, String sampler) {
        check(steps, trained);
        return switch (spacing) {
            case "leading" -> leading(trained, steps, steps, offset);
            case "linspace" -> rounded(linspace(trained - 1.0, steps));
            case "trailing" -> trailing(trained, trained, steps);
            default ->
                    throw new IllegalArgumentException(
                            "The sampler "
                                    + sampler
                                    + " knows no timestep_spacing '"
                                    + spacing
                                    + "'.");
        };
    }

    /** Refuses a number of steps that no grid can have. */
    static void check(int steps, int trained) {
        if (steps < 1 || steps > trained) {
            throw new IllegalArgumentException(
                    "The number of steps must be from 1 to "
                            + trained
                            + ", but it is "
                            + steps
                            + ".");
        }
    }
}
