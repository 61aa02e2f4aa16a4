package daumier.agent;

import daumier.env.AutoresetMode;
import daumier.env.Box;
import daumier.env.Environment;
import daumier.env.ResetResult;
import daumier.env.SeededRandom;
import daumier.env.StepResult;
import daumier.env.SyncVectorEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Small tasks with known answers. */
public final class Tasks {
    private Tasks() {}

    /** Lanes that reset themselves. */
    public static SyncVectorEnvironment<double[]> lanes(
            int count, Supplier<Environment<double[]>> task) {
        return lanes(count, AutoresetMode.SAME_STEP, task);
    }

    /** Lanes of {@code task}. */
    public static SyncVectorEnvironment<double[]> lanes(
            int count, AutoresetMode mode, Supplier<Environment<double[]>> task) {
        List<Environment<double[]>> environments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            environments.add(task.get());
        }
        return new SyncVectorEnvironment<>(environments, mode);
    }

    /** What the tasks share. */
    private abstract static class Task implements Environment<double[]> {
        private final Box observations;
        private final Box actions;
        private SeededRandom random = new SeededRandom(0);
        private int step;

        Task(int observed, int acted) {
            observations = Box.of("observation", observed, -1000, 1000);
            actions = Box.of("action", acted, -1, 1);
        }

        abstract void begin(SeededRandom chance);

        abstract double[] observation();

        abstract StepResult play(double[] action, int number);

        @Override
        public final Box observationSpace() {
            return observations;
        }

        @Override
        public final Box actionSpace() {
            return actions;
        }

        @Override
        public final ResetResult reset(OptionalLong seed, Map<String, Object> options) {
            if (seed.isPresent()) {
                random = new SeededRandom(seed.getAsLong());
            }
            step = 0;
            begin(random);
            return new ResetResult(observation(), Map.of());
        }

        @Override
        public final StepResult step(double[] action) {
            step++;
            return play(action, step);
        }

        @Override
        public final void close() {}
    }

    /** One step; the best action is (0.5, -0.3), whatever is observed, and pays 0. */
    public static Environment<double[]> bandit() {
        return new Task(1, 2) {
            @Override
            void begin(SeededRandom chance) {}

            @Override
            double[] observation() {
                return new double[1];
            }

            @Override
            StepResult play(double[] action, int number) {
                double miss = Math.pow(action[0] - 0.5, 2) + Math.pow(action[1] + 0.3, 2);
                return new StepResult(observation(), -miss, true, false, Map.of("miss", miss));
            }
        };
    }

    /**
     * The bandit, with luck of standard deviation 30 that nobody can see but that a seed repeats.
     */
    public static Environment<double[]> luckyBandit() {
        return new Task(1, 2) {
            private double luck;

            @Override
            void begin(SeededRandom chance) {
                luck = 30 * chance.nextGaussian();
            }

            @Override
            double[] observation() {
                return new double[1];
            }

            @Override
            StepResult play(double[] action, int number) {
                double miss = Math.pow(action[0] - 0.5, 2) + Math.pow(action[1] + 0.3, 2);
                return new StepResult(observation(), luck - miss, true, false, Map.of());
            }
        };
    }

    /** Five steps; the observation tells the target of the next action. */
    public static Environment<double[]> tracking() {
        return new Task(2, 1) {
            private double target;
            private double other;
            private SeededRandom chance;

            @Override
            void begin(SeededRandom given) {
                chance = given;
                draw();
            }

            private void draw() {
                target = 1.6 * chance.nextDouble() - 0.8;
                other = chance.nextGaussian();
            }

            @Override
            double[] observation() {
                return new double[] {10 * target, other};
            }

            @Override
            StepResult play(double[] action, int number) {
                double reward = -Math.abs(action[0] - target);
                draw();
                return new StepResult(observation(), reward, number == 5, false, Map.of());
            }
        };
    }

    /**
     * Eight steps; an action moves a point by a quarter of it; only how near the point is to its
     * goal at the end is paid. Best total reward 0, doing nothing pays minus the goal's distance.
     */
    public static Environment<double[]> integrator() {
        return new Task(3, 1) {
            private double point;
            private double goal;
            private int done;

            @Override
            void begin(SeededRandom chance) {
                point = 0;
                done = 0;
                goal = 1.8 * chance.nextDouble() - 0.9;
            }

            @Override
            double[] observation() {
                return new double[] {point, goal, done / 8.0};
            }

            @Override
            StepResult play(double[] action, int number) {
                done = number;
                point += 0.25 * action[0];
                double reward = number == 8 ? -Math.abs(point - goal) : 0;
                return new StepResult(observation(), reward, number == 8, false, Map.of());
            }
        };
    }

    /** Pays 1 at every step for ever; cut off after ten steps. V = 1 / (1 - gamma). */
    public static Environment<double[]> forever() {
        return new Task(1, 1) {
            @Override
            void begin(SeededRandom chance) {}

            @Override
            double[] observation() {
                return new double[] {0.5};
            }

            @Override
            StepResult play(double[] action, int number) {
                return new StepResult(observation(), 1, false, number == 10, Map.of());
            }
        };
    }

    /**
     * A chain of six states, from the first; action above 0 goes right, else left. The right end
     * pays 1 and ends; the left end pays 0.005 a visit. Best total reward 1 in five steps.
     */
    public static Environment<double[]> chain() {
        return new Task(6, 1) {
            private int state;

            @Override
            void begin(SeededRandom chance) {
                state = 0;
            }

            @Override
            double[] observation() {
                double[] oneHot = new double[6];
                oneHot[state] = 1;
                return oneHot;
            }

            @Override
            StepResult play(double[] action, int number) {
                state = Math.max(0, state + (action[0] > 0 ? 1 : -1));
                double reward = state == 5 ? 1 : state == 0 ? 0.005 : 0;
                return new StepResult(observation(), reward, state == 5, number == 20, Map.of());
            }
        };
    }
}
