package daumier.diffusion.sample;

import daumier.diffusion.vision.PictureLoss;
import java.util.List;

/**
 * Guidance by what the look-ahead preview shows: at chosen steps the gradient of losses on the
 * preview is added to the noise estimate, as classifier guidance adds that of a classifier
 * (Dhariwal and Nichol 2021), with a preview in the classifier's place (universal guidance, Bansal
 * et al. 2023).
 *
 * <p>The gradient of each loss by the preview's pixels is brought to unit size before they are
 * mixed, and so is what reaches the latents: a weight is the root mean square by which the unit
 * noise estimate is moved, whatever the loss's scale.
 *
 * @param terms what the preview is judged by
 * @param throughUNet whether the gradient passes through the U-Net; else its Jacobian is taken for
 *     a multiple of the identity, which costs a fraction
 * @param lowest timestep at which it acts
 * @param highest timestep at which it acts
 * @param every it acts in every so-manieth step, the first of all included
 */
public record PreviewGuidance(
        List<Term> terms, boolean throughUNet, double lowest, double highest, int every) {
    /** A loss and its weight, above 0. */
    public record Term(PictureLoss loss, double weight) {}

    /** Checks the numbers. */
    public PreviewGuidance {
        terms = List.copyOf(terms);
        if (terms.isEmpty() || every < 1) {
            throw new IllegalArgumentException(
                    "Guidance by the preview needs a loss and a positive number of steps.");
        }
        for (Term term : terms) {
            if (!(term.weight() > 0) || Double.isInfinite(term.weight())) {
                throw new IllegalArgumentException(
                        "A weight of guidance must be above 0, not " + term.weight() + ".");
            }
        }
    }

    /** The sum of the weights. */
    double weight() {
        return terms.stream().mapToDouble(Term::weight).sum();
    }

    /** Whether it acts in a step, counted from 0, that begins at these levels. */
    boolean acts(int step, List<NoiseLevel> at) {
        return step % every == 0
                && at.stream().allMatch(l -> l.timestep() >= lowest && l.timestep() <= highest);
    }
}
