package daumier.cli.pack.card;

import ai.djl.Device;
import com.google.gson.JsonObject;
import daumier.cli.picture.Sheet;
import daumier.diffusion.nn.Precision;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.PopulationEpisodes;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import daumier.env.caricature.Terms;
import daumier.faces.world.FaceRenderer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What identity and style become under each style LoRA, by its weight and by when it acts. */
final class LoraChapter implements Chapter {
    private static final int SHOWN_SIDE = 96;

    private final Path pack;
    private final Precision precision;
    private final int people;
    private final Consumer<String> progress;

    LoraChapter(Path pack, Precision precision, int people, Consumer<String> progress) {
        this.pack = pack;
        this.precision = precision;
        this.people = people;
        this.progress = progress;
    }

    @Override
    public String name() {
        return "loras";
    }

    @Override
    public String amount() {
        return Integer.toString(people);
    }

    @Override
    public String title() {
        return "Style LoRAs";
    }

    @Override
    public List<String> reads() {
        return EnvironmentParts.ALL;
    }

    @Override
    public void measure(Section section) throws IOException {
        section.paragraph(
                ("Style level / identity cosine of finished pictures (means over the same %d held-out people, map"
                                + " without exaggeration) by the LoRA's weight: constant, or 1 in the first or the"
                                + " second half only. First line as the reward's networks see it, second line as the"
                                + " judges do. The sheet shows level / cosine under the pictures.")
                        .formatted(people));
        List<LoraSetting> settings = LoraSetting.all();
        List<String> head = new ArrayList<>(List.of("LoRA", "seen by"));
        settings.forEach(s -> head.add(s.name()));
        List<List<String>> rows = new ArrayList<>();
        List<List<String>> best = new ArrayList<>();
        Sheet sheet = sheet(settings);
        try (Studio studio = Studio.open(pack, Device.cpu(), precision, true, 0)) {
            Drawings drawings = new Drawings(studio);
            for (String lora : studio.styles()) {
                progress.accept("measuring: LoRA " + lora);
                List<EpisodeSpec> episodes = episodes(studio, lora);
                List<List<Outcome>> all = new ArrayList<>();
                for (LoraSetting setting : settings) {
                    all.add(drawings.draw(episodes, setting));
                }
                JsonObject json = new JsonObject();
                rows.add(row(lora, "reward", all, Outcome::reward, settings, json));
                rows.add(row("", "judge", all, Outcome::judged, settings, json));
                best.add(best(lora, settings, all, json));
                section.figure(lora, json);
                show(sheet, lora, episodes.get(0), all);
            }
        }
        section.table(head, rows);
        section.paragraph(
                "The constant weight with the largest sum of identity score and style score, and how far the"
                        + " pictures' levels and cosines scatter there (± standard deviation).");
        section.table(
                List.of("LoRA", "best weight", "sum", "style level", "identity cosine"), best);
        section.sheet("loras", sheet, "One person under each LoRA by weight: level / cosine");
    }

    private List<EpisodeSpec> episodes(Studio studio, String lora) {
        PopulationEpisodes population = studio.episodes(Split.VALIDATION);
        return population.numbered(0, people).stream()
                .map(e -> EpisodeSpec.of(e.subject(), e.view(), e.intent(), lora, e.noiseSeed()))
                .toList();
    }

    private static List<String> row(
            String lora,
            String by,
            List<List<Outcome>> all,
            Function<Outcome, Terms> seen,
            List<LoraSetting> settings,
            JsonObject json) {
        List<String> row = new ArrayList<>(List.of(lora, by));
        JsonObject own = new JsonObject();
        for (int s = 0; s < settings.size(); s++) {
            List<Terms> terms = all.get(s).stream().map(seen).toList();
            Statistic level = statistic(terms, Terms::level);
            Statistic cosine = statistic(terms, Terms::cosine);
            JsonObject one = new JsonObject();
            one.add("level", level.toJson());
            one.add("cosine", cosine.toJson());
            one.add("plausibility", statistic(terms, Terms::plausibility).toJson());
            own.add(settings.get(s).name(), one);
            row.add(level.meanText(2) + " / " + cosine.meanText(2));
        }
        json.add(by, own);
        return row;
    }

    private static List<String> best(
            String lora, List<LoraSetting> settings, List<List<Outcome>> all, JsonObject json) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < settings.size(); s++) {
            double sum = statistic(reward(all.get(s)), t -> t.identity() + t.style()).mean();
            if (settings.get(s).isConstant() && sum > most) {
                most = sum;
                best = s;
            }
        }
        List<Terms> terms = reward(all.get(best));
        json.addProperty("best_weight", settings.get(best).weight());
        return List.of(
                lora,
                settings.get(best).name(),
                String.format(Locale.ROOT, "%.2f", most),
                statistic(terms, Terms::level).text(2),
                statistic(terms, Terms::cosine).text(2));
    }

    private static List<Terms> reward(List<Outcome> outcomes) {
        return outcomes.stream().map(Outcome::reward).toList();
    }

    private static Statistic statistic(List<Terms> terms, ToDoubleFunction<Terms> value) {
        return Statistic.of(terms.stream().mapToDouble(value).toArray());
    }

    private static Sheet sheet(List<LoraSetting> settings) {
        List<String> headings = new ArrayList<>(List.of("render"));
        settings.forEach(s -> headings.add(s.isConstant() ? "weight " + s.name() : s.name()));
        return new Sheet(headings.size(), SHOWN_SIDE, headings);
    }

    /** A row of the sheet: the first person, as the LoRA draws them at every setting. */
    private static void show(
            Sheet sheet, String lora, EpisodeSpec episode, List<List<Outcome>> all) {
        HeldOut person = new HeldOut(episode.subject(), episode.view());
        sheet.add(person.photograph(new FaceRenderer()).picture(), lora);
        for (List<Outcome> outcomes : all) {
            Terms t = outcomes.get(0).reward();
            sheet.add(
                    outcomes.get(0).picture(),
                    String.format(Locale.ROOT, "%.2f / %.2f", t.level(), t.cosine()));
        }
    }
}
