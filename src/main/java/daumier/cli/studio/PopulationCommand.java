package daumier.cli.studio;

import daumier.cli.Outputs;
import daumier.cli.UserException;
import daumier.cli.run.AtomicFiles;
import daumier.faces.MeterTarget;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.FaceGeometry;
import daumier.faces.measure.RegionPopulation;
import daumier.faces.models.FaceReading;
import daumier.faces.models.PortraitFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daumier population}: the norm against which a face is distinctive. */
@Command(
        name = "population",
        sortOptions = false,
        description = {
            "Measures a population of your own: how far the regions of these people's faces are "
                    + "from the average, mean and covariance. inspect face --population then says "
                    + "what is unusual among them. A folder for each person, or files "
                    + "PERSON_1.jpg, PERSON_2.jpg; several portraits of a person count as one."
        },
        footer = {
            "",
            "Example:",
            "  daumier population portraits --out ours.json",
            "  daumier inspect face me.jpg --population ours.json"
        })
public final class PopulationCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "Portraits of different people.")
    private Path folder;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "population.json",
            description = "Where to write it (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Mixin private MeasureOptions measuring;

    @Override
    public Integer call() throws IOException {
        Outputs.check(out);
        PortraitFolder portraits = PortraitFolder.open(folder);
        PrintWriter printer = spec.commandLine().getOut();
        List<List<FaceGeometry>> people = new ArrayList<>();
        try (MeasuredFaces measures = measuring.open()) {
            for (List<Path> own : portraits.people().values()) {
                List<FaceGeometry> faces = new ArrayList<>();
                for (Path file : own) {
                    Optional<FaceAnalysis> found =
                            measures.find(MeasuredFaces.picture(file))
                                    .flatMap(FaceReading::analysis);
                    if (found.isPresent()) {
                        faces.add(found.get().geometry());
                    } else {
                        printer.println("no face could be measured in " + Outputs.name(file));
                    }
                }
                if (!faces.isEmpty()) {
                    people.add(faces);
                }
            }
        }
        RegionPopulation population;
        try {
            population = RegionPopulation.of(people, MeterTarget.REGIONS);
        } catch (IllegalArgumentException e) {
            throw new UserException(folder + ": " + e.getMessage(), e);
        }
        AtomicFiles.write(out, population.json());
        print(population, printer);
        printer.println(out);
        printer.flush();
        return 0;
    }

    private static void print(RegionPopulation population, PrintWriter printer) {
        printer.printf(
                Locale.ROOT,
                "%d people, %d portraits%n",
                population.people(),
                population.portraits());
        for (int r = 0; r < population.regions().size(); r++) {
            printer.printf(
                    Locale.ROOT,
                    "%-8s deviation %.2f +- %.2f%n",
                    Intent.name(population.regions().get(r)),
                    population.mean().get(r),
                    Math.sqrt(population.covariance().get(r).get(r)));
        }
    }
}
