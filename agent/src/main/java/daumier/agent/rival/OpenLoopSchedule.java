package daumier.agent.rival;

import daumier.agent.CmaEs;
import daumier.agent.StopSignal;
import daumier.env.Box;
import daumier.env.VectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The most that can be fixed before a drawing begins: gain and LoRA weight are free curves over the
 * progress, linear between knots; the exaggeration is proportional to the intent.
 *
 * @param space of observations
 * @param gains effort for each unit of intent, at evenly spaced knots of progress from 0 to 1
 * @param weights LoRA weight at the same knots
 */
public record OpenLoopSchedule(Box space, double[] gains, double[] weights) implements Rival {
    private static final int KNOTS = 4;
    private static final double MOST_GAIN = 2.5;
    private static final double SIGMA = 0.15;

    /** A static schedule as curves. */
    static OpenLoopSchedule of(StaticSchedule fixed) {
        double[] gains = new double[KNOTS];
        double[] weights = new double[KNOTS];
        for (int k = 0; k < KNOTS; k++) {
            double progress = k / (KNOTS - 1.0);
            gains[k] = progress >= fixed.begin() ? fixed.gain() : 0;
            weights[k] = fixed.weightFrom() + (fixed.weightTo() - fixed.weightFrom()) * progress;
        }
        return new OpenLoopSchedule(fixed.space(), gains, weights);
    }

    /**
     * Finds curves by CMA-ES, beginning with the best static schedule. Every generation draws
     * training portraits of its own, the same for all its points.
     *
     * @param environment lanes that do not reset themselves
     * @param train training portraits, drawn in turn
     * @param batch portraits that every point draws
     * @param budget drawings in all
     * @param log hears of every generation
     */
    public static OpenLoopSchedule searched(
            VectorEnvironment<double[]> environment,
            StaticSchedule start,
            List<EpisodeSpec> train,
            int batch,
            long budget,
            long seed,
            StopSignal stop,
            Consumer<String> log) {
        CmaEs search =
                new CmaEs(Box.of("knot", 2 * KNOTS, 0, 1), of(start).normalized(), SIGMA, seed);
        int next = 0;
        for (long spent = 0; spent < budget && !search.converged() && !stop.isRaised(); ) {
            List<EpisodeSpec> portraits = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                portraits.add(train.get(next++ % train.size()));
            }
            double[][] points = search.ask();
            double[] scores = new double[points.length];
            for (int i = 0; i < scores.length; i++) {
                OpenLoopSchedule policy = of(start.space(), points[i]);
                scores[i] =
                        Portraits.play(environment, policy, portraits, stop).stream()
                                .map(Outcome::reward)
                                .mapToDouble(terms -> terms.composite())
                                .average()
                                .orElse(Double.NEGATIVE_INFINITY);
            }
            search.tell(scores);
            spent += (long) points.length * batch;
            log.accept(
                    "CMA-ES after %d drawings: %.3f on average, %s"
                            .formatted(
                                    spent,
                                    Arrays.stream(scores).average().orElse(Double.NaN),
                                    of(start.space(), search.center()).constants()));
        }
        return of(start.space(), search.center());
    }

    private static OpenLoopSchedule of(Box space, double[] point) {
        double[] gains = new double[KNOTS];
        double[] weights = new double[KNOTS];
        for (int k = 0; k < KNOTS; k++) {
            gains[k] = MOST_GAIN * point[k];
            weights[k] = Move.MOST_WEIGHT * point[KNOTS + k];
        }
        return new OpenLoopSchedule(space, gains, weights);
    }

    private double[] normalized() {
        double[] point = new double[2 * KNOTS];
        for (int k = 0; k < KNOTS; k++) {
            point[k] = Math.min(1, gains[k] / MOST_GAIN);
            point[KNOTS + k] = Math.min(1, weights[k] / Move.MOST_WEIGHT);
        }
        return point;
    }

    private static double at(double[] knots, double progress) {
        double place = Math.max(0, Math.min(1, progress)) * (knots.length - 1);
        int left = Math.min((int) place, knots.length - 2);
        return knots[left] + (knots[left + 1] - knots[left]) * (place - left);
    }

    @Override
    public String constants() {
        return "gains %s, weights %s".formatted(text(gains), text(weights));
    }

    private static String text(double[] values) {
        List<String> all = new ArrayList<>();
        for (double value : values) {
            all.add("%.2f".formatted(value));
        }
        return String.join(" ", all);
    }

    @Override
    public double[][] act(double[][] observations, boolean[] episodeStarts, boolean deterministic) {
        View view = new View(space);
        double[][] actions = new double[observations.length][];
        for (int i = 0; i < observations.length; i++) {
            double progress = view.scalar(observations[i], "progress");
            double[] intent = view.vector(observations[i], "intent");
            double[] increment = view.vector(observations[i], "effort").clone();
            for (int r = 0; r < increment.length; r++) {
                increment[r] = at(gains, progress) * intent[r] - increment[r];
            }
            actions[i] = new Move(increment, at(weights, progress), 1).toAction();
        }
        return actions;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof OpenLoopSchedule other
                && space.equals(other.space)
                && Arrays.equals(gains, other.gains)
                && Arrays.equals(weights, other.weights);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(gains) + Arrays.hashCode(weights);
    }
}
