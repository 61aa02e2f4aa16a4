package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import daumier.diffusion.lora.LoraFile;
import daumier.diffusion.lora.LoraTarget;
import daumier.diffusion.lora.LoraWeights;
import daumier.diffusion.schedule.LoraSchedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Weights by block against diffusers' {@code set_adapters} with a dictionary, on the structure of
 * Stable Diffusion 1.5.
 */
class BlockWeightsTest {
    private static Kernels kernels;
    private static Golden expected;
    private static Golden unetGolden;
    private static Golden textGolden;
    private static UNet2DConditionModel unet;
    private static ClipTextModel text;

    @BeforeAll
    static void load() throws Exception {
        kernels = Kernels.load(Device.cpu());
        expected = new Golden("block_weights");
        unetGolden = new Golden("unet_sd");
        textGolden = new Golden("clip_quick_gelu");
        unet =
                UNet2DConditionModel.create(
                        UNetConfig.parse(unetGolden.config()), unetGolden.weights(), kernels);
        text =
                ClipTextModel.create(
                        ClipTextConfig.parse(textGolden.config()), textGolden.weights(), kernels);
        List<LoraTarget> targets = new ArrayList<>(unet.loraTargets());
        targets.addAll(text.loraTargets());
        Path file = Path.of(BlockWeightsTest.class.getResource("block_lora.safetensors").toURI());
        LoraWeights lora = LoraFile.read(file, unetGolden.manager(), targets);
        assertEquals(1, lora.fraction());
        unet.lora().attach(lora);
        text.lora().attach(lora);
    }

    @AfterAll
    static void close() {
        expected.close();
        textGolden.close();
        unetGolden.close();
        kernels.close();
    }

    /** The schedules say what the dictionaries in make_block_goldens.py say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none | 0",
                "groups | 1,te=0.4,down=0.9,mid=0.2,up=0.6",
                "blocks | 1,te=0.7,down.0=0.3,down.1=-0.5,down.2=1.1,mid=0.8,up.1=0,"
                        + "up_blocks.2.attentions.0=0.4,up_blocks.2.attentions.1=1.5,up.3=0.25"
            })
    void equalsDiffusers(String name, String weights) {
        LoraSchedule schedule = LoraSchedule.parse(weights);
        LoraScales scales = LoraScales.of(1).withBlocks(0, schedule.byPrefix(0));
        NDArray out =
                unet.forward(
                        unetGolden.get("in/sample"),
                        unetGolden.get("in/t"),
                        unetGolden.get("in/text"),
                        Forward.in(Precision.FP32).withLora(scales));
        Golden.assertClose(name, expected.get("out/" + name + ".unet"), out, 1e-5);
        Forward encoder =
                Forward.in(Precision.FP32).withLora(LoraScales.of((float) schedule.teAt(0)));
        NDArray states = text.forward(textGolden.get("in/ids"), 1, encoder);
        Golden.assertClose(name, expected.get("out/" + name + ".text"), states, 1e-5);
    }
}
