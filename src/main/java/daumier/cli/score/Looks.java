package daumier.cli.score;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.cli.Torch;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.vision.ClipModel;
import daumier.diffusion.vision.Cosine;
import daumier.diffusion.vision.DinoModel;
import daumier.diffusion.vision.Lpips;
import daumier.faces.Picture;
import daumier.faces.measure.Pictures;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** How alike two whole pictures look to the networks that {@link LookOptions} names. */
final class Looks {
    private Looks() {}

    /**
     * The scores that are asked for, by their name in JSON.
     *
     * @throws IOException if a model cannot be read
     * @throws IllegalArgumentException with one sentence if a model is not what it should be
     */
    static Map<String, Double> of(LookOptions options, Picture a, Picture b) throws IOException {
        Map<String, Double> scores = new LinkedHashMap<>();
        if (!options.any()) {
            return scores;
        }
        Device device = Torch.start(Torch.DeviceName.CPU);
        try (NDManager manager = NDManager.newBaseManager(device, "PyTorch");
                Kernels kernels = Kernels.load(device)) {
            NDArray first = tensor(manager, a);
            NDArray second = tensor(manager, b);
            if (options.clip != null) {
                ClipModel clip = ClipModel.open(options.clip, manager, kernels);
                NDArray one = clip.embed(first);
                NDArray two = clip.embed(second);
                scores.put("clip_i", Cosine.of(one, two));
                if (options.prompt != null) {
                    NDArray words = clip.embed(manager, options.prompt);
                    scores.put("clip_t_a", Cosine.of(words, one));
                    scores.put("clip_t_b", Cosine.of(words, two));
                }
            }
            if (!options.lpips.isEmpty()) {
                Lpips lpips = Lpips.open(options.lpips, manager, kernels);
                NDArray scaled = tensor(manager, Pictures.resize(b, a.width(), a.height()));
                scores.put("lpips", (double) lpips.distance(first, scaled).getFloat());
            }
            if (options.dino != null) {
                DinoModel dino = DinoModel.open(options.dino, manager, kernels);
                scores.put("dino", Cosine.of(dino.embed(first), dino.embed(second)));
            }
        }
        return scores;
    }

    private static NDArray tensor(NDManager owner, Picture picture) {
        return owner.create(picture.toChw(), new Shape(1, 3, picture.height(), picture.width()));
    }
}
