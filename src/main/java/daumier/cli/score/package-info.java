/** Comparing two pictures of a face, and computing what the comparison's figures mean. */
package daumier.cli.score;
