/**
 * Made-up input for everything that reads files of others: it is read, or refused in a sentence.
 */
package daumier.tests.fuzz;
