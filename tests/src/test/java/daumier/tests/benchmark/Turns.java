package daumier.tests.benchmark;

import java.io.IOException;
import java.util.Arrays;

/**
 * Times of several works that took turns, so that a busy machine was busy for all of them.
 *
 * @param seconds by work and round
 */
record Turns(double[][] seconds) {
    /** Something that says how many seconds it took. */
    interface Work {
        double run() throws IOException;
    }

    /** Runs the works in turns, after a round that does not count. */
    static Turns of(int rounds, Work... works) throws IOException {
        double[][] seconds = new double[works.length][rounds];
        for (int round = -1; round < rounds; round++) {
            for (int i = 0; i < works.length; i++) {
                double took = works[i].run();
                if (round >= 0) {
                    seconds[i][round] = took;
                }
            }
        }
        return new Turns(seconds);
    }

    /** The median time of a work. */
    double median(int work) {
        return median(seconds[work]);
    }

    /** The median, over the rounds, of one work's time as a multiple of another's. */
    double ratio(int work, int other) {
        double[] ratios = new double[seconds[work].length];
        Arrays.setAll(ratios, round -> seconds[work][round] / seconds[other][round]);
        return median(ratios);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
