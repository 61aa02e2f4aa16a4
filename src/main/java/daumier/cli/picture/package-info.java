/**
 * Picture files: reading what people bring, writing PNG with its provenance, sheets side by side.
 */
package daumier.cli.picture;
