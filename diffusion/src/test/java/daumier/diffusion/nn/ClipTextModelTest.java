package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.weights.Weights;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against transformers' CLIPTextModel. */
class ClipTextModelTest {
    @RegisterExtension static final TestKernels KERNELS = new TestKernels();

    @ParameterizedTest
    @ValueSource(strings = {"clip_quick_gelu", "clip_gelu"})
    void equalsTransformers(String name) throws Exception {
        try (Golden g = new Golden(name)) {
            ClipTextModel clip =
                    ClipTextModel.create(
                            ClipTextConfig.parse(g.config()), g.weights(), KERNELS.get());
            assertEquals(g.group("w/").keySet(), clip.parameters().keySet());
            NDArray ids = g.get("in/ids");
            Forward fp32 = Forward.in(Precision.FP32);
            Golden.assertClose("last", g.get("out/last"), clip.forward(ids), 1e-4);
            Golden.assertClose("clip skip 2", g.get("out/skip2"), clip.forward(ids, 2, fp32), 1e-4);
            Golden.assertClose(
                    "bf16",
                    g.get("out/last"),
                    clip.forward(ids, 1, Forward.in(Precision.BF16)),
                    3e-2);
            assertThrows(IllegalArgumentException.class, () -> clip.forward(ids, 4, fp32));
            clip.parameters().values().forEach(a -> a.setRequiresGradient(true));
            g.backward(() -> clip.forward(ids));
            g.assertGradients(clip.parameters(), 1e-3);
        }
    }

    @Test
    void keysWithoutTheirPrefixAreUnderstood() throws Exception {
        try (Golden g = new Golden("clip_gelu")) {
            Map<String, NDArray> bare = new HashMap<>();
            g.group("w/")
                    .forEach(
                            (key, array) -> bare.put(key.substring("text_model.".length()), array));
            Weights weights = Weights.of(g.manager(), bare);
            ClipTextModel clip =
                    ClipTextModel.create(ClipTextConfig.parse(g.config()), weights, KERNELS.get());
            Golden.assertClose("last", g.get("out/last"), clip.forward(g.get("in/ids")), 1e-4);
            assertEquals(
                    "text_model.encoder.layers.0.self_attn.q_proj",
                    clip.loraTargets().get(0).path());
        }
    }
}
