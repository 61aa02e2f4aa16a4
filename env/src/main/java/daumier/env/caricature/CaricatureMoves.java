package daumier.env.caricature;

import daumier.faces.MeterTarget;
import java.util.ArrayList;
import java.util.List;

/**
 * A small table of moves for learners of discrete choices, for {@link daumier.env.DiscreteMoves}:
 * each choice sets the LoRA weight to one of a few levels and pushes one region or none by a fixed
 * increment, at the uniform stride.
 */
public final class CaricatureMoves {
    private static final double[] WEIGHTS = {0.2, 0.4, 0.6, 0.8, 1.0};
    private static final double PUSH = 0.75;

    private CaricatureMoves() {}

    /**
     * The table: for each weight no push, each region further, each region back.
     *
     * @return (choices, 8) actions in [-1, 1]
     */
    public static double[][] table() {
        int regions = MeterTarget.REGIONS.size();
        List<double[]> moves = new ArrayList<>();
        for (double weight : WEIGHTS) {
            moves.add(new Move(new double[regions], weight, 1).toAction());
            for (int r = 0; r < regions; r++) {
                for (int sign = -1; sign <= 1; sign += 2) {
                    double[] increment = new double[regions];
                    increment[r] = sign * PUSH;
                    moves.add(new Move(increment, weight, 1).toAction());
                }
            }
        }
        return moves.toArray(double[][]::new);
    }
}
