package daumier.faces.world;

import daumier.faces.Picture;

/**
 * Drawings: flat colours, ink lines, and shadows in the manner of the artist. Keeps buffers: one
 * for each thread.
 */
final class ToonPainter {
    /** The hand of nobody in particular. */
    static final Artist PLAIN =
            new Artist(
                    "toon",
                    new float[ProceduralModel.COMPONENTS],
                    1.15f,
                    1.06f,
                    Tint.of("white", 0xFFFFFF),
                    0,
                    Tint.of("ink", 0x1A0F17),
                    3,
                    Artist.Shading.CEL);

    private static final Tint WHITE = Tint.of("white", 0xFFFFFF);

    private final Pen pen = new Pen();
    private final Canvas canvas = new Canvas(Figure.SIZE);
    private final ToonHair strands = new ToonHair(pen, canvas);

    private Figure f;
    private Subject s;
    private View v;
    private Artist artist;
    private float u;
    private float line;
    private Mask face;
    private Relief relief;
    private Tint skin;
    private Tint shade;
    private Tint hair;
    private Tint ink;

    Picture paint(Figure figure, Artist by) {
        f = figure;
        s = figure.subject;
        v = figure.view;
        u = figure.unit;
        artist = by;
        line = by.lineWidth();
        ink = by.ink();
        skin = by.paint(s.skin().saturated(1.2f, 1.04f));
        // lines must stay readable on dark skin
        skin = skin.luma() < .40f ? skin.times(.40f / Math.max(.05f, skin.luma())) : skin;
        shade = skin.times(.78f, .62f, .64f);
        hair = by.paint(s.hair().saturated(1.4f, 1.1f).plus(.02f));
        face = pen.fill(f.face);
        relief = new Relief(f, face);
        background();
        if (!f.hair.back.isEmpty()) {
            strands.paint(
                    f, artist, hair, f.hair.back, s.hairStyle() == HairStyle.AFRO ? .9f : .72f);
        }
        body();
        ears();
        skin();
        beard();
        mouth();
        eyes();
        if (!f.hair.front.isEmpty()) {
            Mask front = pen.fill(f.hair.front);
            Mask cast = front.shifted(0, 8).blurred(1).times(face).minus(front);
            shadow(cast, .9f);
        }
        canvas.paint(pen.line(line, f.jaw), 1, ink);
        if (bareSkull()) {
            canvas.paint(pen.outline(line, f.face), 1, ink);
        }
        nose();
        brows();
        glasses();
        if (!f.hair.front.isEmpty()) {
            strands.paint(f, artist, hair, f.hair.front, 1);
        }
        Picture p = canvas.halved(1, artist.shading() == Artist.Shading.WASH ? .012f : 0, 7);
        f = null;
        return p;
    }

    private boolean bareSkull() {
        return switch (s.hairStyle()) {
            case BALD, MOHAWK, RECEDING -> true;
            default -> false;
        };
    }

    private void background() {
        Tint b = artist.paint(v.background().saturated(1.45f, 1.03f));
        Tint light = b.times(1.12f).plus(.06f);
        canvas.fill((x, y, c) -> set(c, b));
        Mask disc = pen.fill(Curves.ellipse(128, 120, 96, 96));
        switch (artist.shading()) {
            case WASH ->
                    canvas.fill(
                            (x, y, c) -> {
                                float n =
                                        Noise.smooth(x, y, 46, 3) + .5f * Noise.smooth(x, y, 19, 4);
                                float d = (float) Math.hypot(x - 128, y - 120) / 190;
                                mix(c, b, WHITE, clip(.15f + .25f * n + d * d));
                            });
            case DOTS ->
                    canvas.paint(
                            disc.minus(face),
                            1,
                            (x, y, c) -> mix(c, b, light.plus(.12f), Textures.dot(x, y, 12, .62f)));
            case HATCH -> {
                Mask vignette = disc.blurred(14);
                canvas.paint(disc, 0, light);
                canvas.paint(
                        vignette.times(.8f),
                        1,
                        (x, y, c) -> mix(c, b, light, 1 - .5f * Textures.stripe(x, y, 10, .25f)));
            }
            default -> canvas.paint(disc, 1, light);
        }
    }

    /** Darkens skin in the artist's manner. */
    private void shadow(Mask m, float opacity) {
        switch (artist.shading()) {
            case HATCH ->
                    canvas.paint(
                            m,
                            opacity * .62f,
                            (x, y, c) ->
                                    mix(
                                            c,
                                            skin.mix(shade, .4f),
                                            ink,
                                            Textures.stripe(x, y, 7, .42f)));
            case DOTS ->
                    canvas.paint(
                            m,
                            opacity,
                            (x, y, c) ->
                                    mix(c, skin, shade.times(.92f), Textures.dot(x, y, 7, .8f)));
            case WASH -> canvas.paint(m.blurred(1.5f), opacity * .6f, shade);
            default -> canvas.paint(m, opacity, shade);
        }
    }

    private void body() {
        Mask neck = pen.fill(f.neck);
        canvas.paint(neck, 1, skin);
        shadow(face.shifted(0, 15).blurred(1.2f).times(neck), 1);
        float[] left = Curves.range(f.neck, 0, 3);
        float[] right = Curves.range(f.neck, 4, 7);
        canvas.paint(pen.line(line, left, right), 1, ink);
        Mask shirt = pen.fill(f.shirt);
        Tint t = artist.paint(v.shirt().saturated(1.4f, 1.06f));
        float side = v.lightX() < 0 ? 1 : -1;
        canvas.paint(
                shirt,
                1,
                (x, y, c) -> {
                    float k = clip((x - 128) * side - 38);
                    switch (artist.shading()) {
                        case FLAT -> set(c, t);
                        case HATCH -> mix(c, t, ink, .55f * k * Textures.stripe(x, y, 8, .35f));
                        case DOTS -> mix(c, t, t.times(.6f), k * Textures.dot(x, y, 8, .75f));
                        case WASH -> mix(c, t, WHITE, clip(.15f + .3f * Noise.smooth(x, y, 24, 5)));
                        default -> mix(c, t, t.times(.72f), k);
                    }
                });
        canvas.paint(pen.outline(line, f.shirt), 1, ink);
    }

    private void ears() {
        canvas.paint(pen.fill(f.ears), 1, skin);
        shadow(pen.fill(Curves.about(f.ears[0], .55f), Curves.about(f.ears[1], .55f)), 1);
        canvas.paint(pen.outline(line, f.ears), 1, ink);
    }

    private void skin() {
        Artist.Shading how = artist.shading();
        canvas.paint(
                face,
                1,
                (x, y, c) -> {
                    float d = relief.diffuse(x, y);
                    switch (how) {
                        case CEL -> mix(c, shade, skin, clip((d - .50f) * 14 + .5f));
                        case FLAT -> set(c, skin);
                        case HATCH -> {
                            set(c, skin);
                            float k = clip((.62f - d) * 4);
                            mix(c, skin, ink, .6f * Textures.stripe(x, y, 7, .5f * k));
                        }
                        case WASH -> {
                            float n = .10f * Noise.smooth(x, y, 17, 21);
                            mix(c, shade, skin, clip((d - .50f + n) * 2.6f + .2f));
                        }
                        case DOTS -> {
                            float k = clip((.70f - d) * 3f);
                            mix(c, skin, shade.times(.95f), Textures.dot(x, y, 7, 1.05f * k));
                        }
                    }
                });
        if (how == Artist.Shading.WASH) {
            canvas.paint(face.minus(face.blurred(3)), .8f, shade.times(.9f));
        }
        Tint blush = skin.times(1.05f, .68f, .68f);
        for (int e = 0; e < 2; e++) {
            float[] p = Relief.cheek(f, e);
            Mask m = Pen.spot(p[0], p[1] + 3, .22f * u, .17f * u);
            m = how == Artist.Shading.WASH ? m : m.sharpened(.5f, 5);
            canvas.paint(m.times(face), how == Artist.Shading.HATCH ? .15f : .42f, blush);
        }
        if (s.freckles()) {
            canvas.paint(pen.fill(Details.freckles(f)).times(face), .75f, shade.times(.8f));
        }
        if (s.age() > .52f) {
            Mask m = pen.line(line * .5f + .5f, Details.wrinkles(f)).times(face);
            canvas.paint(m, Math.min(.8f, .3f + 1.1f * (s.age() - .52f)), ink.mix(shade, .35f));
        }
    }

    private void beard() {
        if (s.facialHair() == FacialHair.NONE) {
            return;
        }
        java.util.List<float[]> areas = Details.beard(f);
        Mask m = pen.fill(areas).times(face);
        if (s.facialHair() == FacialHair.STUBBLE) {
            canvas.paint(m, .30f, hair.times(.7f));
            return;
        }
        canvas.paint(m, .96f, hair.times(.9f));
        canvas.paint(pen.outline(line * .6f, areas).times(face), .85f, ink);
    }

    private void mouth() {
        Tint natural =
                s.skin()
                        .times(.9f, .46f, .46f)
                        .mix(new Tint("", .82f, .20f, .27f), .12f + .45f * s.lipColour());
        Tint lip = artist.paint(natural.saturated(1.15f, 1.05f));
        Mask lips = pen.fill(f.lips);
        canvas.paint(lips, 1, lip);
        canvas.paint(pen.fill(f.upperLip).times(lips), 1, lip.times(.78f));
        float lx = .6f * f.x(57) + .4f * f.x(66);
        float ly = .6f * f.y(57) + .4f * f.y(66);
        Mask light = Pen.spot(lx, ly, .09f * u, .03f * u).sharpened(.5f, 6);
        canvas.paint(light.times(lips), .7f, lip.times(1.4f).plus(.15f));
        float gap = f.y(66) - f.y(62);
        if (gap > 2.8f) {
            Mask inner = pen.fill(f.inner);
            canvas.paint(inner, 1, ink.mix(lip, .3f));
            Mask teeth = pen.fill(Curves.shifted(Curves.about(f.inner, .96f), 0, -.5f * gap));
            canvas.paint(teeth.times(inner), 1, artist.paint(new Tint("", .98f, .97f, .94f)));
            canvas.paint(pen.outline(1.6f, f.inner), .9f, ink);
        } else {
            float[] middle = Curves.open(Curves.take(f.q, 48, 60, 61, 62, 63, 64, 54));
            canvas.paint(pen.line(Math.max(2, line * .8f), middle), 1, ink);
        }
        canvas.paint(pen.outline(1.5f, f.lips), .7f, ink);
        float[] under =
                Curves.open(
                        f.x(58), f.y(58) + .075f * u,
                        f.x(57), f.y(57) + .085f * u,
                        f.x(56), f.y(56) + .075f * u);
        canvas.paint(pen.line(1.8f, under).times(face), .6f, ink.mix(shade, .3f));
    }

    private void nose() {
        float side = v.lightX() < 0 ? 1 : -1;
        float w = Math.max(1.8f, line * .75f);
        for (int e = 0; e < 2; e++) {
            float d = e == 0 ? -1 : 1;
            int wing = e == 0 ? 31 : 35;
            int hole = e == 0 ? 32 : 34;
            float[] ala =
                    Curves.open(
                            f.x(wing) - d * .02f * u,
                            f.y(wing) - .12f * u,
                            f.x(wing) + d * .025f * u,
                            f.y(wing) - .07f * u,
                            f.x(wing) + d * .02f * u,
                            f.y(wing) - .01f * u,
                            f.x(wing) - d * .03f * u,
                            f.y(wing) + .025f * u);
            canvas.paint(pen.taper(w * .6f, w, ala), .95f, ink);
            float hx = .8f * f.x(hole) + .2f * f.x(wing);
            float hy = .8f * f.y(hole) + .2f * f.y(wing) - .01f * u;
            float[] nostril =
                    Curves.closed(
                            hx - d * .05f * u,
                            hy + .016f * u,
                            hx,
                            hy - .024f * u,
                            hx + d * .06f * u,
                            hy,
                            hx + d * .015f * u,
                            hy + .024f * u);
            canvas.paint(pen.fill(nostril), .95f, ink);
            if (d == side) {
                float[] bridge =
                        Curves.open(
                                f.x(27) + d * .075f * u,
                                f.y(27) + .04f * u,
                                f.x(28) + d * .07f * u,
                                f.y(28) + .02f * u,
                                f.x(29) + d * .08f * u,
                                f.y(29),
                                .5f * f.x(30) + .5f * f.x(wing),
                                f.y(30) - .06f * u);
                canvas.paint(pen.taper(w * .5f, w, bridge), .9f, ink);
                float[] flank =
                        Curves.closed(
                                Curves.join(
                                        Curves.range(f.q, 28, 30),
                                        new float[] {
                                            f.x(wing) - d * .02f * u,
                                            f.y(wing) - .08f * u,
                                            f.x(29) + d * .10f * u,
                                            f.y(29)
                                        }));
                shadow(pen.fill(flank).times(face), .35f);
            }
        }
        float[] base =
                Curves.open(
                        f.x(32), f.y(32) + .02f * u,
                        f.x(33), f.y(33) + .025f * u,
                        f.x(34), f.y(34) + .02f * u);
        canvas.paint(pen.line(w, base).times(face), .9f, ink);
        Mask tip = Pen.spot(f.x(30) - side * 2, f.y(30) - 2, .055f * u, .05f * u).sharpened(.5f, 6);
        canvas.paint(tip.times(face), .8f, skin.times(1.25f).plus(.1f));
    }

    private void eyes() {
        Mask both = pen.fill(f.eyes);
        canvas.paint(both, 1, artist.paint(new Tint("", .97f, .97f, .97f)).mix(WHITE, .5f));
        Tint iris = artist.paint(s.eyes().saturated(1.5f, 1.15f));
        float r = f.irisRadius;
        float side = v.lightX() < 0 ? -1 : 1;
        Mask cast = both.minus(both.shifted(0, 5));
        canvas.paint(cast, .28f, ink);
        for (float[] p : f.irises) {
            canvas.paint(Pen.disc(pen, p[0], p[1], r).times(both), 1, ink);
            canvas.paint(Pen.disc(pen, p[0], p[1], r * .84f).times(both), 1, iris);
            canvas.paint(Pen.disc(pen, p[0], p[1], r * .46f).times(both), 1, ink.times(.5f));
            Mask big = Pen.disc(pen, p[0] + side * r * .34f, p[1] - r * .38f, r * .29f);
            canvas.paint(big.times(both), 1, WHITE);
            Mask small = Pen.disc(pen, p[0] - side * r * .36f, p[1] + r * .42f, r * .16f);
            canvas.paint(small.times(both), .7f, WHITE);
        }
        float lash = (1.5f + .9f * s.femininity()) * (.75f + .12f * line);
        for (int e = 0; e < 2; e++) {
            int a = 36 + 6 * e;
            float d = e == 0 ? -1 : 1;
            float[] upper = Curves.shifted(Curves.open(Curves.range(f.q, a, a + 3)), 0, -.6f);
            float[] band =
                    e == 0
                            ? Curves.band(upper, 1.4f, lash, .7f)
                            : Curves.band(upper, .7f, lash, 1.4f);
            canvas.paint(pen.fill(band), 1, ink);
            int out = e == 0 ? 36 : 45;
            if (s.femininity() > .5f) {
                float len = 3 + 4 * s.femininity();
                float[] wing = {
                    f.x(out) - d * 3,
                    f.y(out) - 3.6f,
                    f.x(out) + d * len,
                    f.y(out) - 2.5f - .5f * len,
                    f.x(out) - d * .5f,
                    f.y(out) + 1
                };
                canvas.paint(pen.fill(wing), 1, ink);
            }
            int[] low = e == 0 ? new int[] {39, 40, 41, 36} : new int[] {45, 46, 47, 42};
            canvas.paint(pen.line(1.4f, Curves.open(Curves.take(f.q, low))), .7f, ink);
            Mask crease = pen.line(1.5f, Curves.shifted(upper, 0, -.07f * u)).times(face);
            canvas.paint(crease, .8f, shade.times(.6f));
        }
    }

    private void brows() {
        Tint c = PhotoPainter.browColour(hair.times(.62f), skin);
        canvas.paint(pen.fill(f.brows), 1, c);
        canvas.paint(pen.outline(1.3f, f.brows), .85f, ink);
    }

    private void glasses() {
        if (s.glasses() == Glasses.NONE) {
            return;
        }
        boolean square = s.glasses() == Glasses.SQUARE;
        float[][] rims = Details.rims(f);
        Mask glass = pen.fill(rims);
        canvas.paint(glass, .10f, WHITE);
        Tint frame = square ? ink : artist.paint(new Tint("", .75f, .55f, .2f)).mix(ink, .25f);
        float w = square ? 5 : 3;
        canvas.paint(pen.line(w * .85f, Details.temples(f)).minus(glass), 1, frame);
        canvas.paint(pen.outline(w, rims), 1, frame);
    }

    private static void set(float[] c, Tint t) {
        c[0] = t.r();
        c[1] = t.g();
        c[2] = t.b();
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
