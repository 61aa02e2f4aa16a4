package daumier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a project of its own, whose name has spaces, with a Java and a Maven that only
 * write down how they were called.
 */
final class LauncherTest {
    private static final Path LAUNCHER = Path.of("..", "daumier").toAbsolutePath().normalize();

    private static final String JAVA =
            """
            #!/bin/sh
            if [ "$1" = -version ]; then
                echo "openjdk version \\"${FAKE_VERSION:-17}.0.15\\" 2025-04-15" >&2
                exit 0
            fi
            echo "CLASSPATH=$CLASSPATH OMP=$OMP_NUM_THREADS"
            for argument; do echo "<$argument>"; done
            exit "${FAKE_EXIT:-0}"
            """;

    private static final String MAVEN =
            """
            #!/bin/sh
            echo "$@" >>builds
            sleep "${FAKE_BUILD_SECONDS:-0}"
            if [ -n "${FAKE_BUILD_FAILS:-}" ]; then echo "a compiler error"; exit 1; fi
            mkdir -p src/target faces/target
            echo cli >src/target/daumier-cli-0.1.jar
            echo faces >faces/target/daumier-faces-0.1.jar
            printf '%s' "$PWD/faces/target/daumier-faces-0.1.jar:/repo/picocli.jar" \\
                >src/target/classpath.txt
            """;

    @TempDir private Path folder;
    private Path home;
    private Path jdk;

    /** What a call of the launcher printed, and its exit code. */
    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void project() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "The launcher is a POSIX shell script.");
        home = Files.createDirectories(folder.resolve("my projects/daumier"));
        Files.copy(LAUNCHER, home.resolve("daumier"));
        home.resolve("daumier").toFile().setExecutable(true);
        script(home.resolve("mvnw"), MAVEN);
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        for (String file : List.of("src/main/java/A.java", "faces/src/main/java/B.java")) {
            Files.createDirectories(home.resolve(file).getParent());
            Files.writeString(home.resolve(file), "class");
        }
        jdk = folder.resolve("a jdk");
        script(jdk.resolve("bin/java"), JAVA);
        script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    }

    @Test
    void argumentsAndExitCodesPassThrough() throws Exception {
        Outcome first = launch(Map.of("FAKE_EXIT", "7"), "sample", "a b", "", "*");
        assertEquals(7, first.code);
        assertTrue(first.out.endsWith("<daumier.cli.Main>\n<sample>\n<a b>\n<>\n<*>\n"), first.out);
        assertTrue(first.out.contains("<-Ddaumier.home=" + home.toRealPath() + ">"), first.out);
        assertTrue(first.out.contains(" OMP=1\n"), first.out);
        assertTrue(first.err.startsWith("daumier: building"), first.err);
        Outcome second = launch(Map.of("DAUMIER_JAVA_OPTS", "-Xmx7g -Dx=y"), "demo");
        assertEquals(0, second.code);
        assertEquals("", second.err);
        assertTrue(second.out.contains("<-Xmx7g>\n<-Dx=y>\n"), second.out);
        assertEquals(1, builds());
    }

    @Test
    void ownJarsAreCopiedOutOfTheBuildAndComeFirst() throws Exception {
        String out = launch(Map.of()).out;
        String path = out.substring("CLASSPATH=".length(), out.indexOf(" OMP="));
        String[] entries = path.split(":");
        assertEquals(3, entries.length);
        assertTrue(entries[0].matches(".*/target/app/jars-\\d+/daumier-cli-0.1.jar"), path);
        assertTrue(entries[1].matches(".*/target/app/jars-\\d+/daumier-faces-0.1.jar"), path);
        assertEquals("/repo/picocli.jar", entries[2]);
        assertEquals("faces\n", Files.readString(Path.of(entries[1])));
    }

    @Test
    void newerSourcesAndPomsAreBuilt() throws Exception {
        launch(Map.of());
        touch(home.resolve("faces/src/main/java/B.java"));
        launch(Map.of());
        assertEquals(2, builds());
        touch(home.resolve("pom.xml"));
        launch(Map.of());
        assertEquals(3, builds());
        launch(Map.of());
        assertEquals(3, builds());
        try (var jars = Files.newDirectoryStream(home.resolve("target/app"), "jars-*")) {
            List<Path> folders = new ArrayList<>();
            jars.forEach(folders::add);
            assertEquals(1, folders.size(), "jars of earlier builds are cleared away");
        }
    }

    @Test
    void aMovedProjectIsBuiltAgain() throws Exception {
        launch(Map.of());
        Path moved = folder.resolve("moved");
        Files.move(home, moved);
        home = moved;
        assertEquals(0, launch(Map.of()).code);
        assertEquals(2, builds());
    }

    @Test
    void symbolicLinksLeadHome() throws Exception {
        Path links = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(links.resolve("one"), home.resolve("daumier"));
        Files.createSymbolicLink(links.resolve("two"), Path.of("one"));
        Outcome outcome = call(links.resolve("two"), Map.of("JAVA_HOME", jdk.toString()), "demo");
        assertEquals(0, outcome.code, outcome.err);
        assertTrue(outcome.out.contains("<-Ddaumier.home=" + home.toRealPath() + ">"));
    }

    @Test
    void aFailedBuildShowsItsEndAndIsTriedAgain() throws Exception {
        Outcome failed = launch(Map.of("FAKE_BUILD_FAILS", "yes"));
        assertEquals(1, failed.code);
        assertTrue(failed.err.contains("a compiler error\ndaumier: the build failed"), failed.err);
        assertEquals("", failed.out);
        assertEquals(0, launch(Map.of()).code);
    }

    @Test
    void twoFirstCallsBuildOnce() throws Exception {
        List<Process> processes = new ArrayList<>();
        Map<String, String> slow = Map.of("JAVA_HOME", jdk.toString(), "FAKE_BUILD_SECONDS", "1");
        for (int i = 0; i < 2; i++) {
            processes.add(start(home.resolve("daumier"), slow, "demo"));
        }
        for (Process process : processes) {
            assertEquals(0, outcome(process).code);
        }
        assertEquals(1, builds());
        assertFalse(Files.exists(home.resolve("target/app/lock")));
    }

    @Test
    void theLockOfAKilledBuildIsTaken() throws Exception {
        Path lock = Files.createDirectories(home.resolve("target/app/lock"));
        Process gone = new ProcessBuilder("/bin/sh", "-c", "exit 0").start();
        gone.waitFor();
        Files.writeString(lock.resolve("pid"), gone.pid() + "\n");
        assertEquals(0, launch(Map.of()).code);
    }

    @Test
    void aMissingOrOldJavaIsOneSentence() throws Exception {
        Outcome none = launch(Map.of("JAVA_HOME", folder.resolve("none").toString()));
        assertEquals(1, none.code);
        assertTrue(none.err.contains("there is no bin/java in it"), none.err);
        Outcome old = launch(Map.of("FAKE_VERSION", "11"));
        assertEquals(1, old.code);
        assertEquals(1, old.err.lines().count(), old.err);
        assertTrue(old.err.contains("is version 11; Daumier needs a JDK 17"), old.err);
    }

    @Test
    void newerJavasGetTheFlagsTheyAskFor() throws Exception {
        assertFalse(launch(Map.of()).out.contains("--enable-native-access"));
        Files.delete(home.resolve("target/app/java"));
        assertTrue(
                launch(Map.of("FAKE_VERSION", "25"))
                        .out
                        .contains("<--enable-native-access=ALL-UNNAMED>"));
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertTrue(file.toFile().setExecutable(true));
    }

    private void touch(Path file) throws IOException {
        Files.writeString(file, " ", StandardOpenOption.APPEND);
        // Newer than the last build even where the clock of the file system is coarse.
        Files.setLastModifiedTime(
                home.resolve("target/app/stamp"),
                FileTime.fromMillis(System.currentTimeMillis() - 5000));
        for (Path other :
                List.of(
                        home.resolve("pom.xml"),
                        home.resolve("src/main"),
                        home.resolve("src/main/java"),
                        home.resolve("src/main/java/A.java"),
                        home.resolve("faces/src/main"),
                        home.resolve("faces/src/main/java"),
                        home.resolve("faces/src/main/java/B.java"))) {
            if (!other.equals(file)) {
                Files.setLastModifiedTime(
                        other, FileTime.fromMillis(System.currentTimeMillis() - 60_000));
            }
        }
    }

    private long builds() throws IOException {
        try (var lines = Files.lines(home.resolve("builds"))) {
            return lines.count();
        }
    }

    private Outcome launch(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(environment);
        all.putIfAbsent("JAVA_HOME", jdk.toString());
        return call(home.resolve("daumier"), all, arguments);
    }

    private Outcome call(Path launcher, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return outcome(start(launcher, environment, arguments));
    }

    private Process start(Path launcher, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().remove("OMP_NUM_THREADS");
        builder.environment().remove("DAUMIER_JAVA_OPTS");
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Outcome outcome(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return new Outcome(process.exitValue(), out, err);
    }
}
