package daumier.cli.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import daumier.agent.StopSignal;
import daumier.agent.rival.ClosedLoopRule;
import daumier.cli.EmbeddedPack;
import daumier.diffusion.nn.Precision;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import daumier.env.caricature.StudioConfig;
import daumier.env.caricature.Technique;
import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packs and LoRAs as people have them: no face networks, no adapter, styles nobody knows. */
final class ForeignPackTest {
    @TempDir private Path folder;
    private final List<String> said = new ArrayList<>();
    private Path pack;
    private Path lora;
    private Path faces;

    @BeforeEach
    void bring() throws IOException {
        assumeTrue(EmbeddedPack.find().isPresent(), "Needs the embedded pack's face networks.");
        faces = EmbeddedPack.find().get().resolve("faces");
        pack = folder.resolve("pack");
        TinyStudio.open(pack).close(); // copies it, without its adapter
        Path own = pack.resolve("lora").resolve("style.safetensors");
        lora = Files.copy(own, folder.resolve("inkpen.safetensors"));
    }

    private StudioConfig config(Technique technique, String... loras) {
        return new StudioConfig(
                pack,
                Optional.of(faces),
                List.of(loras),
                Device.cpu(),
                Precision.FP32,
                true,
                1,
                fitting -> technique,
                Optional.of(folder.resolve("kept")),
                Optional.empty(),
                said::add);
    }

    private static Technique quick(double guidance, double strength) {
        return new Technique(1, guidance, "blurry", strength);
    }

    private static Outcome draw(Studio studio, EpisodeSpec episode) {
        Settings settings =
                Settings.standard()
                        .with(studio.technique())
                        .withMeans(Settings.Means.WARP)
                        .withPictures();
        try (Trials trials = new Trials(studio, settings, studio.episodes(Split.TEST), 1)) {
            ClosedLoopRule rule =
                    new ClosedLoopRule(trials.observationSpace(), ClosedLoopRule.Gains.standard());
            return trials.draw(rule, List.of(episode), new StopSignal()).get(0);
        }
    }

    @Test
    void anUnknownLoraIsLookedAtOnceAndThenDrawnWith() throws IOException {
        for (int time = 0; time < 2; time++) {
            try (Studio studio = Studio.open(config(quick(1, 0.6), lora.toString()))) {
                assertEquals(List.of("inkpen"), studio.styles());
                EpisodeSpec episode = studio.episodes(Split.TEST).numbered(0);
                assertEquals("inkpen", episode.lora());
                assertTrue(episode.prompt().startsWith("caricature of a"), episode.prompt());
                Outcome outcome = draw(studio, episode);
                assertTrue(Double.isFinite(outcome.reward().level()));
                assertTrue(Double.isFinite(outcome.judged().level()));
            }
        }
        assertEquals(1, said.size(), said.toString());
        assertTrue(said.get(0).contains("inkpen"), said.toString());
        try (Stream<Path> kept = Files.list(folder.resolve("kept"))) {
            assertEquals(1, kept.count());
        }
    }

    @Test
    void whatSuitsAPackWithoutAdapterIsThePhotographAndGuidance() throws IOException {
        StudioConfig asIs = config(quick(1, 1));
        StudioConfig fitting =
                new StudioConfig(
                        asIs.pack(),
                        asIs.faces(),
                        List.of("style"),
                        asIs.device(),
                        asIs.precision(),
                        false,
                        1,
                        technique -> {
                            assertEquals(Technique.photograph(), technique);
                            return quick(2, 0.5);
                        },
                        Optional.empty(),
                        Optional.empty(),
                        said::add);
        try (Studio studio = Studio.open(fitting)) {
            assertEquals(quick(2, 0.5), studio.technique());
            assertEquals(Settings.Means.WARP, Studio.fittingMeans(studio.pack()));
        }
    }

    @Test
    void drawingsBeginWithThePhotographAndNoiseBelongsToTheEpisode() throws IOException {
        try (Studio studio = Studio.open(config(quick(1, 0.3), lora.toString()))) {
            EpisodeSpec episode = studio.episodes(Split.TEST).numbered(0);
            Outcome one = draw(studio, episode);
            assertEquals(one, draw(studio, episode));
            assertTrue(one.decisions().get(0).progress() > 0.7, one.decisions().toString());
            byte[] grey = new byte[3 * 64 * 64];
            Arrays.fill(grey, (byte) 40);
            Outcome other =
                    draw(studio, episode.withPhotograph(Optional.of(new Picture(64, 64, grey))));
            assertNotEquals(one.picture(), other.picture());
            assertTrue(mean(other.picture()) < mean(one.picture()), "the dark one is darker");
        }
    }

    private static double mean(Picture picture) {
        double sum = 0;
        for (byte value : picture.rgb()) {
            sum += value & 0xff;
        }
        return sum / picture.rgb().length;
    }

    @Test
    void namesakesOfThePacksArtistsAreStrangers() throws IOException {
        Path noir = Files.copy(lora, folder.resolve("noir.safetensors"));
        try (Studio studio = Studio.open(config(quick(1, 1), noir.toString(), "style"))) {
            assertEquals(List.of("noir-2", "style"), studio.styles());
        }
    }

    @Test
    void whatIsMissingIsSaid() throws IOException {
        assertRefused("nowhere", config(quick(1, 1), "nowhere.safetensors"));
        StudioConfig given = config(quick(1, 1));
        assertRefused(
                "faces",
                new StudioConfig(
                        given.pack(),
                        Optional.empty(),
                        given.loras(),
                        given.device(),
                        given.precision(),
                        true,
                        1,
                        given.technique(),
                        given.calibrations(),
                        given.packed(),
                        given.progress()));
        Files.delete(pack.resolve("lora").resolve("style.safetensors"));
        assertRefused("--lora", given);
    }

    private static void assertRefused(String words, StudioConfig config) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> Studio.open(config).close())
                        .getMessage();
        assertTrue(message.contains(words), message);
    }
}
