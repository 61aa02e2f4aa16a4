package daumier.diffusion.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * A LoRA's weight over the progress p of a sampling, from 0 at the first step to 1 at the last:
 * step i of n stands at {@code p = i / (n - 1)}.
 *
 * <p>{@link #parse} and {@code toString} are inverse to one another. Weights may be negative or
 * above 1; they must be finite.
 */
public sealed interface WeightSchedule {
    /** The weight at a progress from 0 to 1; a progress outside is clamped. */
    double at(double progress);

    /** The progress at which step i of n stands; 0 where there is a single step. */
    static double progress(int step, int steps) {
        return steps > 1 ? (double) step / (steps - 1) : 0;
    }

    /** The weight of each of n steps: the list that diffusers' callbacks take. */
    default double[] over(int steps) {
        WeightSchedule curve = forSteps(steps);
        double[] weights = new double[steps];
        for (int i = 0; i < steps; i++) {
            weights[i] = curve.at(progress(i, steps));
        }
        return weights;
    }

    /**
     * The same as a curve over progress.
     *
     * @param steps of the sampling, at least 1; where its steps call the network several times but
     *     the last one does not, not a whole number
     */
    default WeightSchedule forSteps(double steps) {
        return this;
    }

    /** The same weight throughout. */
    static WeightSchedule constant(double weight) {
        return new Constant(weight);
    }

    /**
     * Reads {@code 0.8}, {@code 0.3@0,0.7@1} (linear between points, constant outside them; a
     * semicolon divides them as well), {@code ramp(0.3,0.7)} (linear) or {@code cosine(0.3,0.7)}
     * (half a cosine wave from the first to the second).
     *
     * <p>Points are read as the A1111 extension loractl reads them: in any order; where the last of
     * them stands above 1, their places are steps, counted from 0; a point without a place stands
     * at 1; and where the very first has none, it is the weight throughout.
     *
     * @throws IllegalArgumentException with one sentence if the text is none of these
     */
    static WeightSchedule parse(String text) {
        return WeightScheduleParser.parse(text);
    }

    /** The same weight throughout. */
    record Constant(double weight) implements WeightSchedule {
        /** Checks the weight. */
        public Constant {
            requireFinite(weight);
        }

        @Override
        public double at(double progress) {
            return weight;
        }

        @Override
        public String toString() {
            return number(weight);
        }
    }

    /** A straight line from the first step to the last. */
    record Ramp(double from, double to) implements WeightSchedule {
        /** Checks the weights. */
        public Ramp {
            requireFinite(from);
            requireFinite(to);
        }

        @Override
        public double at(double progress) {
            double p = clamped(progress);
            return p == 1 ? to : from + (to - from) * p;
        }

        @Override
        public String toString() {
            return "ramp(" + number(from) + "," + number(to) + ")";
        }
    }

    /** Half a cosine wave from the first step to the last: slow, quick, slow. */
    record Cosine(double from, double to) implements WeightSchedule {
        /** Checks the weights. */
        public Cosine {
            requireFinite(from);
            requireFinite(to);
        }

        @Override
        public double at(double progress) {
            double p = clamped(progress);
            return p == 1 ? to : from + (to - from) * (1 - Math.cos(Math.PI * p)) / 2;
        }

        @Override
        public String toString() {
            return "cosine(" + number(from) + "," + number(to) + ")";
        }
    }

    /** A weight that is reached at a progress. */
    record Point(double weight, double progress) {
        /** Checks both. */
        public Point {
            requireFinite(weight);
            if (!(progress >= 0 && progress <= 1)) {
                throw new IllegalArgumentException(
                        "A schedule's points must stand between 0 and 1, not at " + progress + ".");
            }
        }
    }

    /** Straight lines between points, the outer weights beyond them. */
    record Points(List<Point> points) implements WeightSchedule {
        /** Checks that the points are in order. */
        public Points {
            points = List.copyOf(points);
            if (points.isEmpty()) {
                throw new IllegalArgumentException("A schedule needs at least one point.");
            }
            for (int i = 1; i < points.size(); i++) {
                if (points.get(i).progress() < points.get(i - 1).progress()) {
                    throw new IllegalArgumentException(
                            "A schedule's points must be in order of progress.");
                }
            }
        }

        @Override
        public double at(double progress) {
            double p = clamped(progress);
            Point before = points.get(0);
            if (p < before.progress()) {
                return before.weight();
            }
            for (Point after : points) {
                if (after.progress() > p) {
                    double part = (p - before.progress()) / (after.progress() - before.progress());
                    return before.weight() + (after.weight() - before.weight()) * part;
                }
                before = after;
            }
            return before.weight();
        }

        @Override
        public String toString() {
            List<String> texts = new ArrayList<>();
            points.forEach(p -> texts.add(number(p.weight()) + "@" + number(p.progress())));
            return String.join(",", texts);
        }
    }

    /** A weight that is reached at a step, counted from 0. */
    record StepPoint(double weight, double step) {
        /** Checks both. */
        public StepPoint {
            requireFinite(weight);
            if (!(step >= 0 && Double.isFinite(step))) {
                throw new IllegalArgumentException(
                        "A schedule's points must stand at 0 or later, not at " + step + ".");
            }
        }
    }

    /** Straight lines between points that stand at steps; {@link #forSteps} makes a curve of it. */
    record Steps(List<StepPoint> points) implements WeightSchedule {
        /** Checks that the points are in order. */
        public Steps {
            points = List.copyOf(points);
            if (points.isEmpty()) {
                throw new IllegalArgumentException("A schedule needs at least one point.");
            }
            for (int i = 1; i < points.size(); i++) {
                if (points.get(i).step() < points.get(i - 1).step()) {
                    throw new IllegalArgumentException(
                            "A schedule's points must be in order of steps.");
                }
            }
        }

        @Override
        public double at(double progress) {
            throw new IllegalStateException(
                    "A schedule over steps has weights once their number is known.");
        }

        @Override
        public WeightSchedule forSteps(double steps) {
            double last = steps - 1;
            List<Point> reached = new ArrayList<>();
            StepPoint before = points.get(0);
            if (before.step() >= last) {
                return constant(before.weight());
            }
            for (StepPoint point : points) {
                if (point.step() > last) {
                    double part = (last - before.step()) / (point.step() - before.step());
                    double weight = before.weight() + (point.weight() - before.weight()) * part;
                    reached.add(new Point(weight, 1));
                    break;
                }
                reached.add(new Point(point.weight(), point.step() / last));
                before = point;
            }
            return new Points(reached);
        }

        @Override
        public String toString() {
            List<String> texts = new ArrayList<>();
            points.forEach(p -> texts.add(number(p.weight()) + "@" + number(p.step())));
            return String.join(",", texts);
        }
    }

    private static double clamped(double progress) {
        return Math.max(0, Math.min(1, progress));
    }

    private static void requireFinite(double weight) {
        if (!Double.isFinite(weight)) {
            throw new IllegalArgumentException("A schedule's weights must be finite numbers.");
        }
    }

    private static String number(double value) {
        String text = Double.toString(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
