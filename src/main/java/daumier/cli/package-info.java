/** The application: commands, progress, charts and reports. Nothing is above it but tests. */
package daumier.cli;
