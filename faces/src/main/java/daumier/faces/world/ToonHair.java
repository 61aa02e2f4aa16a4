package daumier.faces.world;

import java.util.List;

/** Hair in drawings: flat colour, one gloss, a few strokes of the pen, an outline. */
final class ToonHair {
    private static final Tint WHITE = Tint.of("white", 0xFFFFFF);

    private final Pen pen;
    private final Canvas canvas;

    ToonHair(Pen pen, Canvas canvas) {
        this.pen = pen;
        this.canvas = canvas;
    }

    /**
     * Paints one layer of hair.
     *
     * @param colour the artist's colour of this hair
     * @param curves closed outlines
     * @param dark brightness; below 1 for what is behind the head
     */
    void paint(Figure f, Artist artist, Tint colour, List<float[]> curves, float dark) {
        View v = f.view;
        Tint ink = artist.ink();
        float line = artist.lineWidth();
        Mask m = pen.fill(curves);
        Tint base = colour.times(dark);
        Mask soft = m.blurred(7);
        float cx = f.x(72);
        float cy = f.y(72);
        boolean wash = artist.shading() == Artist.Shading.WASH;
        canvas.paint(
                m,
                wash ? .93f : 1,
                (x, y, c) -> {
                    set(c, base);
                    if (wash) {
                        float n = .5f + .5f * Noise.smooth(x, y, 20, 11);
                        mix(c, base, base.mix(WHITE, .5f), n * soft.at(x, y) * .8f);
                    }
                });
        if (artist.shading() != Artist.Shading.FLAT) {
            Tint light = base.times(1.35f).plus(.10f);
            float top = cy - (dark < 1 ? 4 : 0);
            canvas.paint(
                    m,
                    .75f,
                    (x, y, c) -> {
                        float bend = (x - cx - v.lightX() * 45) / 62;
                        float d = Math.abs(y - top - 13 - bend * bend * 20);
                        float thick = 5 * (1 - bend * bend * 3.2f);
                        float in = clip((soft.at(x, y) - .70f) * 9);
                        float on = clip(thick - d + .5f) * in;
                        mix(c, base, light, on);
                    });
        }
        Mask strands = strands(f, line).times(m);
        canvas.paint(strands, .45f, ink.mix(base, .35f));
        if (dark < 1 || f.hair.hairline == null) {
            canvas.paint(pen.outline(line, curves), 1, ink);
        } else {
            canvas.paint(pen.line(line, f.hair.hairline), 1, ink);
        }
    }

    private Mask strands(Figure f, float line) {
        float u = f.unit;
        float cx = f.x(72);
        float cy = f.y(72);
        float[][] lines = new float[7][];
        for (int i = 0; i < lines.length; i++) {
            float d = (i - 3) * .27f;
            lines[i] =
                    Curves.open(
                            cx + d * .55f * u, cy + .06f * u,
                            cx + d * 1.05f * u, cy + (.22f + .10f * d * d) * u,
                            cx + d * 1.32f * u, cy + (.55f + .3f * d * d) * u);
        }
        return pen.taper(line * .55f, .6f, lines);
    }

    private static void set(float[] c, Tint t) {
        c[0] = t.r();
        c[1] = t.g();
        c[2] = t.b();
    }

    private static void mix(float[] c, Tint a, Tint b, float t) {
        set(c, a.mix(b, t));
    }

    private static float clip(float x) {
        return Math.max(0, Math.min(1, x));
    }
}
