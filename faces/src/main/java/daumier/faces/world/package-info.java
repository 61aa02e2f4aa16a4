/**
 * The procedural face world: a parametric head that is a 3D morphable model with a renderer.
 * People, views and looks are drawn from seeded generators; the same parameters give a picture in
 * the photo look, in the toon look or by one of several artists, its 68 landmarks, its geometry map
 * and its caption.
 */
package daumier.faces.world;
