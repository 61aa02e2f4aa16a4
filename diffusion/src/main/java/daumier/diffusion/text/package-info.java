/**
 * Prompts as token ids: CLIP's byte-level byte-pair encoding, equal to that of transformers, and a
 * trainer for small vocabularies in the same files.
 */
package daumier.diffusion.text;
