package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.random.RandomGenerator;

/** What is minimised: draws one batch and computes its loss. */
@FunctionalInterface
public interface Objective {
    /**
     * The loss of one random batch.
     *
     * @param scope everything the batch needs is attached here and freed after the step
     * @param random the generator of this step alone: the same step draws the same batch after a
     *     resume
     * @param step the step's number, from 0
     * @return a scalar that gradients flow from
     */
    NDArray loss(NDManager scope, RandomGenerator random, long step);
}
