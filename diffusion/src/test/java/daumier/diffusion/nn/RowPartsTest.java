package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.sample.TorchRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Large batches, which a packed U-Net takes in parts, against the same through a plain one. */
class RowPartsTest {
    private static final int PICTURES = 3;
    private static final int ROWS = 2 * PICTURES;
    private static final int SIDE = 64;
    @RegisterExtension static final TestKernels KERNELS = new TestKernels();

    private Golden golden;
    private NDManager manager;
    private UNetConfig config;

    @BeforeEach
    void open() throws Exception {
        golden = new Golden("unet_sd");
        manager = golden.manager();
        config = UNetConfig.parse(golden.config());
    }

    @AfterEach
    void close() {
        golden.close();
    }

    private NDArray noise(int seed, long... shape) {
        Shape all = new Shape(shape);
        return manager.create(new TorchRandom(seed).randn(Math.toIntExact(all.size())), all);
    }

    private void assertSame(String what, int rows, Forward f) {
        NDArray[] results = new NDArray[2];
        for (boolean packed : new boolean[] {false, true}) {
            UNet2DConditionModel unet =
                    packed
                            ? UNet2DConditionModel.forDrawing(
                                    config, golden.weights(), KERNELS.get(), Precision.FP32)
                            : UNet2DConditionModel.create(config, golden.weights(), KERNELS.get());
            unet.lora().attach(golden.lora("attention", 6));
            unet.lora().attach(golden.lora("all", 1));
            NDArray text = golden.get("in/text").get("0:1");
            try (NDManager own = manager.newSubManager()) {
                NDArray x = noise(1, rows, config.inChannels(), SIDE, SIDE);
                x.attach(own);
                int before = own.getManagedArrays().size();
                NDArray out =
                        unet.forward(
                                x,
                                manager.arange(rows).mul(100f),
                                text.broadcast(
                                        rows, text.getShape().get(1), text.getShape().get(2)),
                                f);
                assertEquals(before + 1, own.getManagedArrays().size(), "arrays left behind");
                out.attach(manager);
                results[packed ? 1 : 0] = out;
            }
        }
        Golden.assertClose(what, results[0], results[1], 1e-5);
    }

    @Test
    void drawsTheSameInParts() {
        assertSame("rows", ROWS, Forward.in(Precision.FP32));
        assertSame("an odd row", ROWS - 1, Forward.in(Precision.FP32));
    }

    @Test
    void everyRowKeepsItsLoraMaskAndResiduals() {
        float[][] byPicture = {{0.2f, 0.9f}, {0.7f, 0.1f}, {1f, 0.5f}};
        LoraScales own =
                LoraScales.ofRows(byPicture)
                        .withMask(0, noise(2, PICTURES, 1, SIDE, SIDE).abs())
                        .withMask(1, noise(3, 1, 1, SIDE, SIDE).abs());
        LoraScales alike =
                LoraScales.of(0.4f, 0.8f).withMask(1, noise(4, PICTURES, 1, SIDE, SIDE).abs());
        for (LoraScales scales : List.of(own, alike)) {
            Forward f = Forward.in(Precision.FP32).withLora(scales.repeated(2));
            assertSame("LoRA", ROWS, f);
            assertSame("residuals of all", ROWS, f.withAdapter(residuals(1)));
            assertSame("residuals of each", ROWS, f.withAdapter(residuals(ROWS)));
        }
    }

    /** One for each down block, behind its halving but for the last, as T2I adapters give them. */
    private List<NDArray> residuals(int rows) {
        List<Integer> channels = config.blockOutChannels();
        List<NDArray> all = new ArrayList<>();
        for (int i = 0; i < channels.size(); i++) {
            int side = SIDE >> Math.min(i + 1, channels.size() - 1);
            all.add(noise(10 + i, rows, channels.get(i), side, side));
        }
        return all;
    }
}
