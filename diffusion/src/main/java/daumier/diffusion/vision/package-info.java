/**
 * Networks that look at finished pictures and previews: CLIP with its text side, DINO, LPIPS, each
 * from the files people have, with the preparation of pixels that its weights were trained on. They
 * judge, and they guide.
 */
package daumier.diffusion.vision;
