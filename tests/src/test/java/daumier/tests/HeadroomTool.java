package daumier.tests;

import ai.djl.Device;
import daumier.agent.StopSignal;
import daumier.agent.rival.Headroom;
import daumier.cli.Torch;
import daumier.env.AutoresetMode;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.PopulationEpisodes;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Prints what there is to win in a pack: {@code PACK [LANES [TRAIN [TEST [FIRST [RULES]]]]]}, by
 * default 8 lanes, 72 training and 72 test portraits, 8 for a first look, 40 closed-loop rules.
 */
public final class HeadroomTool {
    private HeadroomTool() {}

    /** Measures and prints. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length == 0) {
            out.println("Give a pack, then if you like lanes and numbers of portraits.");
            return;
        }
        try (Studio studio =
                        Studio.open(
                                Path.of(args[0]),
                                Device.cpu(),
                                Torch.fitting(Torch.DeviceName.CPU),
                                true,
                                0);
                CaricatureVectorEnvironment environment =
                        new CaricatureVectorEnvironment(
                                studio,
                                Settings.standard(),
                                studio.episodes(Split.TRAIN),
                                number(args, 1, 8),
                                AutoresetMode.DISABLED)) {
            PopulationEpisodes train = studio.episodes(Split.TRAIN);
            PopulationEpisodes test = studio.episodes(Split.VALIDATION);
            Headroom headroom =
                    new Headroom(
                            environment,
                            train.numbered(0, number(args, 2, 72)),
                            number(args, 4, 8),
                            number(args, 5, 40),
                            new StopSignal(),
                            out::println);
            out.print(headroom.run(test.numbered(0, number(args, 3, 72)), true).table());
        }
    }

    private static int number(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }
}
