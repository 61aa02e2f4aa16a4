package daumier.diffusion.lora;

import ai.djl.ndarray.NDArray;

/**
 * The lengths a DoRA (weight-decomposed LoRA, Liu et al. 2024) gives to the rows or columns of a
 * changed weight: W' = m · V / |V| with V = W + scale · up · down.
 *
 * @param values FLOAT32 (out) or (in)
 * @param byOutput whether each output's row has a length of its own (PEFT, and LyCORIS with {@code
 *     wd_on_output}), or each input's column (older LyCORIS files)
 */
public record LoraMagnitude(NDArray values, boolean byOutput) {}
