package daumier.cli.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.cli.picture.PictureFile;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.faces.Picture;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Files of the user's as tensors. */
final class Inputs {
    private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

    private Inputs() {}

    /**
     * One tensor of a safetensors file.
     *
     * @param manager owner of the result
     * @param file the file
     * @param name of the tensor
     * @return the tensor
     * @throws IOException when the file has no such tensor, or is damaged
     */
    static NDArray tensor(NDManager manager, Path file, String name) throws IOException {
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            if (!tensors.has(name)) {
                throw new IOException(
                        "%s must hold a tensor named %s, but holds %s."
                                .formatted(file, name, tensors.names()));
            }
            return tensors.load(manager, name);
        }
    }

    /**
     * A picture to start from.
     *
     * @param manager owner of the result
     * @param file a picture
     * @param width of the result, or 0 to follow the picture
     * @param height of the result, or 0 to follow the picture
     * @param unit what both sides must be a multiple of
     * @param usual the side of pictures the pack knows; larger ones are scaled down towards it
     * @return (1, 3, height, width) in [-1, 1]
     * @throws IOException when it is no picture
     */
    static NDArray initialPicture(
            NDManager manager, Path file, int width, int height, int unit, int usual)
            throws IOException {
        Picture picture = PictureFile.read(file);
        double shorter = Math.min(picture.width(), picture.height());
        double scale = shorter >= 2.0 * usual || shorter < unit ? usual / shorter : 1;
        int w = width > 0 ? width : multiple(picture.width() * scale, unit);
        int h = height > 0 ? height : multiple(picture.height() * scale, unit);
        return manager.create(cover(picture, w, h).toChw(), new Shape(1, 3, h, w));
    }

    private static int multiple(double length, int unit) {
        return Math.max(unit, (int) Math.floor(length / unit + 1e-9) * unit);
    }

    /**
     * A picture for an adapter.
     *
     * @param manager owner of the result
     * @param file a picture, or a safetensors file with a tensor {@code condition}
     * @param channels of the adapter: 1 makes a picture grey
     * @param width of the picture to draw, or 0 to follow the file
     * @param height of the picture to draw, or 0 to follow the file
     * @return (1, channels, height, width) in [0, 1]
     * @throws IOException when it is neither
     */
    static NDArray condition(NDManager manager, Path file, int channels, int width, int height)
            throws IOException {
        if (file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
            return tensor(manager, file, "condition");
        }
        if (channels != 1 && channels != 3) {
            throw new IOException(
                    ("This adapter takes %d channels, which no picture has; give a safetensors file"
                                    + " with a tensor named condition.")
                            .formatted(channels));
        }
        Picture picture = PictureFile.read(file);
        int w = width > 0 ? width : picture.width();
        int h = height > 0 ? height : picture.height();
        float[] planes = cover(picture, w, h).toChw();
        float[] condition = new float[channels * w * h];
        for (int i = 0; i < w * h; i++) {
            if (channels == 3) {
                for (int c = 0; c < 3; c++) {
                    condition[c * w * h + i] = (planes[c * w * h + i] + 1) / 2;
                }
            } else {
                for (int c = 0; c < 3; c++) {
                    condition[i] += LUMA[c] * (planes[c * w * h + i] + 1) / 2;
                }
            }
        }
        return manager.create(condition, new Shape(1, channels, h, w));
    }

    /**
     * A picture as the region in which a LoRA acts: its luma.
     *
     * @param manager owner of the result
     * @param file a picture, white where the LoRA acts and black where not
     * @return (1, 1, height, width) in [0, 1], of the picture's own size
     * @throws IOException when it is no picture
     */
    static NDArray mask(NDManager manager, Path file) throws IOException {
        return condition(manager, file, 1, 0, 0);
    }

    /**
     * A picture scaled to cover a size, what protrudes cut off on both sides alike. The same size
     * leaves every pixel as it is.
     */
    static Picture cover(Picture picture, int width, int height) {
        if (picture.width() == width && picture.height() == height) {
            return picture;
        }
        double scale =
                Math.max((double) width / picture.width(), (double) height / picture.height());
        int w = Math.max(width, (int) Math.round(picture.width() * scale));
        int h = Math.max(height, (int) Math.round(picture.height() * scale));
        Image scaled =
                PictureFile.toImage(picture)
                        .getScaledInstance(
                                w, h, scale < 1 ? Image.SCALE_AREA_AVERAGING : Image.SCALE_SMOOTH);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        graphics.drawImage(scaled, (width - w) / 2, (height - h) / 2, null);
        graphics.dispose();
        return PictureFile.of(image);
    }
}
