package daumier.diffusion.sample;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The samplers by their names, and by the names of diffusers' classes. */
final class SamplerTable {
    /** What a name ends with if it switches on {@code use_karras_sigmas}. */
    private static final String KARRAS = "-karras";

    /**
     * A sampler.
     *
     * @param curved whether it can follow Karras' sigmas
     * @param of makes it from a configuration
     */
    private record Entry(String name, boolean curved, Function<SchedulerConfig, Sampler> of) {}

    private static final List<Entry> ENTRIES =
            List.of(
                    new Entry("ddim", false, config -> Ddim.of(config, 0)),
                    new Entry("ddpm", false, Ddpm::of),
                    new Entry("euler", true, Euler::of),
                    new Entry("euler-a", false, EulerAncestral::of),
                    new Entry("heun", true, Heun::of),
                    new Entry("lms", true, Lms::of),
                    new Entry("dpm2", true, config -> DpmSolver2.of(config, false)),
                    new Entry("dpm2-a", true, config -> DpmSolver2.of(config, true)),
                    new Entry("dpm++2m", true, DpmSolverMultistep::of),
                    new Entry("dpm++2m-sde", true, config -> DpmSolverMultistep.of(config, true)),
                    new Entry("dpm++2s", true, DpmSolverSinglestep::of),
                    new Entry("dpm++sde", true, DpmPlusPlusSde::of),
                    new Entry("deis", true, Deis::of),
                    new Entry("plms", false, Plms::of),
                    new Entry("unipc", true, UniPc::of),
                    new Entry("lcm", false, Lcm::of));

    private static final Map<String, String> ALIASES =
            Map.of(
                    "dpm++", "dpm++2m",
                    "dpmsolver++", "dpm++2m",
                    "dpm", "dpm++2m",
                    "euler-ancestral", "euler-a",
                    "pndm", "plms");

    private static final Map<String, String> CLASSES =
            Map.ofEntries(
                    Map.entry("DDIMScheduler", "ddim"),
                    Map.entry("DDIMParallelScheduler", "ddim"),
                    Map.entry("DDPMScheduler", "ddpm"),
                    Map.entry("DDPMParallelScheduler", "ddpm"),
                    Map.entry("EulerDiscreteScheduler", "euler"),
                    Map.entry("EulerAncestralDiscreteScheduler", "euler-a"),
                    Map.entry("HeunDiscreteScheduler", "heun"),
                    Map.entry("LMSDiscreteScheduler", "lms"),
                    Map.entry("KDPM2DiscreteScheduler", "dpm2"),
                    Map.entry("KDPM2AncestralDiscreteScheduler", "dpm2-a"),
                    Map.entry("DPMSolverMultistepScheduler", "dpm++2m"),
                    Map.entry("DPMSolverSinglestepScheduler", "dpm++2s"),
                    Map.entry("DPMSolverSDEScheduler", "dpm++sde"),
                    Map.entry("DEISMultistepScheduler", "deis"),
                    Map.entry("PNDMScheduler", "plms"),
                    Map.entry("UniPCMultistepScheduler", "unipc"),
                    Map.entry("LCMScheduler", "lcm"));

    private SamplerTable() {}

    static List<String> names() {
        return ENTRIES.stream()
                .flatMap(
                        entry ->
                                entry.curved()
                                        ? Stream.of(entry.name(), entry.name() + KARRAS)
                                        : Stream.of(entry.name()))
                .toList();
    }

    static Sampler named(String name, SchedulerConfig config) {
        String full = name.toLowerCase(Locale.ROOT);
        boolean karras = full.endsWith(KARRAS);
        String plain = karras ? full.substring(0, full.length() - KARRAS.length()) : full;
        String ours = ALIASES.getOrDefault(plain, plain);
        for (Entry entry : ENTRIES) {
            if (entry.name().equals(ours) && (entry.curved() || !karras)) {
                return entry.of().apply(karras ? config.with("use_karras_sigmas", true) : config);
            }
        }
        throw new IllegalArgumentException(
                "There is no sampler '"
                        + name
                        + "': use one of "
                        + String.join(", ", names())
                        + ".");
    }

    static String nameFor(SchedulerConfig config) {
        return CLASSES.getOrDefault(key(config.className().orElse("")), "ddim");
    }

    static Optional<String> unknownClass(SchedulerConfig config) {
        return config.className().filter(name -> !CLASSES.containsKey(key(name)));
    }

    /** The classes of the Flax branch read the same configurations. */
    private static String key(String className) {
        return className.replaceFirst("^Flax", "");
    }
}
