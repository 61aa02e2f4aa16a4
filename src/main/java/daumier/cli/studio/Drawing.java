package daumier.cli.studio;

import daumier.agent.Policy;
import daumier.env.LaneReset;
import daumier.env.VectorStep;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Outcome;
import daumier.faces.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One picture drawn under a policy.
 *
 * @param outcome how it ended, with the picture
 * @param previews what the picture looked like at each decision; the last is the picture
 * @param moves what the policy did at each decision
 * @param wanted displacement by region that was asked for, in units of the median subject's; 0
 *     where the meter is not trusted
 */
record Drawing(Outcome outcome, List<Picture> previews, List<Move> moves, List<Double> wanted) {
    /**
     * Draws.
     *
     * @param environment one lane that does not reset itself, with pictures in its infos
     */
    static Drawing draw(
            CaricatureVectorEnvironment environment, Policy policy, EpisodeSpec episode) {
        double[][] observed =
                environment
                        .reset(
                                List.of(
                                        new LaneReset(
                                                0,
                                                OptionalLong.of(episode.noiseSeed()),
                                                Map.of(
                                                        CaricatureVectorEnvironment.EPISODE,
                                                        episode))))
                        .observations();
        List<Double> wanted =
                Arrays.stream(environment.observationSpace().slice(observed[0], "wanted"))
                        .boxed()
                        .toList();
        List<Picture> previews = new ArrayList<>();
        List<Move> moves = new ArrayList<>();
        boolean[] start = {true};
        while (true) {
            double[][] action = policy.act(observed, start, true);
            moves.add(Move.of(action[0]));
            VectorStep step = environment.step(List.of(action[0]));
            Map<String, Object> info = step.infos().get(0);
            if (info.get(CaricatureVectorEnvironment.PREVIEW) instanceof Picture preview) {
                previews.add(preview);
            }
            if (step.ended(0)) {
                return new Drawing(
                        (Outcome) info.get(CaricatureVectorEnvironment.OUTCOME),
                        previews,
                        moves,
                        wanted);
            }
            start[0] = false;
            observed = step.observations();
        }
    }
}
