/**
 * Policies and how they are learned, kept, evaluated and compared.
 *
 * <p>Nothing here may know pictures, image files or the command line.
 */
package daumier.agent;
