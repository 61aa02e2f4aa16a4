package daumier.diffusion.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.schedule.LoraSchedule;
import daumier.diffusion.schedule.WeightSchedule;
import daumier.diffusion.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole tiny pack against diffusers' pipelines. */
class GenerationParityTest {
    private static final double TOLERANCE = 1e-4;
    private static Pack pack;
    private static SafetensorsFile golden;
    private static NDManager manager;

    @BeforeAll
    static void open() throws Exception {
        pack = Pack.open(Goldens.path("pipeline/pack"), Device.cpu(), Precision.FP32);
        golden = Goldens.open("pipeline/pipeline.safetensors");
        manager = NDManager.newBaseManager();
    }

    @AfterAll
    static void close() throws Exception {
        manager.close();
        golden.close();
        pack.close();
    }

    private static GenerationRequest.Builder request(String sampler) {
        return GenerationRequest.of("A face, big nose!")
                .negativePrompt("an ear")
                .sampler(sampler)
                .steps(8)
                .guidance(4)
                .seeds(List.of(3L))
                .width(24)
                .height(16);
    }

    private static void assertGolden(String name, GenerationRequest request) throws IOException {
        try (Generated made = new Generation(pack).run(request)) {
            Goldens.assertClose(
                    Goldens.floats(golden, name + ".latents"), made.latents(), TOLERANCE, name);
            float[] picture = Goldens.floats(golden, name + ".image");
            for (int i = 0; i < picture.length; i++) {
                picture[i] = Math.max(-1, Math.min(1, picture[i]));
            }
            Goldens.assertClose(picture, made.pictures(), TOLERANCE, name + " picture");
            Goldens.assertClose(
                    Goldens.floats(golden, name + ".preview"),
                    pack.decodePreview(made.latents()),
                    TOLERANCE,
                    name + " preview");
            assertTrue(made.timings().toJson().contains("step_seconds"));
        }
    }

    /**
     * The pack's configuration names PNDMScheduler: "own" is what it asks for. The last three call
     * twice a step.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "own",
                "euler-a",
                "dpm++2m-karras",
                "dpm++2m-sde",
                "unipc",
                "heun",
                "heun-karras",
                "dpm2"
            })
    void furtherSamplers(String name) throws Exception {
        GenerationRequest request = request(name.equals("own") ? null : name).build();
        try (SafetensorsFile more = Goldens.open("pipeline/more.safetensors");
                Generated made = new Generation(pack).run(request)) {
            Goldens.assertClose(Goldens.floats(more, name), made.latents(), TOLERANCE, name);
        }
    }

    @Test
    void ddim() throws Exception {
        assertGolden("ddim", request("ddim").build());
    }

    @Test
    void euler() throws Exception {
        assertGolden("euler", request("euler").build());
    }

    @Test
    void dpmSolverWithClipSkip() throws Exception {
        assertGolden("skip", request("dpm++2m").clipSkip(2).build());
    }

    @Test
    void lcmWithoutGuidance() throws Exception {
        assertGolden("lcm", request("lcm").steps(4).guidance(1).build());
    }

    @Test
    void adapter() throws Exception {
        NDArray condition = golden.load(manager, "condition");
        assertGolden("adapter", request("dpm++2m").condition(condition).adapterScale(0.8).build());
    }

    @Test
    void imageToImage() throws Exception {
        NDArray image = golden.load(manager, "init");
        GenerationRequest.Builder request = request("ddim").initImage(image).strength(0.6);
        assertGolden("img2img", request.build());
        try (Generated two = new Generation(pack).run(request.seeds(List.of(8L, 3L)).build())) {
            float[] expected = Goldens.floats(golden, "img2img.latents");
            Goldens.assertClose(expected, two.latents().get("1:2"), TOLERANCE, "second row");
        }
    }

    private static List<LoraUse> style(String schedule) {
        return List.of(new LoraUse(pack.loraFiles().get(0), WeightSchedule.parse(schedule)));
    }

    @Test
    void loraAtOneWeight() throws Exception {
        assertGolden("lora", request("dpm++2m").loras(style("0.7")).build());
    }

    @Test
    void loraOnASchedule() throws Exception {
        assertGolden("schedule", request("ddim").loras(style("0.3@0,0.7@1")).build());
    }

    @Test
    void loraAtZeroIsNoLora() throws Exception {
        GenerationRequest without = request("ddim").build();
        GenerationRequest zero = request("ddim").loras(style("0")).build();
        try (Generated first = new Generation(pack).run(without);
                Generated second = new Generation(pack).run(zero)) {
            assertArrayEquals(first.latents().toFloatArray(), second.latents().toFloatArray());
        }
    }

    private static List<LoraUse> parts(String schedule, NDArray mask) {
        return List.of(new LoraUse(pack.loraFiles().get(0), LoraSchedule.parse(schedule), mask));
    }

    private static float[] latents(List<LoraUse> loras) {
        try (Generated made =
                new Generation(pack).run(request("ddim").steps(3).loras(loras).build())) {
            return made.latents().toFloatArray();
        }
    }

    private static double difference(float[] a, float[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    @Test
    void equalWeightsByPartAreOneWeight() {
        float[] whole = latents(style("0.3@0,0.7@1"));
        String same = "0.3@0,0.7@1,down=0.3@0;0.7@1,mid=ramp(0.3,0.7),up.0=0.3@0;0.7@1";
        assertEquals(0, difference(whole, latents(parts(same, null))), 1e-5);
        assertTrue(difference(whole, latents(parts("0.3@0,0.7@1,up=0", null))) > 1e-3);
    }

    @Test
    void partsAtZeroAreNoLora() {
        float[] without = latents(List.of());
        assertArrayEquals(without, latents(parts("0,te=0,down=0,mid=0,up=0@0;0@1", null)));
        assertTrue(difference(without, latents(parts("0,te=1", null))) > 1e-4, "text alone");
    }

    @Test
    void blocksActWhereTheRestIsZero() {
        float[] without = latents(List.of());
        float[] text = latents(parts("0", null));
        assertArrayEquals(without, text);
        assertTrue(difference(without, latents(parts("0,up=1", null))) > 1e-3);
    }

    @Test
    void theTextFollowsItsOwnSchedule() {
        float[] still = latents(parts("0.5,te=0.2", null));
        assertArrayEquals(still, latents(parts("0.5,te=0.2@0,0.2@1", null)));
        assertTrue(difference(still, latents(parts("0.5,te=0.2@0;1@1", null))) > 1e-4);
    }

    @Test
    void masksLimitALora() {
        float[] whole = latents(parts("0.7", null));
        NDArray ones = manager.ones(new Shape(1, 1, 16, 24));
        assertEquals(0, difference(whole, latents(parts("0.7", ones))), 1e-5);
        NDArray none = manager.zeros(new Shape(1, 1, 16, 24));
        float[] text = latents(parts("0,te=0.7", null));
        assertEquals(0, difference(text, latents(parts("0.7", none))), 1e-5);
    }

    @Test
    void aLoraNamedTwiceIsRefusedUnlessItAddsUp() {
        LoraUse plain = style("0.3").get(0);
        assertEquals(0, difference(latents(style("0.6")), latents(List.of(plain, plain))), 1e-5);
        LoraUse up = parts("0.3,up=1", null).get(0);
        assertThrows(IllegalArgumentException.class, () -> latents(List.of(plain, up)));
    }

    @Test
    void pictureOfABatchIsThatOfItsSeed() throws Exception {
        List<Long> seeds = List.of(3L, 5L, 9L);
        try (Generated batch = new Generation(pack).run(request("lcm").seeds(seeds).build())) {
            for (int i = 0; i < seeds.size(); i++) {
                GenerationRequest one = request("lcm").seeds(List.of(seeds.get(i))).build();
                try (Generated alone = new Generation(pack).run(one)) {
                    Goldens.assertClose(
                            alone.latents().toFloatArray(),
                            batch.latents().get(i + ":" + (i + 1)),
                            1e-4,
                            "row " + i);
                }
            }
        }
    }

    @Test
    void latentsInAreTheSeedsNoise() throws Exception {
        NDArray noise = manager.create(new TorchRandom(3).randn(4 * 8 * 12)).reshape(1, 4, 8, 12);
        assertGolden("euler", request("euler").width(0).height(0).latents(noise).build());
    }

    @Test
    void halfPrecisionIsClose() throws Exception {
        GenerationRequest request = request("dpm++2m").build();
        try (Pack half = Pack.open(Goldens.path("pipeline/pack"), Device.cpu(), Precision.BF16);
                Generated made = new Generation(half).run(request);
                Generated exact = new Generation(pack).run(request)) {
            Goldens.assertClose(exact.latents().toFloatArray(), made.latents(), 0.05, "bfloat16");
        }
    }

    @Test
    void generationsLeaveNothingBehind() throws Exception {
        GenerationRequest request = request("euler").loras(style("ramp(0,1)")).build();
        new Generation(pack).run(request).close();
        int arrays = pack.manager().getManagedArrays().size();
        for (int i = 0; i < 3; i++) {
            new Generation(pack).run(request).close();
        }
        assertEquals(arrays, pack.manager().getManagedArrays().size());
    }

    @Test
    void stepsAreHeardInOrder() throws Exception {
        List<Integer> heard = new ArrayList<>();
        new Generation(pack)
                .run(
                        request("euler").build(),
                        step -> {
                            heard.add(step.index());
                            assertEquals(8, step.steps());
                            assertTrue(step.state().x0().isPresent());
                        })
                .close();
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), heard);
    }

    /** Rows with their own level, guidance, adapter picture, LoRA weight and region in one call. */
    @Test
    void rowsOfAGuidedCallAreIndependent() throws Exception {
        int lora = pack.attachLora(pack.loraFiles().get(0));
        NDArray positive = pack.encodePrompt(manager, List.of("a face", "nose"), 1);
        NDArray negative = pack.encodePrompt(manager, List.of("ear", ""), 1);
        NDArray condition = manager.create(new TorchRandom(1).randn(2 * 3 * 256));
        List<NDArray> residuals =
                pack.adapterResiduals(
                        pack.adapter().orElseThrow(), condition.reshape(2, 3, 16, 16), 0.5);
        NDArray mask = manager.create(new float[] {1, 0, 1, 1, 0, 1, 0, 0}).reshape(2, 1, 2, 2);
        NDArray x = manager.create(new TorchRandom(2).randn(2 * 4 * 64)).reshape(2, 4, 8, 8);
        Sampler sampler = pack.sampler("ddim");
        List<NoiseLevel> at = List.of(sampler.level(900), sampler.level(333.5));
        float[] guidance = {3, 1};
        float[][] weights = new float[2][pack.loraCount()];
        weights[0][lora] = 0.2f;
        weights[1][lora] = 0.9f;
        GuidedUNet unet =
                new GuidedUNet(
                        pack.unet(),
                        pack.schedulerConfig().predictionType(),
                        Precision.FP32,
                        new Conditioning(positive, negative, guidance),
                        residuals,
                        LoraScales.ofRows(weights).withMask(lora, mask));
        NDArray both = unet.x0(x, at);
        for (int i = 0; i < 2; i++) {
            String row = i + ":" + (i + 1);
            NDArray alone =
                    unet.withText(
                                    new Conditioning(
                                            positive.get(row),
                                            negative.get(row),
                                            new float[] {guidance[i]}))
                            .withAdapter(residuals.stream().map(r -> r.get(row)).toList())
                            .withScales(LoraScales.of(weights[i]).withMask(lora, mask.get(row)))
                            .x0(x.get(row), at.subList(i, i + 1));
            Goldens.assertClose(alone.toFloatArray(), both.get(row), 1e-5, "row " + i);
        }
    }

    @Test
    void lookAheadIsTheEstimateOrTheLorasAnswer() throws Exception {
        Sampler sampler = pack.sampler("ddim");
        GuidedUNet denoiser =
                new GuidedUNet(
                        pack.unet(),
                        pack.schedulerConfig().predictionType(),
                        Precision.FP32,
                        Conditioning.guided(
                                pack.encodePrompt(manager, List.of("a face"), 1),
                                pack.encodePrompt(manager, List.of(""), 1),
                                3),
                        null,
                        null);
        SamplingState state =
                SamplingState.fromNoise(
                        manager, sampler, sampler.level(801), pack.latentShape(16, 16), 1, 2);
        NDArray plain = LookAhead.plain(pack).latents(manager, state, denoiser);
        NDArray expected = denoiser.x0(state.latents(), state.at());
        assertArrayEquals(expected.toFloatArray(), plain.toFloatArray());
        LookAhead quick = LookAhead.with(pack, pack.loraFiles().get(0), 1);
        assertEquals(plain.getShape(), quick.latents(manager, state, denoiser).getShape());
        assertEquals(16, quick.picture(manager, state, denoiser).getShape().get(3));
    }

    @Test
    void whatDoesNotFitIsRefusedInASentence() throws Exception {
        NDArray condition = golden.load(manager, "condition");
        for (GenerationRequest.Builder wrong :
                List.of(
                        request("euler").width(25),
                        request("euler").clipSkip(9),
                        request("euler").steps(0),
                        request("euler").eta(0.5),
                        request("best"),
                        request("euler").width(16).condition(condition),
                        request("euler").initImage(golden.load(manager, "init")).strength(0.01),
                        request("euler").latents(condition))) {
            GenerationRequest request = wrong.build();
            Exception refused =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> new Generation(pack).run(request));
            assertTrue(refused.getMessage().endsWith("."), refused.getMessage());
        }
    }

    @Test
    void aDamagedPackSaysWhere(@TempDir Path folder) throws Exception {
        assertSays("model_index.json", () -> Pack.open(folder, Device.cpu(), Precision.FP32));
        Path source = Goldens.path("pipeline/pack");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().contains("vae")) {
                    Path copy = folder.resolve(source.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        Path weights = folder.resolve("unet/diffusion_pytorch_model.safetensors");
        Files.write(weights, java.util.Arrays.copyOf(Files.readAllBytes(weights), 5000));
        Files.writeString(folder.resolve("taesd/config.json"), "{");
        try (Pack damaged = Pack.open(folder, Device.cpu(), Precision.FP32)) {
            assertSays("vae", damaged::vae);
            assertSays("unet", damaged::unet);
            assertSays("taesd", damaged::tiny);
        }
    }

    private static void assertSays(String part, org.junit.jupiter.api.function.Executable action) {
        Exception refused = assertThrows(IllegalArgumentException.class, action);
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }
}
