/**
 * Sampling that can be steered between any two steps: noise schedules and samplers as diffusers
 * builds them from a scheduler configuration, the state of a sampling as a value, guidance, the
 * pack of models, and the text-to-image and image-to-image loops over it.
 */
package daumier.diffusion.sample;
