package daumier.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;

/**
 * What the user sees of an exception. A mistake of the user's is one sentence and exit code 2; an
 * error of ours is one sentence, exit code 1, and a file with the details.
 *
 * <p>Mistakes of the user's are: wrong arguments, {@link UserException}, I/O errors, and illegal
 * arguments that this program's own code complained about (one that a library complains about is
 * our fault: we should have checked).
 */
final class Failures {
    /** The exit code of an error of ours. */
    static final int OURS = 1;

    /** The exit code of a mistake that the user can mend. */
    static final int USERS = 2;

    /** The exit code of an interrupted command, as shells have it for SIGINT. */
    static final int INTERRUPTED = 130;

    private Failures() {}

    /** Prints what is wrong with the arguments and where the help is. */
    static int wrongArguments(CommandLine.ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println("daumier: " + sentence(e.getMessage()));
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Help: " + name + " --help");
        return USERS;
    }

    /** Prints an exception of a command and gives the exit code. */
    static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        return report(e, command.getErr());
    }

    /**
     * Prints an exception.
     *
     * @param failure what happened
     * @param err standard error
     * @return the exit code
     */
    static int report(Throwable failure, PrintWriter err) {
        if (failure instanceof InterruptedException) {
            err.println("daumier: interrupted.");
            return INTERRUPTED;
        }
        Optional<String> mistake = mistake(failure);
        if (mistake.isPresent()) {
            err.println("daumier: " + sentence(mistake.get()));
            return USERS;
        }
        String what =
                failure instanceof OutOfMemoryError
                        ? "out of memory (%s); more is given with DAUMIER_JAVA_OPTS=-Xmx8g"
                                .formatted(failure.getMessage())
                        : "this is an error of the program: " + failure;
        err.println("daumier: " + sentence(firstLine(what)));
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        try {
            Path file = Files.createTempFile("daumier-error-", ".txt");
            Files.writeString(file, Version.number() + "\n" + trace);
            err.println("The details are in " + file + ".");
        } catch (IOException unwritable) {
            err.println(trace);
        }
        return OURS;
    }

    /** The sentence for a mistake of the user's; nothing for an error of ours. */
    static Optional<String> mistake(Throwable failure) {
        if (failure instanceof UncheckedIOException e) {
            return mistake(e.getCause());
        }
        if (failure instanceof UserException) {
            return Optional.of(failure.getMessage());
        }
        if (failure instanceof FileSystemException e) {
            return Optional.of(fileSystem(e));
        }
        if (failure instanceof FileNotFoundException || failure instanceof IOException) {
            return Optional.of(
                    failure.getMessage() == null ? failure.toString() : failure.getMessage());
        }
        if (failure instanceof IllegalArgumentException && thrownHere(failure)) {
            return Optional.ofNullable(failure.getMessage());
        }
        return Optional.empty();
    }

    private static boolean thrownHere(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().startsWith("daumier.");
    }

    /** The exceptions of java.nio carry a bare path as their message. */
    private static String fileSystem(FileSystemException e) {
        String file = e.getFile();
        if (file == null) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
        if (e instanceof NoSuchFileException) {
            return file + " does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "no permission to read or write " + file;
        }
        if (e instanceof FileAlreadyExistsException) {
            return file + " exists already and is not a folder";
        }
        if (e instanceof NotDirectoryException) {
            return file + " is not a folder";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "the folder " + file + " is not empty";
        }
        return e.getReason() == null
                ? e.getMessage()
                : file + ": " + e.getReason().toLowerCase(Locale.ROOT);
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private static String sentence(String text) {
        String trimmed = text.strip();
        return trimmed.matches("(?s).*[.!?]") ? trimmed : trimmed + ".";
    }
}
