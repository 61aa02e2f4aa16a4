package daumier.tests.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import daumier.cli.PackedWeights;
import daumier.cli.Torch;
import daumier.cli.Torch.DeviceName;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Conditioning;
import daumier.diffusion.sample.GuidedUNet;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.sample.Sampler;
import daumier.diffusion.sample.SamplingState;
import daumier.diffusion.sample.SamplingStep;
import daumier.diffusion.sample.Timings;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.SafetensorsWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Daumier's process of the benchmark: {@code PACK THREADS}. It does and times what standard input
 * asks for, with the commands and the answers of {@code diffusers_benchmark.py}.
 */
public final class DaumierSide implements AutoCloseable {
    private static final String PROMPT = "a portrait of a person";
    private static final double GUIDANCE = 7;
    private static final int STEPS = 30;

    private final Path folder;
    private final int threads;
    private Pack pack;
    private Sampler sampler;
    private GuidedUNet denoiser;

    private DaumierSide(Path folder, int threads) {
        this.folder = folder;
        this.threads = threads;
    }

    /** Answers until it is told to quit. */
    public static void main(String[] args) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (DaumierSide side = new DaumierSide(Path.of(args[0]), Integer.parseInt(args[1]))) {
            for (String line = in.readLine();
                    line != null && !line.equals("quit");
                    line = in.readLine()) {
                answers.println(side.answer(line.split(" ")));
            }
        }
    }

    private JsonObject answer(String... words) throws IOException {
        return switch (words[0]) {
            case "open" -> open(Precision.valueOf(words[1].toUpperCase(Locale.ROOT)));
            case "step" -> draw(1, 1, denoiser);
            case "lora-step" -> loraStep(Float.parseFloat(words[1]));
            case "regions-step" ->
                    regionsStep(Float.parseFloat(words[1]), Integer.parseInt(words[2]));
            case "set-adapters" -> change(Float.parseFloat(words[1]));
            case "batch" -> draw(Integer.parseInt(words[1]), Integer.parseInt(words[2]), denoiser);
            case "picture" ->
                    picture(Integer.parseInt(words[1]), Path.of(words[2]), Path.of(words[3]));
            case "compare" -> compare(Path.of(words[1]), Path.of(words[2]));
            default -> throw new IllegalArgumentException("No such command: " + words[0]);
        };
    }

    private JsonObject open(Precision precision) {
        Device device = Torch.start(DeviceName.CPU);
        pack = Pack.open(folder, device, precision, PackedWeights.cache());
        Torch.threads(threads, pack.pictureSize());
        sampler = pack.sampler("ddim");
        NDManager manager = pack.manager();
        denoiser =
                new GuidedUNet(
                        pack.unet(),
                        pack.schedulerConfig().predictionType(),
                        precision,
                        Conditioning.guided(
                                pack.encodePrompt(manager, List.of(PROMPT), 1),
                                pack.encodePrompt(manager, List.of(""), 1),
                                GUIDANCE),
                        null,
                        null);
        return new JsonObject();
    }

    /** The first steps of a plan for that many pictures; one step is the first of thirty. */
    private JsonObject draw(int rows, int steps, GuidedUNet with) {
        List<SamplingStep> plan = sampler.plan(steps == 1 ? STEPS : steps).subList(0, steps);
        long[] seeds = LongStream.range(0, rows).toArray();
        try (NDManager scratch = pack.manager().newSubManager()) {
            SamplingState begin =
                    SamplingState.fromNoise(
                            scratch, sampler, plan.get(0).from(), new Shape(4, 64, 64), seeds);
            long start = System.nanoTime();
            run(begin, plan, with);
            return seconds(start);
        }
    }

    private SamplingState run(SamplingState begin, List<SamplingStep> plan, GuidedUNet with) {
        SamplingState state = begin;
        for (SamplingStep step : plan) {
            state = sampler.step(state, with, step);
        }
        return state;
    }

    private Path lora() {
        return folder.resolve("lora").resolve("rank16.safetensors");
    }

    private JsonObject loraStep(float weight) {
        pack.attachLora(lora());
        float[] scales = new float[pack.loraCount()];
        scales[0] = weight;
        return draw(1, 1, denoiser.withScales(LoraScales.of(scales)));
    }

    /**
     * A weight of its own in each quarter of the picture: of one LoRA, whose mask is then the
     * weighted sum of the quarters', or of four.
     */
    private JsonObject regionsStep(float weight, int loras) throws IOException {
        pack.attachLora(lora());
        while (pack.loraCount() < loras) {
            try (NDManager scratch = pack.manager().newSubManager()) {
                pack.attachLora(pack.readLora(scratch, lora()));
            }
        }
        try (NDManager scratch = pack.manager().newSubManager()) {
            float[] weights = new float[pack.loraCount()];
            Arrays.fill(weights, 0, loras, weight);
            LoraScales scales = LoraScales.of(weights);
            for (int i = 0; i < loras; i++) {
                float[] byQuarter = {0.4f, 0.6f, 0.8f, 1};
                for (int quarter = 0; loras > 1 && quarter < byQuarter.length; quarter++) {
                    byQuarter[quarter] *= quarter == i ? 1 : 0;
                }
                scales = scales.withMask(i, quarters(scratch, byQuarter));
            }
            return draw(1, 1, denoiser.withScales(scales));
        }
    }

    private static NDArray quarters(NDManager manager, float... values) {
        float[] mask = new float[64 * 64];
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 64; x++) {
                mask[64 * y + x] = values[y / 32 * 2 + x / 32];
            }
        }
        return manager.create(mask, new Shape(1, 1, 64, 64));
    }

    /** The largest difference of two files' latents, in standard deviations of the second. */
    private static JsonObject compare(Path ours, Path theirs) throws IOException {
        Torch.start(DeviceName.CPU);
        try (NDManager scratch = NDManager.newBaseManager();
                SafetensorsFile one = SafetensorsFile.open(ours);
                SafetensorsFile other = SafetensorsFile.open(theirs)) {
            NDArray wanted = other.load(scratch, "latents");
            NDArray deviation = wanted.sub(wanted.mean()).square().mean().sqrt();
            NDArray largest = one.load(scratch, "latents").sub(wanted).abs().max();
            JsonObject answer = new JsonObject();
            answer.addProperty("largest", largest.div(deviation).getFloat());
            return answer;
        }
    }

    /**
     * What a new weight costs: the value, a denoiser that has it, and the tensor that a pass makes
     * of it.
     */
    private JsonObject change(float weight) {
        long start = System.nanoTime();
        GuidedUNet changed = denoiser.withScales(LoraScales.of(weight));
        pack.manager().create(new float[][] {{changed.scales().at(0, 0)}}).close();
        return seconds(start);
    }

    private JsonObject picture(int steps, Path source, Path target) throws IOException {
        List<SamplingStep> plan = sampler.plan(steps);
        try (NDManager scratch = pack.manager().newSubManager();
                SafetensorsFile file = SafetensorsFile.open(source)) {
            NDArray noise = file.load(scratch, "latents");
            SamplingState begin =
                    SamplingState.fromLatents(scratch, sampler, plan.get(0).from(), noise, 0);
            NDArray latents = run(begin, plan, denoiser).latents();
            SafetensorsWriter.write(target, Map.of("latents", latents), Map.of(), Dtype.F32);
            pack.decode(latents);
        }
        JsonObject answer = new JsonObject();
        answer.addProperty("peak", Timings.peakRss());
        return answer;
    }

    private static JsonObject seconds(long start) {
        JsonObject answer = new JsonObject();
        answer.addProperty("seconds", (System.nanoTime() - start) / 1e9);
        return answer;
    }

    @Override
    public void close() {
        if (pack != null) {
            pack.close();
        }
    }
}
