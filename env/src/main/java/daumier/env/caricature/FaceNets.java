package daumier.env.caricature;

import ai.djl.ndarray.NDManager;
import daumier.faces.ExaggerationMeter;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.measure.SteadyLocator;
import daumier.faces.nets.FaceNetTraining;
import daumier.faces.nets.IdentityCalibration;
import daumier.faces.nets.IdentityNet;
import daumier.faces.nets.LandmarkNet;
import daumier.faces.nets.StyleNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * One set of measures that look at pictures: landmarks with their meter, identity and style. All of
 * them read portraits of 128 x 128, several at once.
 *
 * @param locator finds 68 points
 * @param meter reads exaggeration off them
 * @param identity tells people apart
 * @param style tells how much of each artist's look there is
 */
public record FaceNets(Locator locator, Meter meter, Identity identity, Style style) {
    /** Finds landmarks. */
    @FunctionalInterface
    public interface Locator {
        /** One set of landmarks for each portrait, in its pixels. */
        List<Landmarks> locate(List<Picture> portraits);
    }

    /** Reads how far each region has moved; called from several threads at once. */
    public interface Meter {
        /** Pixels that are one unit of displacement, for each of {@link MeterTarget#REGIONS}. */
        double[] medianLength();

        /**
         * For each of {@link MeterTarget#REGIONS} whether it is measured well enough to be steered
         * and paid for.
         */
        default boolean[] trusted() {
            boolean[] all = new boolean[MeterTarget.REGIONS.size()];
            Arrays.fill(all, true);
            return all;
        }

        /**
         * Reads one picture.
         *
         * @param target the face as it should stand in the picture
         * @param measured what was located
         * @param offset 136 values: the locator's own error on this face
         */
        ExaggerationMeter.Reading read(MeterTarget target, Landmarks measured, float[] offset);
    }

    /** Tells people apart. */
    public interface Identity {
        /** An embedding of length 1 for each portrait. */
        float[][] embed(List<Picture> portraits);

        /**
         * What a cosine of embeddings is worth: 0 for a stranger to 1 for as like as two
         * photographs of one person.
         */
        double score(double cosine);
    }

    /** Tells artists' looks apart. */
    public interface Style {
        /** The artists, in the order of the levels. */
        List<String> artists();

        /** For each portrait one level an artist: 0 is a photograph, 1 the artist's own hand. */
        float[][] level(List<Picture> portraits);

        /**
         * A description of each portrait's look, one row each, that other looks than the artists'
         * can be told by.
         */
        default float[][] features(List<Picture> portraits) {
            return level(portraits);
        }
    }

    /** The same measures, style measured otherwise. */
    public FaceNets withStyle(Style other) {
        return new FaceNets(locator, meter, identity, other);
    }

    /**
     * The networks that a policy sees through and is paid by.
     *
     * @param folder of face networks
     * @param manager what their arrays live under
     * @throws IOException if one is missing or is something else
     */
    public static FaceNets reward(Path folder, NDManager manager) throws IOException {
        return new FaceNets(
                locator(folder, FaceNetTraining.METER, manager),
                meter(folder.resolve(FaceNetTraining.METER_FILE)),
                identity(folder, FaceNetTraining.IDENTITY, manager),
                style(folder, FaceNetTraining.STYLE, manager));
    }

    /**
     * The same for pictures of packs that these networks were not trained with: landmarks are found
     * by the network for photographs, which was trained on the most varied pictures.
     */
    public static FaceNets rewardElsewhere(Path folder, NDManager manager) throws IOException {
        FaceNets own = reward(folder, manager);
        return new FaceNets(
                locator(folder, FaceNetTraining.PHOTO, manager),
                own.meter(),
                own.identity(),
                own.style());
    }

    /**
     * The networks that only judge, and that no reward ever saw; as {@link #reward}, but landmarks
     * are the mean of nine looks: finished pictures alone are judged, so there is time for it.
     */
    public static FaceNets judges(Path folder, NDManager manager) throws IOException {
        return new FaceNets(
                SteadyLocator.of(net(folder, FaceNetTraining.METER_JUDGE, manager))::locate,
                meter(folder.resolve(FaceNetTraining.METER_JUDGE_FILE)),
                identity(folder, FaceNetTraining.IDENTITY_JUDGE, manager),
                style(folder, FaceNetTraining.STYLE_JUDGE, manager));
    }

    private static Path file(Path folder, String name) {
        return folder.resolve(name + ".safetensors");
    }

    private static Locator locator(Path folder, String name, NDManager manager) throws IOException {
        return net(folder, name, manager)::locate;
    }

    private static LandmarkNet net(Path folder, String name, NDManager manager) throws IOException {
        return LandmarkNet.open(file(folder, name), manager);
    }

    private static Meter meter(Path file) throws IOException {
        ExaggerationMeter calibrated = ExaggerationMeter.open(file);
        return new Meter() {
            @Override
            public double[] medianLength() {
                return calibrated.medianLength();
            }

            @Override
            public boolean[] trusted() {
                return calibrated.trusted();
            }

            @Override
            public ExaggerationMeter.Reading read(
                    MeterTarget target, Landmarks measured, float[] offset) {
                return calibrated.read(target, measured, offset);
            }
        };
    }

    private static Identity identity(Path folder, String name, NDManager manager)
            throws IOException {
        IdentityNet net = IdentityNet.open(file(folder, name), manager);
        IdentityCalibration calibration = net.calibration();
        return new Identity() {
            @Override
            public float[][] embed(List<Picture> portraits) {
                return net.embed(portraits);
            }

            @Override
            public double score(double cosine) {
                return calibration.score(cosine);
            }
        };
    }

    private static Style style(Path folder, String name, NDManager manager) throws IOException {
        StyleNet net = StyleNet.open(file(folder, name), manager);
        return new Style() {
            @Override
            public List<String> artists() {
                return net.artists();
            }

            @Override
            public float[][] level(List<Picture> portraits) {
                return net.level(portraits);
            }

            @Override
            public float[][] features(List<Picture> portraits) {
                return net.features(portraits);
            }
        };
    }
}
