package daumier.env.caricature;

import daumier.faces.ExaggerationMeter;
import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.Pictures;
import daumier.faces.measure.Plausibility;
import daumier.faces.nets.IdentityNet;
import daumier.faces.world.FaceRenderer;
import java.util.List;
import java.util.stream.IntStream;

/** Looks at pictures of sitters with one set of networks, all lanes at once. */
final class Viewer {
    private final FaceNets nets;
    private final Plausibility plausibility;
    private final Reward reward;

    Viewer(FaceNets nets, Plausibility plausibility, Reward reward) {
        this.nets = nets;
        this.plausibility = plausibility;
        this.reward = reward;
    }

    /** Pictures of any size that show the portrait frame. */
    List<Reading> look(List<Picture> pictures, List<Sitter> sitters) {
        int side = FaceRenderer.SIDE;
        List<Picture> portraits =
                pictures.stream().map(p -> Pictures.resize(p, side, side)).toList();
        List<Landmarks> landmarks = nets.locator().locate(portraits);
        float[][] embeddings = nets.identity().embed(portraits);
        float[][] levels = nets.style().level(portraits);
        return IntStream.range(0, portraits.size())
                .parallel()
                .mapToObj(i -> read(sitters.get(i), landmarks.get(i), embeddings[i], levels[i]))
                .toList();
    }

    private Reading read(Sitter sitter, Landmarks landmarks, float[] embedding, float[] levels) {
        ExaggerationMeter.Reading meter =
                nets.meter().read(sitter.target(), landmarks, sitter.offset());
        double[] moved = Sitter.only(sitter.trusted(), meter.moved());
        double[] sigma = Sitter.only(sitter.trusted(), meter.sigma());
        double cosine = IdentityNet.cosine(embedding, sitter.template());
        Terms terms =
                reward.terms(
                        moved,
                        sitter.wanted(),
                        nets.identity().score(cosine),
                        cosine,
                        levels[sitter.style()],
                        plausibility.score(landmarks).total());
        return new Reading(moved, sigma, landmarks, terms);
    }
}
