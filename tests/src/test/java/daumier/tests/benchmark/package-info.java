/** Daumier and diffusers side by side: two processes that do the same work in turns. */
package daumier.tests.benchmark;
