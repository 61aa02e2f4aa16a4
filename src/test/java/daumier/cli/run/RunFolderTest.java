package daumier.cli.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a run folder are what other tools expect, and survive crashes and mistakes. */
final class RunFolderTest {
    @TempDir private Path folder;

    @Test
    void monitorCsvIsStableBaselines3s() throws IOException {
        RunFolder run = MadeUpRun.write(folder.resolve("run"), 1, 3);
        List<String> lines = Files.readAllLines(run.file("monitor.csv"));
        assertTrue(lines.get(0).startsWith("#{"));
        JsonObject head = JsonParser.parseString(lines.get(0).substring(1)).getAsJsonObject();
        assertEquals("CaricatureEnv", head.get("env_id").getAsString());
        assertTrue(head.get("t_start").getAsDouble() > 1.6e9);
        assertEquals("r,l,t,identity,style,alignment,implausibility,compute", lines.get(1));
        assertEquals(5, lines.size());
        String reward = lines.get(2).split(",")[0];
        assertTrue(reward.matches("-?\\d+\\.\\d{1,6}"), reward);
    }

    @Test
    void progressCsvHasItsColumnsFromTheStart() throws IOException {
        RunFolder run = MadeUpRun.write(folder.resolve("run"), 1, 40);
        CsvTable progress = run.progress();
        assertEquals(MadeUpRun.COLUMNS, progress.columns());
        assertArrayEquals(new double[] {128, 256}, progress.column(RunLog.STEPS));
        assertTrue(progress.has("train/approx_kl"));
        assertFalse(progress.has("eval/mean_reward"));
    }

    @Test
    void resumingTakesBackWhatTheCheckpointHadNotSeen() throws IOException {
        RunFolder run = MadeUpRun.write(folder.resolve("run"), 1, 40);
        String first = Files.readAllLines(run.file("monitor.csv")).get(2);
        try (RunLog log = RunLog.resume(run, MadeUpRun.COLUMNS, MadeUpRun.TERMS, 1, 16, 128)) {
            log.episode(5, 8, 99, Map.of());
            log.update(Map.of(RunLog.STEPS, 136.0));
        }
        assertArrayEquals(new double[] {128, 136}, run.progress().column(RunLog.STEPS));
        CsvTable monitor = run.monitor();
        assertEquals(17, monitor.rows().size());
        assertEquals(5.0, monitor.column("r")[16]);
        assertTrue(Double.isNaN(monitor.column("style")[16]));
        assertEquals(first, Files.readAllLines(run.file("monitor.csv")).get(2));
    }

    @Test
    void aCheckpointNewerThanTheLogsIsRefused() throws IOException {
        RunFolder run = MadeUpRun.write(folder.resolve("run"), 1, 16);
        IOException e =
                assertThrows(
                        IOException.class,
                        () -> RunLog.resume(run, MadeUpRun.COLUMNS, MadeUpRun.TERMS, 9, 16, 128));
        assertTrue(e.getMessage().contains("progress.csv has 1 rows"), e.getMessage());
    }

    @Test
    void aHalfWrittenLastLineIsLeftOut() throws IOException {
        Path file = folder.resolve("progress.csv");
        Files.writeString(file, "a,b\n1,2\n3,");
        assertEquals(1, CsvTable.read(file).rows().size());
    }

    @Test
    void damagedTablesNameTheLine() throws IOException {
        Path file = folder.resolve("progress.csv");
        Files.writeString(file, "a,b\n1,x\n");
        IOException word = assertThrows(IOException.class, () -> CsvTable.read(file));
        assertTrue(word.getMessage().startsWith("Line 2 of"), word.getMessage());
        Files.writeString(file, "a,b\n1\n");
        IOException cells = assertThrows(IOException.class, () -> CsvTable.read(file));
        assertTrue(cells.getMessage().contains("1 cells under 2 columns"), cells.getMessage());
    }

    @Test
    void numbersReadBackExactlyAndWholeOnesStayShort() {
        assertEquals("128", CsvLog.number(128));
        assertEquals("nan", CsvLog.number(Double.NaN));
        assertEquals("-inf", CsvLog.number(Double.NEGATIVE_INFINITY));
        assertEquals(0.1 + 0.2, Double.parseDouble(CsvLog.number(0.1 + 0.2)));
    }

    @Test
    void aFigureWithoutAColumnIsAnError() throws IOException {
        try (CsvLog log = CsvLog.create(folder.resolve("a.csv"), "", List.of("a"))) {
            assertThrows(IllegalArgumentException.class, () -> log.append(Map.of("b", 1.0)));
        }
    }

    @Test
    void aFolderWithARunOrWithOtherFilesIsNotOverwritten() throws IOException {
        Path path = folder.resolve("run");
        RunFolder.create(path, new JsonObject());
        IOException again =
                assertThrows(IOException.class, () -> RunFolder.create(path, new JsonObject()));
        assertTrue(again.getMessage().contains("--resume"), again.getMessage());
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("letter.txt"), "dear");
        IOException full =
                assertThrows(IOException.class, () -> RunFolder.create(other, new JsonObject()));
        assertTrue(full.getMessage().contains("is not empty"), full.getMessage());
        IOException no = assertThrows(IOException.class, () -> RunFolder.open(other));
        assertTrue(no.getMessage().contains("no config.json"), no.getMessage());
    }

    @Test
    void theNewestPolicyIsTheFinishedOneElseTheLastCheckpoint() throws IOException {
        RunFolder run = RunFolder.create(folder.resolve("run"), new JsonObject());
        assertTrue(run.policy().isEmpty());
        for (long steps : new long[] {1000, 200, 9000}) {
            Files.writeString(run.checkpoint(steps), "zip");
        }
        Files.writeString(run.file("checkpoints").resolve("notes.txt"), "zip");
        assertEquals(
                List.of(run.checkpoint(200), run.checkpoint(1000), run.checkpoint(9000)),
                run.checkpoints());
        assertEquals(run.checkpoint(9000), run.policy().orElseThrow());
        Files.writeString(run.file("policy.zip"), "zip");
        assertEquals(run.file("policy.zip"), run.policy().orElseThrow());
    }

    @Test
    void twoTrainingsCannotWriteOneFolder() throws IOException {
        RunFolder run = RunFolder.create(folder.resolve("run"), new JsonObject());
        Closeable first = run.lock();
        assertThrows(IOException.class, run::lock);
        first.close();
        run.lock().close();
    }

    @Test
    void aFailedWriteLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("config.json");
        AtomicFiles.write(file, "old");
        assertThrows(
                IOException.class,
                () ->
                        AtomicFiles.write(
                                file,
                                out -> {
                                    out.write('n');
                                    throw new IOException("disk full");
                                }));
        assertEquals("old", Files.readString(file));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }
}
