package daumier.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import daumier.env.SeededRandom;
import org.junit.jupiter.api.Test;

final class GaeTest {
    @Test
    void agreesWithTheSumOfDiscountedErrors() {
        SeededRandom random = new SeededRandom(3);
        int n = 40;
        double gamma = 0.97;
        double lambda = 0.9;
        double[] rewards = random.doubles(n, -1, 1).toArray();
        double[] values = random.doubles(n, -1, 1).toArray();
        boolean[] ended = new boolean[n];
        ended[7] = true;
        ended[8] = true;
        ended[30] = true;
        double last = 0.4;
        double[] expected = new double[n];
        for (int t = 0; t < n; t++) {
            double weight = 1;
            for (int k = t; k < n; k++) {
                double next = ended[k] ? 0 : k + 1 < n ? values[k + 1] : last;
                expected[t] += weight * (rewards[k] + gamma * next - values[k]);
                weight *= gamma * lambda;
                if (ended[k]) {
                    break;
                }
            }
        }
        assertArrayEquals(
                expected, Gae.advantages(rewards, values, ended, last, gamma, lambda), 1e-12);
    }

    @Test
    void lambdaOneIsTheReturnLessTheValue() {
        double[] advantages =
                Gae.advantages(
                        new double[] {1, 2, 4},
                        new double[] {10, 20, 30},
                        new boolean[] {false, false, true},
                        99,
                        0.5,
                        1);
        assertArrayEquals(new double[] {1 + 1 + 1 - 10, 2 + 2 - 20, 4 - 30}, advantages, 1e-12);
    }

    @Test
    void lambdaZeroIsTheErrorOfOneStep() {
        double[] advantages =
                Gae.advantages(
                        new double[] {1, 2},
                        new double[] {10, 20},
                        new boolean[] {false, false},
                        40,
                        0.5,
                        0);
        assertEquals(1 + 10 - 10, advantages[0]);
        assertEquals(2 + 20 - 20, advantages[1]);
    }
}
