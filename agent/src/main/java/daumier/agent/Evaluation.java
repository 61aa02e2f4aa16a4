package daumier.agent;

import daumier.env.AutoresetMode;
import daumier.env.LaneReset;
import daumier.env.VectorEnvironment;
import daumier.env.VectorReset;
import daumier.env.VectorStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Plays given episodes with a policy. */
public final class Evaluation {
    private Evaluation() {}

    /**
     * An episode to play.
     *
     * @param seed of the environment
     * @param options of its reset, which may name the subject for example
     */
    public record Start(long seed, Map<String, Object> options) {
        /** Starts with these seeds and no options. */
        public static List<Start> ofSeeds(long... seeds) {
            return Arrays.stream(seeds).mapToObj(seed -> new Start(seed, Map.of())).toList();
        }
    }

    /**
     * An episode that was played.
     *
     * @param start what was asked for
     * @param totalReward sum of its rewards
     * @param length number of its steps
     * @param terminated whether it ended by itself rather than being cut off
     * @param info the info of its last step
     */
    public record Result(
            Start start,
            double totalReward,
            int length,
            boolean terminated,
            Map<String, Object> info) {}

    /**
     * Plays every start once, on as many lanes as there are, and stops between steps if asked.
     *
     * @param environment lanes in {@link AutoresetMode#DISABLED}, with raw observations; not closed
     * @return results in the order of {@code starts}; fewer if stopped
     */
    public static List<Result> play(
            VectorEnvironment<double[]> environment,
            Policy policy,
            List<Start> starts,
            boolean deterministic,
            StopSignal stop) {
        if (environment.autoresetMode() != AutoresetMode.DISABLED) {
            throw new IllegalArgumentException(
                    "An evaluation needs lanes that do not reset themselves.");
        }
        int lanes = environment.lanes();
        int[] playing = new int[lanes];
        double[] rewards = new double[lanes];
        int[] lengths = new int[lanes];
        boolean[] begins = new boolean[lanes];
        Result[] results = new Result[starts.size()];
        List<LaneReset> resets = new ArrayList<>();
        int next = 0;
        // Lanes beyond the number of starts stay parked.
        Arrays.fill(playing, -1);
        for (int lane = 0; lane < Math.min(lanes, starts.size()); lane++) {
            Start start = starts.get(next);
            playing[lane] = next++;
            resets.add(new LaneReset(lane, OptionalLong.of(start.seed()), start.options()));
            begins[lane] = true;
        }
        double[][] observed = environment.reset(resets).observations();
        while (!stop.isRaised() && Arrays.stream(playing).anyMatch(index -> index >= 0)) {
            double[][] actions = policy.act(observed, begins, deterministic);
            Arrays.fill(begins, false);
            VectorStep step = environment.step(Arrays.asList(actions));
            observed = step.observations();
            resets.clear();
            for (int lane = 0; lane < lanes; lane++) {
                rewards[lane] += step.rewards()[lane];
                lengths[lane]++;
                if (playing[lane] < 0 || !step.ended(lane)) {
                    continue;
                }
                results[playing[lane]] =
                        new Result(
                                starts.get(playing[lane]),
                                rewards[lane],
                                lengths[lane],
                                step.terminated()[lane],
                                step.infos().get(lane));
                playing[lane] = -1;
                if (next < starts.size()) {
                    Start start = starts.get(next);
                    resets.add(new LaneReset(lane, OptionalLong.of(start.seed()), start.options()));
                    playing[lane] = next;
                    next++;
                    rewards[lane] = 0;
                    lengths[lane] = 0;
                    begins[lane] = true;
                }
            }
            if (!resets.isEmpty()) {
                VectorReset reset = environment.reset(resets);
                observed = reset.observations();
            }
        }
        return Arrays.stream(results).filter(result -> result != null).toList();
    }
}
