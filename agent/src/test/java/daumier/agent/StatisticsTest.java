package daumier.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Against figures computed by NumPy; intervals by its own bootstrap of 50,000 draws. */
final class StatisticsTest {
    private static final double[][] X = {
        {0.1, 0.9, 0.35}, {0.5, 0.2, 0.75}, {0.42, 0.66, 0.58}, {0.97, 0.05, 0.31}
    };
    private static final double[][] Y = {{0.2, 0.8, 0.35}, {0.3, 0.1, 0.6}};

    @Test
    void figuresAgree() {
        assertEquals(0.47, Statistics.iqm(X), 1e-12);
        assertEquals(0.19083333333333335, Statistics.optimalityGap(X, 0.6), 1e-12);
        assertEquals(0.5625, Statistics.probabilityOfImprovement(X, Y), 1e-12);
        assertArrayEquals(
                new double[] {0.75, 0.4166666666666667, 0.08333333333333333},
                Statistics.performanceProfile(X, new double[] {0.2, 0.5, 0.9}),
                1e-12);
        assertEquals(1.9, Statistics.quantile(new double[] {3, 1, 2, 10}, 0.3), 1e-12);
    }

    @Test
    void theInterquartileMeanCutsAQuarterRoundedDown() {
        assertEquals(2.5, Statistics.iqm(1, 2, 3, 4));
        assertEquals(3, Statistics.iqm(1, 2, 3, 4, 500));
        assertEquals(2, Statistics.iqm(1, 2, 3));
    }

    @Test
    void bootstrapIsStratifiedByTask() {
        Interval interval = Statistics.bootstrap(X, Statistics::iqm, 0.95, 20_000, 1);
        assertEquals(0.47, interval.value(), 1e-12);
        assertEquals(0.28, interval.low(), 0.01);
        assertEquals(0.68667, interval.high(), 0.01);
        // Tasks that differ much but runs that do not: nothing is left to chance.
        double[][] sure = {{0, 1, 5}, {0, 1, 5}};
        Interval none = Statistics.bootstrap(sure, Statistics::mean, 0.95, 100, 1);
        assertEquals(new Interval(2, 2, 2), none);
    }

    @Test
    void improvementIsBootstrappedToo() {
        Interval interval = Statistics.probabilityOfImprovement(X, Y, 0.95, 20_000, 1);
        assertEquals(0.29167, interval.low(), 0.03);
        assertEquals(0.83333, interval.high(), 0.03);
        assertEquals(0.5, Statistics.probabilityOfImprovement(X, X), 1e-12);
    }

    @Test
    void pairsAreKeptTogether() {
        double[] a = {0.9, 0.7, 0.8, 0.6, 0.95, 0.4};
        double[] b = {0.7, 0.75, 0.5, 0.5, 0.8, 0.35};
        Interval difference = Statistics.pairedDifference(a, b, Statistics::mean, 0.95, 20_000, 1);
        assertEquals(0.125, difference.value(), 1e-12);
        assertEquals(0.03333, difference.low(), 0.01);
        assertEquals(0.21667, difference.high(), 0.01);
        assertTrue(difference.above(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> Statistics.pairedDifference(a, X[0], Statistics::mean, 0.95, 10, 1));
    }

    @Test
    void runsAndTasksAreBothLeftToChance() {
        double[] one = {0.1, 0.5, 0.3, 0.9, 0.2, 0.7};
        double[] other = {1.1, 1.5, 1.3, 1.9, 1.2, 1.7};
        Interval single =
                Statistics.bootstrapBoth(new double[][] {one}, Statistics::mean, 0.95, 20_000, 1);
        Interval known = Statistics.bootstrap(one, Statistics::mean, 0.95, 20_000, 1);
        assertEquals(known.value(), single.value(), 1e-12);
        assertEquals(known.low(), single.low(), 0.01);
        assertEquals(known.high(), single.high(), 0.01);
        Interval both =
                Statistics.bootstrapBoth(
                        new double[][] {one, other}, Statistics::mean, 0.95, 20_000, 1);
        assertEquals(0.95, both.value(), 1e-12);
        // Both runs drawn from the lower one, or both from the upper one, each a quarter of times.
        assertTrue(both.low() < 0.45 && both.high() > 1.45, both.toString());
        Interval alike =
                Statistics.bootstrapBoth(
                        new double[][] {one, one}, Statistics::mean, 0.95, 20_000, 1);
        assertEquals(known.high() - known.low(), alike.high() - alike.low(), 0.02);
    }

    @Test
    void theSeedDecides() {
        assertEquals(
                Statistics.bootstrap(X, Statistics::iqm, 0.9, 500, 7),
                Statistics.bootstrap(X, Statistics::iqm, 0.9, 500, 7));
    }
}
