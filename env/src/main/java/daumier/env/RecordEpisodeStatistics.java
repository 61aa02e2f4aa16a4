package daumier.env;

import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Puts an {@link EpisodeSummary} into the last info of each episode.
 *
 * @param <A> type of an action
 */
public final class RecordEpisodeStatistics<A> extends EnvironmentWrapper<A> {
    private final EpisodeTally tally;

    /** Wraps {@code inner} and measures time by the system's clock. */
    public RecordEpisodeStatistics(Environment<A> inner) {
        this(inner, System::nanoTime);
    }

    /** Wraps {@code inner} and measures time by {@code nanoClock}. */
    public RecordEpisodeStatistics(Environment<A> inner, LongSupplier nanoClock) {
        super(inner);
        tally = new EpisodeTally(1, nanoClock);
    }

    @Override
    public ResetResult reset(OptionalLong seed, Map<String, Object> options) {
        ResetResult result = super.reset(seed, options);
        tally.start(0);
        return result;
    }

    @Override
    public StepResult step(A action) {
        StepResult result = super.step(action);
        return new StepResult(
                result.observation(),
                result.reward(),
                result.terminated(),
                result.truncated(),
                tally.add(0, result.reward(), result.ended(), result.info()));
    }
}
