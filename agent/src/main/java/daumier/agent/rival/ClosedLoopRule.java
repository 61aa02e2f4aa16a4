package daumier.agent.rival;

import daumier.env.Box;
import daumier.env.caricature.Move;
import java.util.Arrays;

/**
 * The hand-written rule: proportional feedback. Each region's effort follows its error, trusted as
 * far as the meter's error bar allows; the LoRA weight follows the distance to the wanted style
 * level, and gives way where identity falls below its floor.
 *
 * @param space of observations
 * @param gains the rule's constants
 */
public record ClosedLoopRule(Box space, Gains gains) implements Rival {
    /**
     * The constants of the rule.
     *
     * @param firstGain effort at the first decision for each unit of intent
     * @param firstWeight LoRA weight at the first decision
     * @param geometry effort for each unit of relative error
     * @param style LoRA weight for each unit of missing style level
     * @param identity LoRA weight given up for each unit of cosine below the floor
     * @param level wanted style level
     * @param floor cosine below which identity is in danger
     * @param answer most LoRA weight that a style level is believed to take: the weight is
     *     corrected by the missing level times the weight that the level seen so far took, at most
     *     this; 0 stands for a correction that is the same for all LoRAs
     * @param stride of every decision, a factor on the uniform share of the schedule; 0 stands for
     *     1
     */
    public record Gains(
            double firstGain,
            double firstWeight,
            double geometry,
            double style,
            double identity,
            double level,
            double floor,
            double answer,
            double stride) {
        /** Files from before a constant was added hold no value for it. */
        public Gains {
            stride = stride == 0 ? 1 : stride;
        }

        /** Placed by hand after trials on 96 training portraits of the embedded pack. */
        public static Gains standard() {
            return new Gains(0, 0.5, 0.8, 1.2, 1.15, 0.68, 0.77, 1, 1.8);
        }
    }

    /** Even the strongest LoRA takes some weight for a level. */
    private static final double LEAST_ANSWER = 0.15;

    private static final double[] NONE = new double[Move.SPACE.part("increment").size()];

    @Override
    public String constants() {
        return gains.toString();
    }

    @Override
    public double[][] act(double[][] observations, boolean[] episodeStarts, boolean deterministic) {
        double[][] actions = new double[observations.length][];
        Arrays.setAll(actions, i -> act(observations[i], NONE));
        return actions;
    }

    /**
     * The action after one observation by somebody who knows better.
     *
     * @param more added to the relative error of each region that is felt
     */
    double[] act(double[] o, double[] more) {
        View view = new View(space);
        double[] intent = view.vector(o, "intent");
        double[] increment = new double[intent.length];
        if (view.scalar(o, "seen") == 0) {
            Arrays.setAll(increment, r -> gains.firstGain() * intent[r]);
            return new Move(increment, gains.firstWeight(), gains.stride()).toAction();
        }
        double[] relative = view.relativeError(o);
        Arrays.setAll(increment, r -> gains.geometry() * (relative[r] + more[r]));
        double weight =
                view.scalar(o, "lora_weight")
                        + gains.style()
                                * answer(view, o)
                                * (gains.level() - view.scalar(o, "level"))
                        - gains.identity() * Math.max(0, gains.floor() - view.scalar(o, "cosine"));
        return new Move(increment, weight, gains.stride()).toAction();
    }

    /** LoRA weight that a unit of style level took so far: strong LoRAs are corrected by less. */
    private double answer(View view, double[] o) {
        if (gains.answer() == 0) {
            return 1;
        }
        double taken = view.scalar(o, "mean_lora_weight") / Math.max(view.scalar(o, "level"), 1e-6);
        return Math.max(LEAST_ANSWER, Math.min(gains.answer(), taken));
    }
}
