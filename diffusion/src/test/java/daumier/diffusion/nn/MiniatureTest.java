package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraFile;
import daumier.diffusion.lora.LoraWeights;
import daumier.diffusion.sample.TorchRandom;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsWriter;
import daumier.diffusion.weights.Weights;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against diffusers, at the structure of Stable Diffusion 1.5: four levels, three of them with
 * cross-attention to 768 features, two layers a block, 8 heads; and LoRA files on it.
 */
class MiniatureTest {
    private static final double FP32 = 1e-4;
    private static final double BF16 = 3e-2;
    @RegisterExtension static final TestKernels KERNELS = new TestKernels();

    @TempDir Path folder;
    private Golden golden;

    @BeforeEach
    void open() throws Exception {
        golden = new Golden("miniature");
    }

    @AfterEach
    void close() {
        golden.close();
    }

    @Test
    void equalsDiffusers() {
        UNet2DConditionModel plain =
                UNet2DConditionModel.create(
                        config(), Weights.of(golden.manager(), made()), KERNELS.get());
        Golden.assertClose("fp32", golden.get("out/plain"), run(plain, Precision.FP32, null), FP32);
        Golden.assertClose("bf16", golden.get("out/plain"), run(plain, Precision.BF16, null), BF16);
        for (Precision precision : Precision.values()) {
            Golden.assertClose(
                    "packed " + precision,
                    golden.get("out/plain"),
                    run(packed(precision), precision, null),
                    precision == Precision.FP32 ? FP32 : BF16);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kohya", "peft", "old", "dora", "loha", "lokr", "tucker", "rslora"})
    void drawsWithLoraFiles(String format) throws Exception {
        Path file = folder.resolve(format + ".safetensors");
        Map<String, String> metadata =
                format.equals("rslora")
                        ? Map.of("lora_adapter_metadata", golden.metadata("rslora"))
                        : Map.of();
        SafetensorsWriter.write(file, golden.group(format + "/"), metadata, Dtype.F16);
        UNet2DConditionModel unet = packed(Precision.FP32);
        LoraWeights lora = LoraFile.read(file, golden.manager(), unet.loraTargets());
        assertEquals(1, lora.fraction());
        unet.lora().attach(lora);
        NDArray expected = golden.get("out/" + format);
        Golden.assertClose(format, expected, run(unet, Precision.FP32, LoraScales.of(1)), FP32);
        Golden.assertClose(
                "none", golden.get("out/plain"), run(unet, Precision.FP32, LoraScales.of(0)), FP32);
    }

    @Test
    void encodesWithTheTextPartOfALora() throws Exception {
        Path file = folder.resolve("te.safetensors");
        SafetensorsWriter.write(file, golden.group("te/"), Map.of(), Dtype.F16);
        try (Golden text = new Golden("clip_quick_gelu")) {
            Forward weighted = Forward.in(Precision.FP32).withLora(LoraScales.of(1));
            ClipTextConfig config = ClipTextConfig.parse(text.config());
            for (ClipTextModel clip :
                    List.of(
                            ClipTextModel.create(config, text.weights(), KERNELS.get()),
                            ClipTextModel.forDrawing(
                                    config, text.weights(), KERNELS.get(), null))) {
                LoraWeights lora = LoraFile.read(file, text.manager(), clip.loraTargets());
                assertEquals(1, lora.fraction());
                clip.lora().attach(lora);
                NDArray states = clip.forward(text.get("in/ids"), 1, weighted);
                Golden.assertClose("te", golden.get("out/te"), states, FP32);
            }
        }
    }

    private UNetConfig config() {
        return UNetConfig.parse(golden.config());
    }

    private UNet2DConditionModel packed(Precision precision) {
        return UNet2DConditionModel.forDrawing(
                config(), Weights.of(golden.manager(), made()), KERNELS.get(), precision);
    }

    private NDArray run(UNet2DConditionModel unet, Precision precision, LoraScales scales) {
        return unet.forward(
                golden.get("in/sample"),
                golden.get("in/t"),
                golden.get("in/text"),
                Forward.in(precision).withLora(scales));
    }

    /** The weights that the script of the goldens made of the same seeds. */
    private Map<String, NDArray> made() {
        Map<String, NDArray> weights = new HashMap<>();
        long seed = 0;
        for (Map.Entry<String, NDArray> parameter :
                UNet2DConditionModel.create(
                                config(), Weights.initial(golden.manager(), 1), KERNELS.get())
                        .parameters()
                        .entrySet()) {
            String name = parameter.getKey();
            Shape shape = parameter.getValue().getShape();
            float[] noise = new TorchRandom(seed).randn(Math.toIntExact(shape.size()));
            boolean vector = shape.dimension() == 1;
            double factor = vector ? 0.2 : Math.sqrt((double) shape.get(0) / shape.size());
            float shift = vector && name.contains("norm") && name.endsWith("weight") ? 1 : 0;
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (float) (noise[i] * factor) + shift;
            }
            weights.put(name, golden.manager().create(noise, shape));
            seed++;
        }
        return weights;
    }
}
