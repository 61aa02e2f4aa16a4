/**
 * Training of the embedded pack: renders procedural faces, hands them to the trainers of the
 * diffusion module, writes the pack in the diffusers layout and measures it.
 */
package daumier.cli.pack;
