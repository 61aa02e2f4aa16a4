package daumier.diffusion.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.Forward;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.nn.SharedAttention;
import daumier.diffusion.nn.UNet2DConditionModel;
import daumier.diffusion.nn.UNetConfig;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.Weights;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Extended self-attention against an attention processor, see make_reference_goldens.py. */
class ReferenceParityTest {
    private static Pack pack;
    private static SafetensorsFile golden;
    private static NDManager manager;

    @BeforeAll
    static void open() throws Exception {
        pack = Pack.open(Goldens.path("pipeline/pack"), Device.cpu(), Precision.FP32);
        golden = Goldens.open("pipeline/reference.safetensors");
        manager = NDManager.newBaseManager();
    }

    @AfterAll
    static void close() throws Exception {
        manager.close();
        golden.close();
        pack.close();
    }

    private static NDArray load(String key) throws Exception {
        return golden.load(manager, key).duplicate();
    }

    @Test
    void everySelfAttentionSeesTheReferences() throws Exception {
        Path file = Path.of(UNet2DConditionModel.class.getResource("unet_sd.safetensors").toURI());
        try (SafetensorsFile small = SafetensorsFile.open(file)) {
            Map<String, NDArray> weights = new HashMap<>();
            for (String key : small.names()) {
                if (key.startsWith("w/")) {
                    weights.put(key.substring(2), small.load(manager, key).duplicate());
                }
            }
            UNet2DConditionModel unet =
                    UNet2DConditionModel.create(
                            UNetConfig.parse(small.metadata().get("config")),
                            Weights.of(manager, weights),
                            pack.kernels());
            NDArray sample = small.load(manager, "in/sample").duplicate();
            NDArray text = small.load(manager, "in/text").duplicate();
            NDArray t = small.load(manager, "in/t").duplicate();
            for (SharedAttention shared :
                    List.of(
                            new SharedAttention(1, 1),
                            new SharedAttention(1, 0.4),
                            new SharedAttention(2, 2.5))) {
                int more = shared.references();
                String key = "unet/" + shared.strength() + "." + more;
                NDArray out =
                        unet.forward(
                                NDArrays.concat(new NDList(sample, load(key + ".in"))),
                                NDArrays.concat(
                                        new NDList(
                                                t,
                                                manager.full(
                                                        new ai.djl.ndarray.types.Shape(more),
                                                        400f))),
                                NDArrays.concat(new NDList(text, text.get("0:" + more))),
                                Forward.in(Precision.FP32).withShared(shared));
                Goldens.assertClose(load(key).toFloatArray(), out, 1e-4, key);
            }
            assertThrows(
                    IllegalArgumentException.class,
                    () ->
                            unet.forward(
                                    sample,
                                    t,
                                    text,
                                    Forward.in(Precision.FP32)
                                            .withShared(new SharedAttention(2, 1))));
        }
    }

    private static GenerationRequest.Builder request() {
        return GenerationRequest.of("A face, big nose!")
                .negativePrompt("an ear")
                .sampler("ddim")
                .steps(6)
                .guidance(4)
                .seeds(List.of(3L))
                .width(24)
                .height(16);
    }

    private static float[] latents(GenerationRequest request) {
        try (Generated generated = new Generation(pack).run(request)) {
            return generated.latents().toFloatArray();
        }
    }

    private static GenerationRequest.Portrait portrait(double strength, double low)
            throws Exception {
        return new GenerationRequest.Portrait(load("picture"), strength, low, 1000, 11);
    }

    @Test
    void aGenerationWithAReferenceEqualsThePythonLoop() throws Exception {
        float[] all = latents(request().portrait(portrait(1, 0)).build());
        float[] early = latents(request().portrait(portrait(0.5, 400)).build());
        Goldens.assertClose(load("latents.all").toFloatArray(), manager.create(all), 1e-4, "all");
        Goldens.assertClose(
                load("latents.early").toFloatArray(), manager.create(early), 1e-4, "early");
    }

    @Test
    void aReferenceThatIsNeverSeenChangesNothing() throws Exception {
        float[] without = latents(request().build());
        assertArrayEquals(without, latents(request().portrait(portrait(1, 1000)).build()));
        double moved = 0;
        float[] with = latents(request().portrait(portrait(1, 0)).build());
        for (int i = 0; i < with.length; i++) {
            moved = Math.max(moved, Math.abs(with[i] - without[i]));
        }
        assertTrue(moved > 0.01, "the reference moves nothing");
    }

    @Test
    void picturesOfABatchDoNotDependOnEachOther() throws Exception {
        GenerationRequest.Builder both = request().portrait(portrait(1, 0)).seeds(List.of(5L, 3L));
        float[] alone = latents(request().portrait(portrait(1, 0)).build());
        NDArray rows = manager.create(latents(both.build())).reshape(2, alone.length);
        Goldens.assertClose(alone, rows.get(1), 1e-5, "second row");
    }

    @Test
    void rowsWithLevelsLorasAndResidualsOfTheirOwnAreIndependent() throws Exception {
        int lora = pack.attachLora(pack.loraFiles().get(0));
        float[][] weights = new float[2][pack.loraCount()];
        weights[0][lora] = 0.2f;
        weights[1][lora] = 0.9f;
        NDArray condition = manager.create(new TorchRandom(1).randn(2 * 3 * 256));
        List<NDArray> residuals =
                pack.adapterResiduals(
                        pack.adapter().orElseThrow(), condition.reshape(2, 3, 16, 16), 0.5);
        NDArray x = manager.create(new TorchRandom(2).randn(2 * 4 * 64)).reshape(2, 4, 8, 8);
        Sampler sampler = pack.sampler("ddim");
        List<NoiseLevel> at = List.of(sampler.level(900), sampler.level(333.5));
        Reference reference =
                Reference.of(
                        manager.create(new TorchRandom(4).randn(256)).reshape(1, 4, 8, 8),
                        new TorchRandom(6),
                        0.7,
                        0,
                        1000);
        GuidedUNet unet =
                new GuidedUNet(
                                pack.unet(),
                                pack.schedulerConfig().predictionType(),
                                Precision.FP32,
                                Conditioning.guided(
                                        pack.encodePrompt(manager, List.of("a face"), 1),
                                        pack.encodePrompt(manager, List.of("ear"), 1),
                                        3),
                                residuals,
                                LoraScales.ofRows(weights))
                        .withReference(reference);
        NDArray both = unet.x0(x, at);
        for (int i = 0; i < 2; i++) {
            String row = i + ":" + (i + 1);
            NDArray alone =
                    unet.withAdapter(residuals.stream().map(r -> r.get(row)).toList())
                            .withScales(LoraScales.of(weights[i]))
                            .x0(x.get(row), at.subList(i, i + 1));
            Goldens.assertClose(alone.toFloatArray(), both.get(row), 1e-5, "row " + i);
        }
    }
}
