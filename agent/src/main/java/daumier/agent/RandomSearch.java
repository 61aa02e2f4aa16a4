package daumier.agent;

import daumier.env.Box;
import daumier.env.SeededRandom;

/** Draws points evenly and remembers the best. */
public final class RandomSearch implements Search {
    private final Box bounds;
    private final int batch;
    private final SeededRandom random;
    private double[][] asked = new double[0][];
    private double[] best;
    private double bestScore = Double.NEGATIVE_INFINITY;
    private long evaluations;

    /**
     * A search in {@code bounds}.
     *
     * @param batch points in a generation
     */
    public RandomSearch(Box bounds, int batch, long seed) {
        this.bounds = bounds;
        this.batch = batch;
        random = new SeededRandom(seed);
        best = bounds.clip(new double[bounds.size()]);
    }

    @Override
    public double[][] ask() {
        asked = new double[batch][];
        for (int i = 0; i < batch; i++) {
            asked[i] = bounds.sample(random);
        }
        return asked.clone();
    }

    @Override
    public void tell(double[] scores) {
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > bestScore) {
                bestScore = scores[i];
                best = asked[i];
            }
        }
        evaluations += scores.length;
    }

    @Override
    public double[] best() {
        return best.clone();
    }

    @Override
    public double bestScore() {
        return bestScore;
    }

    @Override
    public long evaluations() {
        return evaluations;
    }

    @Override
    public boolean converged() {
        return false;
    }
}
