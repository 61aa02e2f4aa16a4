/**
 * End-to-end and contract tests, the architecture test, parity with public references and
 * benchmarks.
 */
package daumier.tests;
