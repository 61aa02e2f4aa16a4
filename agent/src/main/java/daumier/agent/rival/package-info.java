/**
 * The rivals of a learned policy: static schedules, ramps, difference from the mean, and the
 * hand-written closed-loop rule. They are policies like any other, so that comparing is running.
 */
package daumier.agent.rival;
