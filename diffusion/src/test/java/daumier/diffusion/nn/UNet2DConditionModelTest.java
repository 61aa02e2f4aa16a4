package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.weights.Weights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against diffusers' UNet2DConditionModel. */
class UNet2DConditionModelTest {
    private static final Forward FP32 = Forward.in(Precision.FP32);
    @RegisterExtension static final TestKernels KERNELS = new TestKernels();

    private static UNet2DConditionModel model(Golden golden) {
        return UNet2DConditionModel.create(
                UNetConfig.parse(golden.config()), golden.weights(), KERNELS.get());
    }

    private static NDArray run(UNet2DConditionModel unet, Golden g, Forward f) {
        return unet.forward(g.get("in/sample"), g.get("in/t"), g.get("in/text"), f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unet_sd", "unet_pack"})
    void equalsDiffusers(String name) throws Exception {
        try (Golden g = new Golden(name)) {
            UNet2DConditionModel unet = model(g);
            assertEquals(g.group("w/").keySet(), unet.parameters().keySet());
            Golden.assertClose("fp32", g.get("out/plain"), run(unet, g, FP32), 1e-4);
            Golden.assertClose(
                    "bf16", g.get("out/plain"), run(unet, g, Forward.in(Precision.BF16)), 3e-2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unet_sd", "unet_pack"})
    void sizesThatDoNotHalveEvenly(String name) throws Exception {
        try (Golden g = new Golden(name)) {
            NDArray out = model(g).forward(g.get("in/odd"), g.get("in/t"), g.get("in/text"), FP32);
            Golden.assertClose("odd", g.get("out/odd"), out, 1e-4);
        }
    }

    private static UNet2DConditionModel packed(Golden golden, Precision precision) {
        return UNet2DConditionModel.forDrawing(
                UNetConfig.parse(golden.config()), golden.weights(), KERNELS.get(), precision);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unet_sd", "unet_pack"})
    void packedWeightsEqualDiffusers(String name) throws Exception {
        try (Golden g = new Golden(name)) {
            UNet2DConditionModel fp32 = packed(g, Precision.FP32);
            Golden.assertClose("fp32", g.get("out/plain"), run(fp32, g, FP32), 1e-4);
            NDArray odd = fp32.forward(g.get("in/odd"), g.get("in/t"), g.get("in/text"), FP32);
            Golden.assertClose("odd", g.get("out/odd"), odd, 1e-4);
            UNet2DConditionModel bf16 = packed(g, Precision.BF16);
            Golden.assertClose(
                    "bf16", g.get("out/plain"), run(bf16, g, Forward.in(Precision.BF16)), 3e-2);
            Golden.assertClose("unpacked", g.get("out/plain"), run(bf16, g, FP32), 3e-2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unet_sd", "unet_pack"})
    void gradientsPassThroughPackedWeights(String name) throws Exception {
        try (Golden g = new Golden(name)) {
            UNet2DConditionModel unet = packed(g, Precision.FP32);
            Map<String, NDArray> inputs =
                    Map.of("in.sample", g.get("in/sample"), "in.text", g.get("in/text"));
            inputs.values().forEach(a -> a.setRequiresGradient(true));
            g.backward(() -> run(unet, g, FP32));
            g.assertGradients(inputs, 1e-3);
        }
    }

    @Test
    void adapterResidualsAreAddedAsInDiffusers() throws Exception {
        try (Golden g = new Golden("unet_sd")) {
            List<NDArray> residuals = List.copyOf(g.group("in/adapter.").values());
            Golden.assertClose(
                    "adapter",
                    g.get("out/adapter"),
                    run(model(g), g, FP32.withAdapter(residuals)),
                    1e-4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unet_sd", "unet_pack"})
    void gradientsEqualPyTorchs(String name) throws Exception {
        try (Golden g = new Golden(name)) {
            UNet2DConditionModel unet = model(g);
            Map<String, NDArray> arrays = new HashMap<>(unet.parameters());
            arrays.put("in.sample", g.get("in/sample"));
            arrays.put("in.text", g.get("in/text"));
            arrays.values().forEach(a -> a.setRequiresGradient(true));
            g.backward(() -> run(unet, g, FP32));
            g.assertGradients(arrays, 1e-3);
        }
    }

    @Test
    void gradientsInBf16PointTheSameWay() throws Exception {
        try (Golden g = new Golden("unet_pack")) {
            UNet2DConditionModel unet = model(g);
            unet.parameters().values().forEach(a -> a.setRequiresGradient(true));
            g.backward(() -> run(unet, g, Forward.in(Precision.BF16)));
            g.assertGradients(unet.parameters(), 0.15);
        }
    }

    @Test
    void aPassLeavesOnlyItsResult() throws Exception {
        try (Golden g = new Golden("unet_pack")) {
            UNet2DConditionModel unet = model(g);
            run(unet, g, FP32).close();
            int before = g.manager().getManagedArrays().size();
            run(unet, g, FP32).close();
            assertEquals(before, g.manager().getManagedArrays().size());
        }
    }

    @Test
    void theSameCallGivesTheSameBits() throws Exception {
        try (Golden g = new Golden("unet_sd")) {
            UNet2DConditionModel unet = model(g);
            NDArray first = run(unet, g, FP32);
            for (int i = 0; i < 4; i++) {
                assertTrue(first.contentEquals(run(unet, g, FP32)));
            }
        }
    }

    @Test
    void roundedCopiesChangeNoBit() throws Exception {
        try (Golden g = new Golden("unet_sd")) {
            UNet2DConditionModel unet = model(g);
            Forward bf16 = Forward.in(Precision.BF16);
            NDArray each = run(unet, g, bf16);
            unet.keepRounded(true);
            assertTrue(each.contentEquals(run(unet, g, bf16)));
            Golden.assertClose("fp32", g.get("out/plain"), run(unet, g, FP32), 1e-4);
            unet.keepRounded(false);
            assertTrue(each.contentEquals(run(unet, g, bf16)));
        }
    }

    @Test
    void aMissingTensorIsNamed() throws Exception {
        try (Golden g = new Golden("unet_pack");
                NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> tensors = new HashMap<>(g.group("w/"));
            tensors.remove("mid_block.resnets.1.conv2.weight");
            Exception e =
                    assertThrows(
                            IllegalArgumentException.class,
                            () ->
                                    UNet2DConditionModel.create(
                                            UNetConfig.parse(g.config()),
                                            Weights.of(manager, tensors),
                                            KERNELS.get()));
            assertTrue(e.getMessage().contains("mid_block.resnets.1.conv2.weight"), e.getMessage());
        }
    }

    @Test
    void anUnknownVariantIsRefused() {
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                UNetConfig.parse(
                                        "{\"down_block_types\": [\"AttnDownBlock2D\"], \"block_out_channels\": [8]}"));
        assertTrue(e.getMessage().contains("AttnDownBlock2D"), e.getMessage());
    }

    @Test
    void defaultsAreStableDiffusion1s() {
        UNetConfig c = UNetConfig.parse("{\"cross_attention_dim\": 768}");
        assertEquals(List.of(320, 640, 1280, 1280), c.blockOutChannels());
        assertEquals(List.of(8, 8, 8, 8), c.attentionHeads());
        assertEquals(1280, c.timeEmbedDim());
    }
}
