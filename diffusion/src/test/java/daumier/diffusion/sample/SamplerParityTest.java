package daumier.diffusion.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.diffusion.weights.SafetensorsFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Samplers, noise schedules and noise against diffusers and PyTorch. */
class SamplerParityTest {
    /** Relative tolerance of a whole sampling: rounding only. */
    private static final double TOLERANCE = 2e-5;

    @TestFactory
    Stream<DynamicTest> samplings() throws Exception {
        List<DynamicTest> tests = samplingsOf("samplers");
        tests.addAll(samplingsOf("more-samplers"));
        tests.addAll(samplingsOf("solvers"));
        return tests.stream();
    }

    private static List<DynamicTest> samplingsOf(String file) throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonElement element :
                JsonParser.parseString(Goldens.text(file + ".json")).getAsJsonArray()) {
            JsonObject golden = element.getAsJsonObject();
            String config = golden.get("config").toString();
            String shown = config.length() > 200 ? config.substring(0, 200) : config;
            String title = golden.get("name").getAsString() + " " + golden.get("sampler") + shown;
            tests.add(DynamicTest.dynamicTest(title, () -> assertSampling(file, golden)));
        }
        return tests;
    }

    private static void assertSampling(String goldens, JsonObject golden) throws Exception {
        SchedulerConfig config =
                SchedulerConfig.parse(golden.get("config").toString(), "the golden");
        String name = golden.get("sampler").getAsString();
        double eta = golden.has("eta") ? golden.get("eta").getAsDouble() : 0;
        Sampler plain = eta > 0 ? Ddim.of(config, eta) : Sampler.named(name, config);
        Sampler sampler =
                golden.has("detail_phase")
                        ? Phased.of(plain, golden.get("detail_phase").getAsDouble())
                        : plain;
        int steps = golden.get("steps").getAsInt();
        boolean fromImage = golden.has("strength");
        List<SamplingStep> plan =
                fromImage
                        ? sampler.plan(steps, golden.get("strength").getAsDouble())
                        : sampler.plan(steps);
        try (SafetensorsFile file = Goldens.open(goldens + ".safetensors");
                NDManager manager = NDManager.newBaseManager()) {
            String key = golden.get("name").getAsString();
            float[] timesteps = Goldens.floats(file, key + ".t");
            assertEquals(timesteps.length, plan.size(), "steps");
            for (int i = 0; i < timesteps.length; i++) {
                assertEquals(timesteps[i], plan.get(i).from().timestep(), 1e-3, "timestep " + i);
            }
            NoiseLevel first = plan.get(0).from();
            Shape row = new Shape(4, 8, 8);
            SamplingState start =
                    fromImage
                            ? SamplingState.fromClean(
                                    manager, first, clean(manager), List.of(new TorchRandom(7)))
                            : SamplingState.fromNoise(manager, sampler, first, row, 7);
            Denoiser denoiser = new AnalyticDenoiser(config.predictionType());
            SamplingState last = sampler.run(start, denoiser, plan);
            double relative =
                    Goldens.relative(
                            Goldens.floats(file, key + ".x"), last.latents().toFloatArray());
            // Where sigma starts in the thousands, diffusers' Euler itself loses digits.
            boolean steep = name.startsWith("euler") && first.ratio() > 1000;
            assertTrue(relative <= (steep ? 1e-3 : TOLERANCE), "off by " + relative);
        }
    }

    private static NDArray clean(NDManager manager) {
        return manager.linspace(-1, 1, 256).reshape(1, 4, 8, 8);
    }

    @Test
    void noiseIsPyTorchs() throws Exception {
        try (SafetensorsFile file = Goldens.open("noise.safetensors")) {
            for (String name : file.names()) {
                String[] parts = name.split("\\.");
                TorchRandom random = new TorchRandom(Long.parseLong(parts[1]));
                float[] expected = Goldens.floats(file, name);
                float[] actual;
                if (parts[0].equals("mixed")) {
                    actual = new float[expected.length];
                    int from = 0;
                    for (int count : new int[] {3, 20, 4, 700, 1, 64}) {
                        System.arraycopy(random.randn(count), 0, actual, from, count);
                        from += count;
                    }
                } else {
                    actual = random.randn(expected.length);
                }
                double relative = Goldens.relative(expected, actual);
                assertTrue(relative < 1e-6, name + " is off by " + relative);
            }
        }
    }

    @Test
    void tablesAreDiffusers() throws Exception {
        String sd15 =
                "{\"beta_start\":0.00085,\"beta_end\":0.012,\"beta_schedule\":\"scaled_linear\"";
        try (SafetensorsFile file = Goldens.open("tables.safetensors")) {
            assertTable(file, "default", "{}");
            assertTable(file, "sd15", sd15 + "}");
            assertTable(file, "cosine", "{\"beta_schedule\":\"squaredcos_cap_v2\"}");
            assertTable(file, "zero", sd15 + ",\"rescale_betas_zero_snr\":true}");
        }
    }

    private static void assertTable(SafetensorsFile file, String name, String json)
            throws Exception {
        float[] expected = Goldens.floats(file, name);
        double[] actual = NoiseSchedule.of(SchedulerConfig.parse(json, name)).alphasCumprod();
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 2e-6 * expected[i] + 1e-9, name + " " + i);
        }
    }
}
