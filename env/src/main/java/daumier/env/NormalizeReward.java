package daumier.env;

import java.util.Map;
import java.util.OptionalLong;

/**
 * Passes rewards through a {@link RewardNormalizer}.
 *
 * @param <A> type of an action
 */
public final class NormalizeReward<A> extends EnvironmentWrapper<A> {
    private final RewardNormalizer normalizer;

    /** Wraps {@code inner}; the normaliser has one lane. */
    public NormalizeReward(Environment<A> inner, RewardNormalizer normalizer) {
        super(inner);
        this.normalizer = normalizer;
    }

    @Override
    public ResetResult reset(OptionalLong seed, Map<String, Object> options) {
        normalizer.start(0);
        return super.reset(seed, options);
    }

    @Override
    public StepResult step(A action) {
        StepResult result = super.step(action);
        double[] reward =
                normalizer.apply(new double[] {result.reward()}, new boolean[] {result.ended()});
        return new StepResult(
                result.observation(),
                reward[0],
                result.terminated(),
                result.truncated(),
                result.info());
    }
}
