/**
 * Pictures of numbers: panels drawn by JFreeChart, laid out into figures, written as PNG and SVG.
 */
package daumier.cli.chart;
