package daumier.cli.studio;

import daumier.env.caricature.PopulationEpisodes;
import daumier.faces.FaceRegion;
import daumier.faces.MeterTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What a user asks of a face: gains by region, as in {@code nose=1.5,jaw=0}. A region that is not
 * named keeps what the face itself suggests, or what artists do to such a face; {@code all} names
 * every region at once.
 *
 * @param base who decides where the user does not
 * @param gains by region, in the order given
 */
record Intent(Base base, Map<FaceRegion, Double> gains) {
    /** Who decides of regions that are not named. */
    enum Base {
        /** The face: its most distinctive regions are exaggerated. */
        DISTINCTIVE,
        /** The habits of artists, fitted on their warps. */
        ARTIST
    }

    /** Nothing asked: the face decides. */
    static final Intent NONE = new Intent(Base.DISTINCTIVE, Map.of());

    /** A caricature that exaggerates everything says nothing. */
    private static final int MOST_REGIONS = 3;

    private static final double LEAST = -1;
    private static final double MOST = 2.5;

    /** The names that can be given. */
    static String regions() {
        return MeterTarget.REGIONS.stream().map(Intent::name).collect(Collectors.joining(", "));
    }

    /** A region as users write it. */
    static String name(FaceRegion region) {
        return region.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@code region=gain,...}, after {@code distinctive} or {@code artist} or alone.
     *
     * @throws IllegalArgumentException in one sentence if it is something else
     */
    static Intent parse(String text) {
        Map<FaceRegion, Double> gains = new LinkedHashMap<>();
        Base base = Base.DISTINCTIVE;
        List<String> parts = new ArrayList<>(List.of(text.split(",", -1)));
        for (Base named : Base.values()) {
            if (parts.get(0).strip().equalsIgnoreCase(named.name())) {
                base = named;
                parts.remove(0);
                break;
            }
        }
        for (String part : parts) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "An intent is distinctive, artist or region=gain,region=gain, for"
                                + " instance nose=1.5,jaw=0, but not \""
                                + text
                                + "\".");
            }
            double gain = gain(part.substring(equals + 1).strip(), part);
            for (FaceRegion region : named(part.substring(0, equals).strip())) {
                gains.put(region, gain);
            }
        }
        return new Intent(base, gains);
    }

    private static List<FaceRegion> named(String name) {
        if (name.equalsIgnoreCase("all")) {
            return MeterTarget.REGIONS;
        }
        List<FaceRegion> found = new ArrayList<>();
        for (FaceRegion region : MeterTarget.REGIONS) {
            if (region.name().equalsIgnoreCase(name)) {
                found.add(region);
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "There is no region \"%s\" to exaggerate; the regions are %s, or all."
                            .formatted(name, regions()));
        }
        return found;
    }

    private static double gain(String text, String part) {
        double gain;
        try {
            gain = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "The gain in \"%s\" is not a number.".formatted(part), e);
        }
        if (!(gain >= LEAST && gain <= MOST)) {
            throw new IllegalArgumentException(
                    "A gain lies between -1 (opposite) and 2.5, and 0 leaves a region as it is,"
                            + " but %s was asked for.".formatted(part));
        }
        return gain;
    }

    /**
     * The gains for one face.
     *
     * @param face whose three most distinctive regions have gain 1 unless the user says otherwise
     * @param measured regions that may be chosen where the user does not choose
     * @param strength factor on all of them
     * @return one for each of {@link MeterTarget#REGIONS}
     * @throws IllegalArgumentException if nothing is left to do
     */
    double[] of(MeterTarget face, boolean[] measured, double strength) {
        double[] start = new double[MeterTarget.REGIONS.size()];
        double[] own = PopulationEpisodes.deviation(face);
        PopulationEpisodes.distinctive(face, measured).stream()
                .sorted(Comparator.comparingDouble(r -> -own[r]))
                .limit(MOST_REGIONS)
                .forEach(r -> start[r] = 1);
        return of(start, strength);
    }

    /**
     * The gains for one face.
     *
     * @param start gains where the user does not say otherwise, one for each of {@link
     *     MeterTarget#REGIONS}
     * @param strength factor on all of them
     * @return as many
     * @throws IllegalArgumentException if nothing is left to do
     */
    double[] of(double[] start, double strength) {
        double[] intent = start.clone();
        gains.forEach((region, gain) -> intent[MeterTarget.REGIONS.indexOf(region)] = gain);
        for (int r = 0; r < intent.length; r++) {
            intent[r] = Math.max(LEAST, Math.min(MOST, strength * intent[r]));
        }
        if (Arrays.stream(intent).allMatch(gain -> gain == 0)) {
            throw new IllegalArgumentException(
                    "Nothing is left to exaggerate: give a region a gain that is not 0 with"
                            + " --intent.");
        }
        return intent;
    }

    /** Gains as users write them, those of 0 left out. */
    static String text(double[] gains) {
        List<String> parts = new ArrayList<>();
        for (int r = 0; r < gains.length; r++) {
            if (gains[r] != 0) {
                parts.add(
                        "%s=%s"
                                .formatted(
                                        name(MeterTarget.REGIONS.get(r)),
                                        String.format(Locale.ROOT, "%.2f", gains[r])
                                                .replaceFirst("\\.?0+$", "")));
            }
        }
        return String.join(",", parts);
    }

    /** Reads an option. */
    static final class Converter implements ITypeConverter<Intent> {
        @Override
        public Intent convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
