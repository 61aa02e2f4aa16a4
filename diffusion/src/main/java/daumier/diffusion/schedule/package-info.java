/**
 * How strongly a LoRA acts at each step, written as people write it: {@code 0.8}, {@code
 * 0.3@0,0.7@1}, {@code cosine(0.3,0.7)}, {@code ramp(0.3,0.7)}; for the whole U-Net, by block, or
 * in the text encoder.
 */
package daumier.diffusion.schedule;
