/**
 * Training of a style LoRA from a folder of pictures: reading of pictures and captions, the command
 * and its run. The loop, the loss and the file format live in {@code daumier.diffusion}.
 */
package daumier.cli.lora;
