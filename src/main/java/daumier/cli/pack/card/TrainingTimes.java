package daumier.cli.pack.card;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Steps and times of every stage, read from what {@code train-pack} said. */
final class TrainingTimes {
    private static final Pattern LINE =
            Pattern.compile(
                    "^ {2}(.+?) (\\d+)/(\\d+)(?: loss (\\S+), gradient \\S+?)?, (\\d+(?:\\.\\d+)?) s each.*");

    private static final Pattern DONE =
            Pattern.compile("^ {2}(.+?) done after (\\d+(?:\\.\\d+)?) min$");

    /** The last that was heard of one stage. */
    private record Stage(long done, long of, String loss, double each, double minutes) {
        static Stage of(long done, long of, String loss, double each) {
            return new Stage(done, of, loss, each, each * done / 60);
        }
    }

    private final Map<String, Stage> stages = new LinkedHashMap<>();

    /** Reads a log; one that is missing says nothing. */
    TrainingTimes read(Path log) throws IOException {
        if (!Files.isRegularFile(log)) {
            return this;
        }
        for (String line : Files.readAllLines(log)) {
            Matcher m = LINE.matcher(line);
            if (m.matches()) {
                String loss = m.group(4) == null ? "–" : m.group(4);
                long done = Long.parseLong(m.group(2));
                long of = Long.parseLong(m.group(3));
                stages.put(m.group(1), Stage.of(done, of, loss, Double.parseDouble(m.group(5))));
            }
            Matcher whole = DONE.matcher(line);
            if (whole.matches()) {
                double minutes = Double.parseDouble(whole.group(2));
                stages.put(whole.group(1), new Stage(0, 0, "–", 0, minutes));
            }
        }
        return this;
    }

    /** A stage that said only how long it took has no steps. */
    private static String steps(Stage stage) {
        if (stage.of() == 0) {
            return "–";
        }
        String all = Long.toString(stage.of());
        return stage.done() == stage.of() ? all : stage.done() + " of " + all;
    }

    void write(Section section) {
        if (stages.isEmpty()) {
            section.paragraph("There is no log of the training.");
            return;
        }
        section.paragraph(
                "Steps and wall time of each stage, from the log of the training, on a machine that others"
                        + " used too; the loss is that of the last lines.");
        List<List<String>> rows = new ArrayList<>();
        JsonObject json = new JsonObject();
        stages.forEach(
                (name, stage) -> {
                    String steps = steps(stage);
                    String minutes = String.format(Locale.ROOT, "%.1f", stage.minutes());
                    rows.add(List.of(name, steps, minutes, stage.loss()));
                    JsonObject one = new JsonObject();
                    one.addProperty("steps", stage.done());
                    one.addProperty("seconds_each", stage.each());
                    one.addProperty("loss", stage.loss());
                    json.add(name, one);
                });
        section.table(List.of("stage", "steps", "minutes", "loss"), rows);
        section.figure("stages", json);
    }
}
