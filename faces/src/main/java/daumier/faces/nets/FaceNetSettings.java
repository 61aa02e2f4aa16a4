package daumier.faces.nets;

import java.nio.file.Path;

/**
 * What {@link FaceNetTraining} needs to know.
 *
 * @param work folder for renders and checkpoints, hundreds of megabytes; kept between runs
 * @param out folder the networks are written into
 * @param seed of everything
 * @param effort 1 trains as long as the shipped networks were trained; 0.01 is for tests
 * @param renderThreads threads that draw the portraits before a network learns from them
 */
public record FaceNetSettings(Path work, Path out, long seed, double effort, int renderThreads) {
    /** Checks the ranges. */
    public FaceNetSettings {
        if (!(effort > 0) || renderThreads < 1) {
            throw new IllegalArgumentException(
                    "Training face networks needs an effort above 0 and at least one thread.");
        }
    }

    /** A number of steps or portraits, scaled by the effort. */
    int scaled(int full) {
        return scaled(full, 1);
    }

    int scaled(int full, int least) {
        return Math.max(least, (int) Math.round(full * effort));
    }
}
