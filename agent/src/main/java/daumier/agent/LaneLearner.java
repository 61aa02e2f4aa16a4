package daumier.agent;

import daumier.env.AutoresetMode;
import daumier.env.Box;
import daumier.env.EpisodeSummary;
import daumier.env.LaneReset;
import daumier.env.ObservationNormalizer;
import daumier.env.RewardNormalizer;
import daumier.env.SeededRandom;
import daumier.env.VectorEnvironment;
import daumier.env.VectorNormalizeObservation;
import daumier.env.VectorNormalizeReward;
import daumier.env.VectorRecordEpisodeStatistics;
import daumier.env.VectorStep;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The training loop over lanes that learners share: an iteration collects steps and then learns
 * from them. By default it begins with fresh episodes, seeded from the learner's own random stream,
 * so that a run that is resumed at the end of an iteration goes on bit by bit as one that was never
 * stopped.
 *
 * @param <A> type of one lane's action
 */
public abstract class LaneLearner<A> implements Learner<A> {
    private static final int RECENT_EPISODES = 100;

    private final CollectConfig config;
    private final Box observationSpace;
    private final SeededRandom random;
    private final ObservationNormalizer observations;
    private final double[] rewardState;
    private final Deque<double[]> recent = new ArrayDeque<>();
    private long steps;
    private long iterations;
    private long episodes;

    /** A learner that has seen nothing. */
    protected LaneLearner(CollectConfig config, Box observationSpace, long seed) {
        this.config = config;
        this.observationSpace = observationSpace;
        random = new SeededRandom(seed);
        observations = new ObservationNormalizer(observationSpace.size(), config.observationClip());
        observations.setFrozen(!config.normalizeObservations());
        rewardState = new RewardNormalizer(1, config.gamma(), config.rewardClip()).state();
    }

    /** One action a lane, with whatever noise exploring needs. */
    protected abstract List<A> act(double[][] observed);

    /**
     * Takes in a step.
     *
     * @param before the observations that the actions of the last {@link #act} answered
     */
    protected abstract void record(double[][] before, VectorStep step);

    /**
     * Learns at the end of an iteration.
     *
     * @param observed the observations that would be answered next
     * @return metrics for the listener
     */
    protected abstract Map<String, Double> learn(double[][] observed);

    /** Forgets the steps of an iteration that was broken off; false if that is impossible. */
    protected abstract boolean abandon();

    @Override
    public final TrainingOutcome train(
            VectorEnvironment<A> environment,
            long until,
            TrainingListener listener,
            StopSignal stop) {
        if (environment.autoresetMode() != AutoresetMode.SAME_STEP) {
            throw new IllegalArgumentException("Training needs lanes that reset themselves.");
        }
        RewardNormalizer rewards =
                new RewardNormalizer(environment.lanes(), config.gamma(), config.rewardClip());
        rewards.restore(rewardState);
        VectorEnvironment<A> lanes = new VectorRecordEpisodeStatistics<>(environment);
        if (config.normalizeRewards()) {
            lanes = new VectorNormalizeReward<>(lanes, rewards);
        }
        if (config.normalizeObservations()) {
            lanes = new VectorNormalizeObservation<>(lanes, observations);
        }
        long began = System.nanoTime();
        long stepsBefore = steps;
        double[][] observed = null;
        while (steps < until) {
            if (stop.isRaised()) {
                return TrainingOutcome.STOPPED;
            }
            Snapshot snapshot = new Snapshot();
            if (observed == null || config.freshEpisodes()) {
                long seed = random.nextLong() >>> 1;
                observed =
                        lanes.reset(LaneReset.grouped(lanes.lanes(), config.groupSize(), seed))
                                .observations();
            }
            for (int t = 0; t < config.rolloutSteps(); t++) {
                VectorStep step = lanes.step(act(observed));
                steps += lanes.lanes();
                record(observed, step);
                observed = step.observations();
                report(step, listener);
                if (stop.isRaised() && abandon()) {
                    snapshot.restore();
                    return TrainingOutcome.STOPPED;
                }
            }
            SortedMap<String, Double> metrics = new TreeMap<>(learn(observed));
            System.arraycopy(rewards.state(), 0, rewardState, 0, rewardState.length);
            iterations++;
            addCommon(metrics, (System.nanoTime() - began) * 1e-9, steps - stepsBefore);
            listener.onIteration(new TrainingListener.Iteration(iterations, steps, metrics, this));
        }
        return TrainingOutcome.FINISHED;
    }

    private void report(VectorStep step, TrainingListener listener) {
        listener.onStep(steps);
        for (int lane = 0; lane < step.lanes(); lane++) {
            Map<String, Object> info = step.infos().get(lane);
            if (step.ended(lane) && info.get(EpisodeSummary.KEY) instanceof EpisodeSummary done) {
                episodes++;
                recent.addLast(new double[] {done.totalReward(), done.length()});
                if (recent.size() > RECENT_EPISODES) {
                    recent.removeFirst();
                }
                listener.onEpisode(
                        new TrainingListener.Episode(
                                episodes,
                                steps,
                                lane,
                                done.totalReward(),
                                done.length(),
                                done.seconds(),
                                info));
            }
        }
    }

    private void addCommon(SortedMap<String, Double> metrics, double seconds, long stepsNow) {
        if (!recent.isEmpty()) {
            metrics.put(
                    "rollout/ep_rew_mean",
                    recent.stream().mapToDouble(e -> e[0]).average().orElse(0));
            metrics.put(
                    "rollout/ep_len_mean",
                    recent.stream().mapToDouble(e -> e[1]).average().orElse(0));
        }
        metrics.put("time/fps", stepsNow / seconds);
        metrics.put("time/iterations", (double) iterations);
        metrics.put("time/time_elapsed", seconds);
        metrics.put("time/total_timesteps", (double) steps);
        metrics.put("time/episodes", (double) episodes);
    }

    @Override
    public final long steps() {
        return steps;
    }

    /** Iterations so far. */
    public final long iterations() {
        return iterations;
    }

    /** What observations look like. */
    protected final Box observationSpace() {
        return observationSpace;
    }

    /** The one source of chance. */
    protected final SeededRandom random() {
        return random;
    }

    /** A frozen copy of the observation normaliser as it stands. */
    protected final ObservationNormalizer frozenNormalizer() {
        ObservationNormalizer copy =
                new ObservationNormalizer(observationSpace.size(), config.observationClip());
        copy.restore(observations.state());
        copy.setFrozen(true);
        return copy;
    }

    /** Whether observations are normalised at all. */
    protected final boolean normalizesObservations() {
        return config.normalizeObservations();
    }

    /** Writes what this class keeps. */
    protected final void write(Map<String, NamedArray> arrays, Map<String, Long> counters) {
        arrays.put("normalizer.observation", NamedArray.of(observations.state()));
        arrays.put("normalizer.reward", NamedArray.of(rewardState));
        arrays.put("recent_episodes", NamedArray.of(recent.toArray(double[][]::new)));
        counters.put("steps", steps);
        counters.put("iterations", iterations);
        counters.put("episodes", episodes);
        long[] state = random.state();
        for (int i = 0; i < state.length; i++) {
            counters.put("random." + i, state[i]);
        }
    }

    /** Reads what {@link #write} wrote. */
    protected final void read(PolicyBundle bundle) {
        Map<String, NamedArray> arrays = bundle.arrays();
        observations.restore(
                NamedArray.require(
                                arrays, "normalizer.observation", 2 * observationSpace.size() + 1)
                        .values());
        double[] rewards =
                NamedArray.require(arrays, "normalizer.reward", rewardState.length).values();
        System.arraycopy(rewards, 0, rewardState, 0, rewardState.length);
        recent.clear();
        recent.addAll(Arrays.asList(NamedArray.require(arrays, "recent_episodes").rows()));
        steps = bundle.counter("steps");
        iterations = bundle.counter("iterations");
        episodes = bundle.counter("episodes");
        long[] state = new long[4];
        for (int i = 0; i < state.length; i++) {
            state[i] = bundle.counter("random." + i);
        }
        random.restore(state);
    }

    /** What an iteration changes before it learns, to go back to if it is broken off. */
    private final class Snapshot {
        private final double[] normalizer = observations.state();
        private final long[] randomState = random.state();
        private final List<double[]> recentEpisodes = List.copyOf(recent);
        private final long stepCount = steps;
        private final long episodeCount = episodes;

        void restore() {
            observations.restore(normalizer);
            random.restore(randomState);
            recent.clear();
            recent.addAll(recentEpisodes);
            steps = stepCount;
            episodes = episodeCount;
        }
    }
}
