package daumier.agent.rival;

import daumier.agent.Evaluation;
import daumier.agent.Policy;
import daumier.agent.StopSignal;
import daumier.env.VectorEnvironment;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import java.util.List;
import java.util.Map;

/** Plays given portraits with a policy. */
public final class Portraits {
    private Portraits() {}

    /** The portraits as starts of an {@link Evaluation}. */
    public static List<Evaluation.Start> starts(List<EpisodeSpec> specs) {
        return specs.stream()
                .map(
                        spec ->
                                new Evaluation.Start(
                                        spec.noiseSeed(),
                                        Map.of(CaricatureVectorEnvironment.EPISODE, spec)))
                .toList();
    }

    /**
     * Plays every portrait once, on as many lanes as there are.
     *
     * @param environment lanes of a {@link CaricatureVectorEnvironment} that do not reset
     *     themselves
     * @return how they ended, in order; fewer if stopped
     */
    public static List<Outcome> play(
            VectorEnvironment<double[]> environment,
            Policy policy,
            List<EpisodeSpec> specs,
            StopSignal stop) {
        return Evaluation.play(environment, policy, starts(specs), true, stop).stream()
                .map(result -> outcome(result.info()))
                .toList();
    }

    static Outcome outcome(Map<String, Object> info) {
        return (Outcome) info.get(CaricatureVectorEnvironment.OUTCOME);
    }
}
