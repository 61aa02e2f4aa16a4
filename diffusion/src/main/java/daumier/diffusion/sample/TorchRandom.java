package daumier.diffusion.sample;

import java.util.Arrays;

/**
 * PyTorch's CPU random generator: the same seed gives the noise of {@code torch.randn} (to the last
 * digits of single precision, where vectorised logarithms and sines may differ).
 *
 * <p>It is a Mersenne Twister (MT19937) behind PyTorch's two Box-Muller paths. One generator
 * belongs to one picture, so its noise depends neither on the batch it is drawn in nor on global
 * state. Not thread-safe.
 */
public final class TorchRandom {
    /** The number of integers of {@link #save()}. */
    public static final int SAVED_LENGTH = 628;

    private static final int N = 624;
    private static final int M = 397;
    private final int[] state;
    private int index;
    private boolean hasNext;
    private double next;

    /** A generator as after {@code torch.Generator().manual_seed(seed)}. */
    public TorchRandom(long seed) {
        state = new int[N];
        state[0] = (int) seed; // PyTorch keeps the low 32 bits
        for (int i = 1; i < N; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
        index = N;
    }

    private TorchRandom(int[] state, int index, boolean hasNext, double next) {
        this.state = state;
        this.index = index;
        this.hasNext = hasNext;
        this.next = next;
    }

    /** An independent generator that goes on as this one would. */
    public TorchRandom copy() {
        return new TorchRandom(state.clone(), index, hasNext, next);
    }

    /** Everything that {@link #restore} needs to go on, as {@link #SAVED_LENGTH} integers. */
    public int[] save() {
        int[] saved = Arrays.copyOf(state, SAVED_LENGTH);
        long bits = Double.doubleToRawLongBits(next);
        saved[N] = index;
        saved[N + 1] = hasNext ? 1 : 0;
        saved[N + 2] = (int) (bits >>> 32);
        saved[N + 3] = (int) bits;
        return saved;
    }

    /** The generator that {@link #save} described. */
    public static TorchRandom restore(int[] saved) {
        if (saved.length != SAVED_LENGTH || saved[N] < 0 || saved[N] > N) {
            throw new IllegalArgumentException("The saved random generator is damaged.");
        }
        long bits = ((long) saved[N + 2] << 32) | (saved[N + 3] & 0xFFFFFFFFL);
        return new TorchRandom(
                Arrays.copyOf(saved, N),
                saved[N],
                saved[N + 1] != 0,
                Double.longBitsToDouble(bits));
    }

    /** Standard normal noise as {@code torch.randn(count)} draws it. */
    public float[] randn(int count) {
        float[] values = new float[count];
        if (count < 16) {
            for (int i = 0; i < count; i++) {
                values[i] = (float) nextNormal();
            }
            return values;
        }
        fillUniform(values, 0, count);
        for (int i = 0; i + 16 <= count; i += 16) {
            boxMuller16(values, i);
        }
        if (count % 16 != 0) {
            // PyTorch draws the last sixteen anew rather than handle a shorter block.
            fillUniform(values, count - 16, count);
            boxMuller16(values, count - 16);
        }
        return values;
    }

    /** A uniform number in [0, 1) as {@code torch.rand} draws it. */
    public float rand() {
        return (nextInt() & 0xFFFFFF) * 0x1p-24f;
    }

    private void fillUniform(float[] values, int from, int end) {
        for (int i = from; i < end; i++) {
            values[i] = rand();
        }
    }

    private static void boxMuller16(float[] values, int from) {
        for (int i = from; i < from + 8; i++) {
            double radius = Math.sqrt(-2 * Math.log(1f - values[i]));
            double theta = 2 * Math.PI * values[i + 8];
            values[i] = (float) (radius * Math.cos(theta));
            values[i + 8] = (float) (radius * Math.sin(theta));
        }
    }

    private double nextNormal() {
        if (hasNext) {
            hasNext = false;
            return next;
        }
        double theta = 2 * Math.PI * nextDouble();
        double radius = Math.sqrt(-2 * Math.log1p(-nextDouble()));
        next = radius * Math.sin(theta);
        hasNext = true;
        return radius * Math.cos(theta);
    }

    private double nextDouble() {
        long high = nextInt() & 0xFFFFFFFFL;
        long low = nextInt() & 0xFFFFFFFFL;
        return (((high << 32) | low) & ((1L << 53) - 1)) * 0x1p-53;
    }

    private int nextInt() {
        if (index == N) {
            twist();
        }
        int y = state[index++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    private void twist() {
        for (int i = 0; i < N; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
            state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        index = 0;
    }
}
