package daumier.env;

import java.util.ArrayList;
import java.util.List;

/**
 * {@link NormalizeObservation} for lanes: the statistics are shared by all lanes. Final
 * observations are normalised but not learned from, as each would count twice in a run of short
 * episodes.
 *
 * @param <A> type of one lane's action
 */
public final class VectorNormalizeObservation<A> extends VectorWrapper<A> {
    private final ObservationNormalizer normalizer;

    /** Wraps {@code inner}; the normaliser may be shared, frozen and saved from outside. */
    public VectorNormalizeObservation(
            VectorEnvironment<A> inner, ObservationNormalizer normalizer) {
        super(inner);
        this.normalizer = normalizer;
    }

    @Override
    public Box observationSpace() {
        return normalizer.space(super.observationSpace());
    }

    @Override
    public VectorReset reset(List<LaneReset> resets) {
        VectorReset result = super.reset(resets);
        List<double[]> fresh = new ArrayList<>();
        for (LaneReset reset : resets) {
            fresh.add(result.observations()[reset.lane()]);
        }
        normalizer.observe(fresh.toArray(double[][]::new));
        return new VectorReset(normalizer.apply(result.observations()), result.infos());
    }

    @Override
    public VectorStep step(List<A> actions) {
        VectorStep step = super.step(actions);
        List<double[]> fresh = new ArrayList<>();
        for (int lane = 0; lane < step.lanes(); lane++) {
            if (!step.parked()[lane]) {
                fresh.add(step.observations()[lane]);
            }
        }
        normalizer.observe(fresh.toArray(double[][]::new));
        return step.withObservations(
                normalizer.apply(step.observations()), normalizer.apply(step.finalObservations()));
    }
}
