package daumier.diffusion.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraFile;
import daumier.diffusion.lora.LoraPair;
import daumier.diffusion.lora.LoraTarget;
import daumier.diffusion.lora.LoraWeights;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.schedule.Composition;
import daumier.diffusion.schedule.LoraSchedule;
import daumier.diffusion.weights.Dtype;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several LoRAs on the tiny pack: each rule against what it says, done by hand. */
class LoraCompositionTest {
    private static final Composition COMPOSITE = new Composition.Composite();
    private static final Composition KLORA = new Composition.KLora();

    @TempDir private static Path folder;

    private static Pack pack;
    private static NDManager manager;
    private static Path subject;
    private static Path style;

    @BeforeAll
    static void open() throws Exception {
        pack = Pack.open(Goldens.path("pipeline/pack"), Device.cpu(), Precision.FP32);
        manager = NDManager.newBaseManager();
        subject = made("subject", 3, 0.5, 1);
        style = made("style", 2, 0.2, 2);
    }

    @AfterAll
    static void close() {
        manager.close();
        pack.close();
    }

    /** A LoRA over most layers of both networks: which are left out depends on the seed. */
    private static Path made(String name, int rank, double size, long seed) throws Exception {
        Random random = new Random(seed);
        SortedMap<String, LoraPair> pairs = new TreeMap<>();
        List<LoraTarget> targets = new ArrayList<>(pack.unet().loraTargets());
        targets.addAll(pack.textEncoder().loraTargets());
        for (LoraTarget target : targets) {
            if (random.nextInt(8) == 0) {
                continue;
            }
            double own = size * (0.3 + random.nextDouble());
            pairs.put(
                    target.path(),
                    new LoraPair(
                            normal(random, own, target.downShape(rank)),
                            normal(random, own, target.upShape(rank)),
                            rank * 0.7,
                            rank));
        }
        Path file = folder.resolve(name + ".safetensors");
        LoraFile.write(file, LoraWeights.of(name, pairs), Map.of(), Dtype.F32);
        return file;
    }

    private static NDArray normal(Random random, double size, long... shape) {
        float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (size * random.nextGaussian());
        }
        return manager.create(values, new Shape(shape));
    }

    private static LoraUse use(Path file, String schedule) {
        return new LoraUse(file, LoraSchedule.parse(schedule), null);
    }

    private static float[] drawn(int steps, Composition rule, LoraUse... loras) {
        GenerationRequest request =
                GenerationRequest.of("A face, big nose!")
                        .negativePrompt("an ear")
                        .sampler("ddim")
                        .steps(steps)
                        .guidance(4)
                        .seeds(List.of(3L, 5L))
                        .width(24)
                        .height(16)
                        .loras(List.of(loras))
                        .composition(rule)
                        .build();
        try (Generated made = new Generation(pack).run(request)) {
            return made.latents().toFloatArray();
        }
    }

    /** One step of ddim is linear in the estimate, so the picture's mean is the estimates'. */
    @Test
    void compositeIsTheMeanOfTheLorasAlone() {
        LoraUse first = use(subject, "0.8,up=0.3");
        LoraUse second = use(style, "0.6,te=1");
        float[] one = drawn(1, Composition.SUM, first);
        float[] two = drawn(1, Composition.SUM, second);
        float[] mean = new float[one.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (one[i] + two[i]) / 2;
        }
        float[] both = drawn(1, COMPOSITE, first, second);
        assertEquals(0, Goldens.relative(mean, both), 1e-5);
        assertTrue(Goldens.relative(both, drawn(1, Composition.SUM, first, second)) > 1e-3);
    }

    /** Rows with their own level, guidance, residuals and region, in two variants. */
    @Test
    void variantsOfEveryRowAreItsOwn() {
        int a = pack.attachLora(subject);
        int b = pack.attachLora(style);
        NDArray condition = manager.create(new TorchRandom(1).randn(2 * 3 * 256));
        List<NDArray> residuals =
                pack.adapterResiduals(
                        pack.adapter().orElseThrow(), condition.reshape(2, 3, 16, 16), 0.5);
        NDArray mask = manager.create(new float[] {1, 0, 0.5f, 1}).reshape(1, 1, 2, 2);
        NDArray x = manager.create(new TorchRandom(2).randn(2 * 4 * 64)).reshape(2, 4, 8, 8);
        Sampler sampler = pack.sampler("ddim");
        List<NoiseLevel> at = List.of(sampler.level(900), sampler.level(333.5));
        float[][] weights = new float[2][pack.loraCount()];
        weights[0][a] = 0.7f;
        weights[1][b] = 0.9f;
        NDArray positive = pack.encodePrompt(manager, List.of("a face", "nose"), 1);
        NDArray negative = pack.encodePrompt(manager, List.of("ear", ""), 1);
        GuidedUNet unet =
                new GuidedUNet(
                        pack.unet(),
                        pack.schedulerConfig().predictionType(),
                        Precision.FP32,
                        Conditioning.guided(positive, negative, 3),
                        residuals,
                        LoraScales.ofRows(weights).withMask(a, mask));
        NDArray sum = null;
        for (int i = 0; i < 2; i++) {
            String row = i + ":" + (i + 1);
            NDArray alone =
                    unet.withText(Conditioning.guided(positive.get(row), negative.get(row), 3))
                            .withScales(LoraScales.of(weights[i]).withMask(a, mask))
                            .x0(x, at);
            sum = sum == null ? alone : sum.add(alone);
        }
        NDArray mean = new CompositeUNet(unet, 2).x0(x, at);
        Goldens.assertClose(sum.div(2).toFloatArray(), mean, 1e-5, "mean");
    }

    private static List<List<LoraMoment>> timeline(
            String sampler, int steps, Composition rule, LoraUse... loras) {
        return new Generation(pack)
                .timeline(
                        GenerationRequest.of("a face")
                                .sampler(sampler)
                                .steps(steps)
                                .loras(List.of(loras))
                                .composition(rule)
                                .build());
    }

    private static List<Double> weights(List<LoraMoment> moments) {
        return moments.stream().map(LoraMoment::unet).toList();
    }

    @Test
    void theTimelineTellsWhatActs() {
        LoraUse first = use(subject, "0.8@0,0.4@1,te=0.5,up=0.3");
        LoraUse second = use(style, "1@1,0@3");
        List<List<LoraMoment>> sum = timeline("ddim", 5, Composition.SUM, first, second);
        assertEquals(List.of(1.0, 1.0, 0.5, 0.0, 0.0), weights(sum.get(1)));
        assertEquals(1, sum.get(0).get(3).share());
        assertEquals(Map.of("up", 0.3), sum.get(0).get(0).blocks());
        assertEquals(0.5, sum.get(0).get(0).te());
        List<List<LoraMoment>> turns =
                timeline("ddim", 5, new Composition.Switch(2), first, second);
        assertEquals(List.of(0.0, 0.0, 0.5, 0.0, 0.0), weights(turns.get(1)));
        assertEquals(new LoraMoment(0, Map.of("up", 0.0), 0, 0), turns.get(0).get(2));
        assertEquals(0.4, turns.get(0).get(4).unet(), 1e-6);
        assertEquals(0.5, timeline("ddim", 2, COMPOSITE, first, second).get(0).get(0).share());
        // turns and counted points are of the sampler's steps, of which each has two calls
        List<List<LoraMoment>> twice =
                timeline("heun", 4, new Composition.Switch(1), first, second);
        assertEquals(List.of(0.0, 0.0, 1.0, 0.75, 0.0, 0.0, 0.0), weights(twice.get(1)));
    }

    /** In every layer that one of them changes, one of them acts. */
    @Test
    void theTimelineOfKLoraCountsLayers() {
        LoraUse first = use(subject, "0.8");
        LoraUse second = use(style, "0.6");
        List<List<LoraMoment>> both = timeline("ddim", 6, new Composition.KLora(), first, second);
        Set<String> changed = layers(subject);
        changed.addAll(layers(style));
        for (int i = 0; i < 6; i++) {
            double acting =
                    both.get(0).get(i).share() * layers(subject).size()
                            + both.get(1).get(i).share() * layers(style).size();
            assertEquals(changed.size(), acting, 1e-9);
        }
        assertTrue(both.get(0).get(0).share() > both.get(0).get(5).share());
        assertTrue(both.get(1).get(0).share() < both.get(1).get(5).share());
    }

    private static Set<String> layers(Path lora) {
        return new HashSet<>(pack.unet().lora().weights(pack.attachLora(lora)).pairs().keySet());
    }

    @Test
    void switchingIsAScheduleOfZerosAndWeights() {
        Composition everyStep = new Composition.Switch(1);
        assertArrayEquals(
                drawn(
                        3,
                        Composition.SUM,
                        use(subject, "0.8@0,0@0.5,0.8@1,te=0.8@0;0@0.5;0.8@1"),
                        use(style, "0@0,0.6@0.5,0@1,te=0@0;0.6@0.5;0@1")),
                drawn(3, everyStep, use(subject, "0.8"), use(style, "0.6")));
        assertArrayEquals(
                drawn(
                        5,
                        Composition.SUM,
                        use(subject, "0.8@0,0.8@0.25,0@0.5,0@0.75,0.8@1,te=0"),
                        use(style, "0@0,0@0.25,0.7@0.5,0.8@0.75,0@1,te=0")),
                drawn(
                        5,
                        new Composition.Switch(2),
                        use(subject, "0.8,te=0"),
                        use(style, "ramp(0.5,0.9),te=0")));
    }

    /** In plain arithmetic: dense matrices, sorted. */
    @Test
    void theHeavierLoraTakesALayer() throws Exception {
        int a = pack.attachLora(subject);
        int b = pack.attachLora(style);
        LayerContest contest = LayerContest.between(pack.unet().lora(), a, b, manager);
        SortedMap<String, LoraPair> first = pack.readLora(manager, subject).unet();
        SortedMap<String, LoraPair> second = pack.readLora(manager, style).unet();
        Set<String> shared = new HashSet<>(first.keySet());
        shared.retainAll(second.keySet());
        Map<String, double[]> sizes = new HashMap<>();
        double gamma = 0;
        for (String path : shared) {
            double[] mine = sizes(first.get(path));
            double[] others = sizes(second.get(path));
            gamma += Arrays.stream(mine).sum() / Arrays.stream(others).sum() / shared.size();
            sizes.put(path, new double[] {largest(mine), largest(others)});
        }
        assertEquals(gamma, contest.gamma(), 1e-4 * gamma);
        int changed = 0;
        for (double progress : new double[] {0, 0.2, 0.35, 0.5, 1}) {
            Set<String> styles = new HashSet<>(second.keySet());
            Set<String> subjects = new HashSet<>(first.keySet());
            for (String path : shared) {
                double[] masses = sizes.get(path);
                boolean isStyle = masses[0] / gamma <= masses[1] * (1.5 * progress + 0.5);
                (isStyle ? subjects : styles).remove(path);
            }
            assertEquals(styles, contest.style(progress), "style at " + progress);
            assertEquals(subjects, contest.subject(progress), "subject at " + progress);
            changed += styles.containsAll(shared) || subjects.containsAll(shared) ? 0 : 1;
        }
        assertTrue(changed >= 2, "layers of both kinds in one step");
    }

    /** All |alpha / r · up · down|. */
    private static double[] sizes(LoraPair pair) {
        float[] up = pair.up().toFloatArray();
        float[] down = pair.down().toFloatArray();
        int rank = pair.rank();
        int out = up.length / rank;
        int in = down.length / rank;
        double[] sizes = new double[out * in];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                double sum = 0;
                for (int r = 0; r < rank; r++) {
                    sum += up[o * rank + r] * down[r * in + i];
                }
                sizes[o * in + i] = Math.abs(sum * pair.alpha() / rank);
            }
        }
        return sizes;
    }

    private static double largest(double[] sizes) {
        double[] sorted = sizes.clone();
        Arrays.sort(sorted);
        double sum = 0;
        for (int i = Math.max(0, sorted.length - 3 * 2); i < sorted.length; i++) {
            sum += sorted[i];
        }
        return sum;
    }

    /** The first step alone, so that what acts is the choice at progress 0. */
    @Test
    void theChosenLoraAloneActsInItsLayers() {
        int a = pack.attachLora(subject);
        int b = pack.attachLora(style);
        LayerContest contest = LayerContest.between(pack.unet().lora(), a, b, manager);
        Map<String, Float> ofSubject = new HashMap<>(Map.of("", 0f));
        contest.subject(0).forEach(path -> ofSubject.put(path, 1f));
        Map<String, Float> ofStyle = new HashMap<>(Map.of("", 0f));
        contest.style(0).forEach(path -> ofStyle.put(path, 1f));
        float[] weights = new float[pack.loraCount()];
        weights[a] = 0.8f;
        weights[b] = 0.6f;
        LoraScales byHand = LoraScales.of(weights).withBlocks(a, ofSubject).withBlocks(b, ofStyle);
        List<LoraUse> uses = List.of(use(subject, "0.8"), use(style, "0.6"));
        LoraScales planned = LoraPlan.attach(pack, uses, KLORA, 1).unet(0, 4);
        NDArray x = manager.create(new TorchRandom(2).randn(4 * 64)).reshape(1, 4, 8, 8);
        GuidedUNet unet =
                new GuidedUNet(
                        pack.unet(),
                        pack.schedulerConfig().predictionType(),
                        Precision.FP32,
                        Conditioning.unguided(pack.encodePrompt(manager, List.of("a face"), 1)),
                        null,
                        null);
        NoiseLevel at = pack.sampler("ddim").level(700);
        float[] expected = unet.withScales(byHand).x0(x, at).toFloatArray();
        Goldens.assertClose(expected, unet.withScales(planned).x0(x, at), 1e-5, "chosen");
        float[] all = unet.withScales(LoraScales.of(weights)).x0(x, at).toFloatArray();
        assertTrue(Goldens.relative(expected, all) > 1e-3);
        float[] early = drawn(4, KLORA, use(subject, "0.8"), use(style, "0.6"));
        float[] swapped = drawn(4, KLORA, use(style, "0.6"), use(subject, "0.8"));
        assertTrue(Goldens.relative(early, swapped) > 1e-3, "the order says which is the style");
    }

    @Test
    void rulesThatDoNotFitAreRefusedInASentence() {
        LoraUse one = use(subject, "1");
        LoraUse two = use(style, "1");
        assertSays("at least two", () -> drawn(1, new Composition.Switch(1), one));
        assertSays("at least two", () -> drawn(1, COMPOSITE));
        assertSays("exactly two", () -> drawn(1, KLORA, one, two, one));
        assertSays("two different ones", () -> drawn(1, KLORA, one, one));
        for (String rule : List.of("sum", "switch:3", "composite", "klora")) {
            assertEquals(rule, Composition.parse(rule).toString());
        }
        for (String wrong : List.of("switch", "switch:0", "switch:-1", "Sum", "")) {
            assertSays("no way to compose", () -> Composition.parse(wrong));
        }
    }

    private static void assertSays(String words, org.junit.jupiter.api.function.Executable action) {
        String message = assertThrows(IllegalArgumentException.class, action).getMessage();
        assertTrue(message.contains(words) && message.endsWith("."), message);
        assertFalse(message.contains("\n"), message);
    }
}
