package daumier.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import daumier.env.Box;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AblationTest {
    private static final Box SPACE =
            Box.builder().part("a", 1, -9, 9).part("b", 2, -9, 9).part("c", 1, -9, 9).build();

    /** Acts by repeating what it is shown. */
    private static double[][] echo(double[][] seen, boolean[] starts, boolean deterministic) {
        return seen;
    }

    @Test
    void hiddenPartsAreReplacedAndTheCallersObservationIsNot() {
        Policy blind =
                new Blindfold(
                        AblationTest::echo, SPACE, List.of("b"), new double[] {-1, -2, -3, -4});
        double[][] observed = {{1, 2, 3, 4}, {5, 6, 7, 8}};
        double[][] acted = blind.act(observed, new boolean[2], true);
        assertArrayEquals(new double[] {1, -2, -3, 4}, acted[0]);
        assertArrayEquals(new double[] {5, -2, -3, 8}, acted[1]);
        assertArrayEquals(new double[] {1, 2, 3, 4}, observed[0]);
    }

    @Test
    void whatStandsInMustBeAnObservation() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Blindfold(AblationTest::echo, SPACE, List.of("b"), new double[3]));
    }

    @Test
    void heldPartsOfActionsStay() {
        Policy held = new HeldAction(AblationTest::echo, SPACE, "b", 0.5);
        double[][] acted = held.act(new double[][] {{1, 2, 3, 4}}, new boolean[1], true);
        assertArrayEquals(new double[] {1, 0.5, 0.5, 4}, acted[0]);
    }
}
