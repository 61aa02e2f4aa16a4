/**
 * The environment in which a portrait is drawn: episodes, what a policy sees of the half-finished
 * face, what its actions do to the sampling, and what it is paid for.
 *
 * <p>Nothing here may know how a policy learns, or the command line.
 */
package daumier.env.caricature;
