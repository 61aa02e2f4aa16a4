package daumier.cli;

import daumier.faces.models.LandmarkModel;
import daumier.faces.models.LinearHeads;
import daumier.faces.models.MorphableImport;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daumier import-model}: a morphable model of the user's in the form that is fitted. */
@Command(
        name = "import-model",
        sortOptions = false,
        description = {
            "Brings a 3D morphable model into the form that Daumier fits: the Basel Face Model of "
                    + "2009 (01_MorphableModel.mat), of 2017 or 2019 (.h5), ICT-FaceKit (its folder "
                    + "FaceXModel, or an .npz), or a folder of 3DDFA's bases. Only what the 68 "
                    + "landmarks need is kept; the models' own terms of use hold for it too."
        },
        footer = {
            "",
            "Example:",
            "  daumier import-model model2017-1_bfm_nomouth.h5 --landmarks ibug.txt \\",
            "      --out ~/.daumier/models/basel.safetensors"
        })
final class ImportModelCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "The model's file or folder.")
    private Path source;

    @Option(
            names = "--landmarks",
            paramLabel = "FILE",
            description = {
                "For the Basel models, which do not say it themselves: the vertices of the 68 iBUG "
                        + "landmarks, counted from 0; 68 numbers in their order, or lines landmark = "
                        + "vertex with landmarks counted from 1."
            })
    private Path landmarks;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "morphable.safetensors",
            description =
                    "Where to write it; in the folder of --models it is found (default: "
                            + "${DEFAULT-VALUE}).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        if (!Outputs.name(out).endsWith(".safetensors")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--out must end in .safetensors, or it is not found later.");
        }
        Outputs.check(out);
        LandmarkModel model = MorphableImport.read(source, Optional.ofNullable(landmarks));
        // A list of vertices that belongs to another mesh shows here and not in the first portrait.
        LinearHeads heads = new LinearHeads(model, new ProceduralModel());
        model.write(out);
        PrintWriter printer = spec.commandLine().getOut();
        printer.printf(
                Locale.ROOT,
                "%s: %d identity and %d expression modes; the landmarks show %d and %d of them%n",
                model.name(),
                model.identity().length,
                model.expression().length,
                heads.identityBasis().length,
                heads.expressionBasis().length);
        printer.println(out);
        printer.flush();
        return 0;
    }
}
