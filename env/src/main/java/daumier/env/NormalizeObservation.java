package daumier.env;

import java.util.Map;
import java.util.OptionalLong;

/**
 * Passes observations through an {@link ObservationNormalizer}.
 *
 * @param <A> type of an action
 */
public final class NormalizeObservation<A> extends EnvironmentWrapper<A> {
    private final ObservationNormalizer normalizer;

    /** Wraps {@code inner}; the normaliser may be shared, frozen and saved from outside. */
    public NormalizeObservation(Environment<A> inner, ObservationNormalizer normalizer) {
        super(inner);
        this.normalizer = normalizer;
    }

    @Override
    public Box observationSpace() {
        return normalizer.space(super.observationSpace());
    }

    @Override
    public ResetResult reset(OptionalLong seed, Map<String, Object> options) {
        ResetResult result = super.reset(seed, options);
        normalizer.observe(new double[][] {result.observation()});
        return new ResetResult(normalizer.apply(result.observation()), result.info());
    }

    @Override
    public StepResult step(A action) {
        StepResult result = super.step(action);
        normalizer.observe(new double[][] {result.observation()});
        return new StepResult(
                normalizer.apply(result.observation()),
                result.reward(),
                result.terminated(),
                result.truncated(),
                result.info());
    }
}
