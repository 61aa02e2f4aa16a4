package daumier.cli.studio;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of every command that measures faces: with whose networks. */
public final class MeasureOptions {
    @Option(
            names = "--models",
            paramLabel = "DIR",
            description = {
                "Your own models: YuNet, ArcFace and 68-point networks (.onnx), lbfmodel.yaml, 3D "
                        + "morphable models (.safetensors). Default: DAUMIER_MODELS, else "
                        + ".daumier/models in your home."
            })
    private Path models;

    @Option(
            names = "--pack",
            paramLabel = "DIR",
            description = "The pack whose face networks look (default: the embedded one).")
    private Path pack;

    /**
     * Opens what measures.
     *
     * @throws IOException if a model cannot be read
     */
    public MeasuredFaces open() throws IOException {
        return MeasuredFaces.open(models, pack);
    }
}
