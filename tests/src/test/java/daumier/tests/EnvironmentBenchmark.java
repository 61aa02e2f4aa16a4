package daumier.tests;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import daumier.cli.Torch;
import daumier.env.AutoresetMode;
import daumier.env.SeededRandom;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Measures steps of a portrait in a second by the number of lanes: {@code PACK [LANES...]}, 1 and 8
 * lanes if none are named. Rounds of all numbers of lanes take turns, so that a busy machine is
 * busy for all of them; the median round counts. Lanes are divided among as many workers as there
 * are processors, with one thread for each operation.
 */
public final class EnvironmentBenchmark {
    private static final int ROUNDS = 3;
    private static final int EPISODES = 4;

    private EnvironmentBenchmark() {}

    /** Runs the benchmark. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length == 0) {
            out.println("Give a pack, then if you like numbers of lanes.");
            return;
        }
        int[] lanes =
                args.length == 1
                        ? new int[] {1, 8}
                        : Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).toArray();
        try (Studio studio =
                Studio.open(
                        Path.of(args[0]),
                        Device.cpu(),
                        Torch.fitting(Torch.DeviceName.CPU),
                        false)) {
            JniUtils.setNumThreads(1);
            List<CaricatureVectorEnvironment> environments = new ArrayList<>();
            for (int count : lanes) {
                environments.add(
                        new CaricatureVectorEnvironment(
                                studio,
                                Settings.standard(),
                                studio.episodes(Split.TRAIN),
                                count,
                                AutoresetMode.SAME_STEP,
                                Runtime.getRuntime().availableProcessors()));
            }
            double[][] speed = new double[lanes.length][ROUNDS];
            environments.forEach(environment -> round(environment, 0));
            for (int round = 0; round < ROUNDS; round++) {
                for (int k = 0; k < lanes.length; k++) {
                    speed[k][round] = round(environments.get(k), round + 1);
                }
            }
            environments.forEach(CaricatureVectorEnvironment::close);
            report(out, lanes, speed);
        }
    }

    /** Lane steps in a second, the resets included that they bring. */
    private static double round(CaricatureVectorEnvironment environment, long seed) {
        SeededRandom random = new SeededRandom(seed);
        environment.reset(OptionalLong.of(seed), Map.of());
        int steps = EPISODES * Settings.standard().decisions();
        long start = System.nanoTime();
        for (int i = 0; i < steps; i++) {
            List<double[]> actions = new ArrayList<>();
            for (int lane = 0; lane < environment.lanes(); lane++) {
                double[] action = environment.actionSpace().sample(random);
                action[action.length - 1] = 0; // the uniform stride
                actions.add(action);
            }
            environment.step(actions);
        }
        return steps * environment.lanes() / ((System.nanoTime() - start) / 1e9);
    }

    private static void report(PrintStream out, int[] lanes, double[][] speed) {
        double first = 0;
        for (int k = 0; k < lanes.length; k++) {
            Arrays.sort(speed[k]);
            double median = speed[k][ROUNDS / 2];
            first = k == 0 ? median : first;
            out.printf(
                    Locale.ROOT,
                    "%2d lanes: %6.2f steps a second (%.2f to %.2f), %.2f times %d lanes%n",
                    lanes[k],
                    median,
                    speed[k][0],
                    speed[k][ROUNDS - 1],
                    median / first,
                    lanes[0]);
        }
    }
}
