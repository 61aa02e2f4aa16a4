package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against diffusers' T2IAdapter. */
class T2IAdapterTest {
    @Test
    void equalsDiffusers() throws Exception {
        try (Kernels kernels = Kernels.load(Device.cpu());
                Golden g = new Golden("adapter")) {
            T2IAdapter adapter =
                    T2IAdapter.create(T2IAdapterConfig.parse(g.config()), g.weights(), kernels);
            assertEquals(g.group("w/").keySet(), adapter.parameters().keySet());
            NDArray condition = g.get("in/condition");
            List<NDArray> features = adapter.forward(condition, Precision.FP32);
            List<NDArray> low = adapter.forward(condition, Precision.BF16);
            assertEquals(3, features.size());
            for (int i = 0; i < 3; i++) {
                Golden.assertClose("feature " + i, g.get("out/" + i), features.get(i), 1e-4);
                Golden.assertClose("bf16 feature " + i, g.get("out/" + i), low.get(i), 3e-2);
            }
            adapter.parameters().values().forEach(a -> a.setRequiresGradient(true));
            g.backward(() -> adapter.forward(condition, Precision.FP32).get(2));
            g.assertGradients(adapter.parameters(), 1e-3);
        }
    }
}
