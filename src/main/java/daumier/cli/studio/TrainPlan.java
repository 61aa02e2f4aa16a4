package daumier.cli.studio;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import daumier.agent.rl4j.DqnConfig;
import daumier.agent.rl4j.PpoConfig;
import daumier.cli.UserException;
import daumier.diffusion.nn.Precision;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Technique;
import java.util.List;

/**
 * Everything that decides how a training goes; kept in {@code config.json}, from which a run is
 * resumed.
 *
 * @param preset what the other figures were taken from
 * @param learner which algorithm
 * @param steps environment steps of the whole run; a drawing takes at most six
 * @param minutes wall time after which the run is brought to its end, 0 for none
 * @param lanes pictures that are drawn at once
 * @param rollout steps of each lane in an iteration of PPO
 * @param group lanes that draw the same portraits and are each other's baseline; 0 for none
 * @param seed of everything
 * @param experienced whether the policy begins with what another knows, a rule or a policy
 * @param demonstrations episodes of the closed-loop rule that the policy imitates first, 0 for none
 * @param ruleTries candidates of the rule that is imitated, tuned on training faces; 1 takes it as
 *     it is
 * @param validation episodes of every evaluation
 * @param evaluateEvery iterations between evaluations
 * @param patience evaluations without a new best after which the run is brought to its end, 0 for
 *     none
 * @param pack folder of the pack as it was named, empty for the embedded one
 * @param means how exaggeration acts
 * @param dtype number type of the networks
 * @param workers threads that draw side by side
 * @param loras style LoRAs that were named, none for all of the pack's
 * @param technique how the pack is drawn with; null in runs that are older than it
 */
record TrainPlan(
        Preset preset,
        LearnerName learner,
        long steps,
        double minutes,
        int lanes,
        int rollout,
        int group,
        long seed,
        boolean experienced,
        int demonstrations,
        int ruleTries,
        int validation,
        int evaluateEvery,
        int patience,
        String pack,
        Settings.Means means,
        Precision dtype,
        int workers,
        List<String> loras,
        Technique technique) {
    /** How much time to take. */
    enum Preset {
        /** A few minutes: enough to see it learn. */
        QUICK(9_000, 4, 12, 72, 1, 12, 4, 0),
        /** An hour at most on two processors. */
        STANDARD(60_000, 60, 16, 300, 24, 32, 10, 6),
        /** A night. */
        THOROUGH(600_000, 600, 16, 600, 48, 64, 20, 10);

        private final long steps;
        private final double minutes;
        private final int lanes;
        private final int demonstrations;
        private final int ruleTries;
        private final int validation;
        private final int evaluateEvery;
        private final int patience;

        Preset(
                long steps,
                double minutes,
                int lanes,
                int demonstrations,
                int ruleTries,
                int validation,
                int evaluateEvery,
                int patience) {
            this.steps = steps;
            this.minutes = minutes;
            this.lanes = lanes;
            this.demonstrations = demonstrations;
            this.ruleTries = ruleTries;
            this.validation = validation;
            this.evaluateEvery = evaluateEvery;
            this.patience = patience;
        }

        long steps() {
            return steps;
        }

        double minutes() {
            return minutes;
        }

        int lanes() {
            return lanes;
        }

        int demonstrations() {
            return demonstrations;
        }

        int ruleTries() {
            return ruleTries;
        }

        int validation() {
            return validation;
        }

        int evaluateEvery() {
            return evaluateEvery;
        }

        int patience() {
            return patience;
        }
    }

    /** Which algorithm learns. */
    enum LearnerName {
        /** Proximal policy optimisation over continuous actions. */
        PPO,
        /** Double Q-learning over a table of moves. */
        DQN
    }

    private static final int ROLLOUT = 24;
    private static final int GROUP = 4;
    private static final int MINIBATCH = 192;
    private static final long CRITIC_WARMUP = 1152;
    private static final String KEY = "plan";

    /** Checks the ranges. */
    TrainPlan {
        loras = loras == null ? List.of() : List.copyOf(loras);
        require(steps >= 1, "--steps must be at least 1");
        require(minutes >= 0, "--minutes must not be negative");
        require(lanes >= 1, "--lanes must be at least 1");
        require(
                group <= 1 || lanes % group == 0,
                "--lanes must be a multiple of --group, so that every lane has company");
        require(group >= 0, "--group must not be negative");
        require(demonstrations >= 0, "--imitate must not be negative");
        require(patience >= 0, "--patience must not be negative");
        require(validation >= 2, "--validation must be at least 2");
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw new UserException(sentence + ".");
        }
    }

    /** The lanes of a group, if so many lanes can be divided into groups. */
    static int standardGroup(int lanes) {
        return lanes % GROUP == 0 ? GROUP : 0;
    }

    /** The steps of a PPO iteration. */
    static int standardRollout() {
        return ROLLOUT;
    }

    /**
     * The settings of PPO: short rollouts, for drawings are short and dear; no discount to speak
     * of, for the potential's differences sum to what the finished picture is worth; little noise,
     * for the policy begins as an imitation of a rule that works, and increments add up: at a
     * standard deviation of 0.2 six decisions cost a quarter of the score, and what is best for
     * such a shaky hand is not best for a steady one. A steady hand needs small steps: at 3e-4 the
     * KL divergence ends every update after a handful of noisy minibatches. A critic that knows
     * nothing yet would lead an experienced policy astray, so it learns alone at first. Alignment
     * swings by a whole unit on faces that are lost whatever one does and by hundredths on the
     * others, so that every face of a group weighs the same.
     */
    PpoConfig ppo() {
        return PpoConfig.builder(steps)
                .rolloutSteps(rollout)
                .groupSize(group)
                .evenGroups(group > 1)
                .gamma(0.995)
                .gaeLambda(0.95)
                .minibatchSize(Math.max(2, Math.min(MINIBATCH, rollout * lanes)))
                .epochs(8)
                .learningRate(experienced ? 1e-4 : 3e-4)
                .criticWarmup(experienced ? Math.min(CRITIC_WARMUP, steps / 8) : 0)
                .linearDecay(minutes == 0)
                .initialLogStd(experienced ? -2.8 : -1.2)
                .targetKl(0.02)
                .hidden(List.of(64, 64))
                .build();
    }

    /** The settings of double DQN. */
    DqnConfig dqn() {
        return DqnConfig.defaults(steps);
    }

    /** The same with other bounds. */
    TrainPlan until(long otherSteps, double otherMinutes, int otherPatience) {
        return new TrainPlan(
                preset,
                learner,
                otherSteps,
                otherMinutes,
                lanes,
                rollout,
                group,
                seed,
                experienced,
                demonstrations,
                ruleTries,
                validation,
                evaluateEvery,
                otherPatience,
                pack,
                means,
                dtype,
                workers,
                loras,
                technique);
    }

    /** Adds this plan to a run's configuration. */
    void addTo(JsonObject config) {
        config.add(KEY, new Gson().toJsonTree(this));
    }

    /**
     * The plan in a run's configuration.
     *
     * @throws UserException if there is none
     */
    static TrainPlan from(JsonObject config) {
        try {
            if (config.has(KEY)) {
                return new Gson().fromJson(config.get(KEY), TrainPlan.class);
            }
        } catch (JsonParseException e) {
            throw new UserException("The plan in the run's config.json is damaged.", e);
        }
        throw new UserException(
                "The run's config.json holds no plan, so this run cannot be resumed.");
    }
}
