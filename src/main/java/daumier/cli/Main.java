package daumier.cli;

import daumier.cli.lora.TrainLoraCommand;
import daumier.cli.pack.TrainPackCommand;
import daumier.cli.sample.SampleCommand;
import daumier.cli.score.ScoreCommand;
import daumier.cli.studio.CompareCommand;
import daumier.cli.studio.DemoCommand;
import daumier.cli.studio.EnvServerCommand;
import daumier.cli.studio.GenerateCommand;
import daumier.cli.studio.PolicyCommand;
import daumier.cli.studio.PopulationCommand;
import daumier.cli.studio.TrainCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The {@code daumier} command. Exit codes: 0 done, 1 an error of the program, 2 a mistake that the
 * user can mend (one sentence on standard error says how), 130 interrupted.
 */
@Command(
        name = "daumier",
        description = "Draws caricatures with a diffusion model that a learned policy steers.",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = Version.class,
        subcommands = {
            DemoCommand.class,
            TrainCommand.class,
            GenerateCommand.class,
            CurvesCommand.class,
            CompareCommand.class,
            PolicyCommand.class,
            EnvServerCommand.class,
            SampleCommand.class,
            InspectCommand.class,
            ScoreCommand.class,
            PopulationCommand.class,
            ImportModelCommand.class,
            TrainLoraCommand.class,
            TrainPackCommand.class
        },
        footer = {
            "",
            "Each command explains itself: daumier COMMAND --help.",
            "Exit codes: 0 done, 1 our error, 2 a mistake to mend, 130 interrupted."
        })
public final class Main implements Runnable {
    @Spec private CommandSpec spec;

    /**
     * Runs one command and ends the virtual machine with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String... arguments) {
        System.exit(run(arguments));
    }

    /**
     * Runs one command in this virtual machine.
     *
     * @param arguments the command line
     * @return the exit code
     */
    public static int run(String... arguments) {
        // Numbers look the same everywhere, in files and on the screen.
        Locale.setDefault(Locale.ROOT);
        CommandLine commandLine = commandLine();
        try {
            return commandLine.execute(arguments);
        } catch (StackOverflowError | OutOfMemoryError | LinkageError e) {
            return Failures.report(e, commandLine.getErr());
        }
    }

    /**
     * The whole command tree, with the exception policy of the application.
     *
     * @return a new command line, its output on the standard streams
     */
    public static CommandLine commandLine() {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Failures::wrongArguments)
                .setExecutionExceptionHandler(Failures::failed);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
