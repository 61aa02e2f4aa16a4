/** What a person at the terminal sees of long work: progress, notes, and a polite Ctrl-C. */
package daumier.cli.console;
