/**
 * The commands around the controller: train it, draw with it, compare it with its rivals, look at a
 * face, and the demonstration of all of that.
 */
package daumier.cli.studio;
