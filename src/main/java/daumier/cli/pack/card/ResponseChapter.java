package daumier.cli.pack.card;

import ai.djl.Device;
import com.google.gson.JsonObject;
import daumier.cli.picture.Sheet;
import daumier.diffusion.nn.Precision;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import daumier.faces.FaceRegion;
import daumier.faces.MeterTarget;
import daumier.faces.nets.MeterTargets;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** How far each region moves when it is told to, as the meter sees it in finished pictures. */
final class ResponseChapter implements Chapter {
    private static final double[] EFFORTS = {0.5, 1, 1.5};
    private static final double DRAWN_WEIGHT = 0.5;
    private static final int SHOWN = 3;
    private static final int SHOWN_SIDE = 96;

    private final Path pack;
    private final Precision precision;
    private final int people;
    private final Consumer<String> progress;
    private final ProceduralModel model = new ProceduralModel();

    ResponseChapter(Path pack, Precision precision, int people, Consumer<String> progress) {
        this.pack = pack;
        this.precision = precision;
        this.people = people;
        this.progress = progress;
    }

    @Override
    public String name() {
        return "response";
    }

    @Override
    public String amount() {
        return Integer.toString(people);
    }

    @Override
    public String title() {
        return "Response of the regions";
    }

    @Override
    public List<String> reads() {
        return EnvironmentParts.ALL;
    }

    @Override
    public void measure(Section section) throws IOException {
        section.paragraph(
                ("One region at a time is told to grow by an effort from the first decision on, over %d held-out"
                                + " people. Read: how far the region moved from where it is at effort 0, in units of"
                                + " the median subject's own displacement (mean ± standard deviation); asked: what"
                                + " the effort means for these faces. The slope is that of read on asked through 0"
                                + " for all of them together; scatter, the deviation from that line; others, the root"
                                + " mean square of what the other five regions moved meanwhile.")
                        .formatted(people));
        try (Studio studio = Studio.open(pack, Device.cpu(), precision, false, 0)) {
            response(section, studio, true);
            response(section, studio, false);
        }
    }

    private void response(Section section, Studio studio, boolean photograph) throws IOException {
        String look = photograph ? "photographs" : "drawings";
        List<EpisodeSpec> episodes = episodes(studio, photograph);
        Drawings drawings = new Drawings(studio);
        double weight = photograph ? 0 : DRAWN_WEIGHT;
        List<Outcome> still = drawings.draw(episodes, plan(-1, 0, weight));
        List<List<String>> rows = new ArrayList<>();
        JsonObject json = new JsonObject();
        List<List<Outcome>> shown = new ArrayList<>();
        double[] unit = studio.nets().meter().medianLength();
        for (int r = 0; r < MeterTarget.REGIONS.size(); r++) {
            RegionLine line = new RegionLine(r);
            progress.accept("measuring: response, " + look + ", " + MeterTarget.REGIONS.get(r));
            for (double effort : EFFORTS) {
                List<Outcome> moved = drawings.draw(episodes, plan(r, effort, weight));
                for (int i = 0; i < people; i++) {
                    line.add(
                            asked(episodes.get(i), unit, r, effort),
                            last(moved, i),
                            last(still, i));
                }
                line.endEffort(effort);
                if (effort == EFFORTS[EFFORTS.length - 1]) {
                    shown.add(moved);
                }
            }
            FaceRegion region = MeterTarget.REGIONS.get(r);
            rows.add(line.row(region.toString().toLowerCase(Locale.ROOT)));
            json.add(region.toString(), line.toJson());
        }
        section.figure(look, json);
        section.paragraph(
                photograph
                        ? "Photographs (LoRA weight 0, the photograph's words):"
                        : "Drawings (LoRAs in turn at weight %.1f):".formatted(DRAWN_WEIGHT));
        List<String> head = new ArrayList<>(List.of("region"));
        for (double effort : EFFORTS) {
            head.add(String.format(Locale.ROOT, "read at %.1f", effort));
            head.add("asked");
        }
        head.addAll(List.of("slope", "scatter", "others"));
        section.table(head, rows);
        section.sheet(
                "response-" + look,
                sheet(episodes, still, shown),
                "Each region told to grow by 1.5, " + look);
    }

    private List<EpisodeSpec> episodes(Studio studio, boolean photograph) {
        List<EpisodeSpec> episodes = new ArrayList<>();
        for (EpisodeSpec e : studio.episodes(Split.VALIDATION).numbered(0, people)) {
            String words = photograph ? e.subject().caption(e.view(), Look.PHOTO) : e.prompt();
            episodes.add(
                    new EpisodeSpec(
                            e.subject(), e.view(), e.intent(), e.lora(), words, e.noiseSeed()));
        }
        return episodes;
    }

    private static Drawings.Plan plan(int region, double effort, double weight) {
        return (decision, decisions) -> {
            double[] increment = new double[MeterTarget.REGIONS.size()];
            if (decision == 0 && region >= 0) {
                increment[region] = effort;
            }
            return new Move(increment, weight, 1);
        };
    }

    private double asked(EpisodeSpec e, double[] unit, int region, double effort) {
        double[] gain = new double[MeterTarget.REGIONS.size()];
        gain[region] = effort;
        return MeterTargets.of(model, e.subject(), e.view(), unit).moved(gain)[region];
    }

    private static double[] last(List<Outcome> outcomes, int i) {
        var decisions = outcomes.get(i).decisions();
        return decisions.get(decisions.size() - 1).achieved();
    }

    private static Sheet sheet(
            List<EpisodeSpec> episodes, List<Outcome> still, List<List<Outcome>> moved) {
        List<String> headings = new ArrayList<>(List.of("render", "effort 0"));
        MeterTarget.REGIONS.forEach(r -> headings.add(r.toString().toLowerCase(Locale.ROOT)));
        Sheet sheet = new Sheet(headings.size(), SHOWN_SIDE, headings);
        FaceRenderer renderer = new FaceRenderer();
        for (int i = 0; i < Math.min(SHOWN, episodes.size()); i++) {
            EpisodeSpec e = episodes.get(i);
            sheet.add(new HeldOut(e.subject(), e.view()).photograph(renderer).picture(), "");
            sheet.add(still.get(i).picture(), "");
            for (List<Outcome> outcomes : moved) {
                sheet.add(outcomes.get(i).picture(), "");
            }
        }
        return sheet;
    }
}
