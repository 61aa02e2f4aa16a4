package daumier.faces.nets;

import ai.djl.ndarray.NDManager;
import daumier.faces.ExaggerationMeter;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The face networks of a pack: those that rewards may use, and the judges, which only evaluations
 * may use.
 *
 * @param meterLandmarks landmarks of aligned portraits in all looks
 * @param photoLandmarks landmarks of photographs that a detector framed
 * @param identity embedding for rewards
 * @param style style levels for rewards
 * @param meter reads what {@code meterLandmarks} sees
 * @param judgeLandmarks landmarks of aligned portraits, by another network
 * @param judgeIdentity embedding by another network
 * @param judgeStyle style levels by another network
 * @param judgeMeter reads what {@code judgeLandmarks} sees
 */
public record FaceNetworks(
        LandmarkNet meterLandmarks,
        LandmarkNet photoLandmarks,
        IdentityNet identity,
        StyleNet style,
        ExaggerationMeter meter,
        LandmarkNet judgeLandmarks,
        IdentityNet judgeIdentity,
        StyleNet judgeStyle,
        ExaggerationMeter judgeMeter)
        implements AutoCloseable {

    /**
     * Reads all of them.
     *
     * @param folder the pack's {@code faces} folder
     * @param manager what their arrays live under; it must outlive them
     * @throws IOException if one is missing or is something else
     */
    public static FaceNetworks open(Path folder, NDManager manager) throws IOException {
        return new FaceNetworks(
                LandmarkNet.open(file(folder, FaceNetTraining.METER), manager),
                LandmarkNet.open(file(folder, FaceNetTraining.PHOTO), manager),
                IdentityNet.open(file(folder, FaceNetTraining.IDENTITY), manager),
                StyleNet.open(file(folder, FaceNetTraining.STYLE), manager),
                ExaggerationMeter.open(folder.resolve(FaceNetTraining.METER_FILE)),
                LandmarkNet.open(file(folder, FaceNetTraining.METER_JUDGE), manager),
                IdentityNet.open(file(folder, FaceNetTraining.IDENTITY_JUDGE), manager),
                StyleNet.open(file(folder, FaceNetTraining.STYLE_JUDGE), manager),
                ExaggerationMeter.open(folder.resolve(FaceNetTraining.METER_JUDGE_FILE)));
    }

    private static Path file(Path folder, String name) {
        return folder.resolve(name + ".safetensors");
    }

    @Override
    public void close() {
        meterLandmarks.close();
        photoLandmarks.close();
        identity.close();
        style.close();
        judgeLandmarks.close();
        judgeIdentity.close();
        judgeStyle.close();
    }
}
