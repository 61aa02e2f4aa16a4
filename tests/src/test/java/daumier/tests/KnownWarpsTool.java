package daumier.tests;

import ai.djl.ndarray.NDManager;
import daumier.cli.run.AtomicFiles;
import daumier.faces.FaceRegion;
import daumier.faces.measure.Camera;
import daumier.faces.measure.GainCalibration;
import daumier.faces.measure.LandmarkLocator;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Population;
import daumier.faces.measure.RegionDifference;
import daumier.faces.models.NetworkGains;
import daumier.faces.nets.LandmarkNet;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Prints whether known warps of real portraits are read as large as they are: {@code REAL FACES
 * [OUT]}, by the landmarks of a public network, moved exactly, and by a pack's network, which looks
 * at the warped picture. Slope and coverage stand there as read, and corrected by the slope of all
 * other people; OUT gets the calibration of the pack's network. {@code
 * FACES/landmarks-photo-gains.json} is where {@code daumier score} looks for it.
 */
public final class KnownWarpsTool {
    private KnownWarpsTool() {}

    /** Measures, prints and writes. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length < 2) {
            out.println("Name REAL, a pack's FACES and, if you like, the file OUT.");
            System.exit(2);
        }
        Optional<RealPortraits> found = RealPortraits.find(args[0]);
        if (found.isEmpty()) {
            out.println("There are no real portraits in " + args[0] + ": nothing is measured.");
            return;
        }
        ProceduralModel world = new ProceduralModel();
        ModelFit fit = new ModelFit(Population.photographs(world).in(world), Camera.PORTRAIT);
        print(out, "public 68 points", found.get(), fit, Optional.empty());
        Path file = Path.of(args[1]).resolve("landmarks-photo.safetensors");
        try (NDManager manager = NDManager.newBaseManager();
                LandmarkNet net = LandmarkNet.open(file, manager)) {
            GainCalibration calibration =
                    print(out, "embedded 68 points", found.get(), fit, Optional.of(net));
            if (args.length > 2) {
                AtomicFiles.write(Path.of(args[2]), NetworkGains.json(calibration, file));
                out.println(args[2]);
            }
        }
    }

    private static GainCalibration print(
            PrintStream out,
            String title,
            RealPortraits portraits,
            ModelFit fit,
            Optional<LandmarkLocator> locator) {
        out.printf(
                "%-20s %14s %8s %8s   %14s %8s%n",
                title, "slope as read", "covered", "scatter", "corrected", "covered");
        Map<FaceRegion, GainCalibration.Slope> slopes = new EnumMap<>(FaceRegion.class);
        new FittedPortraits(portraits, fit, locator)
                .readings()
                .forEach(
                        (region, readings) -> {
                            GainCalibration.Slope s = GainCalibration.slope(readings);
                            slopes.put(region, s);
                            List<GainCalibration.Reading> corrected = corrected(readings);
                            out.printf(
                                    Locale.ROOT,
                                    "  %-18s %6.2f +- %.2f %7.0f%% %8.2f   %s%n",
                                    region.name().toLowerCase(Locale.ROOT),
                                    s.slope(),
                                    s.error(),
                                    100 * FittedPortraits.covered(readings),
                                    s.scatter(),
                                    s.readable() ? line(corrected) : "cannot be read");
                        });
        return new GainCalibration(slopes);
    }

    private static String line(List<GainCalibration.Reading> corrected) {
        GainCalibration.Slope s = GainCalibration.slope(corrected);
        return String.format(
                Locale.ROOT,
                "%6.2f +- %.2f %7.0f%%",
                s.slope(),
                s.error(),
                100 * FittedPortraits.covered(corrected));
    }

    /** Each person's readings, corrected by what was found on everybody else. */
    private static List<GainCalibration.Reading> corrected(List<GainCalibration.Reading> readings) {
        List<GainCalibration.Reading> all = new ArrayList<>();
        for (String person :
                readings.stream().map(GainCalibration.Reading::person).distinct().toList()) {
            GainCalibration.Slope others =
                    GainCalibration.slope(GainCalibration.without(readings, person));
            for (GainCalibration.Reading r : readings) {
                if (r.person().equals(person)) {
                    RegionDifference d =
                            GainCalibration.corrected(
                                    new RegionDifference(0, 0, r.read(), r.sigma()), others);
                    all.add(
                            new GainCalibration.Reading(
                                    person, r.truth(), d.gain(), d.gainSigma()));
                }
            }
        }
        return all;
    }
}
