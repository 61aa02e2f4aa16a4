/**
 * Training of LoRAs and of whole packs: one loop, one optimiser, an objective for each network,
 * examples on disk.
 *
 * <p>Where pictures come from is the caller's business: nothing here renders or knows a face.
 */
package daumier.diffusion.train;
