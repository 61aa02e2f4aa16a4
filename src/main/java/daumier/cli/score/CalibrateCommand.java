package daumier.cli.score;

import daumier.cli.Outputs;
import daumier.cli.UserException;
import daumier.cli.run.AtomicFiles;
import daumier.cli.studio.MeasureOptions;
import daumier.cli.studio.MeasuredFaces;
import daumier.faces.models.ArcFaceNetwork;
import daumier.faces.models.FaceCalibration;
import daumier.faces.models.IdentityScale;
import daumier.faces.models.PortraitFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daumier score calibrate}: what the cosines of an identity network mean. */
@Command(
        name = "calibrate",
        sortOptions = false,
        description = {
            "Computes what the cosines of your identity network mean, from portraits of known "
                    + "people: a folder for each person, or files PERSON_1.jpg, PERSON_2.jpg. "
                    + "Crops of one shot are told by their pixels and left out."
        })
final class CalibrateCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "Portraits of known people.")
    private Path folder;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to write it (default: beside the network).")
    private Path out;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin private MeasureOptions measuring;

    @Override
    public Integer call() throws IOException {
        PortraitFolder portraits = PortraitFolder.open(folder);
        try (MeasuredFaces measures = measuring.open()) {
            ArcFaceNetwork network =
                    measures.arcFace()
                            .orElseThrow(
                                    () ->
                                            new UserException(
                                                    "There is no identity network of yours to"
                                                            + " calibrate; name its folder with"
                                                            + " --models."));
            Path target = out == null ? network.scaleFile() : out;
            Outputs.check(target);
            FaceCalibration found = FaceCalibration.of(portraits, network, measures::find);
            IdentityScale scale = found.scale();
            AtomicFiles.write(target, scale.toJson());
            PrintWriter printer = spec.commandLine().getOut();
            if (json) {
                printer.println(scale.toJson().strip());
            } else {
                print(found, scale, printer);
                printer.println(target);
            }
            printer.flush();
        }
        return 0;
    }

    private static void print(FaceCalibration found, IdentityScale s, PrintWriter out) {
        found.withoutFace().forEach(file -> out.println("no face in " + file.getFileName()));
        found.oneShot().forEach(pair -> out.println("crops of one shot, left out: " + pair));
        out.printf(
                Locale.ROOT,
                "same person    %d pairs, cosine %.3f +- %.3f, lowest %.3f%n",
                s.samePairs(),
                s.sameMean(),
                s.sameSd(),
                s.sameMin());
        out.printf(
                Locale.ROOT,
                "strangers      %d pairs, cosine %.3f +- %.3f, highest %.3f%n",
                s.strangerPairs(),
                s.strangerMean(),
                s.strangerSd(),
                s.strangerMax());
        out.printf(
                Locale.ROOT,
                "lost           below %.3f +- %.3f (false accept rate 1e-3)%n",
                s.lost(),
                s.lostError());
        out.printf(Locale.ROOT, "recognisable   from %.3f on%n", s.recognisable());
        out.println(s.apart() ? "The two do not overlap." : "The two overlap.");
    }
}
