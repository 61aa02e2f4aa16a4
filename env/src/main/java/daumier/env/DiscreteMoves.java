package daumier.env;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets a learner of discrete choices act in a continuous space: choice i plays the i-th of a table
 * of moves.
 */
public final class DiscreteMoves implements VectorEnvironment<Integer> {
    private final VectorEnvironment<double[]> inner;
    private final double[][] moves;

    /**
     * Wraps {@code inner}, which is closed with this one.
     *
     * @param moves (choices, size): actions of the inner space
     */
    public DiscreteMoves(VectorEnvironment<double[]> inner, double[][] moves) {
        this.inner = inner;
        this.moves = new double[moves.length][];
        for (int i = 0; i < moves.length; i++) {
            if (!inner.actionSpace().contains(moves[i])) {
                throw new IllegalArgumentException(
                        "Move " + i + " is no action of " + inner.actionSpace().describe() + ".");
            }
            this.moves[i] = moves[i].clone();
        }
    }

    @Override
    public int lanes() {
        return inner.lanes();
    }

    @Override
    public Box observationSpace() {
        return inner.observationSpace();
    }

    @Override
    public Discrete actionSpace() {
        return new Discrete(moves.length);
    }

    @Override
    public AutoresetMode autoresetMode() {
        return inner.autoresetMode();
    }

    @Override
    public VectorReset reset(List<LaneReset> resets) {
        return inner.reset(resets);
    }

    @Override
    public VectorStep step(List<Integer> actions) {
        List<double[]> played = new ArrayList<>(actions.size());
        for (Integer action : actions) {
            played.add(action == null ? null : moves[action].clone());
        }
        return inner.step(played);
    }

    @Override
    public void close() {
        inner.close();
    }
}
