package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraFile;
import daumier.diffusion.lora.LoraPair;
import daumier.diffusion.lora.LoraTarget;
import daumier.diffusion.lora.LoraWeights;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DoRAs as side branches against the layers that PEFT and LyCORIS change. */
class DoraTest {
    private static final List<String> NAMES = List.of("lin", "narrow", "conv");
    @RegisterExtension static final TestKernels KERNELS = new TestKernels();

    private final Map<String, Layer> layers = new TreeMap<>();
    private NDManager manager;
    private SafetensorsFile golden;
    private LoraStack stack;

    @BeforeEach
    void open() throws Exception {
        manager = NDManager.newBaseManager();
        golden = SafetensorsFile.open(resource("dora-layers.safetensors"));
        Weights weights = Weights.open(resource("dora-layers.safetensors"), manager);
        layers.put("lin", new Linear(weights.at("lin"), 6, 10, true));
        layers.put("narrow", new Linear(weights.at("narrow"), 12, 5, false));
        layers.put("conv", new Conv2d(weights.at("conv"), 3, 8, 3, true));
        stack = new LoraStack(List.copyOf(layers.values()), manager);
    }

    @AfterEach
    void close() throws Exception {
        golden.close();
        manager.close();
    }

    private static Path resource(String name) throws Exception {
        return Path.of(DoraTest.class.getResource("/lora/" + name).toURI());
    }

    private LoraWeights read(String name) throws Exception {
        List<LoraTarget> targets = layers.values().stream().map(Layer::target).toList();
        return LoraFile.read(resource(name), manager, targets);
    }

    private NDArray load(String name) throws Exception {
        return golden.load(manager, name).duplicate();
    }

    private NDArray run(String name, LoraScales scales) throws Exception {
        return run(name, Precision.FP32, scales);
    }

    private NDArray run(String name, Precision precision, LoraScales scales) throws Exception {
        NDArray x = load(name + ".x");
        boolean conv = name.equals("conv");
        try (Pass pass = new Pass(KERNELS.get(), precision, scales, x)) {
            Call call = conv ? new Call(pass, 1, 1) : new Call(pass);
            return pass.leave(
                    call.add(layers.get(name)).run(conv ? "conv_layer" : "linear_layer", x));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dora-peft",
                "dora-output.safetensors",
                "dora-input.safetensors",
                "dora-loha.safetensors"
            })
    void equalsTheReference(String file) throws Exception {
        stack.attach(read(file));
        String key = file.replace(".safetensors", "");
        for (String name : NAMES) {
            NDArray expected = load(key + "/" + name);
            Golden.assertClose(name, expected, run(name, LoraScales.of(1)), 1e-6);
            Golden.assertClose(name, expected, run(name, Precision.BF16, LoraScales.of(1)), 2e-2);
        }
    }

    @Test
    void isLinearInTheWeightAndNothingAtZero() throws Exception {
        stack.attach(read("dora-peft"));
        for (String name : NAMES) {
            NDArray without = run(name, null);
            NDArray whole = run(name, LoraScales.of(1));
            assertTrue(without.contentEquals(run(name, LoraScales.of(0))));
            Golden.assertClose(
                    name,
                    without.add(whole.sub(without).mul(0.3f)),
                    run(name, LoraScales.of(0.3f)),
                    1e-6);
        }
    }

    @Test
    void standsBesideOthersWithRowsFactorsAndMasks() throws Exception {
        stack.attach(read("dora-peft"));
        stack.attach(plain());
        stack.attach(read("dora-output.safetensors"));
        for (String name : NAMES) {
            NDArray without = run(name, null);
            NDArray first = run(name, LoraScales.of(1, 0, 0)).sub(without);
            NDArray second = run(name, LoraScales.of(0, 1, 0)).sub(without);
            NDArray third = run(name, LoraScales.of(0, 0, 1)).sub(without);
            NDArray sum = without.add(first.mul(0.5f)).add(second.mul(2)).add(third.mul(0.25f));
            Golden.assertClose(name, sum, run(name, LoraScales.of(0.5f, 2, 0.25f)), 1e-5);
            NDArray rows =
                    run(name, LoraScales.ofRows(new float[][] {{0.5f, 2, 0.25f}, {0, 0, 0}}));
            Golden.assertClose(name, sum.get(0), rows.get(0), 1e-5);
            Golden.assertClose(name, without.get(1), rows.get(1), 1e-6);
            LoraScales halved = LoraScales.of(1, 0, 0).withBlocks(0, Map.of(name, 0.5f));
            Golden.assertClose(name, without.add(first.mul(0.5f)), run(name, halved), 1e-5);
        }
        NDArray mask = manager.zeros(new Shape(1, 1, 6, 4));
        mask.set(new ai.djl.ndarray.index.NDIndex(":, :, 2:5, 1:3"), 1);
        NDArray without = run("conv", null);
        NDArray change = run("conv", LoraScales.of(1, 0, 0)).sub(without);
        Golden.assertClose(
                "masked",
                without.add(change.mul(mask)),
                run("conv", LoraScales.of(1, 0, 0).withMask(0, mask)),
                1e-5);
    }

    private LoraWeights plain() {
        Map<String, LoraPair> pairs = new TreeMap<>();
        layers.forEach(
                (name, layer) -> {
                    NDArray down = manager.ones(new Shape(layer.target().downShape(1)));
                    NDArray up = manager.ones(new Shape(layer.target().upShape(1)));
                    pairs.put(name, new LoraPair(down, up, 0.1, 1));
                });
        return LoraWeights.of("plain", new TreeMap<>(pairs));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dora-peft", "dora-input.safetensors", "plain"})
    void itsDifferenceIsThatOfTheWeights(String file) throws Exception {
        stack.attach(plain());
        stack.attach(file.equals("plain") ? plain() : read(file));
        for (String name : List.of("lin", "narrow")) {
            NDArray x = load(name + ".x");
            NDArray change = run(name, LoraScales.of(0, 1)).sub(run(name, null));
            NDArray difference = stack.difference(1, name, manager);
            Golden.assertClose(name, change, x.matMul(difference.transpose()), 1e-5);
        }
        long[] conv = {8, 3 * 3 * 3};
        assertEquals(new Shape(conv), stack.difference(1, "conv", manager).getShape());
        assertThrows(IllegalArgumentException.class, () -> stack.difference(1, "other", manager));
    }

    @Test
    void isNotTrained() throws Exception {
        stack.attach(read("dora-peft"));
        assertEquals(
                "The LoRA 'dora-peft' is a DoRA, which is not trained further: start from a plain"
                        + " LoRA.",
                assertThrows(IllegalArgumentException.class, () -> stack.setTrainable(0, true))
                        .getMessage());
    }
}
