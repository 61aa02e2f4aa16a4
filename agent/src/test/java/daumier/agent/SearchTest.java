package daumier.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.env.Box;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SearchTest {
    private static final Box FREE =
            Box.of("x", 8, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    private static double sphere(double[] x) {
        return -Arrays.stream(x).map(v -> v * v).sum();
    }

    private static double rosenbrock(double[] x) {
        double sum = 0;
        for (int i = 0; i + 1 < x.length; i++) {
            sum += 100 * Math.pow(x[i + 1] - x[i] * x[i], 2) + Math.pow(1 - x[i], 2);
        }
        return -sum;
    }

    private static double[] filled(int size, double value) {
        double[] filled = new double[size];
        Arrays.fill(filled, value);
        return filled;
    }

    @Test
    void findsTheMiddleOfASphere() {
        CmaEs search = new CmaEs(FREE, filled(8, 3), 1, 1);
        search.maximize(SearchTest::sphere, 3000);
        assertTrue(search.bestScore() > -1e-10, "score " + search.bestScore());
        assertTrue(search.evaluations() <= 3000 + 10);
    }

    @Test
    void followsTheValleyOfRosenbrock() {
        CmaEs search = new CmaEs(FREE, filled(8, -0.5), 0.3, 12, 2);
        double[] best = search.maximize(SearchTest::rosenbrock, 12_000);
        assertArrayEquals(filled(8, 1), best, 1e-4);
    }

    @Test
    void turnedAndStretchedEllipsoidsAreNoHarder() {
        CmaEs search = new CmaEs(FREE, filled(8, 1), 0.5, 3);
        search.maximize(
                x -> {
                    double sum = 0;
                    for (int i = 0; i < x.length; i++) {
                        double turned = x[i] + x[(i + 1) % x.length] / 2;
                        sum += Math.pow(10, 4.0 * i / (x.length - 1)) * turned * turned;
                    }
                    return -sum;
                },
                8000);
        assertTrue(search.bestScore() > -1e-8, "score " + search.bestScore());
    }

    @Test
    void keepsWithinBoundsAndFindsTheBestOnThem() {
        Box bounds = Box.of("x", 5, -1, 1);
        CmaEs search = new CmaEs(bounds, new double[5], 0.5, 4);
        while (search.evaluations() < 3000 && !search.converged()) {
            double[][] points = search.ask();
            double[] scores = new double[points.length];
            for (int i = 0; i < points.length; i++) {
                assertTrue(bounds.contains(points[i]));
                // The best point of the box is (1, ..., 1).
                scores[i] = Arrays.stream(points[i]).sum();
            }
            search.tell(scores);
        }
        assertEquals(5, search.bestScore(), 1e-3);
    }

    @Test
    void failedScoresAreTheWorst() {
        CmaEs search = new CmaEs(FREE, filled(8, 2), 1, 5);
        search.maximize(x -> x[0] > 2 ? Double.NaN : sphere(x), 3000);
        assertTrue(search.bestScore() > -1e-6);
    }

    @Test
    void reflectingFoldsTheLine() {
        assertEquals(0.75, CmaEs.reflect(1.25, -1, 1), 1e-12);
        assertEquals(-0.75, CmaEs.reflect(-1.25, -1, 1), 1e-12);
        assertEquals(0.5, CmaEs.reflect(4.5, -1, 1), 1e-12);
        assertEquals(2, CmaEs.reflect(-2, 0, Double.POSITIVE_INFINITY), 1e-12);
        assertEquals(1, CmaEs.reflect(7, 1, 1));
    }

    @Test
    void theSeedDecides() {
        double[][] a = new CmaEs(FREE, filled(8, 0), 1, 9).ask();
        assertArrayEquals(a, new CmaEs(FREE, filled(8, 0), 1, 9).ask());
    }

    @Test
    void randomSearchRemembersTheBest() {
        Box bounds = Box.of("x", 2, -1, 1);
        RandomSearch search = new RandomSearch(bounds, 16, 1);
        double[] best = search.maximize(SearchTest::sphere, 2000);
        assertEquals(2000L, search.evaluations());
        assertEquals(search.bestScore(), sphere(best));
        assertTrue(search.bestScore() > -0.01);
    }
}
