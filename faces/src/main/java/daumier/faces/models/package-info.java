/**
 * Models that the user brings: finding them in a folder, recognising what they are, and running
 * them. Identity networks of the ArcFace family, 68-point landmark networks and regression trees,
 * and 3D morphable models in the neutral form. Also the folders of pictures that figures are
 * computed from: portraits of known people, and photographs with an artist's warp; and what a
 * landmark network was found to read of known gains, kept beside it.
 */
package daumier.faces.models;
