/**
 * The environment, with Gymnasium's semantics: spaces, observation, action, reward terms, wrappers
 * and vectorised lanes.
 *
 * <p>Nothing here may know how a policy learns.
 */
package daumier.env;
