/**
 * The rivals of a learned policy: static schedules, ramps, difference from the mean, and the
 * hand-written closed-loop rule. They are policies like any other, so that comparing is running.
 * Also their tuning, and searches that draw a portrait several times.
 */
package daumier.agent.rival;
