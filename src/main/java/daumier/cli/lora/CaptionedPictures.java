package daumier.cli.lora;

import daumier.cli.UserException;
import daumier.cli.picture.PictureFile;
import daumier.diffusion.train.ExampleStore;
import daumier.faces.Picture;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of pictures with captions as kohya's scripts expect it: beside {@code a.png} may stand
 * {@code a.txt} with one line that says what it shows.
 *
 * @param files the pictures, sorted by name
 * @param trigger word that stands first in every caption; empty for none
 */
record CaptionedPictures(List<Path> files, String trigger) {
    private static final Set<String> KINDS =
            Set.of("png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff");

    /**
     * The pictures of a folder.
     *
     * @throws UserException if there are none
     */
    static CaptionedPictures in(Path folder, String trigger) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new UserException(
                    folder + " is no folder; give one with pictures of the style to learn.");
        }
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files = all.filter(CaptionedPictures::isPicture).sorted().toList();
            if (files.isEmpty()) {
                throw new UserException(
                        "There are no pictures (PNG, JPEG, BMP, GIF, TIFF) in " + folder + ".");
            }
            return new CaptionedPictures(files, trigger.strip());
        }
    }

    private static boolean isPicture(Path file) {
        String name = file.toString();
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return KINDS.contains(ending) && Files.isRegularFile(file);
    }

    /** What is told of a picture: the trigger word, then its own caption. */
    String caption(Path picture) throws IOException {
        String name = picture.getFileName().toString();
        Path text = picture.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".txt");
        String own = "";
        if (Files.isRegularFile(text)) {
            try {
                own = Files.readString(text).strip().replaceAll("\\s*,?\\s*[\\r\\n]+\\s*", ", ");
            } catch (MalformedInputException e) {
                throw new UserException(text + " is no UTF-8 text.", e);
            }
        }
        if (trigger.isEmpty() || own.equals(trigger) || own.startsWith(trigger + ",")) {
            return own;
        }
        return own.isEmpty() ? trigger : trigger + ", " + own;
    }

    /** How many pictures have a text beside them. */
    long described() throws IOException {
        long count = 0;
        for (Path file : files) {
            count += caption(file).equals(trigger) ? 0 : 1;
        }
        return count;
    }

    /** Adds all pictures to a store, their middle square scaled to its size. */
    void addTo(ExampleStore store) throws IOException {
        for (Path file : files) {
            Picture picture = squared(PictureFile.read(file), store.size());
            store.add(picture.toChw(), caption(file), new float[0]);
        }
    }

    /** The largest square in the middle, scaled in halves so that no line is skipped. */
    static Picture squared(Picture picture, int side) {
        BufferedImage image = PictureFile.toImage(picture);
        int edge = Math.min(image.getWidth(), image.getHeight());
        BufferedImage square =
                image.getSubimage(
                        (image.getWidth() - edge) / 2, (image.getHeight() - edge) / 2, edge, edge);
        while (square.getWidth() / 2 >= side) {
            square = scaled(square, square.getWidth() / 2);
        }
        return PictureFile.of(scaled(square, side));
    }

    private static BufferedImage scaled(BufferedImage from, int side) {
        BufferedImage to = new BufferedImage(side, side, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = to.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(from, 0, 0, side, side, null);
        graphics.dispose();
        return to;
    }
}
