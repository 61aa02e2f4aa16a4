package daumier.diffusion.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplingStateTest {
    private static final SchedulerConfig CONFIG =
            SchedulerConfig.parse(
                    "{\"beta_start\":0.00085,\"beta_end\":0.012,\"beta_schedule\":\"scaled_linear\","
                            + "\"clip_sample\":false,\"timestep_spacing\":\"trailing\","
                            + "\"prediction_type\":\"v_prediction\"}",
                    "test");
    private static final SchedulerConfig THIRD_ORDER = CONFIG.with("solver_order", 3);
    private static final Denoiser DENOISER = new AnalyticDenoiser(PredictionType.V_PREDICTION);

    /** Of normal noise that is left at the end, in deviations. */
    private static final double MOST_NOISE = 4.5;

    private static final Shape ROW = new Shape(4, 6, 5);
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void release() {
        manager.close();
    }

    static Stream<Sampler> samplers() {
        return Stream.of(
                Ddim.of(CONFIG, 0),
                Ddim.of(CONFIG, 0.7),
                Euler.of(CONFIG),
                EulerAncestral.of(CONFIG),
                DpmSolverMultistep.of(CONFIG),
                Sampler.named("dpm++2m-sde-karras", CONFIG),
                new Plms(NoiseSchedule.of(CONFIG), NoiseLevel.end(1, 0), false, "trailing", 0),
                UniPc.of(CONFIG),
                Lcm.of(CONFIG),
                Ddpm.of(CONFIG),
                Heun.of(CONFIG),
                Lms.of(CONFIG),
                DpmSolver2.of(CONFIG, false),
                Sampler.named("dpm2-a-karras", CONFIG),
                DpmPlusPlusSde.of(CONFIG),
                Sampler.named("dpm++sde-karras", CONFIG),
                Deis.of(CONFIG),
                DpmSolverSinglestep.of(CONFIG),
                DpmSolverSinglestep.of(THIRD_ORDER),
                DpmSolverMultistep.of(THIRD_ORDER),
                DpmSolverMultistep.of(THIRD_ORDER, true),
                UniPc.of(THIRD_ORDER),
                Phased.of(Ddpm.of(CONFIG), 0.3));
    }

    private SamplingState start(Sampler sampler, NoiseLevel first, long... seeds) {
        return SamplingState.fromNoise(manager, sampler, first, ROW, seeds);
    }

    private static float[] numbers(SamplingState state) {
        return state.latents().toFloatArray();
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void aSavedStateGoesOnBitByBit(Sampler sampler, @TempDir Path folder) throws Exception {
        List<SamplingStep> plan = sampler.plan(8);
        SamplingState start = start(sampler, plan.get(0).from(), 3, 4);
        float[] whole = numbers(sampler.run(start, DENOISER, plan));
        SamplingState half = sampler.run(start, DENOISER, plan.subList(0, 4));
        Path file = folder.resolve("state.safetensors");
        half.save(file);
        SamplingState loaded = SamplingState.load(manager, file);
        assertEquals(half.at(), loaded.at());
        for (SamplingState state : List.of(half, half.copy(), loaded)) {
            SamplingState last = sampler.run(state, DENOISER, plan.subList(4, plan.size()));
            assertArrayEquals(whole, numbers(last));
            assertTrue(last.isFinished());
        }
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void aRowDoesNotDependOnTheOthers(Sampler sampler) {
        List<SamplingStep> plan = sampler.plan(6);
        SamplingState three = start(sampler, plan.get(0).from(), 11, 12, 13);
        SamplingState last = sampler.run(three, DENOISER, plan);
        for (int i = 0; i < 3; i++) {
            SamplingState alone = start(sampler, plan.get(0).from(), 11 + i);
            float[] expected = numbers(sampler.run(alone, DENOISER, plan));
            assertArrayEquals(expected, numbers(last.row(i)));
        }
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void rowsMayStandAtDifferentLevels(Sampler sampler) {
        NoiseLevel first = sampler.level(999);
        List<NoiseLevel> fast = List.of(sampler.level(500), sampler.level(100), sampler.end());
        List<NoiseLevel> slow = List.of(sampler.level(900), sampler.level(420.5), sampler.level(7));
        SamplingState both = start(sampler, first, 1, 2);
        SamplingState one = start(sampler, first, 1);
        SamplingState two = start(sampler, first, 2);
        for (int i = 0; i < 3; i++) {
            NDArray x0 = DENOISER.x0(both.latents(), both.at());
            both = sampler.step(both, x0, List.of(fast.get(i), slow.get(i)));
            one = sampler.step(one, DENOISER, fast.get(i));
            two = sampler.step(two, DENOISER, slow.get(i));
        }
        assertArrayEquals(numbers(one), numbers(both.row(0)));
        assertArrayEquals(numbers(two), numbers(both.row(1)));
        // the first row has ended: it waits while the second goes on
        NDArray x0 = DENOISER.x0(both.latents(), both.at());
        SamplingState waited = sampler.step(both, x0, List.of(sampler.end(), sampler.end()));
        assertArrayEquals(numbers(one), numbers(waited.row(0)));
        assertArrayEquals(
                one.x0().orElseThrow().toFloatArray(),
                waited.row(0).x0().orElseThrow().toFloatArray());
        assertArrayEquals(
                numbers(sampler.step(two, DENOISER, sampler.end())), numbers(waited.row(1)));
        assertArrayEquals(
                numbers(waited),
                numbers(SamplingState.concat(List.of(waited.row(0), waited.row(1)))));
    }

    /**
     * Whole strides from anywhere to anywhere, with as many evaluations as a step of a plan has.
     */
    @ParameterizedTest
    @MethodSource("samplers")
    void anyStrideIsAStepOfAPlan(Sampler sampler) {
        NDArray answer = manager.linspace(-1, 1, 120).reshape(1, 4, 6, 5);
        Denoiser oracle = (x, at) -> answer.duplicate();
        SamplingState state = start(sampler, sampler.level(999), 5);
        NoiseLevel from = sampler.level(999);
        for (double stop : new double[] {812.5, 300, 41}) {
            NoiseLevel to = sampler.level(stop);
            List<SamplingStep> stride = sampler.stride(from, to);
            assertEquals(sampler.evaluations(), stride.size());
            state = sampler.run(state, oracle, stride);
            assertEquals(List.of(to), state.at());
            from = to;
        }
        state = sampler.run(state, oracle, sampler.stride(from, sampler.end()));
        assertTrue(state.isFinished());
        double limit = MOST_NOISE * sampler.end().sigma() + 1e-3;
        assertTrue(Goldens.relative(answer.toFloatArray(), numbers(state)) < limit);
    }

    /** Noise of unit variance goes in: latents keep the variance of their level. */
    @Test
    void aBrownianPathKeepsTheVariance() {
        DpmPlusPlusSde sampler = DpmPlusPlusSde.of(CONFIG);
        Denoiser nothing = (x, at) -> x.zerosLike();
        SamplingState state =
                SamplingState.fromNoise(
                        manager, sampler, sampler.level(999), new Shape(4, 64, 64), 3);
        NoiseLevel from = sampler.level(999);
        for (double stop : new double[] {700, 400, 120}) {
            NoiseLevel to = sampler.level(stop);
            state = sampler.run(state, nothing, sampler.stride(from, to));
            double variance = state.latents().pow(2).mean().getFloat();
            assertEquals(to.sigma() * to.sigma(), variance, 0.03 * to.sigma() * to.sigma());
            from = to;
        }
    }

    @Test
    void theSamplerOfAConfigurationIsFoundByItsClass() {
        assertEquals("dpm++sde", nameFor("DPMSolverSDEScheduler"));
        assertEquals("lms", nameFor("FlaxLMSDiscreteScheduler"));
        assertEquals("dpm2-a", nameFor("KDPM2AncestralDiscreteScheduler"));
        assertEquals("ddim", nameFor("DDIMScheduler"));
        assertEquals("ddim", nameFor("SomethingElse"));
    }

    /** With every key that diffusers saves. */
    @Test
    void theConfigurationsOfFoldersAreHonoured() throws Exception {
        Set<String> names = new HashSet<>();
        for (JsonElement json :
                JsonParser.parseString(Goldens.text("scheduler-configs.json")).getAsJsonArray()) {
            SchedulerConfig config = SchedulerConfig.parse(json.toString(), "test");
            assertTrue(Sampler.unknownClass(config).isEmpty(), json.toString());
            Sampler sampler = Sampler.named(Sampler.nameFor(config), config);
            List<SamplingStep> plan = sampler.plan(20);
            assertTrue(plan.size() >= 20, sampler.name());
            assertTrue(plan.get(plan.size() - 1).to().isEnd());
            names.add(sampler.name());
        }
        assertEquals(15, names.size());
        assertEquals(
                "SomethingElse",
                Sampler.unknownClass(
                                SchedulerConfig.parse("{\"_class_name\":\"SomethingElse\"}", "a"))
                        .orElseThrow());
    }

    private static String nameFor(String scheduler) {
        return Sampler.nameFor(
                SchedulerConfig.parse("{\"_class_name\":\"" + scheduler + "\"}", "test"));
    }

    /** With a denoiser that knows the answer, every stride ends there. */
    @ParameterizedTest
    @MethodSource("samplers")
    void anyStrideReachesAKnownAnswer(Sampler sampler) {
        NDArray answer = manager.linspace(-1, 1, 120).reshape(1, 4, 6, 5);
        Denoiser oracle = (x, at) -> answer.duplicate();
        for (double[] stops : new double[][] {{}, {998.5}, {640, 33.3, 2}, {10}}) {
            SamplingState state = start(sampler, sampler.level(999), 5);
            for (double stop : stops) {
                state = sampler.step(state, oracle, sampler.level(stop));
            }
            state = sampler.step(state, oracle, sampler.end());
            double limit = MOST_NOISE * sampler.end().sigma() + 1e-3;
            assertTrue(
                    Goldens.relative(answer.toFloatArray(), numbers(state)) < limit,
                    "with " + stops.length + " stops");
        }
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void namesLeadBack(Sampler sampler) {
        assertEquals(sampler.name(), Sampler.named(sampler.name(), CONFIG).name());
        assertTrue(Sampler.NAMES.contains(sampler.name()), sampler.name());
    }

    /** A sampler with a memory of its own starts it anew, and still reaches a known answer. */
    @ParameterizedTest
    @MethodSource("samplers")
    void replacingTheEstimateOnTheWayReachesTheAnswer(Sampler sampler) {
        NDArray answer = manager.linspace(-1, 1, 120).reshape(1, 4, 6, 5);
        Denoiser oracle = (x, at) -> answer.duplicate();
        SamplingState state = start(sampler, sampler.level(999), 5);
        state = sampler.step(state, DENOISER, sampler.level(800));
        state = sampler.step(state, DENOISER, sampler.level(600));
        state = state.replaceX0(answer);
        state = sampler.step(state, oracle, sampler.level(300));
        state = sampler.step(state, oracle, sampler.end());
        double limit = MOST_NOISE * sampler.end().sigma() + 1e-3;
        assertTrue(Goldens.relative(answer.toFloatArray(), numbers(state)) < limit);
    }

    @Test
    void replacingTheEstimateKeepsTheNoise() {
        Ddim sampler = Ddim.of(CONFIG, 0);
        NDArray answer = manager.ones(new Shape(1, 4, 6, 5));
        NDArray other = answer.mul(-0.5f);
        SamplingState start = start(sampler, sampler.level(999), 5);
        SamplingState known =
                sampler.step(start, (x, at) -> answer.duplicate(), sampler.level(400));
        SamplingState changed = known.replaceX0(other);
        // as if the changed estimate had been given with the noise of the first one
        NoiseLevel from = sampler.level(999);
        NoiseLevel to = sampler.level(400);
        NDArray noise = start.latents().sub(answer.mul(from.alpha())).div(from.sigma());
        NDArray expected = other.mul(to.alpha()).add(noise.mul(to.sigma()));
        Goldens.assertClose(expected.toFloatArray(), changed.latents(), 1e-5, "latents");
        assertArrayEquals(other.toFloatArray(), changed.x0().orElseThrow().toFloatArray());
        assertThrows(IllegalStateException.class, () -> start.replaceX0(other));
    }

    @Test
    void aStepUpIsRefused() {
        Euler sampler = Euler.of(CONFIG);
        SamplingState state = start(sampler, sampler.level(400), 5);
        NoiseLevel higher = sampler.level(500);
        assertThrows(IllegalArgumentException.class, () -> sampler.step(state, DENOISER, higher));
    }

    @Test
    void aFileThatIsNoStateIsRefused(@TempDir Path folder) throws Exception {
        Path file = Goldens.path("noise.safetensors");
        assertThrows(java.io.IOException.class, () -> SamplingState.load(manager, file));
        Path text = Files.writeString(folder.resolve("x.safetensors"), "no");
        assertThrows(java.io.IOException.class, () -> SamplingState.load(manager, text));
    }

    @Test
    void wrongSettingsAreRefusedInASentence() {
        assertRefused("{\"beta_schedule\":\"round\"}", "ddim");
        assertRefused("{\"prediction_type\":\"guess\"}", "ddim");
        assertRefused("{\"thresholding\":true}", "ddim");
        assertRefused("{\"num_train_timesteps\":\"many\"}", "euler");
        assertRefused("{\"timestep_spacing\":\"odd\"}", "lcm2");
        assertRefused("{\"timestep_spacing\":\"odd\"}", "dpm++2m");
        assertRefused("{\"solver_order\":4}", "dpm++2m");
        assertRefused("{\"trained_betas\":[0.1]}", "ddim");
        assertRefused("{\"disable_corrector\":[0]}", "unipc");
        for (String old : new String[] {"dpmsolver", "sde-dpmsolver", "dpm"}) {
            String json = "{\"algorithm_type\":\"" + old + "\"}";
            assertRefused(json, "dpm++2m");
            assertRefused(json, "dpm++2s");
        }
        assertRefused("{\"predict_x0\":false}", "unipc");
        assertRefused("{\"use_flow_sigmas\":true}", "deis");
        assertRefused("{\"variance_type\":\"learned\"}", "ddpm");
        assertRefused("{}", "ddim-karras");
        assertRefused("[1]", "ddim");
        assertRefused("{", "ddim");
    }

    @Test
    void aDetailPhaseNeedsFreshNoise() {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class, () -> Phased.of(Ddim.of(CONFIG, 0), 0.3));
        assertTrue(refused.getMessage().contains("ddim adds none"), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
        assertThrows(IllegalArgumentException.class, () -> Phased.of(Ddpm.of(CONFIG), 1.5));
        // before the detail phase nothing is different
        Sampler plain = Ddim.of(CONFIG, 1);
        Sampler phased = Phased.of(plain, 0.3);
        SamplingState start = start(plain, plain.level(999), 4);
        NoiseLevel middle = plain.level(300);
        SamplingState one = plain.step(start, DENOISER, middle);
        SamplingState two = phased.step(start, DENOISER, middle);
        assertArrayEquals(numbers(one), numbers(two));
        NoiseLevel later = plain.level(250);
        SamplingState same = plain.step(one, DENOISER, later);
        assertArrayEquals(numbers(same), numbers(phased.step(two, DENOISER, later)));
        NoiseLevel last = plain.level(100);
        SamplingState detailed = phased.step(same, DENOISER, last);
        assertTrue(
                Goldens.relative(numbers(plain.step(same, DENOISER, last)), numbers(detailed))
                        > 0.01);
    }

    private static void assertRefused(String json, String sampler) {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> {
                            SchedulerConfig config = SchedulerConfig.parse(json, "test.json");
                            config.predictionType();
                            Sampler.named(sampler, config).plan(8);
                        });
        assertTrue(refused.getMessage().endsWith("."), refused.getMessage());
    }
}
