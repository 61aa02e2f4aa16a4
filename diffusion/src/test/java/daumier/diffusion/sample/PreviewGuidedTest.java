package daumier.diffusion.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.vision.ClipModel;
import daumier.diffusion.vision.PictureLoss;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Guidance by the preview: its gradient against differences, and what it is for. */
class PreviewGuidedTest {
    private static Pack pack;
    private static NDManager manager;
    private static ClipModel clip;

    @BeforeAll
    static void open() throws Exception {
        pack = Pack.open(Goldens.path("pipeline/pack"), Device.cpu(), Precision.FP32);
        manager = NDManager.newBaseManager();
        Path folder = Path.of(ClipModel.class.getResource("clip").toURI());
        clip = ClipModel.open(folder, manager, pack.kernels());
    }

    @AfterAll
    static void close() {
        manager.close();
        pack.close();
    }

    /** Mean square distance from a picture of noise. */
    private static PictureLoss squares(int height, int width) {
        NDArray target =
                manager.create(new TorchRandom(21).randn(3 * height * width))
                        .reshape(1, 3, height, width)
                        .mul(0.5f);
        return pictures ->
                pictures.sub(target)
                        .square()
                        .reshape(pictures.getShape().get(0), -1)
                        .mean(new int[] {1});
    }

    private static GuidedUNet unet() {
        return new GuidedUNet(
                pack.unet(),
                pack.schedulerConfig().predictionType(),
                Precision.FP32,
                Conditioning.guided(
                        pack.encodePrompt(manager, List.of("a face"), 1),
                        pack.encodePrompt(manager, List.of("an ear"), 1),
                        3),
                null,
                null);
    }

    private static PreviewGuidance guidance(PictureLoss loss, double weight, boolean through) {
        return new PreviewGuidance(
                List.of(new PreviewGuidance.Term(loss, weight)), through, 0, 1000, 1);
    }

    private static double loss(PictureLoss loss, NDArray clean) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray own = SamplingState.borrow(scratch, clean);
            return loss.of(pack.decodePreview(own)).sum().getFloat();
        }
    }

    /** A loss's gradient by the pixels is brought to unit size on its way: that is taken back. */
    @Test
    void theGradientEqualsDifferences() {
        PictureLoss loss = squares(16, 16);
        GuidedUNet unet = unet();
        NoiseLevel level = pack.sampler("ddim").level(480);
        Shape shape = new Shape(1, 4, 8, 8);
        NDArray x = manager.create(new TorchRandom(3).randn(256)).reshape(shape);
        for (LookAhead look :
                List.of(
                        LookAhead.plain(pack),
                        LookAhead.with(pack, pack.loraFiles().get(0), 0.8))) {
            for (boolean through : new boolean[] {true, false}) {
                PreviewGuided guided =
                        new PreviewGuided(unet, unet, look, pack, guidance(loss, 1, through));
                NDArray gradient = guided.gradient(manager, x, List.of(level));
                NDArray clean = look.latents(x.duplicate(), List.of(level), unet);
                double perPixel = pixelGradient(loss, clean);
                for (int i = 0; i < 4; i++) {
                    // A random direction that leans on the gradient, so that it has a slope.
                    NDArray random = manager.create(new TorchRandom(40 + i).randn(256));
                    NDArray steep = gradient.div(gradient.square().mean().sqrt());
                    NDArray along = random.reshape(shape).add(steep.mul(i % 2 == 0 ? 1 : -2));
                    NDArray step = along.mul(1e-3f);
                    double slope;
                    if (through) {
                        NDArray up = look.latents(x.add(step), List.of(level), unet);
                        NDArray down = look.latents(x.sub(step), List.of(level), unet);
                        slope = (loss(loss, up) - loss(loss, down)) / 2e-3;
                    } else {
                        slope = (loss(loss, clean.add(step)) - loss(loss, clean.sub(step))) / 2e-3;
                    }
                    double told = perPixel * gradient.mul(along).sum().getFloat();
                    assertEquals(1, slope / told, 0.02, "direction " + i + ", " + through);
                }
            }
        }
    }

    /** Root mean square of the gradient of {@link #squares} by the preview's pixels. */
    private static double pixelGradient(PictureLoss squares, NDArray clean) {
        double pixels = 3 * 16 * 16;
        return 2 / pixels * Math.sqrt(loss(squares, clean));
    }

    private static GenerationRequest.Builder request() {
        return GenerationRequest.of("A face, big nose!")
                .sampler("ddim")
                .steps(8)
                .guidance(3)
                .seeds(List.of(3L, 9L))
                .width(24)
                .height(16);
    }

    @Test
    void whatIsGuidedFalls() {
        NDArray words = clip.embed(manager, "a portrait of a man");
        PictureLoss byWords = PictureLoss.clip(clip, words);
        for (PictureLoss loss : List.of(squares(16, 24), byWords)) {
            double[] without = losses(loss, request().build());
            for (boolean through : new boolean[] {true, false}) {
                double[] with =
                        losses(
                                loss,
                                request().previewGuidance(guidance(loss, 0.3, through)).build());
                for (int i = 0; i < with.length; i++) {
                    assertTrue(
                            with[i] < without[i],
                            "picture " + i + ": " + with[i] + " after " + without[i]);
                }
            }
        }
    }

    private static double[] losses(PictureLoss loss, GenerationRequest request) {
        try (Generated generated = new Generation(pack).run(request);
                NDManager scratch = manager.newSubManager()) {
            // The tiny pack's two autoencoders have nothing in common: what is led are previews.
            NDArray latents = SamplingState.borrow(scratch, generated.latents());
            NDArray values = loss.of(pack.decodePreview(latents));
            double[] all = new double[2];
            for (int i = 0; i < 2; i++) {
                all[i] = values.getFloat(i);
            }
            return all;
        }
    }

    @Test
    void onlyChosenStepsAreGuided() {
        PictureLoss loss = squares(16, 24);
        PreviewGuidance never =
                new PreviewGuidance(
                        List.of(new PreviewGuidance.Term(loss, 1)), true, 1000, 1000, 1);
        assertArrayEquals(
                latents(request().build()), latents(request().previewGuidance(never).build()));
        PreviewGuidance every =
                new PreviewGuidance(List.of(new PreviewGuidance.Term(loss, 1)), true, 300, 900, 3);
        NoiseLevel level = pack.sampler("ddim").level(600);
        assertTrue(every.acts(3, List.of(level)));
        assertTrue(!every.acts(4, List.of(level)));
        assertTrue(!every.acts(3, List.of(pack.sampler("ddim").level(200))));
    }

    private static float[] latents(GenerationRequest request) {
        try (Generated generated = new Generation(pack).run(request)) {
            return generated.latents().toFloatArray();
        }
    }

    @Test
    void severalLossesAreMixedByWeight() {
        PictureLoss squares = squares(16, 24);
        PictureLoss words = PictureLoss.clip(clip, clip.embed(manager, "a portrait of a man"));
        PreviewGuidance both =
                new PreviewGuidance(
                        List.of(
                                new PreviewGuidance.Term(squares, 0.2),
                                new PreviewGuidance.Term(words, 0.2)),
                        true,
                        0,
                        1000,
                        1);
        GenerationRequest guided = request().previewGuidance(both).build();
        assertTrue(losses(squares, guided)[0] < losses(squares, request().build())[0]);
        assertTrue(losses(words, guided)[0] < losses(words, request().build())[0]);
        assertThrows(IllegalArgumentException.class, () -> guidance(squares, 0, true));
    }
}
