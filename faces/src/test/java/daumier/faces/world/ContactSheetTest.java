package daumier.faces.world;

import daumier.faces.Picture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes sheets of the world to target/sheets, for looking at. */
@Tag("slow")
class ContactSheetTest {
    private final FaceRenderer renderer = new FaceRenderer();

    @Test
    void writesSheets() throws IOException {
        RandomGenerator rng = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        List<Subject> people = new ArrayList<>();
        List<View> views = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            people.add(Subject.sample(rng));
            views.add(View.sample(rng));
        }
        List<Picture> sheet = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            sheet.add(renderer.render(people.get(i), views.get(i), Look.PHOTO).picture());
        }
        write("photo", sheet, 8);
        sheet.clear();
        for (int i = 0; i < 40; i++) {
            sheet.add(renderer.render(people.get(i), views.get(i), Look.TOON).picture());
        }
        write("toon", sheet, 8);
        sheet.clear();
        for (Artist a : Artist.all()) {
            for (int i = 0; i < 8; i++) {
                Subject s = a.characterOf(people.get(i));
                sheet.add(renderer.render(s, views.get(i), a).picture());
            }
        }
        write("artists", sheet, 8);
        sheet.clear();
        for (int i = 0; i < 6; i++) {
            for (Look look : List.of(Look.PHOTO, Look.TOON)) {
                for (double gain : new double[] {0, .4, .8, 1.2, 1.6}) {
                    Subject s = people.get(i + 8).exaggerated(gain);
                    sheet.add(renderer.render(s, View.neutral(), look).picture());
                }
            }
        }
        write("exaggeration", sheet, 10);
        sheet.clear();
        for (int k = 0; k < ProceduralModel.COMPONENTS; k++) {
            for (float p : new float[] {-3.4f, -2, 2, 3.4f}) {
                float[] shape = new float[ProceduralModel.COMPONENTS];
                shape[k] = p;
                Subject s = Subject.mean().withShape(shape);
                sheet.add(renderer.render(s, View.neutral(), Look.PHOTO).picture());
            }
        }
        write("components", sheet, 12);
        sheet.clear();
        for (int k = 0; k < ProceduralModel.EXPRESSIONS; k++) {
            for (float p : new float[] {-1, 0, 1, 2}) {
                float[] e = new float[ProceduralModel.EXPRESSIONS];
                e[k] = p;
                View view = View.neutral().withExpression(e);
                sheet.add(renderer.render(people.get(k), view, Look.PHOTO).picture());
                sheet.add(renderer.render(people.get(k), view, Look.TOON).picture());
            }
        }
        write("expressions", sheet, 8);
        sheet.clear();
        for (int i = 0; i < HairStyle.values().length; i++) {
            for (Look look : List.of(Look.PHOTO, Look.TOON)) {
                Subject m = people.get(i);
                Subject s =
                        new Subject(
                                m.shape(),
                                m.femininity(),
                                m.age(),
                                m.skin(),
                                m.hair(),
                                m.eyes(),
                                List.of(HairStyle.values()).get(i),
                                0,
                                0,
                                m.lipColour(),
                                false,
                                List.of(FacialHair.values()).get(i % 5),
                                List.of(Glasses.values()).get(i % 3));
                sheet.add(renderer.render(s, View.neutral(), look).picture());
            }
        }
        write("hair", sheet, 10);
        sheet.clear();
        for (int i = 0; i < 4; i++) {
            for (float yaw : new float[] {-.34f, -.17f, 0, .17f, .34f}) {
                View view = View.neutral().withPose(yaw, (i - 1.5f) * .09f, 0);
                sheet.add(renderer.render(people.get(i + 20), view, Look.PHOTO).picture());
                sheet.add(renderer.render(people.get(i + 20), view, Look.TOON).picture());
            }
        }
        write("poses", sheet, 10);
        sheet.clear();
        for (int i = 0; i < 4; i++) {
            float[] map = renderer.geometryMap(people.get(i), views.get(i));
            sheet.add(renderer.render(people.get(i), views.get(i), Look.PHOTO).picture());
            for (int c = 0; c < 13; c++) {
                float[] chw = new float[3 * 128 * 128];
                for (int j = 0; j < chw.length; j++) {
                    chw[j] = 2 * map[c * 128 * 128 + j % (128 * 128)] - 1;
                }
                sheet.add(Picture.fromChw(chw, 0, 128, 128));
            }
        }
        write("maps", sheet, 14);
    }

    @Test
    void timings() {
        RandomGenerator rng = RandomGeneratorFactory.of("L64X128MixRandom").create(2);
        for (int round = 0; round < 3; round++) {
            long[] t = new long[4];
            for (int i = 0; i < 60; i++) {
                Subject s = Subject.sample(rng);
                View v = View.sample(rng);
                long a = System.nanoTime();
                renderer.render(s, v, Look.PHOTO);
                long b = System.nanoTime();
                renderer.render(s, v, Look.TOON);
                long c = System.nanoTime();
                renderer.geometryMap(s, v);
                long d = System.nanoTime();
                renderer.render(s, v, Artist.all().get(i % 8));
                t[0] += b - a;
                t[1] += c - b;
                t[2] += d - c;
                t[3] += System.nanoTime() - d;
            }
            System.out.printf(
                    "photo %.1f ms, toon %.1f ms, map %.2f ms, artists %.1f ms%n",
                    t[0] / 60e6, t[1] / 60e6, t[2] / 60e6, t[3] / 60e6);
        }
    }

    private static void write(String name, List<Picture> pictures, int columns) throws IOException {
        int rows = (pictures.size() + columns - 1) / columns;
        BufferedImage image =
                new BufferedImage(128 * columns, 128 * rows, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < pictures.size(); i++) {
            byte[] rgb = pictures.get(i).rgb();
            for (int p = 0; p < 128 * 128; p++) {
                int c =
                        (rgb[3 * p] & 255) << 16
                                | (rgb[3 * p + 1] & 255) << 8
                                | (rgb[3 * p + 2] & 255);
                image.setRGB(i % columns * 128 + p % 128, i / columns * 128 + p / 128, c);
            }
        }
        Path folder = Files.createDirectories(Path.of("target", "sheets"));
        ImageIO.write(image, "png", folder.resolve(name + ".png").toFile());
    }
}
