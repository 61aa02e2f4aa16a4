package daumier.env.caricature;

import daumier.env.Box;
import daumier.env.EnvironmentContractException;
import daumier.faces.MeterTarget;

/**
 * An action in the units of the drawing.
 *
 * @param increment how much further each of {@link MeterTarget#REGIONS} shall be exaggerated, a
 *     gain: 1 stands for the person's own displacement, or {@link #LEAST_DEVIATION} if that is
 *     less. It is added to the effort that the map shows, and what has been drawn is warped by it
 * @param loraWeight weight of the style LoRA until the next decision
 * @param stride factor on the uniform share of the schedule
 */
public record Move(double[] increment, double loraWeight, double stride) {
    /** The largest increment of a decision. */
    public static final double MOST_INCREMENT = 1.5;

    /**
     * Displacement, in units of the median subject's, that a gain of 1 stands for where a face has
     * less of its own.
     */
    public static final double LEAST_DEVIATION = 0.15;

    /** The largest weight of the LoRA. */
    public static final double MOST_WEIGHT = 1.3;

    private static final int REGIONS = MeterTarget.REGIONS.size();

    /** The space of actions: everything in [-1, 1]. */
    public static final Box SPACE =
            Box.builder()
                    .part("increment", REGIONS, -1, 1)
                    .part("lora_weight", 1, -1, 1)
                    .part("stride", 1, -1, 1)
                    .build();

    /** Checks the number of increments. */
    public Move {
        if (increment.length != REGIONS) {
            throw new IllegalArgumentException(
                    "A move has " + REGIONS + " increments, not " + increment.length + ".");
        }
    }

    /**
     * The move that an action in [-1, 1] stands for; values outside are clipped.
     *
     * @throws EnvironmentContractException if it has another size or a value that is no number
     */
    public static Move of(double[] action) {
        if (action == null || action.length != SPACE.size()) {
            throw new EnvironmentContractException(
                    "An action has "
                            + SPACE.size()
                            + " values, not "
                            + (action == null ? "none" : action.length)
                            + ".");
        }
        for (double value : action) {
            if (!Double.isFinite(value)) {
                throw new EnvironmentContractException(
                        "An action's values must be numbers, but one is " + value + ".");
            }
        }
        double[] increment = new double[REGIONS];
        for (int r = 0; r < REGIONS; r++) {
            increment[r] = MOST_INCREMENT * clip(action[r]);
        }
        return new Move(
                increment,
                MOST_WEIGHT * (clip(action[REGIONS]) + 1) / 2,
                Math.pow(2, clip(action[REGIONS + 1])));
    }

    /** The action in [-1, 1] that stands for this move, clipped to what can be said. */
    public double[] toAction() {
        double[] action = new double[REGIONS + 2];
        for (int r = 0; r < REGIONS; r++) {
            action[r] = clip(increment[r] / MOST_INCREMENT);
        }
        action[REGIONS] = clip(2 * loraWeight / MOST_WEIGHT - 1);
        action[REGIONS + 1] = clip(Math.log(stride) / Math.log(2));
        return action;
    }

    private static double clip(double v) {
        return Math.max(-1, Math.min(1, v));
    }
}
