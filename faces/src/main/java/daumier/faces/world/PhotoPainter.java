package daumier.faces.world;

import daumier.faces.Picture;

/** The photo look: soft light on a rounded head. Keeps buffers: one for each thread. */
final class PhotoPainter {
    private static final Tint WHITE = Tint.of("white", 0xFFFFFF);
    private static final Tint DARK = new Tint("dark", .10f, .06f, .06f);

    private final Pen pen = new Pen();
    private final Canvas canvas = new Canvas(Figure.SIZE);
    private final PhotoHair strands = new PhotoHair(pen, canvas);

    private Figure f;
    private Subject s;
    private View v;
    private float u;
    private Mask face;
    private Relief relief;
    private Tint skin;
    private Tint shade;

    Picture paint(Figure figure) {
        f = figure;
        s = figure.subject;
        v = figure.view;
        u = figure.unit;
        skin = s.skin();
        shade = skin.times(.62f, .46f, .43f);
        face = pen.fill(f.face);
        relief = new Relief(f, face);
        background();
        if (!f.hair.back.isEmpty()) {
            strands.paint(f, pen.fill(f.hair.back), s.hairStyle() == HairStyle.AFRO ? .92f : .72f);
        }
        body();
        ears();
        skin();
        beard();
        mouth();
        eyes();
        nose();
        brows();
        jawLine();
        Mask front = pen.fill(f.hair.front);
        if (!f.hair.front.isEmpty()) {
            Mask cast = front.shifted(0, 8).blurred(4).times(face).minus(front);
            canvas.multiply(cast, .55f, shade.mix(WHITE, .15f));
        }
        glasses();
        if (!f.hair.front.isEmpty()) {
            strands.paint(f, front, 1);
        }
        Picture p = canvas.halved(v.ambient(), 0.010f, v.grain());
        f = null;
        return p;
    }

    private void background() {
        Tint b = v.background();
        float lx = 128 + 45 * v.lightX();
        canvas.fill(
                (x, y, c) -> {
                    float d = ((x - lx) * (x - lx) + (y - 95f) * (y - 95f)) / (190f * 190f);
                    float k = 1.10f - 0.42f * Math.min(1.2f, d);
                    c[0] = Math.min(1, b.r() * k);
                    c[1] = Math.min(1, b.g() * k);
                    c[2] = Math.min(1, b.b() * k);
                });
    }

    private void body() {
        Mask neck = pen.fill(f.neck);
        float w = f.neckWidth * 1.15f;
        float nx = f.neckX;
        Tint lit = skin.times(.95f);
        canvas.paint(
                neck,
                1,
                (x, y, c) -> {
                    float d = (x - nx - v.lightX() * 12) / w;
                    mix(c, shade, lit, Math.max(.2f, 1 - d * d * .75f));
                });
        Mask cast = face.shifted(0, 16).blurred(5).times(neck);
        canvas.paint(cast, .85f, shade.times(.80f));
        Mask shirt = pen.fill(f.shirt);
        Mask soft = shirt.blurred(9);
        Tint t = v.shirt();
        canvas.paint(
                shirt,
                1,
                (x, y, c) -> {
                    float k = .55f + .5f * soft.at(x, y) + .18f * (x - 128) * v.lightX() / 90;
                    k += .03f * Noise.smooth(x, y, 14, v.grain());
                    c[0] = clip(t.r() * k);
                    c[1] = clip(t.g() * k);
                    c[2] = clip(t.b() * k);
                });
        canvas.paint(face.shifted(0, 22).blurred(8).times(shirt), .35f, t.times(.3f));
        Mask seam = pen.outline(3, f.shirt).blurred(1).times(shirt);
        canvas.paint(seam, .5f, t.times(.5f));
    }

    private void ears() {
        Mask m = pen.fill(f.ears);
        Mask soft = m.blurred(3);
        Tint lit = skin.times(.98f, .94f, .93f);
        canvas.paint(m, 1, (x, y, c) -> mix(c, shade, lit, clip(soft.at(x, y) * 1.25f - .2f)));
        Mask bowl = pen.fill(Curves.about(f.ears[0], .55f), Curves.about(f.ears[1], .55f));
        canvas.paint(bowl.blurred(1.5f), .55f, shade);
        canvas.paint(pen.outline(1.5f, f.ears).blurred(.7f).times(m), .5f, shade.times(.75f));
    }

    private void skin() {
        float luma = skin.luma();
        float glow = .05f * (.4f + luma);
        float gloss = .10f + .18f * (1 - luma);
        Tint lit = skin.times(1.03f);
        float old = Math.max(0, s.age() - .4f);
        canvas.paint(
                face,
                1,
                (x, y, c) -> {
                    float k = clip((relief.diffuse(x, y) - .26f) / .66f);
                    k = k * k * (3 - 2 * k);
                    mix(c, shade, lit, k);
                    float edge = Math.max(0, 1 - Math.abs(k - .45f) / .4f) * glow;
                    float h = relief.shine(x, y) * gloss;
                    float n = 1 + (.018f + .03f * old) * Noise.smooth(x, y, 3, v.grain());
                    c[0] = clip((c[0] + edge + h) * n);
                    c[1] = clip((c[1] + edge * .15f + h * .96f) * n);
                    c[2] = clip((c[2] + edge * .05f + h * .9f) * n);
                });
        Tint blush = skin.times(1.03f, .70f, .67f);
        for (int e = 0; e < 2; e++) {
            float[] p = Relief.cheek(f, e);
            Mask m = Pen.spot(p[0], p[1] + 3, .22f * u, .17f * u).times(face);
            canvas.paint(m, .30f + .18f * s.femininity(), blush);
        }
        if (s.freckles()) {
            Mask m = pen.fill(Details.freckles(f)).times(face);
            canvas.paint(m, .55f, shade.times(1.05f, .9f, .8f));
        }
        if (s.age() > .5f) {
            Mask m = pen.line(2.2f, Details.wrinkles(f)).blurred(.9f).times(face);
            canvas.paint(m, Math.min(.62f, 1.3f * (s.age() - .47f)), shade.times(.85f));
        }
    }

    private void beard() {
        if (s.facialHair() == FacialHair.NONE) {
            return;
        }
        boolean stubble = s.facialHair() == FacialHair.STUBBLE;
        Mask m = pen.fill(Details.beard(f)).blurred(stubble ? 4 : 2).times(face);
        Tint base = s.hair().times(.82f);
        float strength = stubble ? .33f : .92f;
        int seed = v.grain();
        Canvas.Shader fur =
                (x, y, c) -> {
                    float k = .72f + .40f * clip(relief.diffuse(x, y));
                    k += .30f * Noise.smooth(x * 1.6f, y, 3.2f, seed);
                    c[0] = clip(base.r() * k);
                    c[1] = clip(base.g() * k);
                    c[2] = clip(base.b() * k);
                };
        canvas.paint(m, strength, fur);
    }

    private void mouth() {
        Tint lip =
                skin.times(.88f, .50f, .48f)
                        .mix(new Tint("", .78f, .22f, .27f), .08f + .45f * s.lipColour());
        Mask lips = pen.fill(f.lips);
        Mask soft = lips.blurred(.7f);
        canvas.paint(
                soft,
                .95f,
                (x, y, c) -> {
                    float k = .80f + .25f * clip(relief.diffuse(x, y));
                    c[0] = clip(lip.r() * k);
                    c[1] = clip(lip.g() * k);
                    c[2] = clip(lip.b() * k);
                });
        canvas.paint(pen.fill(f.upperLip).times(lips), .50f, lip.times(.70f));
        float lx = .5f * (f.x(57) + f.x(66));
        float ly = .55f * f.y(57) + .45f * f.y(66);
        canvas.paint(
                Pen.spot(lx, ly, .11f * u, .03f * u).times(lips),
                .55f,
                lip.times(1.25f).plus(.22f));
        float gap = f.y(66) - f.y(62);
        Mask inner = pen.fill(f.inner);
        if (gap > 2.6f) {
            canvas.paint(inner, 1, new Tint("", .28f, .07f, .08f));
            float drop = .55f * gap;
            Mask teeth = pen.fill(Curves.shifted(Curves.about(f.inner, .96f), 0, -drop));
            canvas.paint(teeth.times(inner), .96f, new Tint("", .96f, .95f, .92f));
        } else {
            float[] line = Curves.open(Curves.take(f.q, 48, 60, 61, 62, 63, 64, 54));
            canvas.paint(pen.line(2.1f, line).blurred(.7f), .9f, lip.times(.30f));
        }
        canvas.paint(pen.outline(1.1f, f.lips).blurred(.7f), .35f, lip.times(.45f));
        Mask below = Pen.spot(f.x(57), f.y(57) + .08f * u, .17f * u, .04f * u).times(face);
        canvas.paint(below, .38f, shade);
        for (int i : new int[] {48, 54}) {
            canvas.paint(Pen.spot(f.x(i), f.y(i), .035f * u, .03f * u), .65f, lip.times(.35f));
        }
    }

    private void nose() {
        Tint deep = skin.times(.34f, .22f, .20f);
        Tint side = skin.times(.58f, .42f, .39f);
        float w = .5f * (f.x(35) - f.x(31));
        for (int e = 0; e < 2; e++) {
            float d = e == 0 ? -1 : 1;
            int wing = e == 0 ? 31 : 35;
            int hole = e == 0 ? 32 : 34;
            float[] flank =
                    Curves.open(
                            f.x(27) + d * .085f * u,
                            f.y(27) + .02f * u,
                            f.x(28) + d * .075f * u,
                            f.y(28),
                            f.x(29) + d * (.06f * u + .22f * w),
                            f.y(29) + .03f * u,
                            f.x(wing) - d * .02f * u,
                            f.y(wing) - .11f * u);
            boolean dark = d * v.lightX() < 0;
            Mask m = pen.taper(3, 6, flank).blurred(2.6f).times(face);
            canvas.paint(m, dark ? .50f : .26f, side);
            float[] ala =
                    Curves.open(
                            f.x(wing) - d * .025f * u,
                            f.y(wing) - .115f * u,
                            f.x(wing) + d * .022f * u,
                            f.y(wing) - .07f * u,
                            f.x(wing) + d * .022f * u,
                            f.y(wing) - .015f * u,
                            f.x(wing) - d * .02f * u,
                            f.y(wing) + .022f * u);
            canvas.paint(
                    pen.taper(1.4f, 2.6f, ala).blurred(.7f).times(face), .72f, side.times(.8f));
            float hx = .82f * f.x(hole) + .18f * f.x(wing);
            float hy = .8f * f.y(hole) + .2f * f.y(wing) - .012f * u;
            float[] nostril =
                    Curves.closed(
                            hx - d * .055f * u,
                            hy + .018f * u,
                            hx,
                            hy - .026f * u,
                            hx + d * .062f * u,
                            hy - .004f * u,
                            hx + d * .02f * u,
                            hy + .026f * u);
            canvas.paint(pen.fill(nostril).blurred(.6f).times(face), .92f, deep);
        }
        float[] base =
                Curves.open(
                        f.x(32), f.y(32) + .015f * u,
                        f.x(33), f.y(33) + .022f * u,
                        f.x(34), f.y(34) + .015f * u);
        canvas.paint(pen.line(2, base).blurred(.8f).times(face), .62f, side.times(.75f));
        Mask under = Pen.spot(f.x(33), f.y(33) + .07f * u, 1.0f * w, .05f * u).times(face);
        canvas.paint(under, .42f, side);
        canvas.paint(
                Pen.spot(f.x(30), f.y(30), .14f * u, .10f * u), .20f, skin.times(1.05f, .8f, .76f));
        Tint shine = skin.times(1.12f).plus(.26f);
        float tx = f.x(30) + .035f * u * v.lightX();
        canvas.paint(Pen.spot(tx, f.y(30) - .035f * u, .055f * u, .05f * u), .62f, shine);
        float[] ridge = Curves.open(Curves.range(f.q, 27, 30));
        ridge = Curves.shifted(ridge, .03f * u * v.lightX(), -.04f * u);
        canvas.paint(pen.taper(3, 4, ridge).blurred(1.8f), .34f, shine);
    }

    private void eyes() {
        Mask both = pen.fill(f.eyes);
        Mask socket = both.blurred(6).times(1.2f).times(face).minus(both);
        canvas.multiply(socket, .38f, shade.mix(WHITE, .2f));
        canvas.paint(both, 1, new Tint("", .95f, .945f, .94f));
        Mask lidShadow = both.minus(both.shifted(0, 6).blurred(2.4f));
        canvas.paint(lidShadow, .65f, new Tint("", .42f, .37f, .42f));
        Tint iris = s.eyes();
        float r = f.irisRadius;
        for (int e = 0; e < 2; e++) {
            float cx = f.irises[e][0];
            float cy = f.irises[e][1];
            canvas.paint(Pen.disc(pen, cx, cy, r).times(both), 1, iris.times(.36f));
            Mask m = Pen.disc(pen, cx, cy, r * .86f).times(both);
            canvas.paint(
                    m,
                    1,
                    (x, y, c) -> {
                        float k = clip((y - cy) / (2 * r) + .68f);
                        double a = Math.atan2(y - cy, x - cx);
                        k = .45f + .95f * k + .09f * (float) Math.sin(a * 11);
                        c[0] = clip(iris.r() * k);
                        c[1] = clip(iris.g() * k);
                        c[2] = clip(iris.b() * k);
                    });
            canvas.paint(
                    Pen.disc(pen, cx, cy, r * .45f).times(both), 1, new Tint("", .03f, .03f, .05f));
        }
        canvas.paint(both.minus(both.shifted(0, 4).blurred(1.4f)), .55f, DARK);
        float side = v.lightX() < 0 ? -1 : 1;
        for (float[] p : f.irises) {
            Mask big = Pen.disc(pen, p[0] + side * r * .34f, p[1] - r * .36f, r * .27f);
            canvas.paint(big.times(both), .96f, WHITE);
            Mask small = Pen.disc(pen, p[0] - side * r * .36f, p[1] + r * .42f, r * .15f);
            canvas.paint(small.times(both), .55f, WHITE);
        }
        lids();
    }

    private void lids() {
        float lash = 1.4f + 1.0f * s.femininity();
        Tint ink = new Tint("", .10f, .065f, .06f);
        for (int e = 0; e < 2; e++) {
            int a = 36 + 6 * e;
            float[] upper = Curves.shifted(Curves.open(Curves.range(f.q, a, a + 3)), 0, -.5f);
            Mask m =
                    pen.fill(
                            e == 0
                                    ? Curves.band(upper, 1.2f, lash, .6f)
                                    : Curves.band(upper, .6f, lash, 1.2f));
            canvas.paint(m.blurred(.6f), .96f, ink);
            int out = e == 0 ? 36 : 45;
            float d = e == 0 ? -1 : 1;
            if (s.femininity() > .5f) {
                float len = 2.5f + 3.5f * s.femininity();
                float[] wing = {
                    f.x(out) - d * 3,
                    f.y(out) - 3.2f,
                    f.x(out) + d * len,
                    f.y(out) - 2.5f - .5f * len,
                    f.x(out) - d * .5f,
                    f.y(out) + 1
                };
                canvas.paint(pen.fill(wing).blurred(.6f), .9f, ink);
            }
            int[] low = e == 0 ? new int[] {39, 40, 41, 36} : new int[] {45, 46, 47, 42};
            float[] lower = Curves.open(Curves.take(f.q, low));
            canvas.paint(pen.line(1.3f, lower).blurred(.6f), .75f, shade.times(.5f));
            float[] crease = Curves.shifted(upper, 0, -.065f * u);
            canvas.paint(pen.line(1.5f, crease).blurred(.9f).times(face), .7f, shade.times(.65f));
        }
    }

    private void brows() {
        Tint c = browColour(s.hair().times(.66f), skin);
        Mask m = pen.fill(f.brows);
        canvas.paint(m.blurred(2).times(face), .30f, c);
        Tint hairs = c;
        canvas.paint(
                m.blurred(.6f),
                .94f,
                (x, y, o) -> {
                    float k = 1 + .16f * Noise.smooth(x, y * .5f, 2.2f, 5);
                    o[0] = clip(hairs.r() * k);
                    o[1] = clip(hairs.g() * k);
                    o[2] = clip(hairs.b() * k);
                });
    }

    /** The colour, darkened until it stands out from the skin. */
    static Tint browColour(Tint hair, Tint skin) {
        float most = .60f * skin.luma();
        float here = hair.luma();
        return here > most && here < 1.5f * skin.luma() ? hair.times(most / here) : hair;
    }

    private void jawLine() {
        Mask rim = pen.line(3.4f, f.jaw).blurred(1.1f).times(face);
        canvas.paint(rim, .50f, shade.times(.72f));
        // light from below the chin, so that its contour reads against the neck
        float[] chin = Curves.shifted(Curves.open(Curves.range(f.q, 5, 11)), 0, -.07f * u);
        canvas.paint(
                pen.line(3, chin).blurred(2.5f).times(face), .16f, skin.times(1.08f).plus(.06f));
    }

    private void glasses() {
        if (s.glasses() == Glasses.NONE) {
            return;
        }
        boolean square = s.glasses() == Glasses.SQUARE;
        float[][] rims = Details.rims(f);
        Tint frame = square ? new Tint("", .09f, .08f, .10f) : new Tint("", .55f, .42f, .22f);
        float w = square ? 4.2f : 2.4f;
        Mask shadow = pen.outline(w, rims).shifted(0, 3).blurred(1.6f).times(face);
        canvas.paint(shadow, .30f, shade.times(.6f));
        Mask glass = pen.fill(rims);
        canvas.paint(glass, .05f, WHITE);
        canvas.paint(pen.line(w * .85f, Details.temples(f)).minus(glass), .95f, frame);
        canvas.paint(pen.outline(w, rims), .97f, frame);
        canvas.paint(
                pen.outline(w * .3f, Details.rims(f)).shifted(0, -1).blurred(.6f),
                .35f,
                frame.plus(.4f));
    }

    private static void mix(float[] c, Tint a, Tint b, float t) {
        c[0] = a.r() + (b.r() - a.r()) * t;
        c[1] = a.g() + (b.g() - a.g()) * t;
        c[2] = a.b() + (b.b() - a.b()) * t;
    }

    private static float clip(float x) {
        return Math.max(0, Math.min(1, x));
    }
}
