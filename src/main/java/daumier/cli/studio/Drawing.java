package daumier.cli.studio;

import daumier.agent.Policy;
import daumier.env.LaneReset;
import daumier.env.VectorStep;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.Decision;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Outcome;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    /** Alignment below which a drawing did something else than it was asked for. */
    private static final double LOST = 0.3;

    /**
     * What to tell a user whose drawing does not follow: the region that ended furthest from what
     * was asked of it, and what helps. Empty where the drawing follows, or nothing was asked.
     */
    Optional<String> unanswered() {
        if (outcome.reward().alignment() >= LOST || wanted.stream().allMatch(w -> w == 0)) {
            return Optional.empty();
        }
        List<Decision> decisions = outcome.decisions();
        double[] achieved = decisions.get(decisions.size() - 1).achieved();
        int worst = 0;
        for (int r = 1; r < achieved.length; r++) {
            if (Math.abs(achieved[r] - wanted.get(r))
                    > Math.abs(achieved[worst] - wanted.get(worst))) {
                worst = r;
            }
        }
        return Optional.of(
                String.format(
                        Locale.ROOT,
                        "The drawing did not follow: %s reads %.1f where %.1f was asked for. Try a"
                                + " smaller --strength or another --lora.",
                        Intent.name(MeterTarget.REGIONS.get(worst)),
                        achieved[worst],
                        wanted.get(worst)));
    }

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
