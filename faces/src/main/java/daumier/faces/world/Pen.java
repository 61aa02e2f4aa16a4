package daumier.faces.world;

/** Masks of the 256-pixel drawing. */
final class Pen {
    private final Raster raster = new Raster(Figure.SIZE);

    /** The union of closed curves. */
    Mask fill(Iterable<float[]> curves) {
        for (float[] c : curves) {
            raster.addOriented(c, 1);
        }
        return raster.take();
    }

    /** The union of closed curves. */
    Mask fill(float[]... curves) {
        return fill(java.util.List.of(curves));
    }

    /** An open stroke of one width. */
    Mask line(float width, float[]... curves) {
        for (float[] c : curves) {
            raster.stroke(c, width, width, false, 1);
        }
        return raster.take();
    }

    /** An open stroke that grows or shrinks from end to end. */
    Mask taper(float from, float to, float[]... curves) {
        for (float[] c : curves) {
            raster.stroke(c, from, to, false, 1);
        }
        return raster.take();
    }

    /** Strokes along closed curves. */
    Mask outline(float width, Iterable<float[]> curves) {
        for (float[] c : curves) {
            raster.stroke(c, width, width, true, 1);
        }
        return raster.take();
    }

    /** Strokes along closed curves. */
    Mask outline(float width, float[]... curves) {
        return outline(width, java.util.List.of(curves));
    }

    static Mask spot(float cx, float cy, float sx, float sy) {
        return Mask.spot(Figure.SIZE, cx, cy, sx, sy);
    }

    static Mask disc(Pen pen, float cx, float cy, float r) {
        return pen.fill(Curves.ellipse(cx, cy, r, r));
    }
}
