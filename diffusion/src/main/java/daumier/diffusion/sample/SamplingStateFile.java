package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A sampling state as a safetensors file: latents, x0, generators; the levels as metadata. */
final class SamplingStateFile {
    private static final String FORMAT = "daumier.sampling_state.1";

    private SamplingStateFile() {}

    static void write(Path file, SamplingState state) throws IOException {
        try (NDManager scratch = state.newScratch()) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put("latents", state.latents());
            state.x0().ifPresent(x0 -> tensors.put("x0", x0));
            int rows = state.rows();
            int[] saved = new int[rows * TorchRandom.SAVED_LENGTH];
            NoiseLevel[] x0At = new NoiseLevel[rows];
            for (int i = 0; i < rows; i++) {
                int[] generator = state.generator(i).save();
                System.arraycopy(generator, 0, saved, i * generator.length, generator.length);
                x0At[i] = state.x0At(i).orElse(null);
            }
            tensors.put(
                    "generators", scratch.create(saved, new Shape(rows, TorchRandom.SAVED_LENGTH)));
            if (state.memory().slots() != null) {
                tensors.put("memory", state.memory().slots());
            }
            Gson gson = new Gson();
            Map<String, String> metadata =
                    Map.of(
                            "format", FORMAT,
                            "at", gson.toJson(state.at()),
                            "x0_at", gson.toJson(x0At),
                            "past", gson.toJson(state.memory().past()));
            SafetensorsWriter.write(file, tensors, metadata, Dtype.F32);
        }
    }

    static SamplingState read(NDManager parent, Path file) throws IOException {
        try (SafetensorsFile input = SafetensorsFile.open(file);
                NDManager scratch = parent.newSubManager()) {
            if (!FORMAT.equals(input.metadata().get("format"))) {
                throw new IOException(file + " holds no saved sampling state.");
            }
            Gson gson = new Gson();
            NoiseLevel[] at = gson.fromJson(input.metadata().get("at"), NoiseLevel[].class);
            NoiseLevel[] x0At = gson.fromJson(input.metadata().get("x0_at"), NoiseLevel[].class);
            int[] saved = input.load(scratch, "generators").toIntArray();
            if (at == null
                    || x0At == null
                    || x0At.length != at.length
                    || saved.length != at.length * TorchRandom.SAVED_LENGTH) {
                throw damaged(file, null);
            }
            List<TorchRandom> generators = new ArrayList<>();
            for (int i = 0; i < at.length; i++) {
                int from = i * TorchRandom.SAVED_LENGTH;
                generators.add(
                        TorchRandom.restore(
                                Arrays.copyOfRange(saved, from, from + TorchRandom.SAVED_LENGTH)));
            }
            NDArray latents = input.load(scratch, "latents");
            if (latents.getShape().get(0) != at.length) {
                throw damaged(file, null);
            }
            SamplerMemory memory = memory(scratch, input, at.length);
            NDArray x0 = input.names().contains("x0") ? input.load(scratch, "x0") : null;
            return SamplingState.of(parent, latents, List.of(at), x0, x0At, generators, memory);
        } catch (JsonSyntaxException e) {
            throw damaged(file, e);
        }
    }

    /** Files of older versions have none. */
    private static SamplerMemory memory(NDManager scratch, SafetensorsFile input, int rows)
            throws IOException {
        if (!input.has("memory") || !input.metadata().containsKey("past")) {
            return SamplerMemory.none(rows);
        }
        NoiseLevel[][] past =
                new Gson().fromJson(input.metadata().get("past"), NoiseLevel[][].class);
        NDArray slots = input.load(scratch, "memory");
        if (past == null || past.length != rows || slots.getShape().get(0) != rows) {
            throw damaged(input.path(), null);
        }
        return new SamplerMemory(slots, Arrays.stream(past).map(List::of).toList());
    }

    private static IOException damaged(Path file, Throwable cause) {
        return new IOException("The saved sampling state " + file + " is damaged.", cause);
    }
}
