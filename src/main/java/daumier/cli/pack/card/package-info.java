/**
 * The model card of a pack: measures its parts on people that nothing was trained on, and writes
 * tables, sheets of pictures and all figures as JSON into the pack's {@code card/} folder.
 */
package daumier.cli.pack.card;
