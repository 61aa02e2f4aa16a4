package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.weights.Weights;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Against diffusers' AutoencoderKL and AutoencoderTiny. */
class AutoencodersTest {
    @RegisterExtension static final TestKernels KERNELS = new TestKernels();

    @Test
    void autoencoderEqualsDiffusers() throws Exception {
        try (Golden g = new Golden("vae")) {
            AutoencoderKL vae =
                    AutoencoderKL.create(VaeConfig.parse(g.config()), g.weights(), KERNELS.get());
            assertEquals(g.group("w/").keySet(), vae.parameters().keySet());
            AutoencoderKL.Moments moments = vae.encode(g.get("in/picture"), Precision.FP32);
            Golden.assertClose("mean", g.get("out/mean"), moments.mean(), 1e-4);
            Golden.assertClose("logvar", g.get("out/logvar"), moments.logvar(), 1e-4);
            Golden.assertClose(
                    "decoded",
                    g.get("out/decoded"),
                    vae.decode(g.get("in/latents"), Precision.FP32),
                    1e-4);
            Golden.assertClose(
                    "mean bf16",
                    g.get("out/mean"),
                    vae.encode(g.get("in/picture"), Precision.BF16).mean(),
                    3e-2);
            Golden.assertClose(
                    "bf16",
                    g.get("out/decoded"),
                    vae.decode(g.get("in/latents"), Precision.BF16),
                    3e-2);
        }
    }

    @Test
    void autoencoderGradientsEqualPyTorchs() throws Exception {
        try (Golden g = new Golden("vae")) {
            AutoencoderKL vae =
                    AutoencoderKL.create(VaeConfig.parse(g.config()), g.weights(), KERNELS.get());
            Map<String, NDArray> arrays = new HashMap<>(vae.parameters());
            arrays.put("in.latents", g.get("in/latents"));
            arrays.values().forEach(a -> a.setRequiresGradient(true));
            g.backward(() -> vae.decode(g.get("in/latents"), Precision.FP32));
            g.assertGradients(arrays, 1e-3);
        }
    }

    @Test
    void oldAttentionNamesAreUnderstood() throws Exception {
        try (Golden g = new Golden("vae")) {
            Map<String, NDArray> old = new HashMap<>();
            g.group("w/")
                    .forEach(
                            (key, array) -> {
                                String renamed =
                                        key.replace("to_q", "query")
                                                .replace("to_k", "key")
                                                .replace("to_v", "value")
                                                .replace("to_out.0", "proj_attn");
                                boolean projection = !renamed.equals(key) && key.endsWith("weight");
                                old.put(
                                        renamed,
                                        projection ? array.expandDims(2).expandDims(3) : array);
                            });
            Weights weights = Weights.of(g.manager(), old);
            AutoencoderKL vae =
                    AutoencoderKL.create(VaeConfig.parse(g.config()), weights, KERNELS.get());
            Golden.assertClose(
                    "decoded",
                    g.get("out/decoded"),
                    vae.decode(g.get("in/latents"), Precision.FP32),
                    1e-4);
            assertTrue(weights.unused().isEmpty(), weights.unused().toString());
        }
    }

    @Test
    void tinyAutoencoderEqualsDiffusers() throws Exception {
        try (Golden g = new Golden("tiny")) {
            AutoencoderTiny tiny =
                    AutoencoderTiny.create(
                            TinyConfig.parse(g.config()), g.weights(), KERNELS.get());
            assertEquals(g.group("w/").keySet(), tiny.parameters().keySet());
            Golden.assertClose(
                    "encoded",
                    g.get("out/encoded"),
                    tiny.encode(g.get("in/picture"), Precision.FP32),
                    1e-4);
            Golden.assertClose(
                    "decoded",
                    g.get("out/decoded"),
                    tiny.decode(g.get("in/latents"), Precision.FP32),
                    1e-4);
            Golden.assertClose(
                    "bf16",
                    g.get("out/decoded"),
                    tiny.decode(g.get("in/latents"), Precision.BF16),
                    3e-2);
            Map<String, NDArray> arrays = new HashMap<>(tiny.parameters());
            arrays.put("in.latents", g.get("in/latents"));
            arrays.values().forEach(a -> a.setRequiresGradient(true));
            g.backward(() -> tiny.decode(g.get("in/latents"), Precision.FP32));
            g.assertGradients(arrays, 1e-3);
        }
    }
}
