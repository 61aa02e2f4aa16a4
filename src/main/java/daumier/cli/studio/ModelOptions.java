package daumier.cli.studio;

import daumier.faces.models.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the models lie that the user brought. */
final class ModelOptions {
    @Option(
            names = "--models",
            paramLabel = "DIR",
            description =
                    "Your own models; of them YuNet (.onnx) finds the face in a photograph "
                            + "(default: DAUMIER_MODELS, else .daumier/models in your home).")
    private Path models;

    /**
     * What is there.
     *
     * @throws IOException if a named folder is none, or one of its files cannot be read
     */
    ModelFolder folder() throws IOException {
        return ModelFolder.find(models, System.getenv(), Path.of(System.getProperty("user.home")));
    }
}
