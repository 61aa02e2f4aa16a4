/**
 * Pictures of numbers: panels drawn by JFreeChart, and rows of pictures beside them, laid out into
 * figures, written as PNG and SVG.
 */
package daumier.cli.chart;
