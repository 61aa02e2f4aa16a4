package daumier.faces.world;

import java.util.List;

/** The artists of the face world: eight hands that nobody would confuse. */
public final class Artists {
    static final List<Artist> ALL =
            List.of(
                    // big eyes, small pointed chins, rosy, fine brown pen
                    artist("petal", "6 1.8 8 .8 4 -1.4 5 -1.3 1 -.6 18 -.8 15 -.8")
                            .with(.8f, 1.14f, 0xFFE3D6, .30f, 0x7A3B30, 2.2f, Artist.Shading.CEL),
                    // long narrow faces and noses, cold, heavy black pen
                    artist("noir", "0 -1.8 1 1.3 15 1.6 16 -.6 3 .8 9 -.8 6 -.6")
                            .with(.25f, .95f, 0xB9CCE8, .5f, 0x08080E, 4.6f, Artist.Shading.HATCH),
                    // square jaws, small eyes, loud colours without shadows
                    artist("boxer", "2 1.9 0 1 5 1.5 6 -1.6 8 -.7 11 -1 13 -.8 25 .8")
                            .with(1.7f, 1.12f, 0xFFB0FF, .10f, 0x35085E, 3.4f, Artist.Shading.FLAT),
                    // high foreheads, drooping noses, small mouths, brown ink on old paper
                    artist("bistre", "22 2 23 1 17 -1.7 15 1 18 -1.5 4 -.8 11 .8")
                            .with(
                                    .25f,
                                    1.22f,
                                    0xFBE3B4,
                                    .78f,
                                    0x4A2812,
                                    2.2f,
                                    Artist.Shading.HATCH),
                    // round wide faces, wide smiles, watercolour
                    artist("lagoon", "0 1.6 1 -1.1 3 1 18 1.8 20 1.2 16 .9 7 .8")
                            .with(
                                    1.25f,
                                    1.18f,
                                    0xBFEFF2,
                                    .34f,
                                    0x21567E,
                                    1.6f,
                                    Artist.Shading.WASH),
                    // full lips, arched brows, printed dots
                    artist("pop", "19 1.9 13 1.7 11 1 9 .9 2 -.9 6 .7 16 -.9")
                            .with(1.55f, 1.1f, 0xFFE34D, .16f, 0x0A0A0A, 3.8f, Artist.Shading.DOTS),
                    // long chins, close eyes, big ears, flat pastel with green lines
                    artist("mint", "4 2 5 -.7 7 -1.5 25 1.9 26 1.2 24 1 22 -.8")
                            .with(.6f, 1.15f, 0xD3F2C8, .42f, 0x1F5A3C, 2.8f, Artist.Shading.FLAT),
                    // broad noses, cheekbones, tilted brows, dusk colours and hard shadows
                    artist("ember", "16 1.9 17 1 3 1.5 12 1.6 5 -.9 9 1 21 .6 14 .8")
                            .with(1.2f, .86f, 0xFF9A50, .34f, 0x2A0709, 3.2f, Artist.Shading.CEL));

    private Artists() {}

    /** All artists, in a fixed order. */
    public static List<Artist> all() {
        return ALL;
    }

    private record Draft(String word, float[] habit) {
        Artist with(
                float saturation,
                float gain,
                int tint,
                float tintAmount,
                int ink,
                float lineWidth,
                Artist.Shading shading) {
            return new Artist(
                    word,
                    habit,
                    saturation,
                    gain,
                    Tint.of("tint", tint),
                    tintAmount,
                    Tint.of("ink", ink),
                    lineWidth,
                    shading);
        }
    }

    private static Draft artist(String word, String habits) {
        float[] habit = new float[ProceduralModel.COMPONENTS];
        String[] s = habits.split(" ");
        for (int i = 0; i < s.length; i += 2) {
            habit[Integer.parseInt(s[i])] = Float.parseFloat(s[i + 1]);
        }
        return new Draft(word, habit);
    }
}
