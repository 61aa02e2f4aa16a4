package daumier.faces.world;

import java.util.List;
import java.util.random.RandomGenerator;

/** The named colours of the face world. */
public final class Palette {
    /** Skin, from light to dark. */
    public static final List<Tint> SKIN =
            List.of(
                    Tint.of("pale", 0xF8DAC6),
                    Tint.of("fair", 0xF6CFAE),
                    Tint.of("olive", 0xE0B284),
                    Tint.of("tan", 0xC88E5E),
                    Tint.of("brown", 0xA46C45),
                    Tint.of("dark", 0x774C33));

    /** Hair: the natural colours, then dyed ones (pink, blue, purple). */
    public static final List<Tint> HAIR =
            List.of(
                    Tint.of("black", 0x241F22),
                    Tint.of("brown", 0x54341F),
                    Tint.of("chestnut", 0x8A4E28),
                    Tint.of("red", 0xB8431C),
                    Tint.of("blond", 0xE0B55E),
                    Tint.of("platinum", 0xF0E2BC),
                    Tint.of("grey", 0x8E8F94),
                    Tint.of("white", 0xD6D8DE),
                    Tint.of("pink", 0xE27BA2),
                    Tint.of("blue", 0x3C6CB4),
                    Tint.of("purple", 0x74419A));

    /** Irises. */
    public static final List<Tint> EYES =
            List.of(
                    Tint.of("brown", 0x6B4020),
                    Tint.of("blue", 0x4284CC),
                    Tint.of("green", 0x4E9A50),
                    Tint.of("grey", 0x86939C),
                    Tint.of("hazel", 0x957035));

    /** Backgrounds. */
    public static final List<Tint> BACKGROUND =
            List.of(
                    Tint.of("white", 0xEFEDE8),
                    Tint.of("grey", 0x9DA0A4),
                    Tint.of("blue", 0x86AEDB),
                    Tint.of("green", 0x93C08B),
                    Tint.of("yellow", 0xEBD07E),
                    Tint.of("orange", 0xE7A670),
                    Tint.of("pink", 0xE8A9B7),
                    Tint.of("purple", 0xA993CF),
                    Tint.of("teal", 0x71B5B2));

    /** Shirts. */
    public static final List<Tint> SHIRT =
            List.of(
                    Tint.of("white", 0xE9E9EC),
                    Tint.of("black", 0x2B2B30),
                    Tint.of("grey", 0x83868C),
                    Tint.of("red", 0xB9322F),
                    Tint.of("orange", 0xDF7C2B),
                    Tint.of("yellow", 0xE3BE3B),
                    Tint.of("green", 0x3D8648),
                    Tint.of("teal", 0x257D80),
                    Tint.of("blue", 0x3464B4),
                    Tint.of("purple", 0x6B3F94),
                    Tint.of("pink", 0xDB6D95),
                    Tint.of("brown", 0x77502F));

    private Palette() {}

    static Tint pick(List<Tint> tints, RandomGenerator rng) {
        return tints.get(rng.nextInt(tints.size())).jittered(rng);
    }

    static Tint pick(List<Tint> tints, double[] weights, RandomGenerator rng) {
        return draw(tints, weights, rng).jittered(rng);
    }

    static <T> T draw(List<T> items, double[] weights, RandomGenerator rng) {
        double sum = 0;
        for (double w : weights) {
            sum += w;
        }
        double u = rng.nextDouble() * sum;
        int i = 0;
        while (i < weights.length - 1 && u >= weights[i]) {
            u -= weights[i++];
        }
        return items.get(i);
    }
}
