package daumier.faces.models;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Brings morphable models into the neutral form: {@code ict FILE.npz OUT.safetensors}, or {@code
 * 3ddfa FOLDER OUT.safetensors}.
 */
public final class MorphableTool {
    private MorphableTool() {}

    /** Imports one model. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean ict = args.length == 3 && args[0].equals("ict");
        if (!ict && !(args.length == 3 && args[0].equals("3ddfa"))) {
            out.println("Give: ict FILE.npz OUT.safetensors, or: 3ddfa FOLDER OUT.safetensors.");
            return;
        }
        Path source = Path.of(args[1]);
        LandmarkModel model =
                ict ? LandmarkModel.ictFaceKit(source) : LandmarkModel.threeDdfa(source);
        model.write(Path.of(args[2]));
        out.printf(
                "%s: %d identity and %d expression modes%n",
                model.name(), model.identity().length, model.expression().length);
    }
}
