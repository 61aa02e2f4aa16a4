package daumier.cli.studio;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code daumier policy}: what can be done with a policy beside drawing. */
@Command(
        name = "policy",
        subcommands = PolicyExportCommand.class,
        description = "Takes a policy elsewhere: its LoRA schedule for other programs.")
public final class PolicyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "Say what to do with the policy: export POLICY --as FORM.");
    }
}
