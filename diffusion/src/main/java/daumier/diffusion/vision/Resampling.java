package daumier.diffusion.vision;

/**
 * Antialiased resizing of 8-bit planes as Pillow does it: each side by itself, columns first, the
 * result of each rounded to 8 bits, weights held in 22-bit fixed point. Networks were trained on
 * such pixels, and scores depend on them in the third digit.
 */
enum Resampling {
    /** The triangle. */
    BILINEAR(1) {
        @Override
        double weight(double distance) {
            return Math.max(0, 1 - distance);
        }
    },

    /** Keys's cubic convolution with a = -1/2 (Keys 1981). */
    BICUBIC(2) {
        @Override
        double weight(double d) {
            if (d < 1) {
                return 1 + d * d * (1.5 * d - 2.5);
            }
            return d < 2 ? 2 + d * (-4 + d * (2.5 - 0.5 * d)) : 0;
        }
    };

    private static final int BITS = 22;
    private static final int HALF = 1 << (BITS - 1);

    private final double reach;

    Resampling(double reach) {
        this.reach = reach;
    }

    /** The filter at a distance of at least 0, in pixels of the coarser picture. */
    abstract double weight(double distance);

    /**
     * A plane in another size.
     *
     * @param plane values 0 to 255, row by row
     */
    int[] resize(int[] plane, int width, int height, int newWidth, int newHeight) {
        int[] columns = plane;
        if (newWidth != width) {
            columns = new int[newWidth * height];
            for (int x = 0; x < newWidth; x++) {
                Window window = window(x, width, newWidth);
                for (int y = 0; y < height; y++) {
                    columns[y * newWidth + x] = window.sum(plane, y * width, 1);
                }
            }
        }
        if (newHeight == height) {
            return columns;
        }
        int[] resized = new int[newWidth * newHeight];
        for (int y = 0; y < newHeight; y++) {
            Window window = window(y, height, newHeight);
            for (int x = 0; x < newWidth; x++) {
                resized[y * newWidth + x] = window.sum(columns, x, newWidth);
            }
        }
        return resized;
    }

    /**
     * What a new pixel is made of: neighbours from {@code first} on with their fixed-point shares.
     */
    private record Window(int first, int[] shares) {
        int sum(int[] values, int offset, int stride) {
            int sum = HALF;
            for (int i = 0; i < shares.length; i++) {
                sum += shares[i] * values[offset + (first + i) * stride];
            }
            return Math.max(0, Math.min(255, sum >> BITS));
        }
    }

    private Window window(int index, int from, int to) {
        double scale = (double) from / to;
        double spread = Math.max(1, scale);
        double centre = (index + 0.5) * scale;
        int first = (int) Math.max(0, centre - reach * spread + 0.5);
        int end = (int) Math.min(from, centre + reach * spread + 0.5);
        double[] weights = new double[end - first];
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = weight(Math.abs(first + i + 0.5 - centre) / spread);
            total += weights[i];
        }
        int[] shares = new int[weights.length];
        for (int i = 0; i < shares.length; i++) {
            double share = weights[i] / total * (1 << BITS);
            shares[i] = (int) (share < 0 ? share - 0.5 : share + 0.5);
        }
        return new Window(first, shares);
    }
}
