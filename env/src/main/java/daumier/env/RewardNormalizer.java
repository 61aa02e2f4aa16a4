package daumier.env;

/**
 * Divides rewards by the standard deviation of the discounted return, as seen so far, and clips
 * them (stable-baselines3's VecNormalize, Gymnasium's NormalizeReward). The sign of a reward never
 * changes. While frozen it learns nothing.
 */
public final class RewardNormalizer {
    private static final double EPSILON = 1e-8;

    private final RunningMoments moments = new RunningMoments(1);
    private final double[] returns;
    private final double gamma;
    private final double clip;
    private boolean frozen;

    /**
     * A normaliser that knows nothing yet.
     *
     * @param lanes how many episodes run side by side
     * @param gamma discount, in [0, 1]; anything else would grow without bound
     * @param clip results lie in [-clip, clip]; above 0
     */
    public RewardNormalizer(int lanes, double gamma, double clip) {
        if (!(gamma >= 0 && gamma <= 1)) {
            throw new IllegalArgumentException("Gamma lies in [0, 1], not " + gamma + ".");
        }
        if (!(clip > 0)) {
            throw new IllegalArgumentException("The clip must be above 0, not " + clip + ".");
        }
        returns = new double[lanes];
        this.gamma = gamma;
        this.clip = clip;
    }

    /** Stops or resumes learning. */
    public void setFrozen(boolean frozen) {
        this.frozen = frozen;
    }

    /** Whether it has stopped learning. */
    public boolean isFrozen() {
        return frozen;
    }

    /** A new episode begins in {@code lane}. */
    public void start(int lane) {
        returns[lane] = 0;
    }

    /**
     * The rewards of one step of all lanes, scaled.
     *
     * @param rewards one a lane
     * @param ended lanes whose episode ended with this step; their return starts again
     */
    public double[] apply(double[] rewards, boolean[] ended) {
        if (!frozen) {
            double[][] rows = new double[rewards.length][1];
            for (int i = 0; i < rewards.length; i++) {
                returns[i] = gamma * returns[i] + rewards[i];
                rows[i][0] = returns[i];
            }
            moments.update(rows);
            for (int i = 0; i < rewards.length; i++) {
                if (ended[i]) {
                    returns[i] = 0;
                }
            }
        }
        double scale = 1 / Math.sqrt(moments.variance(0) + EPSILON);
        double[] result = new double[rewards.length];
        for (int i = 0; i < rewards.length; i++) {
            result[i] = Math.min(Math.max(rewards[i] * scale, -clip), clip);
        }
        return result;
    }

    /** The statistics, for a file; running returns belong to episodes and are not among them. */
    public double[] state() {
        return moments.state();
    }

    /** Puts back statistics. */
    public void restore(double[] state) {
        moments.restore(state);
    }
}
