package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import daumier.diffusion.weights.Weights;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LayersTest {
    @RegisterExtension static final TestKernels KERNELS = new TestKernels();

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void linearIsTheProductPlusBias() {
        Weights w =
                Weights.of(
                        manager,
                        Map.of(
                                "weight", manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2)),
                                "bias", manager.create(new float[] {10, 20})));
        NDArray x = manager.create(new float[] {1, 1}, new Shape(1, 1, 2));
        NDArray y = new Linear(w, 2, 2, true).forward(x, KERNELS.get(), Precision.FP32);
        assertArrayEquals(new float[] {13, 27}, y.toFloatArray());
        assertEquals(manager, y.getManager());
    }

    @Test
    void gradientsReachWeightsInBothPrecisions() {
        for (Precision precision : Precision.values()) {
            Conv2d conv = new Conv2d(Weights.initial(manager, 1), 2, 3, 3, true);
            conv.weight().setRequiresGradient(true);
            NDArray x = manager.ones(new Shape(1, 2, 4, 4));
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(conv.forward(x, 1, 1, KERNELS.get(), precision).sum());
            }
            // The middle of the kernel sees all 16 points, a corner 9 of them.
            float[] gradient = conv.weight().getGradient().toFloatArray();
            assertEquals(16, gradient[4], 1e-3);
            assertEquals(9, gradient[0], 1e-3);
        }
    }
}
