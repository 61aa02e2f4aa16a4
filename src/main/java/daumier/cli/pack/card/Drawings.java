package daumier.cli.pack.card;

import daumier.env.AutoresetMode;
import daumier.env.LaneReset;
import daumier.env.VectorStep;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.EpisodeSource;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Studio;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Portraits drawn in the environment by plans that look at nothing. */
final class Drawings {
    /** A fixed plan. */
    @FunctionalInterface
    interface Plan {
        /**
         * The move of a decision.
         *
         * @param decision from 0
         * @param decisions how many there are
         */
        Move at(int decision, int decisions);
    }

    private final Studio studio;
    private final Settings settings;

    /** Drawings in a studio, which stays the caller's. */
    Drawings(Studio studio) {
        this.studio = studio;
        this.settings = Settings.standard().withPictures();
    }

    /** Draws episodes side by side, all by one plan. */
    List<Outcome> draw(List<EpisodeSpec> episodes, Plan plan) {
        int lanes = episodes.size();
        Outcome[] outcomes = new Outcome[lanes];
        try (CaricatureVectorEnvironment environment =
                new CaricatureVectorEnvironment(
                        studio,
                        settings,
                        EpisodeSource.of(episodes),
                        lanes,
                        AutoresetMode.DISABLED)) {
            List<LaneReset> resets = new ArrayList<>();
            for (int i = 0; i < lanes; i++) {
                resets.add(
                        new LaneReset(
                                i,
                                OptionalLong.of(i),
                                Map.of(CaricatureVectorEnvironment.EPISODE, episodes.get(i))));
            }
            environment.reset(resets);
            for (int decision = 0; decision < settings.decisions(); decision++) {
                double[] action = plan.at(decision, settings.decisions()).toAction();
                double[][] actions = new double[lanes][];
                Arrays.fill(actions, action);
                VectorStep step = environment.step(Arrays.asList(actions));
                for (int i = 0; i < lanes; i++) {
                    if (step.infos().get(i).get(CaricatureVectorEnvironment.OUTCOME)
                            instanceof Outcome outcome) {
                        outcomes[i] = outcome;
                    }
                }
            }
        }
        return Arrays.asList(outcomes);
    }
}
