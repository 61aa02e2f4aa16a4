package daumier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.models.LandmarkModel;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code import-model} as the command line sees it. */
final class ImportModelTest {
    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    @TempDir private Path folder;

    private int run(String... arguments) {
        err.getBuffer().setLength(0);
        out.getBuffer().setLength(0);
        CommandLine commandLine = Main.commandLine();
        commandLine.setErr(new PrintWriter(err, true));
        commandLine.setOut(new PrintWriter(out, true));
        return commandLine.execute(arguments);
    }

    private static LandmarkModel world(double[] mean) {
        ProceduralModel world = new ProceduralModel();
        return new LandmarkModel("mine", mean, world.identityBasis(), world.expressionBasis());
    }

    @Test
    void aModelIsWrittenWhereItIsFound() throws IOException {
        Path in = folder.resolve("in.safetensors");
        world(new ProceduralModel().mean()).write(in);
        Path to = folder.resolve("models/mine.safetensors");
        assertEquals(0, run("import-model", in.toString(), "--out", to.toString()), err::toString);
        assertTrue(out.toString().contains("mine: "), out.toString());
        assertEquals("mine", LandmarkModel.open(to).name());
    }

    @Test
    void mistakesAreOneSentence() throws IOException {
        Path to = folder.resolve("out.safetensors");
        Path text = Files.writeString(folder.resolve("a.txt"), "a");
        refused("no face model", text, to);
        refused("does not exist", folder.resolve("none.h5"), to);
        refused("must end in .safetensors", text, folder.resolve("out.bin"));
        double[] mean = new ProceduralModel().mean();
        for (int i = 0; i < mean.length; i += 3) {
            mean[i] = mean[(i + 51) % mean.length];
        }
        Path shuffled = folder.resolve("shuffled.safetensors");
        world(mean).write(shuffled);
        refused("68 iBUG landmarks", shuffled, to);
        assertFalse(Files.exists(to));
    }

    private void refused(String words, Path source, Path to) {
        assertEquals(2, run("import-model", source.toString(), "--out", to.toString()));
        assertTrue(err.toString().contains(words), err.toString());
        assertFalse(err.toString().contains("Exception"), err.toString());
    }
}
