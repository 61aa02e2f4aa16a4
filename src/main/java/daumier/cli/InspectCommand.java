package daumier.cli;

import com.google.gson.JsonObject;
import daumier.cli.inspect.Inspector;
import daumier.cli.studio.InspectFaceCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daumier inspect}: what is in a pack, a LoRA file, a run or a policy. */
@Command(
        name = "inspect",
        subcommands = InspectFaceCommand.class,
        description = {
            "Describes a pack (a folder in the diffusers layout or a single-file checkpoint) and "
                    + "what it lacks, a LoRA or other safetensors "
                    + "file, a run, or a policy."
        },
        footer = {
            "",
            "Examples:",
            "  daumier inspect style.safetensors",
            "  daumier inspect training-runs/reference --json"
        })
final class InspectCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "PATH", description = "Files or folders.")
    private List<Path> paths = List.of();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (paths.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "Name a PATH to describe, or face IMAGE.");
        }
        PrintWriter out = spec.commandLine().getOut();
        boolean first = true;
        for (Path path : paths) {
            JsonObject description = Inspector.describe(path);
            if (!first && !json) {
                out.println();
            }
            first = false;
            out.print(
                    json
                            ? Inspector.json(description) + System.lineSeparator()
                            : Inspector.text(description));
        }
        out.flush();
        return 0;
    }
}
