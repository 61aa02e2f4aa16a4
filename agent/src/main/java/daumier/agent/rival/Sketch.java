package daumier.agent.rival;

/**
 * A way to draw one portrait that is fixed before it begins, unlike a policy's it may differ from
 * portrait to portrait.
 *
 * @param effort gain by region, from the first decision on
 * @param weight of the LoRA throughout
 */
record Sketch(double[] effort, double weight) {}
