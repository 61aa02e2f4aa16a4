package daumier.agent.rl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import daumier.agent.NamedArray;
import daumier.env.SeededRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class DenseNetworkTest {
    private static DenseNetwork network(long seed) {
        return new DenseNetwork(
                3,
                List.of(5, 4),
                List.of(
                        new DenseNetwork.Head("mean", 2, 0.01),
                        new DenseNetwork.Head("value", 1, 1)),
                new SeededRandom(seed));
    }

    private static final double[][] X = {{0.1, -0.4, 2}, {1, 0.3, -0.2}};
    private static final double[][] E_MEAN = {{1, -2}, {0.5, 3}};
    private static final double[][] E_VALUE = {{0.7}, {-1.1}};

    private static double loss(DenseNetwork network) {
        INDArray[] out = network.output(Nd4j.createFromArray(X));
        return out[0].mul(Nd4j.createFromArray(E_MEAN)).sumNumber().doubleValue()
                + out[1].mul(Nd4j.createFromArray(E_VALUE)).sumNumber().doubleValue();
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        DenseNetwork network = network(1);
        network.forward(Nd4j.createFromArray(X));
        double[] gradient =
                network.backward(Nd4j.createFromArray(E_MEAN), Nd4j.createFromArray(E_VALUE));
        double[] parameters = network.parameters();
        assertEquals(parameters.length, gradient.length);
        double[] numeric = new double[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            double[] moved = parameters.clone();
            moved[i] += 1e-6;
            network.setParameters(moved);
            double up = loss(network);
            moved[i] -= 2e-6;
            network.setParameters(moved);
            numeric[i] = (up - loss(network)) / 2e-6;
        }
        assertArrayEquals(numeric, gradient, 1e-7);
    }

    @Test
    void parametersSurviveAFile() {
        DenseNetwork network = network(1);
        Map<String, NamedArray> arrays = new LinkedHashMap<>();
        network.write("network", arrays);
        DenseNetwork other = network(2);
        other.read("network", arrays);
        assertArrayEquals(network.parameters(), other.parameters());
        assertEquals(loss(network), loss(other));
        assertArrayEquals(new int[] {3, 5}, arrays.get("network.mean0_W").shape());
    }

    @Test
    void rowsOrColumnsAreOrthogonal() {
        double[][] tall = Orthogonal.matrix(6, 3, 2, new SeededRandom(4));
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                double dot = 0;
                for (double[] row : tall) {
                    dot += row[a] * row[b];
                }
                assertEquals(a == b ? 4 : 0, dot, 1e-12);
            }
        }
    }

    @Test
    void adamTakesTheStepsOfTorch() {
        // torch.optim.Adam([1, -2], lr=0.1, eps=1e-5) on the gradients [0.3, -0.1], [0.5, 0.2].
        Adam adam = new Adam(2, 1e9);
        double[] p = {1, -2};
        for (double[] g : new double[][] {{0.3, -0.1}, {0.5, 0.2}}) {
            double[] u = adam.update(g, 0.1);
            p[0] += u[0];
            p[1] += u[1];
        }
        assertArrayEquals(new double[] {0.801726530561, -1.936618036755}, p, 1e-9);
    }

    @Test
    void longGradientsAreClippedByTheirGlobalNorm() {
        Adam clipped = new Adam(2, 0.5);
        Adam same = new Adam(2, 0.5);
        assertArrayEquals(
                same.update(new double[] {0.3, 0.4}, 0.1),
                clipped.update(new double[] {3, 4}, 0.1),
                1e-6);
    }
}
