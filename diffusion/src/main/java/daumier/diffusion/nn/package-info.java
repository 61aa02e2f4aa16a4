/**
 * The networks of latent diffusion as plain Java over TorchScript kernels: layers with LoRA side
 * branches, U-Net, autoencoders, CLIP text model and adapter. Module and field names are the
 * checkpoint's keys; every network is differentiable. Also weights packed for the processor and the
 * folder they are kept in, and how the process ends while the native library computes.
 */
package daumier.diffusion.nn;
