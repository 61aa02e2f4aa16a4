package daumier.cli.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.env.caricature.Decision;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Terms;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a user is told of a drawing that did something else. */
final class DrawingTest {
    private static Drawing drawing(double alignment, double nose) {
        Terms terms = new Terms(alignment, 0, 1, 1, 1, 1, 1, 2);
        double[] achieved = {0.9, 0, 0.5, 0, nose, 0.2};
        Decision last =
                new Decision(6, 1, -1, 0.5, new double[achieved.length], achieved, 12, terms);
        Outcome outcome = new Outcome(null, terms, null, 12, 1, List.of(last), null);
        return new Drawing(outcome, List.of(), List.of(), List.of(1.0, 0.0, 0.5, 0.0, 1.6, 0.0));
    }

    @Test
    void theRegionFurthestOffIsNamed() {
        String told = drawing(-1, -5.24).unanswered().orElseThrow();
        assertTrue(told.contains("nose reads -5.2 where 1.6 was asked for"), told);
        assertTrue(told.contains("--strength"), told);
    }

    @Test
    void aDrawingThatFollowsIsNotTalkedAbout() {
        assertEquals(Optional.empty(), drawing(0.95, 1.5).unanswered());
    }
}
