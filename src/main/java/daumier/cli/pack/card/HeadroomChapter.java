package daumier.cli.pack.card;

import ai.djl.Device;
import com.google.gson.JsonObject;
import daumier.agent.Interval;
import daumier.agent.StopSignal;
import daumier.agent.rival.Comparison;
import daumier.agent.rival.Entrant;
import daumier.agent.rival.Headroom;
import daumier.diffusion.nn.Precision;
import daumier.env.AutoresetMode;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.EpisodeSource;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import daumier.env.caricature.Terms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** What there is to win in the pack before any policy is trained. */
final class HeadroomChapter implements Chapter {
    private static final int LANES = 16;
    private static final int MOST_RULES = 40;
    private static final int MOST_FIRST = 8;

    private final Path pack;
    private final Precision precision;
    private final int portraits;
    private final Consumer<String> progress;

    /**
     * A measurement.
     *
     * @param portraits how many rivals are tuned on, and how many others they are compared on
     */
    HeadroomChapter(Path pack, Precision precision, int portraits, Consumer<String> progress) {
        this.pack = pack;
        this.precision = precision;
        this.portraits = portraits;
        this.progress = progress;
    }

    @Override
    public String name() {
        return "headroom";
    }

    @Override
    public String amount() {
        return Integer.toString(portraits);
    }

    @Override
    public String title() {
        return "Headroom";
    }

    @Override
    public List<String> reads() {
        return EnvironmentParts.ALL;
    }

    @Override
    public void measure(Section section) throws IOException {
        try (Studio studio = Studio.open(pack, Device.cpu(), precision, true, 0)) {
            List<EpisodeSpec> train = studio.episodes(Split.TRAIN).numbered(0, portraits);
            List<EpisodeSpec> held = studio.episodes(Split.VALIDATION).numbered(0, portraits);
            int first = Math.max(2, Math.min(MOST_FIRST, portraits / 4));
            int rules = Math.max(4, Math.min(MOST_RULES, portraits));
            try (CaricatureVectorEnvironment environment =
                    new CaricatureVectorEnvironment(
                            studio,
                            Settings.standard(),
                            EpisodeSource.of(train),
                            Math.min(LANES, portraits),
                            AutoresetMode.DISABLED)) {
                Headroom headroom =
                        new Headroom(environment, train, first, rules, new StopSignal(), progress);
                write(section, headroom.run(held, true));
            }
        }
    }

    private void write(Section section, Comparison comparison) {
        section.paragraph(
                ("Tuned on %d training portraits, compared on %d portraits of the validation split that all of"
                                + " them drew. The composite is what an episode is paid for at its end, without the"
                                + " cost of calls; the policy must beat the best static schedule, and is measured"
                                + " against the hand-written closed-loop rule.")
                        .formatted(portraits, portraits));
        section.verbatim(comparison.table());
        for (int i = 0; i < comparison.entrants().size(); i++) {
            Entrant entrant = comparison.entrants().get(i);
            JsonObject json = new JsonObject();
            json.addProperty("constants", entrant.constants());
            json.addProperty("calls", entrant.calls());
            json.add("reward", figures(comparison, i, false));
            if (comparison.isJudged()) {
                json.add("judge", figures(comparison, i, true));
            }
            section.figure(entrant.name().toLowerCase(Locale.ROOT).replace(' ', '_'), json);
        }
    }

    private static JsonObject figures(Comparison comparison, int entrant, boolean judges) {
        JsonObject json = new JsonObject();
        json.add("mean", interval(comparison.mean(entrant, judges)));
        json.add("iqm", interval(comparison.iqm(entrant, judges)));
        json.add("difference", interval(comparison.difference(entrant, judges)));
        json.addProperty("percent", Statistic.rounded(comparison.percent(entrant, judges)));
        Entrant who = comparison.entrants().get(entrant);
        json.add("alignment", statistic(who, judges, Terms::alignment));
        json.add("identity", statistic(who, judges, Terms::identity));
        json.add("style", statistic(who, judges, Terms::style));
        json.add("plausibility", statistic(who, judges, Terms::plausibility));
        return json;
    }

    private static JsonObject statistic(
            Entrant entrant, boolean judges, ToDoubleFunction<Terms> value) {
        return Statistic.of(entrant.values(judges, value)).toJson();
    }

    private static JsonObject interval(Interval interval) {
        JsonObject json = new JsonObject();
        json.addProperty("value", Statistic.rounded(interval.value()));
        json.addProperty("low", Statistic.rounded(interval.low()));
        json.addProperty("high", Statistic.rounded(interval.high()));
        return json;
    }
}
