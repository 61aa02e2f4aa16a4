/**
 * A Stable-Diffusion sampler that can be steered between any two steps: weights, networks,
 * adapters, LoRA, noise schedules, look-ahead, and the training of LoRAs and of the embedded pack.
 *
 * <p>Nothing here may know faces or reinforcement learning. Pictures are tensors of shape (batch,
 * 3, height, width) in [-1, 1].
 */
package daumier.diffusion;
