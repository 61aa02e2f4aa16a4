/**
 * The environment for programs in other languages: one JSON object a line over a pipe, from which
 * the Python package of {@code env/python} makes a gymnasium environment.
 */
package daumier.cli.serve;
