package daumier.faces.models;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.Alignment;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.GainCalibration;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Pictures;
import daumier.faces.measure.PixelMeasures;
import daumier.faces.measure.RegionDifference;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How alike two pictures of a face are, by every measure there is.
 *
 * @param cosine between the identity vectors; absent without an identity network or a face
 * @param regions differences of the fitted model; absent without landmarks
 * @param landmarkDistance mean distance of the landmarks once both faces lie over each other, as a
 *     share of the distance between the outer corners of the eyes
 * @param plausibilityA of the first face, absent without landmarks
 * @param plausibilityB of the second
 * @param psnr decibels; the second picture is scaled to the size of the first
 * @param ssim structural similarity, absent for tiny pictures
 */
public record FaceScore(
        OptionalDouble cosine,
        Optional<Map<FaceRegion, RegionDifference>> regions,
        OptionalDouble landmarkDistance,
        OptionalDouble plausibilityA,
        OptionalDouble plausibilityB,
        double psnr,
        OptionalDouble ssim) {
    private static final int SMALLEST = 11;

    /**
     * Compares two pictures.
     *
     * @param a the first picture
     * @param b the second picture
     * @param faceA what was measured in it, if there is a face
     * @param faceB what was measured in it, if there is a face
     * @param fit by which both were fitted, if there are landmarks
     * @param gains corrects the regions' gains, if it is known for these landmarks
     * @return the score
     */
    public static FaceScore of(
            Picture a,
            Picture b,
            Optional<FaceReading> faceA,
            Optional<FaceReading> faceB,
            Optional<ModelFit> fit,
            Optional<GainCalibration> gains) {
        Optional<float[]> va = faceA.flatMap(FaceReading::identity);
        Optional<float[]> vb = faceB.flatMap(FaceReading::identity);
        Optional<FaceAnalysis> ma = faceA.flatMap(FaceReading::analysis);
        Optional<FaceAnalysis> mb = faceB.flatMap(FaceReading::analysis);
        Picture scaled = Pictures.resize(b, a.width(), a.height());
        boolean tiny = Math.min(a.width(), a.height()) < SMALLEST;
        boolean both = ma.isPresent() && mb.isPresent() && fit.isPresent();
        return new FaceScore(
                va.isPresent() && vb.isPresent()
                        ? OptionalDouble.of(ArcFaceNetwork.cosine(va.get(), vb.get()))
                        : OptionalDouble.empty(),
                both
                        ? Optional.of(
                                corrected(
                                        RegionDifference.between(
                                                fit.get().model(),
                                                ma.get().geometry(),
                                                mb.get().geometry()),
                                        gains))
                        : Optional.empty(),
                both
                        ? OptionalDouble.of(
                                distance(
                                        ma.get().geometry().landmarks(),
                                        mb.get().geometry().landmarks()))
                        : OptionalDouble.empty(),
                plausibility(ma),
                plausibility(mb),
                PixelMeasures.psnr(a, scaled),
                tiny ? OptionalDouble.empty() : OptionalDouble.of(PixelMeasures.ssim(a, scaled)));
    }

    private static Map<FaceRegion, RegionDifference> corrected(
            Map<FaceRegion, RegionDifference> read, Optional<GainCalibration> gains) {
        return gains.isPresent() ? gains.get().corrected(read) : read;
    }

    private static OptionalDouble plausibility(Optional<FaceAnalysis> face) {
        return face.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(face.get().plausibility().total());
    }

    private static double distance(Landmarks a, Landmarks b) {
        Landmarks over = Alignment.of(b, a).toPortrait(b);
        double sum = 0;
        for (int i = 0; i < Landmarks.COUNT; i++) {
            sum += Math.hypot(over.x(i) - a.x(i), over.y(i) - a.y(i));
        }
        return sum / Landmarks.COUNT / a.interOcular();
    }
}
