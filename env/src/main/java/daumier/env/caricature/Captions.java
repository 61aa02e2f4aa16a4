package daumier.env.caricature;

import daumier.faces.world.Subject;
import daumier.faces.world.View;

/** Finds the words that a person is drawn from. */
@FunctionalInterface
interface Captions {
    /**
     * The words.
     *
     * @param style name of the style LoRA
     */
    String of(Subject subject, View view, String style);
}
