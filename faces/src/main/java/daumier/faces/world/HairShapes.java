package daumier.faces.world;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The hair of a figure: closed curves behind the head and in front of it. */
final class HairShapes {
    private static final Pattern TERM = Pattern.compile("(?!$)([+-]?[0-9.]*)([vlt]?)(?=[+-]|$)");

    final List<float[]> back = new ArrayList<>();
    final List<float[]> front = new ArrayList<>();

    /** Where the front ends on the forehead, when the rest of its edge is lost in the back. */
    float[] hairline;

    private final Figure figure;
    private final float width;
    private final float top;
    private final float line;
    private final float volume;
    private final float lift;

    HairShapes(Figure figure) {
        this.figure = figure;
        float[] m = figure.model;
        width = 1.025f * m[3 * 16];
        top = m[3 * 72 + 1];
        line = top * 0.60f;
        volume = 1 + 0.06f * figure.subject.hairVolume();
        lift = 0.12f * volume;
        switch (figure.subject.hairStyle()) {
            case BALD -> {}
            case CROP -> crop();
            case SIDE_PART -> sidePart();
            case BOB -> bob();
            case LONG -> longHair();
            case AFRO -> afro();
            case BUN -> bun();
            case SPIKY -> spiky();
            case FRINGE -> fringe();
            case CURLY -> curly();
            case PONYTAIL -> ponytail();
            case MOHAWK -> mohawk();
            case CURTAINS -> curtains();
            case RECEDING -> receding();
            case QUIFF -> quiff();
        }
    }

    /** How much wider than the mean head this one is at height y. */
    private float stretch(float y) {
        float[] m = figure.model;
        float below = width;
        float belowY = m[3 * 16 + 1];
        for (int i = 68; i < 72 && y < belowY; i++) {
            float here = 1.025f * m[3 * i] / figure.meanX(i);
            float hereY = m[3 * i + 1];
            if (y > hereY) {
                return below + (here - below) * (belowY - y) / (belowY - hereY);
            }
            below = here;
            belowY = hereY;
        }
        return below;
    }

    private float[] place(float z, float... xy) {
        float[] r = new float[xy.length];
        for (int i = 0; i < xy.length; i += 2) {
            figure.project(xy[i] * stretch(xy[i + 1]), xy[i + 1], z, r, i);
        }
        return Curves.closed(r);
    }

    private float[] place(float z, String text) {
        return place(z, points(text));
    }

    /**
     * Reads "x y, x y, ...": every coordinate is a sum of numbers, which may be multiples of v
     * (volume), l (height of the hairline) and t (height of the crown).
     */
    private float[] points(String text) {
        String[] words = text.trim().split("[\\s,]+");
        float[] xy = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            Matcher term = TERM.matcher(words[i]);
            while (term.find()) {
                String number = term.group(1);
                float k =
                        switch (number) {
                            case "", "+" -> 1;
                            case "-" -> -1;
                            default -> Float.parseFloat(number);
                        };
                xy[i] +=
                        switch (term.group(2)) {
                            case "v" -> k * volume;
                            case "l" -> k * line;
                            case "t" -> k * top;
                            default -> k;
                        };
            }
        }
        return xy;
    }

    /** From the left ear over the crown to the right ear, o outside the skull. */
    private float[] cap(float o) {
        float t = top;
        return new float[] {
            -1.06f - o,
            -0.05f,
            -1.08f - o,
            -0.45f,
            -0.98f - o,
            t * 0.62f - o,
            -0.75f - o * 0.8f,
            t * 0.86f - o,
            -0.4f,
            t - lift - o * 0.6f,
            0,
            t - lift * 1.3f - o * 0.6f,
            0.4f,
            t - lift - o * 0.6f,
            0.75f + o * 0.8f,
            t * 0.86f - o,
            0.98f + o,
            t * 0.62f - o,
            1.08f + o,
            -0.45f,
            1.06f + o,
            -0.05f
        };
    }

    private void capped(float z, float o, String text) {
        float[] lower = points(text);
        float[] all = place(z, Curves.join(cap(o), lower));
        front.add(all);
        if (figure.subject.hairStyle() == HairStyle.AFRO) {
            hairline =
                    Curves.range(all, (11 * all.length) / (22 + lower.length), all.length / 2 - 1);
        }
    }

    private void crop() {
        capped(
                0.25f,
                0,
                ".96 -.18, .92 -.45, .78 l, .4 l-.07, 0 l-.05, -.4 l-.07, -.78 l, "
                        + "-.92 -.45, -.96 -.18");
    }

    private void sidePart() {
        capped(
                0.3f,
                .05f * volume,
                ".97 -.2, .93 -.5, .8 l+.02, .55 l-.1, .35 l-.2, .05 l-.02, -.4 l+.1, "
                        + "-.78 l+.16, -.93 -.4, -.97 -.15");
    }

    private void bob() {
        float v = volume;
        back.add(
                place(
                        -.1f,
                        "-1.2v -.3, -1.26v .3, -1.18v .78, -.8 .92, 0 .95, .8 .92, 1.18v .78, "
                                + "1.26v .3, 1.2v -.3, .85 .9t, 0 t-.15, -.85 .9t"));
        capped(
                .2f,
                .10f * v,
                "1.2v .4, 1.1v .72, 1 .5, .95 0, .88 -.4, .6 l+.08, .2 l, 0 l-.03, "
                        + "-.2 l, -.6 l+.08, -.88 -.4, -.95 0, -1 .5, -1.1v .72, -1.2v .4");
    }

    private void longBack() {
        back.add(
                place(
                        -.2f,
                        "-1.15v -.4, -1.25v .3, -1.32v 1, -1.25v 1.75, -.6 1.9, .6 1.9, "
                                + "1.25v 1.75, 1.32v 1, 1.25v .3, 1.15v -.4, .85 .9t, 0 t-.15, -.85 .9t"));
    }

    private void longHair() {
        float v = volume;
        longBack();
        capped(
                .2f,
                .08f * v,
                "1.16v .35, 1.12v .9, 1 .55, .96 0, .86 -.42, .5 l-.1, .22 l-.28, "
                        + ".1 l-.3, -.15 l-.1, -.55 l+.08, -.86 -.38, -.96 0, -1 .55, -1.12v .9, "
                        + "-1.16v .35");
    }

    private void curtains() {
        float v = volume;
        longBack();
        capped(
                .2f,
                .05f * v,
                "1.17v .4, 1.14v 1, 1 .6, .97 .1, .9 -.35, .62 l+.02, .25 l-.24, "
                        + "0 l-.38, -.25 l-.24, -.62 l+.02, -.9 -.35, -.97 .1, -1 .6, -1.14v 1, "
                        + "-1.17v .4");
    }

    private float[] cloud(float cx, float cy, float rx, float ry, int lobes, float depth) {
        int n = 2 * lobes;
        float[] r = new float[2 * n];
        for (int i = 0; i < n; i++) {
            double a = 2 * Math.PI * i / n;
            float k = 1 + depth * ((i & 1) == 0 ? 1 : -1);
            r[2 * i] = cx + rx * k * (float) Math.cos(a);
            r[2 * i + 1] = cy + ry * k * (float) Math.sin(a);
        }
        return r;
    }

    private void afro() {
        back.add(
                place(
                        -.3f,
                        cloud(
                                0,
                                -.42f + .35f * (top + 1.23f),
                                1.36f * volume,
                                1.33f * volume - .6f * (top + 1.23f),
                                14,
                                .03f)));
        capped(
                .25f,
                .10f,
                ".97 -.2, .92 -.45, .8 l+.06, .55 l-.03, .28 l+.02, 0 l-.05, "
                        + "-.28 l+.02, -.55 l-.03, -.8 l+.06, -.92 -.45, -.97 -.2");
    }

    private void bun() {
        back.add(place(-.2f, cloud(0, top - .25f, .42f * volume, .36f * volume, 7, .02f)));
        capped(
                .25f,
                0,
                ".96 -.12, .93 -.4, .72 l, .3 l-.16, 0 l-.2, -.3 l-.16, -.72 l, "
                        + "-.93 -.4, -.96 -.12");
    }

    private void spiky() {
        int spikes = 8;
        float[] o = new float[4 + 2 * (2 * spikes - 1) + 4];
        int at = 0;
        o[at++] = -1.04f;
        o[at++] = -.1f;
        o[at++] = -1.12f;
        o[at++] = -.5f;
        for (int i = 0; i < spikes; i++) {
            double a = Math.PI * (0.98 - 0.96 * (i + 0.5) / spikes);
            o[at++] = (1.10f + .22f * volume) * (float) Math.cos(a) * .98f;
            o[at++] = (top - .27f * volume) * (float) Math.sin(a) * .98f - .06f;
            if (i < spikes - 1) {
                a = Math.PI * (0.98 - 0.96 * (i + 1) / spikes);
                o[at++] = (float) Math.cos(a);
                o[at++] = (top - .02f) * (float) Math.sin(a) - .08f;
            }
        }
        o[at++] = 1.12f;
        o[at++] = -.5f;
        o[at++] = 1.04f;
        o[at++] = -.1f;
        front.add(
                place(
                        .25f,
                        Curves.join(
                                o,
                                points(
                                        ".95 -.35, .82 l+.02, .6 l-.12, .45 l+.06, .2 l-.1, 0 l+.08, "
                                                + "-.25 l-.1, -.5 l+.05, -.8 l-.02, -.95 -.35"))));
    }

    private void fringe() {
        capped(
                .3f,
                .10f * volume,
                "1.02 .02, .95 -.2, .8 l+.22, .5 l+.14, .3 l+.2, 0 l+.16, -.3 l+.2, "
                        + "-.5 l+.14, -.8 l+.22, -.95 -.2, -1.02 .02");
    }

    private void curly() {
        float v = volume;
        back.add(place(-.25f, cloud(0, -.02f, 1.36f * v, 1.08f * v - .5f * top - .5f, 15, .035f)));
        float[] o = cap(.12f);
        for (int i = 2; i < o.length - 2; i += 4) {
            o[i] *= 1.05f;
            o[i + 1] -= .05f;
        }
        front.add(
                place(
                        .22f,
                        Curves.join(
                                o,
                                points(
                                        "1.16 .25, 1.03 .3, .98 .02, .92 -.3, .74 l+.12, .62 l-.04, .42 l+.1, "
                                                + ".2 l-.06, 0 l+.06, -.22 l-.08, -.42 l+.1, -.62 l-.02, -.74 l+.12, "
                                                + "-.92 -.3, -.98 .02, -1.03 .3, -1.16 .25"))));
    }

    private void ponytail() {
        back.add(
                place(
                        -.3f,
                        ".55 .8t, .95 .98t, 1.35v .7t, 1.52v -.2, 1.5v .5, 1.3v 1.1, 1.22 1.5, "
                                + "1.08 1.05, 1.12 .4, 1.02 -.3"));
        capped(
                .25f,
                .0f,
                ".96 -.12, .93 -.42, .74 l+.03, .4 l-.1, .1 l-.22, -.3 l-.08, "
                        + "-.72 l+.06, -.93 -.4, -.96 -.12");
    }

    private void mohawk() {
        front.add(
                place(
                        .2f,
                        "-.26 l-.08, -.32 t-.02, -.36 t-.28v, -.22 t-.2v, -.14 t-.46v, "
                                + "0 t-.3v, .12 t-.48v, .22 t-.22v, .36 t-.3v, .32 t-.02, .26 l-.08, "
                                + ".1 l+.06, -.08 l+.06"));
    }

    private void receding() {
        front.add(
                place(
                        .15f,
                        "-1.07 0, -1.12 -.4, -1.06 .62t, -.86 .76t, -.84 -.62, -.93 -.38, "
                                + "-.97 -.1"));
        front.add(
                place(.15f, "1.07 0, 1.12 -.4, 1.06 .62t, .86 .76t, .84 -.62, .93 -.38, .97 -.1"));
    }

    private void quiff() {
        front.add(
                place(
                        .3f,
                        "-1.05 -.08, -1.08 -.5, -1 .66t, -.86 .95t, -.5 t-.26v, -.05 t-.44v, "
                                + ".45 t-.42v, .85 t-.2v, 1 .72t, 1.08 -.5, 1.05 -.08, .95 -.4, "
                                + ".84 l+.02, .5 l-.06, .1 l-.02, -.3 l-.12, -.6 l-.1, -.82 l+.03, "
                                + "-.95 -.4"));
    }
}
