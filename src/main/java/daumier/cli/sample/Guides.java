package daumier.cli.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.cli.EmbeddedPack;
import daumier.cli.UserException;
import daumier.cli.picture.PictureFile;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.sample.PreviewGuidance;
import daumier.diffusion.vision.ClipModel;
import daumier.diffusion.vision.Lpips;
import daumier.diffusion.vision.PictureLoss;
import daumier.faces.Picture;
import daumier.faces.nets.IdentityNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The networks that {@link GuideOptions} names, as losses of previews. */
final class Guides {
    /** The side of the portraits that the identity network reads. */
    private static final int PORTRAIT = 128;

    private Guides() {}

    /** Opens what guides; all of it belongs to the owner. */
    static PreviewGuidance of(
            GuideOptions options, NDManager owner, int width, int height, Pack pack)
            throws IOException {
        List<PreviewGuidance.Term> terms = new ArrayList<>();
        for (Map.Entry<GuideOptions.Kind, Double> e : options.weights.entrySet()) {
            PictureLoss loss =
                    switch (e.getKey()) {
                        case IDENTITY -> identity(options, owner, pack);
                        case CLIP -> clip(options, owner, pack);
                        case LPIPS ->
                                PictureLoss.lpips(
                                        Lpips.open(options.lpips, owner, pack.kernels()),
                                        picture(options, owner, width, height));
                    };
            terms.add(new PreviewGuidance.Term(loss, e.getValue()));
        }
        return new PreviewGuidance(
                terms,
                options.jacobian == GuideOptions.Jacobian.UNET,
                options.timesteps.lowest(),
                options.timesteps.highest(),
                options.every);
    }

    private static PictureLoss clip(GuideOptions options, NDManager owner, Pack pack)
            throws IOException {
        ClipModel clip = ClipModel.open(options.clip, owner, pack.kernels());
        if (options.text != null) {
            return PictureLoss.clip(clip, clip.embed(owner, options.text));
        }
        Picture image = PictureFile.read(options.image);
        return PictureLoss.clip(
                clip, clip.embed(picture(options, owner, image.width(), image.height())));
    }

    private static PictureLoss identity(GuideOptions options, NDManager owner, Pack pack)
            throws IOException {
        Path file = pack.folder().resolve("faces/identity.safetensors");
        if (!Files.isRegularFile(file)) {
            file = EmbeddedPack.orElse(null).resolve("faces/identity.safetensors");
        }
        if (!Files.isRegularFile(file)) {
            throw new UserException(
                    "Neither the pack nor the embedded one has an identity network: guide by clip or"
                            + " lpips.");
        }
        IdentityNet net = IdentityNet.open(file, owner);
        NDArray target = net.embed(picture(options, owner, PORTRAIT, PORTRAIT));
        return pictures ->
                PictureLoss.awayFrom(
                        net.embed(PictureLoss.square(pictures, PORTRAIT, pack.kernels())), target);
    }

    private static NDArray picture(GuideOptions options, NDManager owner, int width, int height)
            throws IOException {
        Picture picture = Inputs.cover(PictureFile.read(options.image), width, height);
        return owner.create(picture.toChw(), new Shape(1, 3, height, width));
    }
}
