package daumier.cli.studio;

import daumier.cli.UserException;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.measure.ArtistIntent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The habits of artists as gains by region. An artist moves landmarks in any direction, a gain only
 * along the sitter's own deviation: what is kept of the predicted move is the part that lies there,
 * with its sign, so a region may be drawn nearer to the average. The rest of the move, most of it
 * common to all sitters, has no place among gains and is lost.
 *
 * @param model fitted on artists' warps
 */
record ArtistGains(ArtistIntent model) {
    /** First and last landmark of each of {@link MeterTarget#REGIONS}. */
    private static final int[][] POINTS = {
        {0, 16}, {6, 10}, {36, 47}, {17, 26}, {27, 35}, {48, 67}
    };

    /** Gains that nobody would see. */
    private static final double LEAST = 0.05;

    /**
     * Reads the fitted coefficients.
     *
     * @param file the user's, or null
     * @throws UserException if there is none
     * @throws IOException if it is something else
     */
    static ArtistGains open(Path file) throws IOException {
        if (file == null) {
            throw new UserException(
                    "The intent artist needs coefficients that are fitted to artists' warps; name"
                            + " their file with --artist.");
        }
        if (!Files.isRegularFile(file)) {
            throw new UserException("There is no file " + file + " to read an artist's habits of.");
        }
        return new ArtistGains(ArtistIntent.read(file));
    }

    /**
     * The gains with which regions move as the artists would move them.
     *
     * @param face as it is drawn
     * @param seen landmarks of the person in pixels of the 128-pixel portrait
     * @return one for each of {@link MeterTarget#REGIONS}, within what the meter knows
     */
    double[] of(MeterTarget face, Landmarks seen) {
        double[] move = model.displacements(seen, 1);
        double[] moved = new double[POINTS.length];
        for (int r = 0; r < moved.length; r++) {
            double[] own = new double[move.length];
            int first = 2 * POINTS[r][0];
            System.arraycopy(move, first, own, first, 2 * (POINTS[r][1] + 1) - first);
            moved[r] = face.nearest(r, own);
        }
        double[] gains = face.gain(moved);
        for (int r = 0; r < gains.length; r++) {
            gains[r] = Math.abs(gains[r]) < LEAST ? 0 : Math.rint(100 * gains[r]) / 100;
        }
        return gains;
    }
}
