package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * LoRA side branches beside weights that are packed for drawing, against the same beside plain
 * ones.
 */
class LoraOverPackedTest {
    @RegisterExtension static final TestKernels KERNELS = new TestKernels();

    private Golden golden;
    private UNet2DConditionModel plain;

    @BeforeEach
    void open() throws Exception {
        golden = new Golden("unet_sd");
        plain =
                UNet2DConditionModel.create(
                        UNetConfig.parse(golden.config()), golden.weights(), KERNELS.get());
        attachBoth(plain);
    }

    @AfterEach
    void close() {
        golden.close();
    }

    private void attachBoth(UNet2DConditionModel unet) {
        unet.lora().attach(golden.lora("attention", 6));
        unet.lora().attach(golden.lora("all", 1));
    }

    private UNet2DConditionModel packed(Precision precision) {
        UNet2DConditionModel packed =
                UNet2DConditionModel.forDrawing(
                        UNetConfig.parse(golden.config()),
                        golden.weights(),
                        KERNELS.get(),
                        precision);
        attachBoth(packed);
        return packed;
    }

    private NDArray run(UNet2DConditionModel unet, Precision precision, LoraScales scales) {
        Forward f = Forward.in(precision).withLora(scales);
        return unet.forward(golden.get("in/sample"), golden.get("in/t"), golden.get("in/text"), f);
    }

    /**
     * What packing may change: the order of sums, which is a part of the last place of the type,
     * for each of the network's layers.
     */
    private static double bound(Precision precision) {
        return precision == Precision.FP32 ? 1e-5 : 2e-2;
    }

    private void assertSame(String what, Precision precision, LoraScales scales) {
        NDArray expected = run(plain, precision, scales);
        NDArray actual = run(packed(precision), precision, scales);
        Golden.assertClose(what, expected, actual, bound(precision));
        NDArray without = run(plain, precision, null);
        double effect = expected.sub(without).abs().max().getFloat();
        double size = expected.abs().max().getFloat();
        assertTrue(effect > 5 * bound(precision) * size, what + " is worth " + effect / size);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void severalLorasAtOneScaleEach(Precision precision) {
        assertSame("two", precision, LoraScales.of(0.8f, 0.9f));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void everyRowHasItsOwnScales(Precision precision) {
        float[][] rows = {{0.7f, 0}, {0.25f, 0.9f}};
        assertSame("rows", precision, LoraScales.ofRows(rows));
        UNet2DConditionModel packed = packed(precision);
        NDArray both = run(packed, precision, LoraScales.ofRows(rows));
        for (int row = 0; row < 2; row++) {
            NDArray alone = run(packed, precision, LoraScales.of(rows[row]));
            Golden.assertClose("row", alone.get(row), both.get(row), bound(precision));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void masksAndBlocksActAlike(Precision precision) {
        NDArray mask = golden.manager().zeros(new Shape(2, 1, 16, 8));
        mask.set(new NDIndex("0, :, 2:9, :"), 1);
        mask.set(new NDIndex("1, :, :, 3:"), 0.75f);
        assertSame("mask", precision, LoraScales.of(0.9f, 0.9f).withMask(1, mask));
        Map<String, Float> blocks = Map.of("down_blocks", 0.2f, "up_blocks", 1.2f);
        assertSame("blocks", precision, LoraScales.of(0.9f, 0.9f).withBlocks(1, blocks));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void scaleZeroGivesTheBitsOfTheModelWithoutLora(Precision precision) {
        UNet2DConditionModel packed = packed(precision);
        NDArray without = run(packed, precision, null);
        assertTrue(without.contentEquals(run(packed, precision, LoraScales.of(0, 0))));
        NDArray mixed = run(packed, precision, LoraScales.ofRows(new float[][] {{0, 0}, {0, 1}}));
        assertTrue(without.get(0).contentEquals(mixed.get(0)));
        assertFalse(without.get(1).contentEquals(mixed.get(1)));
    }

    @Test
    void packedWeightsAreOutOfReach() {
        if (KERNELS.get().isPacking()) {
            UNet2DConditionModel packed = packed(Precision.BF16);
            assertTrue(packed.parameters().keySet().stream().noneMatch("conv_in.weight"::equals));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> run(packed(Precision.FP32), Precision.FP32, LoraScales.of(1)));
    }
}
