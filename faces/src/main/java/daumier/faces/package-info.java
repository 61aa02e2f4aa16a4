/**
 * What a face measures: pictures, detection, landmarks, the 3D morphable model, deviations by
 * region, identity, warps, plausibility, the exaggeration meter, and the procedural face world.
 *
 * <p>Nothing here may know diffusion or reinforcement learning.
 */
package daumier.faces;
