package daumier.env;

import java.util.List;

/**
 * {@link NormalizeReward} for lanes: the statistics are shared, the returns are kept by lane.
 *
 * @param <A> type of one lane's action
 */
public final class VectorNormalizeReward<A> extends VectorWrapper<A> {
    private final RewardNormalizer normalizer;

    /** Wraps {@code inner}; the normaliser has as many lanes. */
    public VectorNormalizeReward(VectorEnvironment<A> inner, RewardNormalizer normalizer) {
        super(inner);
        this.normalizer = normalizer;
    }

    @Override
    public VectorReset reset(List<LaneReset> resets) {
        for (LaneReset reset : resets) {
            normalizer.start(reset.lane());
        }
        return super.reset(resets);
    }

    @Override
    public VectorStep step(List<A> actions) {
        VectorStep step = super.step(actions);
        return step.withRewards(normalizer.apply(step.rewards(), step.ended()));
    }
}
