package daumier.agent.rival;

import daumier.env.LaneReset;
import daumier.env.VectorEnvironment;
import daumier.env.VectorStep;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Draws portraits, each by a hand of its own, as many at a time as there are lanes. */
record Sketching(VectorEnvironment<double[]> environment) {
    /**
     * A drawn portrait.
     *
     * @param last the last observation
     */
    record Drawn(Outcome outcome, double[] last) {}

    List<Drawn> draw(List<EpisodeSpec> specs, List<Hand> hands) {
        List<Drawn> all = new ArrayList<>();
        int lanes = environment.lanes();
        for (int first = 0; first < specs.size(); first += lanes) {
            int end = Math.min(specs.size(), first + lanes);
            all.addAll(drawTogether(specs.subList(first, end), hands.subList(first, end)));
        }
        return all;
    }

    private List<Drawn> drawTogether(List<EpisodeSpec> specs, List<Hand> hands) {
        int lanes = environment.lanes();
        List<LaneReset> resets = new ArrayList<>();
        // Lanes beyond the portraits stay parked.
        for (int lane = 0; lane < specs.size(); lane++) {
            resets.add(
                    new LaneReset(
                            lane,
                            OptionalLong.empty(),
                            Map.of(CaricatureVectorEnvironment.EPISODE, specs.get(lane))));
        }
        double[][] observed = environment.reset(resets).observations();
        Drawn[] drawn = new Drawn[specs.size()];
        while (Arrays.asList(drawn).contains(null)) {
            List<double[]> actions = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                Hand hand = hands.get(Math.min(lane, hands.size() - 1));
                actions.add(hand.act(observed[lane]));
            }
            VectorStep step = environment.step(actions);
            observed = step.observations();
            for (int lane = 0; lane < drawn.length; lane++) {
                if (step.ended(lane)) {
                    Outcome outcome = Portraits.outcome(step.infos().get(lane));
                    drawn[lane] = new Drawn(outcome, step.finalObservations()[lane]);
                }
            }
        }
        return Arrays.asList(drawn);
    }
}
