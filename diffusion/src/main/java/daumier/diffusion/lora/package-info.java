/**
 * LoRA files: low-rank changes to the layers of the U-Net and of the text encoder, in the key names
 * of kohya, diffusers and PEFT. Layers are found by walking the model, never by parsing names.
 */
package daumier.diffusion.lora;
