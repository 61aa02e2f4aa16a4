/** Reports: one HTML file with everything in it, to be opened anywhere and sent by mail. */
package daumier.cli.report;
