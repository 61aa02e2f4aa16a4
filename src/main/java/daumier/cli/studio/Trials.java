package daumier.cli.studio;

import daumier.agent.Policy;
import daumier.agent.StopSignal;
import daumier.agent.rival.Portraits;
import daumier.env.AutoresetMode;
import daumier.env.Box;
import daumier.env.Space;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.EpisodeSource;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Studio;
import java.util.List;

/** Lanes on which policies draw given episodes, so that all of them meet the same. */
final class Trials implements AutoCloseable {
    private final CaricatureVectorEnvironment environment;

    /**
     * Lanes.
     *
     * @param lanes how many pictures are drawn at once
     */
    Trials(Studio studio, Settings settings, EpisodeSource source, int lanes) {
        environment =
                new CaricatureVectorEnvironment(
                        studio, settings, source, lanes, AutoresetMode.DISABLED);
    }

    /** The lanes themselves. */
    CaricatureVectorEnvironment environment() {
        return environment;
    }

    Box observationSpace() {
        return environment.observationSpace();
    }

    Space<double[]> actionSpace() {
        return environment.actionSpace();
    }

    /** Draws every episode once; fewer if stopped. */
    List<Outcome> draw(Policy policy, List<EpisodeSpec> episodes, StopSignal stop) {
        return Portraits.play(environment, policy, episodes, stop);
    }

    @Override
    public void close() {
        environment.close();
    }
}
