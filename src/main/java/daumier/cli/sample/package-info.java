/** {@code daumier sample}: plain diffusion, without a controller. */
package daumier.cli.sample;
