package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraPair;
import daumier.diffusion.lora.LoraTarget;
import daumier.diffusion.lora.LoraWeights;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** LoRA side branches against peft's, and their own promises. */
class LoraTest {
    @RegisterExtension static final TestKernels KERNELS = new TestKernels();

    private Golden golden;
    private UNet2DConditionModel unet;

    @BeforeEach
    void open() throws Exception {
        golden = new Golden("unet_sd");
        unet =
                UNet2DConditionModel.create(
                        UNetConfig.parse(golden.config()), golden.weights(), KERNELS.get());
    }

    @AfterEach
    void close() {
        golden.close();
    }

    private void attachBoth() {
        assertEquals(0, unet.lora().attach(golden.lora("attention", 6)));
        assertEquals(1, unet.lora().attach(golden.lora("all", 1)));
    }

    private NDArray run(LoraScales scales) {
        return run(Precision.FP32, scales);
    }

    private NDArray run(Precision precision, LoraScales scales) {
        Forward f = Forward.in(precision).withLora(scales);
        return unet.forward(golden.get("in/sample"), golden.get("in/t"), golden.get("in/text"), f);
    }

    @Test
    void equalsPeft() {
        attachBoth();
        Golden.assertClose("one", golden.get("out/lora.0"), run(LoraScales.of(0.7f, 0)), 1e-4);
        Golden.assertClose("two", golden.get("out/lora.1"), run(LoraScales.of(0.25f, 0.9f)), 1e-4);
        Golden.assertClose(
                "bf16",
                golden.get("out/lora.1"),
                run(Precision.BF16, LoraScales.of(0.25f, 0.9f)),
                5e-2);
    }

    @Test
    void equalsPeftOverPackedWeights() {
        unet =
                UNet2DConditionModel.forDrawing(
                        UNetConfig.parse(golden.config()),
                        golden.weights(),
                        KERNELS.get(),
                        Precision.FP32);
        attachBoth();
        Golden.assertClose("two", golden.get("out/lora.1"), run(LoraScales.of(0.25f, 0.9f)), 1e-4);
    }

    @Test
    void everyRowHasItsOwnScales() {
        attachBoth();
        NDArray out = run(LoraScales.ofRows(new float[][] {{0.7f, 0}, {0.25f, 0.9f}}));
        Golden.assertClose("row 0", golden.get("out/lora.0").get(0), out.get(0), 1e-4);
        Golden.assertClose("row 1", golden.get("out/lora.1").get(1), out.get(1), 1e-4);
    }

    @Test
    void scaleZeroGivesTheBitsOfTheModelWithoutLora() {
        for (Precision precision : Precision.values()) {
            NDArray without = run(precision, null);
            attachBoth();
            assertTrue(without.contentEquals(run(precision, null)));
            assertTrue(without.contentEquals(run(precision, LoraScales.of(0, 0))));
            NDArray mixed = run(precision, LoraScales.ofRows(new float[][] {{0, 0}, {0, 1}}));
            assertTrue(without.get(0).contentEquals(mixed.get(0)));
            assertFalse(without.get(1).contentEquals(mixed.get(1)));
            unet.lora().clear();
            assertTrue(without.contentEquals(run(precision, null)));
        }
    }

    @Test
    void detachingMovesTheLaterOnesDown() {
        attachBoth();
        NDArray second = run(LoraScales.of(0, 0.6f));
        unet.lora().detach(0);
        assertEquals(1, unet.lora().size());
        assertTrue(second.contentEquals(run(LoraScales.of(0.6f))));
    }

    @Test
    void factorsByBlockMultiplyTheScale() {
        attachBoth();
        NDArray half = run(LoraScales.of(0, 0.5f));
        Golden.assertClose(
                "all by half",
                half,
                run(LoraScales.of(0, 1).withBlocks(1, Map.of("", 0.5f))),
                1e-5);
        NDArray none = run(LoraScales.of(0, 1).withBlocks(1, Map.of("", 0f)));
        assertTrue(run(null).contentEquals(none));
        NDArray up =
                run(LoraScales.of(0, 1).withBlocks(1, Map.of("down_blocks", 0f, "mid_block", 0f)));
        NDArray upToo =
                run(
                        LoraScales.of(0, 1)
                                .withBlocks(
                                        1, Map.of("", 0f, "up_blocks", 1f, "time_embedding", 1f)));
        assertTrue(up.contentEquals(upToo));
        assertFalse(up.contentEquals(none));
    }

    @Test
    void aMaskLimitsAConvolutionToItsRegion() {
        NDArray x = golden.manager().create(pattern(2 * 3 * 8 * 8), new Shape(2, 3, 8, 8));
        Conv2d conv =
                new Conv2d(
                        daumier.diffusion.weights.Weights.initial(golden.manager(), 3),
                        3,
                        5,
                        3,
                        true);
        LoraPair pair =
                new LoraPair(
                        golden.manager().create(pattern(2 * 27), new Shape(2, 3, 3, 3)),
                        golden.manager().create(pattern(10), new Shape(5, 2, 1, 1)),
                        2,
                        2);
        LoraStack stack = new LoraStack(java.util.List.of(conv), golden.manager());
        stack.attach(LoraWeights.of("x", new TreeMap<>(Map.of(conv.path(), pair))));
        NDArray mask = golden.manager().zeros(new Shape(2, 1, 8, 8));
        mask.set(new NDIndex("0, :, 2:5, :"), 1);
        mask.set(new NDIndex("1, :, :, 3"), 0.25f);
        NDArray base = convolve(conv, x, null);
        NDArray change = convolve(conv, x, LoraScales.of(0.8f)).sub(base);
        NDArray masked = convolve(conv, x, LoraScales.of(0.8f).withMask(0, mask));
        Golden.assertClose("masked", base.add(change.mul(mask)), masked, 1e-5);
    }

    private static NDArray convolve(Conv2d conv, NDArray x, LoraScales scales) {
        try (Pass pass = new Pass(KERNELS.get(), Precision.FP32, scales, x)) {
            return pass.leave(new Call(pass, 1, 1).add(conv).run("conv_layer", x));
        }
    }

    private static float[] pattern(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) Math.sin(1.7 * i + 0.3);
        }
        return values;
    }

    @Test
    void aMaskOfOnesChangesNothingAndOneOfZerosRemovesTheLora() {
        attachBoth();
        LoraScales scales = LoraScales.of(0.4f, 0.8f);
        NDArray ones = golden.manager().ones(new Shape(1, 1, 16, 8));
        Golden.assertClose(
                "ones", run(scales), run(scales.withMask(0, ones).withMask(1, ones)), 1e-5);
        NDArray zeros = golden.manager().zeros(new Shape(2, 1, 16, 8));
        NDArray first = run(LoraScales.of(0.4f, 0));
        Golden.assertClose("zeros", first, run(scales.withMask(1, zeros)), 1e-5);
        assertThrows(IllegalArgumentException.class, () -> scales.withMask(0, ones.squeeze(0)));
    }

    @Test
    void gradientsOfThePairsEqualPyTorchs() {
        attachBoth();
        unet.lora().setTrainable(0, true);
        unet.lora().setTrainable(1, true);
        golden.backward(() -> run(LoraScales.of(1, 1)));
        Map<String, NDArray> arrays = new HashMap<>();
        putNamedAsPeft(arrays, 0, "attention");
        putNamedAsPeft(arrays, 1, "all");
        golden.assertGradients(arrays, 1e-3);
    }

    private void putNamedAsPeft(Map<String, NDArray> arrays, int index, String name) {
        unet.lora()
                .parameters(index)
                .forEach(
                        (key, array) ->
                                arrays.put(
                                        key.replace(".down", ".lora_A." + name)
                                                .replace(".up", ".lora_B." + name),
                                        array));
    }

    @Test
    void aNewLoraStartsWithoutEffectAndLearns() {
        NDArray without = run(null);
        int index = unet.lora().attachTrainable("new", 2, 4, t -> t.path().contains("attn"), 7);
        assertTrue(without.contentEquals(run(LoraScales.of(1))));
        golden.backward(() -> run(LoraScales.of(1)));
        String layer = "mid_block.attentions.0.transformer_blocks.0.attn2.to_v";
        NDArray up = unet.lora().parameters(index).get(layer + ".up");
        NDArray down = unet.lora().parameters(index).get(layer + ".down");
        assertEquals(0, down.getGradient().abs().sum().getFloat());
        assertTrue(up.getGradient().abs().sum().getFloat() > 0);
        assertTrue(down.abs().max().getFloat() <= 1 / Math.sqrt(12) + 1e-6);
        assertFalse(unet.parameters().get("conv_in.weight").hasGradient());
    }

    @Test
    void aLoraOfAnotherModelIsRefused() {
        LoraTarget target = unet.loraTargets().get(3);
        NDArray wrong = golden.manager().zeros(new Shape(1, 999), DataType.FLOAT32);
        LoraWeights lora =
                LoraWeights.of(
                        "wrong",
                        new TreeMap<>(Map.of(target.path(), new LoraPair(wrong, wrong, 1, 1))));
        Exception e = assertThrows(IllegalArgumentException.class, () -> unet.lora().attach(lora));
        assertTrue(e.getMessage().contains(target.path()), e.getMessage());
        assertEquals(0, unet.lora().size());
    }

    @Test
    void scalesForTooManyRowsOrLorasAreReported() {
        attachBoth();
        assertThrows(
                IllegalArgumentException.class,
                () -> run(LoraScales.ofRows(new float[][] {{1, 1}, {1, 1}, {1, 1}})));
        assertThrows(IllegalArgumentException.class, () -> run(LoraScales.of(1)));
    }

    @Test
    void aPassWithLoraLeavesOnlyItsResult() {
        attachBoth();
        LoraScales scales = LoraScales.of(0.5f, 0.5f).withBlocks(0, Map.of("mid_block", 2f));
        run(scales).close();
        int before = golden.manager().getManagedArrays().size();
        run(scales).close();
        assertEquals(before, golden.manager().getManagedArrays().size());
    }
}
