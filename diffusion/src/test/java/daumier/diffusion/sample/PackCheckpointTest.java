package daumier.diffusion.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.Forward;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single-file checkpoints against diffusers' converters and what its models make of them. */
class PackCheckpointTest {
    private static final double TOLERANCE = 1e-4;

    @TempDir Path folder;

    @Test
    void namesAreThoseOfDiffusersConverters() throws IOException {
        LdmUnetNames unet = new LdmUnetNames(2, List.of(false, true, true, true));
        LdmVaeNames vae = new LdmVaeNames(4);
        List<String> lines = Goldens.text("ldm/names.txt").lines().toList();
        assertEquals(934, lines.size());
        for (String line : lines) {
            String[] names = line.split(" ");
            String key = names[0].substring(names[0].indexOf('.') + 1);
            assertEquals(names[1], names[0].startsWith("unet.") ? unet.apply(key) : vae.apply(key));
        }
    }

    /** The small file of make_goldens.py, whose numbers are sines. */
    private Map<String, NDArray> small(NDManager manager) throws IOException {
        Map<String, NDArray> tensors = new TreeMap<>();
        for (String line : Goldens.text("ldm/small.txt").lines().toList()) {
            String[] parts = line.split(" ");
            long[] shape = Arrays.stream(parts).skip(1).mapToLong(Long::parseLong).toArray();
            tensors.put(parts[0], manager.create(sines(parts[0], shape), new Shape(shape)));
        }
        return tensors;
    }

    private static float[] sines(String key, long[] shape) {
        int n = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double shift = key.chars().sum() % 1000 / 100.0;
        String named = key.replace("in_layers.0", "norm").replace("out_layers.0", "norm");
        boolean norm = named.replace("out.0", "norm").contains("norm") && key.endsWith("weight");
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            double wave = Math.sin(0.37 * i + shift);
            values[i] =
                    (float)
                            (shape.length > 1
                                    ? wave / Math.sqrt((double) n / shape[0])
                                    : norm ? 1 + 0.1 * wave : 0.1 * wave);
        }
        return values;
    }

    private Path write(Map<String, NDArray> tensors) throws IOException {
        Path file = folder.resolve("small.safetensors");
        SafetensorsWriter.write(file, tensors, Map.of(), Dtype.F32);
        return file;
    }

    @Test
    void computesWhatDiffusersComputes() throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile golden = Goldens.open("ldm/small.safetensors");
                Pack pack = Pack.open(write(small(manager)), Device.cpu(), Precision.FP32)) {
            assertEquals("PNDMScheduler", pack.schedulerConfig().className().orElseThrow());
            assertEquals(128, pack.pictureSize());
            NDArray states = pack.textEncoder().forward(golden.load(manager, "ids"));
            Goldens.assertClose(Goldens.floats(golden, "states"), states, TOLERANCE, "states");
            NDArray latents = golden.load(manager, "latents");
            NDArray noise =
                    pack.unet()
                            .forward(
                                    latents,
                                    manager.create(new float[] {321}),
                                    states,
                                    Forward.in(Precision.FP32));
            Goldens.assertClose(Goldens.floats(golden, "noise"), noise, TOLERANCE, "noise");
            Goldens.assertClose(
                    Goldens.floats(golden, "decoded"),
                    pack.vae().decode(latents, Precision.FP32),
                    TOLERANCE,
                    "decoded");
            Goldens.assertClose(
                    Goldens.floats(golden, "mean"),
                    pack.vae().encode(golden.load(manager, "picture"), Precision.FP32).mean(),
                    TOLERANCE,
                    "mean");
            String reason = assertThrows(PackException.class, pack::tokenizer).getMessage();
            assertTrue(reason.contains("put CLIP's vocab.json and merges.txt into"), reason);
        }
    }

    @Test
    void takesTheTokenizerBesideIt() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Path file = write(small(manager));
            Path tokenizer = Files.createDirectory(folder.resolve("tokenizer"));
            for (String name : List.of("vocab.json", "merges.txt", "tokenizer_config.json")) {
                Files.copy(
                        Goldens.path("pipeline/pack/tokenizer/" + name), tokenizer.resolve(name));
            }
            try (Pack pack = Pack.open(file, Device.cpu(), Precision.FP32);
                    Generated made =
                            new Generation(pack)
                                    .run(
                                            GenerationRequest.of("a face")
                                                    .steps(2)
                                                    .width(32)
                                                    .height(16)
                                                    .build())) {
                assertArrayEquals(new long[] {1, 3, 16, 32}, made.pictures().getShape().getShape());
            }
        }
    }

    @Test
    void auditsSayWhatIsMissingMisshapenAndLeftOver() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> tensors = small(manager);
            assertTrue(PackAudit.of(write(tensors)).stream().allMatch(PackAudit::whole));
            tensors.remove("model.diffusion_model.out.2.bias");
            tensors.put("first_stage_model.quant_conv.bias", manager.ones(new Shape(3)));
            tensors.put("model_ema.decay", manager.create(1f));
            List<PackAudit> audits = PackAudit.of(write(tensors));
            assertEquals(
                    List.of("model.diffusion_model.out.2.bias"),
                    List.copyOf(audits.get(0).missing()));
            assertEquals(List.of("model_ema.decay"), List.copyOf(audits.get(0).leftOver()));
            assertEquals(
                    List.of("first_stage_model.quant_conv.bias [3] instead of [8]"),
                    List.copyOf(audits.get(1).misfits()));
            assertTrue(audits.get(2).whole());
        }
        List<PackAudit> folders = PackAudit.of(Goldens.path("pipeline/pack"));
        assertTrue(folders.stream().allMatch(a -> a.whole() && a.leftOver().isEmpty()));
    }

    @Test
    void otherFilesAreRefusedByName() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, String> cases =
                    Map.of(
                            "conditioner.embedders.0.x", "is a Stable Diffusion XL checkpoint",
                            "cond_stage_model.model.x", "is a Stable Diffusion 2 checkpoint",
                            "model.diffusion_model.joint_blocks.0.x",
                                    "is a Stable Diffusion 3 checkpoint",
                            "double_blocks.0.x", "is a Flux checkpoint",
                            "something", "is no checkpoint of a whole model");
            for (Map.Entry<String, String> e : cases.entrySet()) {
                Path file = write(Map.of(e.getKey(), manager.ones(new Shape(2))));
                assertReason(file, e.getValue());
            }
            assertReason(
                    write(
                            Map.of(
                                    "model.diffusion_model.input_blocks.0.0.weight",
                                    manager.ones(new Shape(8, 9, 3, 3)))),
                    "an inpainting model");
        }
        Path pickle = Files.write(folder.resolve("model.ckpt"), new byte[64]);
        assertReason(pickle, "is a Python pickle, which can run any program");
    }

    private static void assertReason(Path file, String part) {
        String message =
                assertThrows(
                                PackException.class,
                                () -> Pack.open(file, Device.cpu(), Precision.FP32))
                        .getMessage();
        assertTrue(message.contains(part) && message.contains(file.toString()), message);
    }
}
