package daumier.cli.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import daumier.cli.EmbeddedPack;
import daumier.diffusion.nn.Precision;
import daumier.env.AutoresetMode;
import daumier.env.LaneReset;
import daumier.env.SeededRandom;
import daumier.env.VectorStep;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import daumier.faces.Picture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Trained networks, which do not make much of a rounding as untrained ones do. */
final class LanesTest {
    @Test
    void anotherNumberOfLanesMovesPixelsByOneLevelAtMost() throws IOException {
        assumeTrue(EmbeddedPack.find().isPresent(), "Needs the embedded pack.");
        try (Studio studio =
                Studio.open(EmbeddedPack.find().get(), Device.cpu(), Precision.FP32, false)) {
            List<EpisodeSpec> specs = studio.episodes(Split.VALIDATION).numbered(0, 2);
            SeededRandom random = new SeededRandom(3);
            List<double[]> actions = List.of(Move.SPACE.sample(random), Move.SPACE.sample(random));
            VectorStep together = thirdStep(studio, specs, actions);
            for (int i = 0; i < 2; i++) {
                VectorStep alone =
                        thirdStep(studio, specs.subList(i, i + 1), actions.subList(i, i + 1));
                assertTrue(furthest(preview(alone, 0), preview(together, i)) <= 1, "lane " + i);
                assertEquals(alone.rewards()[0], together.rewards()[i], 0.02, "lane " + i);
            }
        }
    }

    private static VectorStep thirdStep(
            Studio studio, List<EpisodeSpec> specs, List<double[]> actions) {
        try (CaricatureVectorEnvironment lanes =
                new CaricatureVectorEnvironment(
                        studio,
                        Settings.standard().withPictures(),
                        studio.episodes(Split.VALIDATION),
                        specs.size(),
                        AutoresetMode.DISABLED)) {
            List<LaneReset> resets = new ArrayList<>();
            for (int i = 0; i < specs.size(); i++) {
                resets.add(
                        new LaneReset(
                                i,
                                OptionalLong.empty(),
                                Map.of(CaricatureVectorEnvironment.EPISODE, specs.get(i))));
            }
            lanes.reset(resets);
            lanes.step(actions);
            lanes.step(actions);
            return lanes.step(actions);
        }
    }

    private static Picture preview(VectorStep step, int lane) {
        return (Picture) step.infos().get(lane).get(CaricatureVectorEnvironment.PREVIEW);
    }

    private static int furthest(Picture a, Picture b) {
        int most = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            most = Math.max(most, Math.abs((a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff)));
        }
        return most;
    }
}
