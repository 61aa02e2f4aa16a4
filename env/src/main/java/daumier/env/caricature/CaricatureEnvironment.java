package daumier.env.caricature;

import daumier.env.AutoresetMode;
import daumier.env.Box;
import daumier.env.Environment;
import daumier.env.EnvironmentContractException;
import daumier.env.LaneReset;
import daumier.env.ResetResult;
import daumier.env.Space;
import daumier.env.StepResult;
import daumier.env.VectorReset;
import daumier.env.VectorStep;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** One portrait being drawn: a single lane of {@link CaricatureVectorEnvironment}. */
public final class CaricatureEnvironment implements Environment<double[]> {
    private final CaricatureVectorEnvironment lane;
    private boolean ended;

    /**
     * An environment in a studio, which stays the caller's.
     *
     * @param source of episodes that are not named by the option {@value
     *     CaricatureVectorEnvironment#EPISODE}
     */
    public CaricatureEnvironment(Studio studio, Settings settings, EpisodeSource source) {
        lane = new CaricatureVectorEnvironment(studio, settings, source, 1, AutoresetMode.DISABLED);
    }

    @Override
    public Box observationSpace() {
        return lane.observationSpace();
    }

    @Override
    public Space<double[]> actionSpace() {
        return lane.actionSpace();
    }

    @Override
    public ResetResult reset(OptionalLong seed, Map<String, Object> options) {
        VectorReset reset = lane.reset(List.of(new LaneReset(0, seed, options)));
        ended = false;
        return new ResetResult(reset.observations()[0], reset.infos().get(0));
    }

    @Override
    public StepResult step(double[] action) {
        if (ended) {
            throw new EnvironmentContractException(
                    "The picture is finished: call reset before the next step.");
        }
        VectorStep step = lane.step(Collections.singletonList(action));
        ended = step.ended(0);
        return new StepResult(
                step.observations()[0],
                step.rewards()[0],
                step.terminated()[0],
                step.truncated()[0],
                step.infos().get(0));
    }

    @Override
    public void close() {
        lane.close();
    }
}
