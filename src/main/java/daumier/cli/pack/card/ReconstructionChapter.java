package daumier.cli.pack.card;

import ai.djl.Device;
import com.google.gson.JsonObject;
import daumier.cli.picture.Sheet;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Pack;
import daumier.faces.Picture;
import daumier.faces.world.Artist;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Rendering;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How well the autoencoders keep pictures. */
final class ReconstructionChapter implements Chapter {
    private static final int SHOWN = 6;

    private final Path pack;
    private final int people;

    /**
     * A measurement.
     *
     * @param people how many photographs, and how many drawings, the artists in turn
     */
    ReconstructionChapter(Path pack, int people) {
        this.pack = pack;
        this.people = people;
    }

    @Override
    public String name() {
        return "reconstruction";
    }

    @Override
    public String amount() {
        return Integer.toString(people);
    }

    @Override
    public String title() {
        return "Autoencoders";
    }

    @Override
    public List<String> reads() {
        return List.of(
                "vae/diffusion_pytorch_model.safetensors",
                "taesd/diffusion_pytorch_model.safetensors");
    }

    @Override
    public void measure(Section section) throws IOException {
        FaceRenderer renderer = new FaceRenderer();
        List<Rendering> photographs = new ArrayList<>();
        List<Rendering> drawings = new ArrayList<>();
        List<Artist> artists = Artist.all();
        for (int i = 0; i < people; i++) {
            HeldOut person = HeldOut.person(i);
            photographs.add(person.photograph(renderer));
            drawings.add(person.drawnBy(renderer, artists.get(i % artists.size())));
        }
        section.paragraph(
                "PSNR in decibels of pictures that are coded by the autoencoder and decoded by"
                        + " either, mean ± standard deviation over %d held-out people each; drawings are the"
                                .formatted(people)
                        + " artists' in turn, eyes the box around both eyes of the photographs.");
        List<List<String>> rows = new ArrayList<>();
        List<List<Picture>> coded = new ArrayList<>();
        try (Pack opened = Pack.open(pack, Device.cpu(), Precision.FP32)) {
            Painter painter = new Painter(opened);
            for (boolean tiny : new boolean[] {false, true}) {
                List<Picture> photos = painter.coded(pictures(photographs), tiny);
                List<Picture> drawn = painter.coded(pictures(drawings), tiny);
                rows.add(
                        figures(
                                section,
                                tiny ? "taesd" : "vae",
                                photographs,
                                photos,
                                drawings,
                                drawn));
                coded.add(photos);
                coded.add(drawn);
            }
        }
        section.table(List.of("decoder", "photographs", "drawings", "eyes"), rows);
        section.sheet(
                "reconstruction",
                sheet(photographs, drawings, coded),
                "Originals, by the autoencoder, by the tiny autoencoder; photographs above, drawings below");
    }

    private static List<String> figures(
            Section section,
            String decoder,
            List<Rendering> photographs,
            List<Picture> photos,
            List<Rendering> drawings,
            List<Picture> drawn) {
        double[] photo = new double[photos.size()];
        double[] drawing = new double[photos.size()];
        double[] eyes = new double[photos.size()];
        for (int i = 0; i < photo.length; i++) {
            Rendering p = photographs.get(i);
            photo[i] = Signal.psnr(p.picture(), photos.get(i));
            eyes[i] = Signal.eyes(p.picture(), photos.get(i), p.landmarks());
            drawing[i] = Signal.psnr(drawings.get(i).picture(), drawn.get(i));
        }
        Statistic ofPhotos = Statistic.of(photo);
        Statistic ofDrawings = Statistic.of(drawing);
        Statistic ofEyes = Statistic.of(eyes);
        JsonObject json = new JsonObject();
        json.add("photographs", ofPhotos.toJson());
        json.add("drawings", ofDrawings.toJson());
        json.add("eyes", ofEyes.toJson());
        section.figure(decoder, json);
        return List.of(decoder, ofPhotos.text(1), ofDrawings.text(1), ofEyes.text(1));
    }

    private static List<Picture> pictures(List<Rendering> renderings) {
        return renderings.stream().map(Rendering::picture).toList();
    }

    private static Sheet sheet(
            List<Rendering> photographs, List<Rendering> drawings, List<List<Picture>> coded) {
        int shown = Math.min(SHOWN, photographs.size());
        Sheet sheet = new Sheet(shown, FaceRenderer.SIDE, List.of());
        List<List<Picture>> rows =
                List.of(
                        pictures(photographs),
                        coded.get(0),
                        coded.get(2),
                        pictures(drawings),
                        coded.get(1),
                        coded.get(3));
        for (List<Picture> row : rows) {
            row.subList(0, shown).forEach(picture -> sheet.add(picture, ""));
        }
        return sheet;
    }
}
