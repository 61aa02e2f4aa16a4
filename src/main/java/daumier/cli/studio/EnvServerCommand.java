package daumier.cli.studio;

import daumier.cli.serve.EnvServer;
import daumier.cli.serve.Scene;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.PopulationEpisodes;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code daumier env-server}: the environment for other programs. */
@Command(
        name = "env-server",
        sortOptions = false,
        description = {
            "Serves the environment to another program over standard input and output, one JSON "
                    + "object a line. The Python package in env/python makes a gymnasium "
                    + "environment of it."
        })
public final class EnvServerCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--lanes",
            defaultValue = "1",
            description = "Portraits drawn side by side, in shared U-Net calls.")
    private int lanes;

    @Option(
            names = "--split",
            defaultValue = "TRAIN",
            description = "Whose portraits: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Split split;

    @Option(names = "--pictures", description = "Keeps previews, so that lanes can be rendered.")
    private boolean pictures;

    @Mixin private StudioOptions options;

    @Override
    public Integer call() throws IOException {
        if (lanes < 1) {
            throw new ParameterException(spec.commandLine(), "--lanes must be at least 1.");
        }
        // Whatever else prints must not come between the replies.
        PrintStream replies = System.out;
        System.setOut(System.err);
        try (Studio studio = options.open(false)) {
            Settings settings = options.settings(studio);
            try (Trials trials =
                    new Trials(
                            studio,
                            pictures ? settings.withPictures() : settings,
                            studio.episodes(split),
                            lanes)) {
                Writer out =
                        new BufferedWriter(new OutputStreamWriter(replies, StandardCharsets.UTF_8));
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8));
                new EnvServer(trials.environment(), new World(studio.episodes(split)))
                        .serve(in, out);
            }
        } finally {
            System.setOut(replies);
        }
        return 0;
    }

    /** The procedural people of one split. */
    private record World(PopulationEpisodes episodes) implements Scene {
        @Override
        public EpisodeSpec numbered(int number) {
            return episodes.numbered(number);
        }

        @Override
        public Picture sitter(EpisodeSpec episode) {
            return new FaceRenderer()
                    .render(episode.subject(), episode.view(), Look.PHOTO)
                    .picture();
        }
    }
}
