package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import daumier.diffusion.lora.LoraPair;
import daumier.diffusion.lora.LoraWeights;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One file of make_goldens.py: a small random model with inputs, outputs and gradients as PyTorch
 * computes them.
 */
final class Golden implements AutoCloseable {
    private final NDManager manager = NDManager.newBaseManager();
    private final Map<String, NDArray> tensors = new TreeMap<>();
    private final Map<String, String> metadata;

    Golden(String name) throws IOException, URISyntaxException {
        Path path = Path.of(Golden.class.getResource(name + ".safetensors").toURI());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            for (String key : file.names()) {
                tensors.put(key, file.load(manager, key).duplicate());
            }
            metadata = file.metadata();
        }
    }

    String config() {
        return metadata("config");
    }

    String metadata(String key) {
        return metadata.get(key);
    }

    NDManager manager() {
        return manager;
    }

    NDArray get(String key) {
        return tensors.get(key);
    }

    SortedMap<String, NDArray> group(String prefix) {
        SortedMap<String, NDArray> found = new TreeMap<>();
        tensors.forEach(
                (key, array) -> {
                    if (key.startsWith(prefix)) {
                        found.put(key.substring(prefix.length()), array);
                    }
                });
        return found;
    }

    Weights weights() {
        return Weights.of(manager, group("w/"));
    }

    LoraWeights lora(String name, double alpha) {
        SortedMap<String, LoraPair> pairs = new TreeMap<>();
        SortedMap<String, NDArray> arrays = group("lora/" + name + "/");
        for (String key : arrays.keySet()) {
            if (key.endsWith(".down")) {
                String path = key.substring(0, key.length() - ".down".length());
                NDArray down = arrays.get(key);
                int rank = Math.toIntExact(down.getShape().get(0));
                pairs.put(path, new LoraPair(down, arrays.get(path + ".up"), alpha, rank));
            }
        }
        return LoraWeights.of(name, pairs);
    }

    /** Backpropagates sum(output * probe). */
    void backward(Supplier<NDArray> output) {
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(output.get().mul(get("in/probe")).sum());
        }
    }

    /** Compares gradients with all of {@code grad/} whose array is among the given ones. */
    void assertGradients(Map<String, NDArray> arrays, double tolerance) {
        int compared = 0;
        for (Map.Entry<String, NDArray> e : group("grad/").entrySet()) {
            NDArray array = arrays.get(e.getKey());
            if (array != null) {
                try (NDArray gradient = array.getGradient()) {
                    assertClose("gradient of " + e.getKey(), e.getValue(), gradient, tolerance);
                }
                compared++;
            }
        }
        assertTrue(compared > 0, "no gradient was compared");
    }

    /** Relative error in the Euclidean norm. */
    static void assertClose(String what, NDArray expected, NDArray actual, double tolerance) {
        assertTrue(
                expected.getShape().equals(actual.getShape()),
                what + ": shape " + actual.getShape());
        float[] e = expected.toFloatArray();
        float[] a = actual.toFloatArray();
        double error = 0;
        double norm = 0;
        for (int i = 0; i < e.length; i++) {
            error += (e[i] - a[i]) * (double) (e[i] - a[i]);
            norm += e[i] * (double) e[i];
        }
        double relative = Math.sqrt(error / norm);
        assertTrue(relative <= tolerance, () -> what + ": relative error " + relative);
    }

    @Override
    public void close() {
        manager.close();
    }
}
