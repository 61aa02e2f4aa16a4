package daumier.env.caricature;

import ai.djl.Device;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Pack;
import daumier.env.AutoresetMode;
import daumier.env.LaneReset;
import daumier.env.SeededRandom;
import daumier.env.VectorStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** An untrained pack with analytic measures, and lanes to draw on. */
final class TinyRoom implements AutoCloseable {
    private static final String[] ARTISTS = {"petal", "noir"};

    private final Path folder;
    private final Studio studio;
    private final PopulationEpisodes episodes;

    /** A pack with an adapter, written into an empty folder. */
    TinyRoom(Path folder) throws Exception {
        this.folder = folder;
        RandomPack.TINY.write(folder, true, ARTISTS);
        studio = Studio.of(pack(), nets(), null);
        episodes = studio.episodes(Split.TRAIN);
    }

    static FaceNets nets() {
        return AnalyticNets.of(0, ARTISTS);
    }

    Path folder() {
        return folder;
    }

    Pack pack() {
        return Pack.open(folder, Device.cpu(), Precision.FP32);
    }

    Studio studio() {
        return studio;
    }

    PopulationEpisodes episodes() {
        return episodes;
    }

    CaricatureVectorEnvironment lanes(int count, AutoresetMode mode) {
        return lanes(count, mode, Settings.standard());
    }

    CaricatureVectorEnvironment lanes(int count, AutoresetMode mode, Settings settings) {
        return new CaricatureVectorEnvironment(studio, settings, episodes, count, mode);
    }

    /** Begins one episode a lane. */
    static void begin(CaricatureVectorEnvironment environment, List<EpisodeSpec> specs) {
        List<LaneReset> resets = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            resets.add(
                    new LaneReset(
                            i,
                            OptionalLong.empty(),
                            Map.of(CaricatureVectorEnvironment.EPISODE, specs.get(i))));
        }
        environment.reset(resets);
    }

    /** Random actions. */
    static List<double[]> actions(SeededRandom random, int lanes) {
        List<double[]> actions = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            actions.add(Move.SPACE.sample(random));
        }
        return actions;
    }

    /** The same action until the first lane's picture is finished. */
    static VectorStep finish(CaricatureVectorEnvironment environment, List<double[]> actions) {
        VectorStep step = environment.step(actions);
        while (!step.terminated()[0]) {
            step = environment.step(actions);
        }
        return step;
    }

    static Outcome outcome(VectorStep step, int lane) {
        return (Outcome) step.infos().get(lane).get(CaricatureVectorEnvironment.OUTCOME);
    }

    @Override
    public void close() {
        studio.close();
    }
}
