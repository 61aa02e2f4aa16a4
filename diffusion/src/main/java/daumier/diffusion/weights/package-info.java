/**
 * Weights by name: safetensors files in and out, and a cursor that walks a checkpoint by the same
 * names the code is structured by.
 */
package daumier.diffusion.weights;
