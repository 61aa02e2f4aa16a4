package daumier.cli.sample;

import daumier.diffusion.sample.Sampler;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the web UIs call the samplers. */
final class SamplerNames {
    private record Name(String ours, String web) {}

    private static final List<Name> NAMES =
            List.of(
                    new Name("ddim", "DDIM"),
                    new Name("euler", "Euler"),
                    new Name("ddpm", "DDPM"),
                    new Name("euler-karras", "Euler Karras"),
                    new Name("euler-a", "Euler a"),
                    new Name("heun", "Heun"),
                    new Name("heun-karras", "Heun Karras"),
                    new Name("lms", "LMS"),
                    new Name("lms-karras", "LMS Karras"),
                    new Name("dpm2", "DPM2"),
                    new Name("dpm2-karras", "DPM2 Karras"),
                    new Name("dpm2-a", "DPM2 a"),
                    new Name("dpm2-a-karras", "DPM2 a Karras"),
                    new Name("dpm++sde", "DPM++ SDE"),
                    new Name("dpm++sde-karras", "DPM++ SDE Karras"),
                    new Name("dpm++2m", "DPM++ 2M"),
                    new Name("dpm++2m-karras", "DPM++ 2M Karras"),
                    new Name("dpm++2m-sde", "DPM++ 2M SDE"),
                    new Name("dpm++2m-sde-karras", "DPM++ 2M SDE Karras"),
                    new Name("plms", "PLMS"),
                    new Name("unipc", "UniPC"),
                    new Name("unipc-karras", "UniPC Karras"),
                    new Name("lcm", "LCM"));

    private SamplerNames() {}

    /** The web UIs' name of one of our samplers, or ours where they have none. */
    static String web(String ours) {
        return NAMES.stream()
                .filter(name -> name.ours().equals(ours))
                .map(Name::web)
                .findFirst()
                .orElse(ours);
    }

    /**
     * Our name of a web UI's sampler.
     *
     * @param sampler as under {@code Sampler}
     * @param schedule as under {@code Schedule type}, or an empty text
     */
    static Optional<String> ours(String sampler, String schedule) {
        String karras = schedule.equalsIgnoreCase("karras") ? " karras" : "";
        String wanted = sampler.toLowerCase(Locale.ROOT);
        for (String full : new String[] {wanted + karras, wanted}) {
            for (Name name : NAMES) {
                if (full.equals(name.web().toLowerCase(Locale.ROOT))) {
                    return Optional.of(name.ours());
                }
            }
        }
        return Optional.of(wanted).filter(Sampler.NAMES::contains);
    }
}
