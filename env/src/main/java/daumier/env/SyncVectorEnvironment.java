package daumier.env;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Lanes made of single environments that are stepped one after another.
 *
 * @param <A> type of one lane's action
 */
public final class SyncVectorEnvironment<A> implements VectorEnvironment<A> {
    private enum Lane {
        NEW,
        RUNNING,
        PARKED
    }

    private final List<Environment<A>> environments;
    private final AutoresetMode mode;
    private final Lane[] states;
    private final double[][] current;

    /**
     * Takes over {@code environments}, which are closed with this one.
     *
     * @param environments at least one, all with equal spaces
     */
    public SyncVectorEnvironment(List<? extends Environment<A>> environments, AutoresetMode mode) {
        if (environments.isEmpty()) {
            throw new IllegalArgumentException("A vector environment needs at least one lane.");
        }
        this.environments = List.copyOf(environments);
        this.mode = mode;
        Environment<A> first = this.environments.get(0);
        for (Environment<A> environment : this.environments) {
            if (!environment.observationSpace().equals(first.observationSpace())
                    || !environment.actionSpace().equals(first.actionSpace())) {
                throw new IllegalArgumentException("All lanes need the same spaces.");
            }
        }
        states = new Lane[environments.size()];
        Arrays.fill(states, Lane.NEW);
        current = new double[environments.size()][observationSpace().size()];
    }

    @Override
    public int lanes() {
        return environments.size();
    }

    @Override
    public Box observationSpace() {
        return environments.get(0).observationSpace();
    }

    @Override
    public Space<A> actionSpace() {
        return environments.get(0).actionSpace();
    }

    @Override
    public AutoresetMode autoresetMode() {
        return mode;
    }

    @Override
    public VectorReset reset(List<LaneReset> resets) {
        List<Map<String, Object>> infos = new ArrayList<>(Collections.nCopies(lanes(), Map.of()));
        for (LaneReset reset : resets) {
            int lane = reset.lane();
            ResetResult result = environments.get(lane).reset(reset.seed(), reset.options());
            current[lane] = result.observation();
            infos.set(lane, result.info());
            states[lane] = Lane.RUNNING;
        }
        return new VectorReset(current.clone(), infos);
    }

    private boolean anyBegun() {
        return Arrays.stream(states).anyMatch(state -> state != Lane.NEW);
    }

    @Override
    public VectorStep step(List<A> actions) {
        if (actions.size() != lanes()) {
            throw new EnvironmentContractException(
                    "Give one action a lane: " + lanes() + ", not " + actions.size() + ".");
        }
        double[] rewards = new double[lanes()];
        boolean[] terminated = new boolean[lanes()];
        boolean[] truncated = new boolean[lanes()];
        boolean[] parked = new boolean[lanes()];
        double[][] finals = new double[lanes()][];
        List<Map<String, Object>> infos = new ArrayList<>(Collections.nCopies(lanes(), Map.of()));
        List<Map<String, Object>> resetInfos =
                new ArrayList<>(Collections.nCopies(lanes(), Map.of()));
        for (int lane = 0; lane < lanes(); lane++) {
            boolean waiting = states[lane] == Lane.NEW && mode == AutoresetMode.DISABLED;
            if (states[lane] == Lane.NEW && !(waiting && anyBegun())) {
                throw new EnvironmentContractException(
                        "Lane " + lane + " was never reset: call reset before the first step.");
            }
            if (waiting || states[lane] == Lane.PARKED) {
                parked[lane] = true;
                finals[lane] = current[lane];
                continue;
            }
            StepResult result = environments.get(lane).step(actions.get(lane));
            rewards[lane] = result.reward();
            terminated[lane] = result.terminated();
            truncated[lane] = result.truncated();
            infos.set(lane, result.info());
            finals[lane] = result.observation();
            current[lane] = result.observation();
            if (result.ended() && mode == AutoresetMode.SAME_STEP) {
                ResetResult next = environments.get(lane).reset();
                current[lane] = next.observation();
                resetInfos.set(lane, next.info());
            } else if (result.ended()) {
                states[lane] = Lane.PARKED;
            }
        }
        return new VectorStep(
                current.clone(), rewards, terminated, truncated, infos, finals, resetInfos, parked);
    }

    @Override
    public void close() {
        environments.forEach(Environment::close);
    }
}
