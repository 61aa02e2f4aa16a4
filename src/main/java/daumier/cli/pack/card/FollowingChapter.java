package daumier.cli.pack.card;

import ai.djl.Device;
import com.google.gson.JsonObject;
import daumier.cli.picture.Sheet;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Pack;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether samples show what the map and the words ask for. */
final class FollowingChapter implements Chapter {
    private static final double[] GAINS = {0, 0.8, 1.5};
    private static final int STEPS = 20;
    private static final int SHOWN = 6;
    private static final double GUIDANCE = 3;

    /** Parts of a map whose colours come from the words alone, by channel. */
    private static final int[] PARTS = {0, 5, 7};

    private static final List<String> PART_NAMES = List.of("skin", "hair", "shirt");

    private final Path pack;
    private final Precision precision;
    private final int people;
    private final long seed;

    FollowingChapter(Path pack, Precision precision, int people, long seed) {
        this.pack = pack;
        this.precision = precision;
        this.people = people;
        this.seed = seed;
    }

    @Override
    public String name() {
        return "following";
    }

    @Override
    public String amount() {
        return people + "-" + seed;
    }

    @Override
    public String title() {
        return "Maps and words";
    }

    @Override
    public List<String> reads() {
        return List.of(
                "unet/diffusion_pytorch_model.safetensors",
                "adapter/diffusion_pytorch_model.safetensors",
                "text_encoder/model.safetensors",
                "vae/diffusion_pytorch_model.safetensors");
    }

    @Override
    public void measure(Section section) throws IOException {
        FaceRenderer renderer = new FaceRenderer();
        List<List<Picture>> renders = new ArrayList<>();
        List<List<Picture>> samples = new ArrayList<>();
        List<float[]> plainMaps = new ArrayList<>();
        List<Picture> words;
        List<Picture> guided;
        List<String> captions = new ArrayList<>();
        try (Pack opened = Pack.open(pack, Device.cpu(), precision)) {
            Painter painter = new Painter(opened);
            for (int i = 0; i < people; i++) {
                captions.add(HeldOut.person(i).caption());
            }
            for (double gain : GAINS) {
                List<float[]> maps = new ArrayList<>();
                List<Picture> rendered = new ArrayList<>();
                for (int i = 0; i < people; i++) {
                    HeldOut person = HeldOut.person(i).exaggerated(gain);
                    maps.add(renderer.geometryMap(person.subject(), person.view()));
                    rendered.add(person.photograph(renderer).picture());
                }
                if (gain == 0) {
                    plainMaps = maps;
                }
                renders.add(rendered);
                samples.add(painter.draw(captions, maps, seed, STEPS, 1));
            }
            List<String> some = captions.subList(0, Math.min(SHOWN, people));
            words = painter.draw(some, null, seed, STEPS, 1);
            guided = painter.draw(some, null, seed, STEPS, GUIDANCE);
        }
        likeness(section, renders, samples);
        colours(section, renders.get(0), samples.get(0), plainMaps);
        section.sheet(
                "maps",
                mapSheet(renders, samples),
                "Renders and samples of the same maps at gains 0, 0.8 and 1.5");
        list(section, captions.subList(0, words.size()));
        section.sheet(
                "words",
                wordSheet(words, guided),
                "Samples of words alone, without and with guidance " + GUIDANCE);
    }

    private void likeness(
            Section section, List<List<Picture>> renders, List<List<Picture>> samples) {
        section.paragraph(
                ("Samples of %d steps without guidance, from the map and the caption of each of %d held-out"
                                + " people, whole face exaggerated by one gain. PSNR (decibels) against the render of"
                                + " the same map; beside it the same against the render of another person.")
                        .formatted(STEPS, people));
        List<List<String>> rows = new ArrayList<>();
        for (int g = 0; g < GAINS.length; g++) {
            double[] own = new double[people];
            double[] other = new double[people];
            for (int i = 0; i < people; i++) {
                Picture sample = samples.get(g).get(i);
                own[i] = Signal.psnr(sample, renders.get(g).get(i));
                other[i] = Signal.psnr(sample, renders.get(g).get((i + 1) % people));
            }
            JsonObject json = new JsonObject();
            json.add("own", Statistic.of(own).toJson());
            json.add("another", Statistic.of(other).toJson());
            section.figure(String.format(Locale.ROOT, "psnr_gain_%.1f", GAINS[g]), json);
            rows.add(
                    List.of(
                            String.format(Locale.ROOT, "%.1f", GAINS[g]),
                            Statistic.of(own).text(1),
                            Statistic.of(other).text(1)));
        }
        section.table(List.of("gain", "own render", "another person's"), rows);
    }

    private void colours(
            Section section, List<Picture> renders, List<Picture> samples, List<float[]> maps) {
        section.paragraph(
                "Colours come from the words alone: distance of mean colours (of 255) inside the map's parts"
                        + " between a sample at gain 0 and its own person's render, and another's.");
        List<List<String>> rows = new ArrayList<>();
        for (int p = 0; p < PARTS.length; p++) {
            double[] own = new double[people];
            double[] other = new double[people];
            for (int i = 0; i < people; i++) {
                int j = (i + 1) % people;
                double[] sample = Colours.mean(samples.get(i), maps.get(i), PARTS[p]);
                own[i] =
                        Colours.distance(
                                sample, Colours.mean(renders.get(i), maps.get(i), PARTS[p]));
                other[i] =
                        Colours.distance(
                                sample, Colours.mean(renders.get(j), maps.get(j), PARTS[p]));
            }
            Statistic mine = Statistic.of(Colours.known(own));
            Statistic others = Statistic.of(Colours.known(other));
            JsonObject json = new JsonObject();
            json.add("own", mine.toJson());
            json.add("another", others.toJson());
            section.figure("colour_" + PART_NAMES.get(p), json);
            rows.add(List.of(PART_NAMES.get(p), mine.text(0), others.text(0)));
        }
        section.table(List.of("part", "own render", "another person's"), rows);
    }

    private Sheet mapSheet(List<List<Picture>> renders, List<List<Picture>> samples) {
        List<String> headings = new ArrayList<>();
        for (double gain : GAINS) {
            headings.add(String.format(Locale.ROOT, "render, %.1f", gain));
            headings.add("sample");
        }
        Sheet sheet = new Sheet(headings.size(), FaceRenderer.SIDE, headings);
        for (int i = 0; i < Math.min(SHOWN, people); i++) {
            for (int g = 0; g < GAINS.length; g++) {
                sheet.add(renders.get(g).get(i), "").add(samples.get(g).get(i), "");
            }
        }
        return sheet;
    }

    private static Sheet wordSheet(List<Picture> words, List<Picture> guided) {
        Sheet sheet = new Sheet(words.size(), FaceRenderer.SIDE, List.of());
        words.forEach(picture -> sheet.add(picture, ""));
        guided.forEach(picture -> sheet.add(picture, ""));
        return sheet;
    }

    private static void list(Section section, List<String> captions) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < captions.size(); i++) {
            lines.append(i + 1).append(". ").append(captions.get(i)).append('\n');
        }
        section.paragraph("Words alone, no map; above without guidance, below with it:");
        section.paragraph(lines.toString().stripTrailing());
    }
}
