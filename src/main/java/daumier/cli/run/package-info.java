/**
 * The folder of a training run: configuration, stable-baselines3's {@code progress.csv} and {@code
 * monitor.csv}, TensorBoard events, checkpoints; written so that a crash loses nothing.
 */
package daumier.cli.run;
