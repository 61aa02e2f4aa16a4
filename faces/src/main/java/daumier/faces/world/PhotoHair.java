package daumier.faces.world;

/** Hair in the photo look: strands that run from the crown, or curls, and a band of gloss. */
final class PhotoHair {
    private final Pen pen;
    private final Canvas canvas;

    PhotoHair(Pen pen, Canvas canvas) {
        this.pen = pen;
        this.canvas = canvas;
    }

    /**
     * Paints one layer of hair.
     *
     * @param m where it is
     * @param dark brightness; below 1 for what is behind the head
     */
    void paint(Figure f, Mask m, float dark) {
        Subject s = f.subject;
        View v = f.view;
        Tint base = s.hair().times(s.hair().luma() > .6f ? dark * .93f : dark);
        Mask soft = m.blurred(7);
        float cx = f.x(72);
        float cy = f.y(72);
        int seed = Float.floatToIntBits(s.hair().g());
        boolean curls = s.hairStyle() == HairStyle.AFRO || s.hairStyle() == HairStyle.CURLY;
        float luma = base.luma();
        canvas.paint(
                m,
                1,
                (x, y, c) -> {
                    float inside = Math.max(0, Math.min(1, (soft.at(x, y) - .45f) * 1.9f));
                    float tone = .62f + .46f * inside + .16f * (x - cx) * v.lightX() / 90;
                    tone -= .13f * Math.max(-.5f, Math.min(1, (y - 110) / 110f));
                    float strand;
                    if (curls) {
                        strand = Noise.smooth(x, y, 8, seed) + .6f * Noise.smooth(x, y, 4.5f, seed);
                        strand *= 1.9f * (1.1f - luma);
                    } else {
                        double a = Math.atan2(y - cy - 40, (x - cx) * 1.15);
                        strand =
                                .55f * (float) Math.sin(a * 40 + 3 * Math.sin(a * 9) + seed % 7)
                                        + .5f * (float) Math.sin(a * 83 + seed % 5);
                    }
                    float bend = (x - cx - v.lightX() * 30) / 60;
                    float d = (y - cy - 15 - bend * bend * 14) / 9;
                    float gloss = (float) Math.exp(-d * d) * inside * (.17f + .08f * strand);
                    float k = tone * (1 + .16f * strand);
                    float lift = .05f * strand * (1 - luma);
                    c[0] = clip(base.r() * k + gloss * (base.r() * .9f + .28f) + lift);
                    c[1] = clip(base.g() * k + gloss * (base.g() * .9f + .26f) + lift);
                    c[2] = clip(base.b() * k + gloss * (base.b() * .9f + .25f) + lift);
                });
        if (dark < 1 || f.hair.hairline == null) {
            Mask edge = pen.outline(1.6f, dark < 1 ? f.hair.back : f.hair.front).blurred(.8f);
            canvas.paint(edge.times(m), .45f, base.times(.5f));
        }
    }

    private static float clip(float x) {
        return Math.max(0, Math.min(1, x));
    }
}
