package daumier.env;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * {@link RecordEpisodeStatistics} for lanes.
 *
 * @param <A> type of one lane's action
 */
public final class VectorRecordEpisodeStatistics<A> extends VectorWrapper<A> {
    private final EpisodeTally tally;

    /** Wraps {@code inner} and measures time by the system's clock. */
    public VectorRecordEpisodeStatistics(VectorEnvironment<A> inner) {
        this(inner, System::nanoTime);
    }

    /** Wraps {@code inner} and measures time by {@code nanoClock}. */
    public VectorRecordEpisodeStatistics(VectorEnvironment<A> inner, LongSupplier nanoClock) {
        super(inner);
        tally = new EpisodeTally(inner.lanes(), nanoClock);
    }

    @Override
    public VectorReset reset(List<LaneReset> resets) {
        VectorReset result = super.reset(resets);
        for (LaneReset reset : resets) {
            tally.start(reset.lane());
        }
        return result;
    }

    @Override
    public VectorStep step(List<A> actions) {
        VectorStep step = super.step(actions);
        List<Map<String, Object>> infos = new ArrayList<>(step.infos());
        for (int lane = 0; lane < step.lanes(); lane++) {
            if (step.parked()[lane]) {
                continue;
            }
            boolean ended = step.ended(lane);
            infos.set(lane, tally.add(lane, step.rewards()[lane], ended, step.infos().get(lane)));
            if (ended) {
                tally.start(lane);
            }
        }
        return step.withInfos(infos);
    }
}
