package daumier.env;

import java.util.random.RandomGenerator;

/**
 * xoshiro256++ (Blackman and Vigna, 2019), seeded through SplitMix64. Its whole state is four
 * numbers that can be written down and put back, which a run that must resume bit by bit needs. No
 * value is kept back between calls, so {@link #state()} is complete at any time.
 */
public final class SeededRandom implements RandomGenerator {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long s0;
    private long s1;
    private long s2;
    private long s3;

    /** The stream that belongs to {@code seed}. */
    public SeededRandom(long seed) {
        long counter = seed;
        s0 = mix(counter += GOLDEN_GAMMA);
        s1 = mix(counter += GOLDEN_GAMMA);
        s2 = mix(counter += GOLDEN_GAMMA);
        s3 = mix(counter + GOLDEN_GAMMA);
    }

    /**
     * A generator that goes on where the one that gave {@code state} stood.
     *
     * @param state four numbers, not all zero
     */
    public static SeededRandom restored(long[] state) {
        SeededRandom random = new SeededRandom(0);
        random.restore(state);
        return random;
    }

    /** Goes on from {@code state}, as {@link #state()} gave it. */
    public void restore(long[] state) {
        if (state.length != 4 || (state[0] | state[1] | state[2] | state[3]) == 0) {
            throw new IllegalArgumentException(
                    "A random state is four numbers that are not all zero.");
        }
        s0 = state[0];
        s1 = state[1];
        s2 = state[2];
        s3 = state[3];
    }

    /** The state as four numbers. */
    public long[] state() {
        return new long[] {s0, s1, s2, s3};
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public long nextLong() {
        long result = Long.rotateLeft(s0 + s3, 23) + s0;
        long shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = Long.rotateLeft(s3, 45);
        return result;
    }

    /** Standard normal by Marsaglia's polar method, the same on every Java version. */
    @Override
    public double nextGaussian() {
        while (true) {
            double u = 2 * nextDouble() - 1;
            double v = 2 * nextDouble() - 1;
            double square = u * u + v * v;
            if (square > 0 && square < 1) {
                return u * StrictMath.sqrt(-2 * StrictMath.log(square) / square);
            }
        }
    }

    /** Puts {@code values} into an order drawn by this generator (Fisher and Yates). */
    public void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
    }
}
