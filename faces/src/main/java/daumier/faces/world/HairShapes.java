package daumier.faces.world;

import java.util.ArrayList;
import java.util.List;

/** The hair of a figure: closed curves behind the head and in front of it. */
final class HairShapes {
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

    private void capped(float z, float o, float... lower) {
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
                .96f,
                -.18f,
                .92f,
                -.45f,
                .78f,
                line,
                .4f,
                line - .07f,
                0,
                line - .05f,
                -.4f,
                line - .07f,
                -.78f,
                line,
                -.92f,
                -.45f,
                -.96f,
                -.18f);
    }

    private void sidePart() {
        capped(
                0.3f,
                .05f * volume,
                .97f,
                -.2f,
                .93f,
                -.5f,
                .80f,
                line + .02f,
                .55f,
                line - .1f,
                .35f,
                line - .2f,
                .05f,
                line - .02f,
                -.4f,
                line + .10f,
                -.78f,
                line + .16f,
                -.93f,
                -.4f,
                -.97f,
                -.15f);
    }

    private void bob() {
        float v = volume;
        back.add(
                place(
                        -.1f,
                        -1.2f * v,
                        -.3f,
                        -1.26f * v,
                        .3f,
                        -1.18f * v,
                        .78f,
                        -.8f,
                        .92f,
                        0,
                        .95f,
                        .8f,
                        .92f,
                        1.18f * v,
                        .78f,
                        1.26f * v,
                        .3f,
                        1.2f * v,
                        -.3f,
                        .85f,
                        top * .9f,
                        0,
                        top - .15f,
                        -.85f,
                        top * .9f));
        capped(
                .2f,
                .10f * v,
                1.2f * v,
                .4f,
                1.1f * v,
                .72f,
                1.0f,
                .5f,
                .95f,
                0,
                .88f,
                -.4f,
                .6f,
                line + .08f,
                .2f,
                line,
                0,
                line - .03f,
                -.2f,
                line,
                -.6f,
                line + .08f,
                -.88f,
                -.4f,
                -.95f,
                0,
                -1.0f,
                .5f,
                -1.1f * v,
                .72f,
                -1.2f * v,
                .4f);
    }

    private void longBack() {
        float v = volume;
        back.add(
                place(
                        -.2f,
                        -1.15f * v,
                        -.4f,
                        -1.25f * v,
                        .3f,
                        -1.32f * v,
                        1,
                        -1.25f * v,
                        1.75f,
                        -.6f,
                        1.9f,
                        .6f,
                        1.9f,
                        1.25f * v,
                        1.75f,
                        1.32f * v,
                        1,
                        1.25f * v,
                        .3f,
                        1.15f * v,
                        -.4f,
                        .85f,
                        top * .9f,
                        0,
                        top - .15f,
                        -.85f,
                        top * .9f));
    }

    private void longHair() {
        float v = volume;
        longBack();
        capped(
                .2f,
                .08f * v,
                1.16f * v,
                .35f,
                1.12f * v,
                .9f,
                1.0f,
                .55f,
                .96f,
                0,
                .86f,
                -.42f,
                .5f,
                line - .10f,
                .22f,
                line - .28f,
                .1f,
                line - .3f,
                -.15f,
                line - .1f,
                -.55f,
                line + .08f,
                -.86f,
                -.38f,
                -.96f,
                0,
                -1.0f,
                .55f,
                -1.12f * v,
                .9f,
                -1.16f * v,
                .35f);
    }

    private void curtains() {
        float v = volume;
        longBack();
        capped(
                .2f,
                .05f * v,
                1.17f * v,
                .4f,
                1.14f * v,
                1.0f,
                1.0f,
                .6f,
                .97f,
                .1f,
                .90f,
                -.35f,
                .62f,
                line + .02f,
                .25f,
                line - .24f,
                0,
                line - .38f,
                -.25f,
                line - .24f,
                -.62f,
                line + .02f,
                -.90f,
                -.35f,
                -.97f,
                .1f,
                -1.0f,
                .6f,
                -1.14f * v,
                1.0f,
                -1.17f * v,
                .4f);
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
                .97f,
                -.2f,
                .92f,
                -.45f,
                .8f,
                line + .06f,
                .55f,
                line - .03f,
                .28f,
                line + .02f,
                0,
                line - .05f,
                -.28f,
                line + .02f,
                -.55f,
                line - .03f,
                -.8f,
                line + .06f,
                -.92f,
                -.45f,
                -.97f,
                -.2f);
    }

    private void bun() {
        back.add(place(-.2f, cloud(0, top - .25f, .42f * volume, .36f * volume, 7, .02f)));
        capped(
                .25f,
                0,
                .96f,
                -.12f,
                .93f,
                -.4f,
                .72f,
                line,
                .3f,
                line - .16f,
                0,
                line - .2f,
                -.3f,
                line - .16f,
                -.72f,
                line,
                -.93f,
                -.4f,
                -.96f,
                -.12f);
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
                                new float[] {
                                    .95f,
                                    -.35f,
                                    .82f,
                                    line + .02f,
                                    .6f,
                                    line - .12f,
                                    .45f,
                                    line + .06f,
                                    .2f,
                                    line - .1f,
                                    0,
                                    line + .08f,
                                    -.25f,
                                    line - .1f,
                                    -.5f,
                                    line + .05f,
                                    -.8f,
                                    line - .02f,
                                    -.95f,
                                    -.35f
                                })));
    }

    private void fringe() {
        capped(
                .3f,
                .10f * volume,
                1.02f,
                .02f,
                .95f,
                -.2f,
                .80f,
                line + .22f,
                .5f,
                line + .14f,
                .3f,
                line + .2f,
                0,
                line + .16f,
                -.3f,
                line + .2f,
                -.5f,
                line + .14f,
                -.80f,
                line + .22f,
                -.95f,
                -.2f,
                -1.02f,
                .02f);
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
                                new float[] {
                                    1.16f,
                                    .25f,
                                    1.03f,
                                    .3f,
                                    .98f,
                                    .02f,
                                    .92f,
                                    -.3f,
                                    .74f,
                                    line + .12f,
                                    .62f,
                                    line - .04f,
                                    .42f,
                                    line + .1f,
                                    .2f,
                                    line - .06f,
                                    0,
                                    line + .06f,
                                    -.22f,
                                    line - .08f,
                                    -.42f,
                                    line + .1f,
                                    -.62f,
                                    line - .02f,
                                    -.74f,
                                    line + .12f,
                                    -.92f,
                                    -.3f,
                                    -.98f,
                                    .02f,
                                    -1.03f,
                                    .3f,
                                    -1.16f,
                                    .25f
                                })));
    }

    private void ponytail() {
        float v = volume;
        back.add(
                place(
                        -.3f,
                        .55f,
                        top * .8f,
                        .95f,
                        top * .98f,
                        1.35f * v,
                        top * .7f,
                        1.52f * v,
                        -.2f,
                        1.5f * v,
                        .5f,
                        1.3f * v,
                        1.1f,
                        1.22f,
                        1.5f,
                        1.08f,
                        1.05f,
                        1.12f,
                        .4f,
                        1.02f,
                        -.3f));
        capped(
                .25f,
                .0f,
                .96f,
                -.12f,
                .93f,
                -.42f,
                .74f,
                line + .03f,
                .4f,
                line - .1f,
                .1f,
                line - .22f,
                -.3f,
                line - .08f,
                -.72f,
                line + .06f,
                -.93f,
                -.4f,
                -.96f,
                -.12f);
    }

    private void mohawk() {
        float v = volume;
        front.add(
                place(
                        .2f,
                        -.26f,
                        line - .08f,
                        -.32f,
                        top - .02f,
                        -.36f,
                        top - .28f * v,
                        -.22f,
                        top - .2f * v,
                        -.14f,
                        top - .46f * v,
                        0,
                        top - .3f * v,
                        .12f,
                        top - .48f * v,
                        .22f,
                        top - .22f * v,
                        .36f,
                        top - .3f * v,
                        .32f,
                        top - .02f,
                        .26f,
                        line - .08f,
                        .1f,
                        line + .06f,
                        -.08f,
                        line + .06f));
    }

    private void receding() {
        front.add(
                place(
                        .15f,
                        -1.07f,
                        .0f,
                        -1.12f,
                        -.4f,
                        -1.06f,
                        top * .62f,
                        -.86f,
                        top * .76f,
                        -.84f,
                        -.62f,
                        -.93f,
                        -.38f,
                        -.97f,
                        -.1f));
        front.add(
                place(
                        .15f,
                        1.07f,
                        .0f,
                        1.12f,
                        -.4f,
                        1.06f,
                        top * .62f,
                        .86f,
                        top * .76f,
                        .84f,
                        -.62f,
                        .93f,
                        -.38f,
                        .97f,
                        -.1f));
    }

    private void quiff() {
        float v = volume;
        front.add(
                place(
                        .3f,
                        -1.05f,
                        -.08f,
                        -1.08f,
                        -.5f,
                        -1.0f,
                        top * .66f,
                        -.86f,
                        top * .95f,
                        -.5f,
                        top - .26f * v,
                        -.05f,
                        top - .44f * v,
                        .45f,
                        top - .42f * v,
                        .85f,
                        top - .2f * v,
                        1.0f,
                        top * .72f,
                        1.08f,
                        -.5f,
                        1.05f,
                        -.08f,
                        .95f,
                        -.4f,
                        .84f,
                        line + .02f,
                        .5f,
                        line - .06f,
                        .1f,
                        line - .02f,
                        -.3f,
                        line - .12f,
                        -.6f,
                        line - .1f,
                        -.82f,
                        line + .03f,
                        -.95f,
                        -.4f));
    }
}
