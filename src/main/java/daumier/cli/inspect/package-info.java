/** What is in a file or folder: packs, LoRA files, runs, policies; as text and as JSON. */
package daumier.cli.inspect;
