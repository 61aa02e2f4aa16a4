package daumier.env.caricature;

import java.util.Arrays;
import java.util.Objects;

/**
 * One decision of a drawing and what the preview after it showed.
 *
 * @param number 1 for the first
 * @param progress what was reached: 0 at pure noise to 1 when the picture is finished
 * @param timestep the training timestep reached, -1 at the end
 * @param loraWeight weight of the style LoRA on the way
 * @param effort gain by region that was asked of the picture on the way
 * @param achieved displacement by region that was seen, in units of the median subject's
 * @param calls U-Net calls spent so far
 * @param terms what the picture was worth
 */
public record Decision(
        int number,
        double progress,
        double timestep,
        double loraWeight,
        double[] effort,
        double[] achieved,
        int calls,
        Terms terms) {
    @Override
    public boolean equals(Object o) {
        return o instanceof Decision other
                && number == other.number
                && progress == other.progress
                && timestep == other.timestep
                && loraWeight == other.loraWeight
                && Arrays.equals(effort, other.effort)
                && Arrays.equals(achieved, other.achieved)
                && calls == other.calls
                && terms.equals(other.terms);
    }

    @Override
    public int hashCode() {
        return Objects.hash(number, progress, loraWeight, Arrays.hashCode(effort), terms);
    }
}
