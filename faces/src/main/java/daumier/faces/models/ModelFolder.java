package daumier.faces.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The models that a user brought, by what they do. Of several of one kind the first by name counts;
 * ONNX networks of landmarks come before regression trees.
 *
 * @param folder where they lie; there need be none
 * @param detector YuNet
 * @param identity ArcFace-family network in ONNX
 * @param script ArcFace-family network in TorchScript
 * @param landmarks 68-point network
 * @param lbf 68-point regression trees (OpenCV Facemark LBF)
 * @param morphable 3D morphable model
 */
public record ModelFolder(
        Optional<Path> folder,
        Optional<Path> detector,
        Optional<Path> identity,
        Optional<Path> script,
        Optional<Path> landmarks,
        Optional<Path> lbf,
        Optional<Path> morphable) {
    /** The environment variable that names the folder. */
    public static final String VARIABLE = "DAUMIER_MODELS";

    /** No models. */
    public static final ModelFolder NONE =
            new ModelFolder(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /**
     * The folder that counts: what the user names, else the environment variable {@value
     * #VARIABLE}, else {@code .daumier/models} in the user's home if it is there.
     *
     * @param named on the command line, or null
     * @param environment usually {@link System#getenv()}
     * @param home the user's home
     * @return its models; {@link #NONE} if nothing is named and there is no folder in the home
     * @throws IOException if a named folder is none, or one of its files cannot be read
     */
    public static ModelFolder find(Path named, Map<String, String> environment, Path home)
            throws IOException {
        if (named != null) {
            return open(named);
        }
        String variable = environment.get(VARIABLE);
        if (variable != null && !variable.isBlank()) {
            return open(Path.of(variable));
        }
        Path usual = home.resolve(".daumier").resolve("models");
        return Files.isDirectory(usual) ? open(usual) : NONE;
    }

    /**
     * Looks through a folder; files that are something else are left alone.
     *
     * @param folder with .onnx, .yaml and .safetensors files
     * @return what is in it
     * @throws IOException if it is no folder, or one of its networks cannot be read
     */
    public static ModelFolder open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    folder + " is no folder; name the folder in which your models lie.");
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(Files::isRegularFile).sorted().forEach(files::add);
        }
        Optional<Path> detector = Optional.empty();
        Optional<Path> identity = Optional.empty();
        Optional<Path> script = Optional.empty();
        Optional<Path> landmarks = Optional.empty();
        Optional<Path> lbf = Optional.empty();
        Optional<Path> morphable = Optional.empty();
        for (Path file : files) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            if (name.endsWith(".onnx")) {
                Optional<ModelCard.Kind> kind = ModelCard.of(file).map(ModelCard::kind);
                if (kind.isPresent()) {
                    switch (kind.get()) {
                        case DETECTOR -> detector = detector.or(() -> Optional.of(file));
                        case IDENTITY -> identity = identity.or(() -> Optional.of(file));
                        case LANDMARKS -> landmarks = landmarks.or(() -> Optional.of(file));
                    }
                }
            } else if (ScriptIdentity.recognised(file)) {
                script = script.or(() -> Optional.of(file));
            } else if (name.startsWith("lbf") && name.endsWith(".yaml")) {
                lbf = lbf.or(() -> Optional.of(file));
            } else if (LandmarkModel.recognised(file)) {
                morphable = morphable.or(() -> Optional.of(file));
            }
        }
        return new ModelFolder(
                Optional.of(folder), detector, identity, script, landmarks, lbf, morphable);
    }
}
