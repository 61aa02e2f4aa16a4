package daumier.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class LeaveOneOutTest {
    private static final double EXACT = 1e-12;

    @Test
    void theMeanOfTheOthersAtTheSamePointIsTakenOff() {
        double[][] advantages = {{1, 5}, {2, 7}, {6, 0}};
        boolean[][] ended = {{false, false}, {false, false}, {false, false}};
        double[][] centred = LeaveOneOut.centred(advantages, ended, 3);
        assertArrayEquals(new double[] {1 - 4, 5 - 3.5}, centred[0], EXACT);
        assertArrayEquals(new double[] {2 - 3.5, 7 - 2.5}, centred[1], EXACT);
        assertArrayEquals(new double[] {6 - 1.5, 0 - 6}, centred[2], EXACT);
    }

    @Test
    void groupsAreApart() {
        double[][] advantages = {{1}, {3}, {10}, {20}};
        boolean[][] ended = {{true}, {true}, {true}, {true}};
        double[][] centred = LeaveOneOut.centred(advantages, ended, 2);
        assertArrayEquals(new double[] {-2}, centred[0], EXACT);
        assertArrayEquals(new double[] {2}, centred[1], EXACT);
        assertArrayEquals(new double[] {-10}, centred[2], EXACT);
        assertArrayEquals(new double[] {10}, centred[3], EXACT);
    }

    @Test
    void episodesOfDifferentLengthMeetByNumberAndDecision() {
        // The first lane's second episode begins at step 1, the second lane's at step 2.
        double[][] advantages = {{1, 10, 20}, {3, 4, 30}};
        boolean[][] ended = {{true, false, false}, {false, true, false}};
        double[][] centred = LeaveOneOut.centred(advantages, ended, 2);
        assertArrayEquals(new double[] {-2, -20, 20}, centred[0], EXACT);
        assertArrayEquals(new double[] {2, 4, 20}, centred[1], EXACT);
    }

    @Test
    void everyEpisodeOfAGroupWeighsTheSame() {
        double[][] centred = {{10, -10, 0.1, -0.1, 0}, {-10, 10, -0.1, 0.1, 0}};
        boolean[][] ended = {{false, true, false, true, true}, {false, true, false, true, true}};
        double[][] evened = LeaveOneOut.evened(centred, ended, 2);
        assertArrayEquals(new double[] {1, -1}, Arrays.copyOf(evened[0], 2), 1e-12);
        // A hundredth of the spread, but not a hundredth of the weight; nothing stays nothing.
        double quarter = 0.25 * Math.sqrt((4 * 100 + 4 * 0.01) / 10);
        assertEquals(0.1 / quarter, evened[0][2], 1e-12);
        assertEquals(0, evened[1][4]);
        assertArrayEquals(
                new double[] {1, -1, 1},
                LeaveOneOut.evened(
                        new double[][] {{0.2, -0.2, 0.2}},
                        new boolean[][] {{false, true, true}},
                        1)[0],
                1e-12);
    }
}
