package daumier.agent.rl4j;

import com.google.gson.JsonObject;
import daumier.agent.CollectConfig;
import daumier.agent.PolicyFormatException;
import java.util.List;

/**
 * Settings of {@link PpoLearner}; the defaults are stable-baselines3's where it has them.
 *
 * @param collect how experience is collected
 * @param totalSteps environment steps of the whole run, which the learning rate's decay is spread
 *     over
 * @param minibatchSize samples of one gradient step, at least 2
 * @param epochs passes over each iteration's samples at most
 * @param gaeLambda bias against variance of the advantages, in [0, 1]
 * @param clipRange how far the probability ratio may leave 1, above 0
 * @param valueClipRange how far a value may leave its old one; 0 leaves values unclipped. Depends
 *     on the scale of rewards
 * @param normalizeAdvantages whether each minibatch's advantages are brought to mean 0, variance 1
 * @param evenGroups whether every episode of a group of lanes weighs the same, however widely its
 *     reward swings; without groups it changes nothing
 * @param entropyCoefficient weight of the entropy bonus
 * @param valueCoefficient weight of the squared error of the values
 * @param maxGradientNorm global norm that gradients are clipped to
 * @param targetKl an update stops once the approximate KL exceeds 1.5 times this; 0 never stops
 * @param learningRate Adam's step size
 * @param criticWarmup steps at the beginning in which the critic alone learns: a policy that begins
 *     with experience must not follow a critic that has none
 * @param linearDecay whether the learning rate falls to 0 over {@code totalSteps}
 * @param hidden widths of the hidden layers of both networks
 * @param initialLogStd logarithm of the standard deviation of actions at the start
 * @param handleTruncation whether truncated episodes are bootstrapped; false treats them as
 *     terminated, which is wrong for time limits and is there to be measured
 */
public record PpoConfig(
        CollectConfig collect,
        long totalSteps,
        int minibatchSize,
        int epochs,
        double gaeLambda,
        double clipRange,
        double valueClipRange,
        boolean normalizeAdvantages,
        boolean evenGroups,
        double entropyCoefficient,
        double valueCoefficient,
        double maxGradientNorm,
        double targetKl,
        double learningRate,
        long criticWarmup,
        boolean linearDecay,
        List<Integer> hidden,
        double initialLogStd,
        boolean handleTruncation) {
    /** Checks the ranges. */
    public PpoConfig {
        require(totalSteps >= 1, "totalSteps is at least 1");
        require(minibatchSize >= 2, "minibatchSize is at least 2, or advantages have no spread");
        require(epochs >= 1, "epochs is at least 1");
        require(gaeLambda >= 0 && gaeLambda <= 1, "gaeLambda lies in [0, 1]");
        require(clipRange > 0, "clipRange is above 0");
        require(valueClipRange >= 0, "valueClipRange is not negative");
        require(maxGradientNorm > 0, "maxGradientNorm is above 0");
        require(targetKl >= 0, "targetKl is not negative");
        require(learningRate > 0, "learningRate is above 0");
        require(criticWarmup >= 0, "criticWarmup is not negative");
        hidden = List.copyOf(hidden);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("PPO's " + what + ".");
        }
    }

    /** Starts from the defaults for a run of {@code totalSteps}. */
    public static Builder builder(long totalSteps) {
        return new Builder(totalSteps);
    }

    /** The learning rate when {@code steps} have been taken. */
    double learningRateAt(long steps) {
        double left = Math.max(0, 1 - (double) steps / totalSteps);
        return linearDecay ? learningRate * left : learningRate;
    }

    /** As JSON, one property a component. */
    public JsonObject toJson() {
        return ConfigJson.write(this);
    }

    /**
     * From JSON.
     *
     * @throws PolicyFormatException if it is none of these
     */
    public static PpoConfig fromJson(JsonObject json) {
        return ConfigJson.read(json, PpoConfig.class);
    }

    /** Changes single settings. */
    public static final class Builder {
        private final long totalSteps;
        private int rolloutSteps = 256;
        private double gamma = 0.99;
        private boolean normalizeObservations = true;
        private boolean normalizeRewards = true;
        private boolean freshEpisodes = true;
        private int groupSize;
        private int minibatchSize = 64;
        private int epochs = 10;
        private double gaeLambda = 0.95;
        private double clipRange = 0.2;
        private double valueClipRange;
        private boolean normalizeAdvantages = true;
        private boolean evenGroups;
        private double entropyCoefficient;
        private double valueCoefficient = 0.5;
        private double maxGradientNorm = 0.5;
        private double targetKl;
        private double learningRate = 3e-4;
        private long criticWarmup;
        private boolean linearDecay;
        private List<Integer> hidden = List.of(64, 64);
        private double initialLogStd;
        private boolean handleTruncation = true;

        private Builder(long totalSteps) {
            this.totalSteps = totalSteps;
        }

        /** Steps of each lane in an iteration. */
        public Builder rolloutSteps(int value) {
            rolloutSteps = value;
            return this;
        }

        /** Discount. */
        public Builder gamma(double value) {
            gamma = value;
            return this;
        }

        /** Whether observations are normalised. */
        public Builder normalizeObservations(boolean value) {
            normalizeObservations = value;
            return this;
        }

        /** Whether rewards are normalised. */
        public Builder normalizeRewards(boolean value) {
            normalizeRewards = value;
            return this;
        }

        /** Whether iterations start new episodes. */
        public Builder freshEpisodes(boolean value) {
            freshEpisodes = value;
            return this;
        }

        /** Lanes that meet the same episodes and are each other's baseline. */
        public Builder groupSize(int value) {
            groupSize = value;
            return this;
        }

        /** Samples of one gradient step. */
        public Builder minibatchSize(int value) {
            minibatchSize = value;
            return this;
        }

        /** Passes over each iteration's samples. */
        public Builder epochs(int value) {
            epochs = value;
            return this;
        }

        /** Lambda of the advantages. */
        public Builder gaeLambda(double value) {
            gaeLambda = value;
            return this;
        }

        /** Clip range of the ratio. */
        public Builder clipRange(double value) {
            clipRange = value;
            return this;
        }

        /** Clip range of the values, 0 for none. */
        public Builder valueClipRange(double value) {
            valueClipRange = value;
            return this;
        }

        /** Whether advantages are normalised. */
        public Builder normalizeAdvantages(boolean value) {
            normalizeAdvantages = value;
            return this;
        }

        /** Whether every episode of a group weighs the same. */
        public Builder evenGroups(boolean value) {
            evenGroups = value;
            return this;
        }

        /** Weight of the entropy. */
        public Builder entropyCoefficient(double value) {
            entropyCoefficient = value;
            return this;
        }

        /** Weight of the value loss. */
        public Builder valueCoefficient(double value) {
            valueCoefficient = value;
            return this;
        }

        /** Global norm of gradients. */
        public Builder maxGradientNorm(double value) {
            maxGradientNorm = value;
            return this;
        }

        /** KL that ends an update, 0 for none. */
        public Builder targetKl(double value) {
            targetKl = value;
            return this;
        }

        /** Adam's step size. */
        public Builder learningRate(double value) {
            learningRate = value;
            return this;
        }

        /** Steps at the beginning in which the critic alone learns. */
        public Builder criticWarmup(long value) {
            criticWarmup = value;
            return this;
        }

        /** Whether the learning rate falls to 0. */
        public Builder linearDecay(boolean value) {
            linearDecay = value;
            return this;
        }

        /** Widths of the hidden layers. */
        public Builder hidden(List<Integer> value) {
            hidden = value;
            return this;
        }

        /** Logarithm of the first standard deviation. */
        public Builder initialLogStd(double value) {
            initialLogStd = value;
            return this;
        }

        /** Whether truncated episodes are bootstrapped. */
        public Builder handleTruncation(boolean value) {
            handleTruncation = value;
            return this;
        }

        /** The finished settings. */
        public PpoConfig build() {
            return new PpoConfig(
                    new CollectConfig(
                            rolloutSteps,
                            gamma,
                            normalizeObservations,
                            10,
                            normalizeRewards,
                            10,
                            freshEpisodes,
                            groupSize),
                    totalSteps,
                    minibatchSize,
                    epochs,
                    gaeLambda,
                    clipRange,
                    valueClipRange,
                    normalizeAdvantages,
                    evenGroups,
                    entropyCoefficient,
                    valueCoefficient,
                    maxGradientNorm,
                    targetKl,
                    learningRate,
                    criticWarmup,
                    linearDecay,
                    hidden,
                    initialLogStd,
                    handleTruncation);
        }
    }
}
