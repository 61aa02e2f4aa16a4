package daumier.faces.measure;

import java.util.Optional;

/**
 * Where a face is. All detectors speak the same box, whatever their networks or cascades call a
 * face: the bounding box of the 68 landmarks (outer jaw line to outer jaw line, brows to chin), as
 * well as it can be told.
 *
 * @param x left edge in pixels
 * @param y upper edge in pixels
 * @param width pixels
 * @param height pixels
 * @param score confidence in [0, 1]
 * @param seen what the detector itself said, where it says more than a box
 */
public record Detection(
        double x, double y, double width, double height, double score, Optional<Seen> seen) {
    /**
     * What a detector that marks eyes, nose and mouth said, in its own words.
     *
     * @param x left edge of its own box in pixels
     * @param y upper edge
     * @param width pixels
     * @param height pixels
     * @param points where it saw eyes, nose and mouth
     */
    public record Seen(double x, double y, double width, double height, FivePoints points) {
        /** The same face in a picture that was scaled by 1 / factor. */
        Seen scaled(double factor) {
            double half = (factor - 1) / 2;
            return new Seen(
                    x * factor,
                    y * factor,
                    width * factor,
                    height * factor,
                    points.moved(new Similarity(factor, 0, half, half)));
        }
    }

    /**
     * A box alone.
     *
     * @param x left edge in pixels
     * @param y upper edge in pixels
     * @param width pixels
     * @param height pixels
     * @param score confidence in [0, 1]
     */
    public Detection(double x, double y, double width, double height, double score) {
        this(x, y, width, height, score, Optional.empty());
    }

    /** Area of the box in square pixels. */
    public double area() {
        return width * height;
    }

    /**
     * Intersection over union of two boxes.
     *
     * @param other the other box
     * @return 0 (disjoint) to 1 (the same)
     */
    public double overlap(Detection other) {
        double w = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
        double h = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
        if (w <= 0 || h <= 0) {
            return 0;
        }
        return w * h / (area() + other.area() - w * h);
    }

    /** The box of a picture that was scaled by 1 / factor. */
    Detection scaled(double factor) {
        return new Detection(
                x * factor,
                y * factor,
                width * factor,
                height * factor,
                score,
                seen.map(s -> s.scaled(factor)));
    }
}
