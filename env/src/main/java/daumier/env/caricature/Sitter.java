package daumier.env.caricature;

import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.nets.MeterTargets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The person being drawn as one set of networks knows them from photographs: identity template, the
 * meter's target, and the landmark network's own error on this face.
 *
 * @param target what the meter must know
 * @param trusted regions that the meter measures well enough to be steered and paid for
 * @param wanted displacement by region, in units of the median subject's; 0 where it is not trusted
 * @param deviation the subject's own displacement at gain 1, by region
 * @param template mean embedding of the photographs, of length 1
 * @param offset landmarks seen less landmarks known in the photograph of this view, 136 values
 * @param style index of the artist in the style network's outputs
 */
record Sitter(
        MeterTarget target,
        boolean[] trusted,
        double[] wanted,
        double[] deviation,
        float[] template,
        float[] offset,
        int style) {
    /** Several people at once. */
    static List<Sitter> of(List<Photographs> people, FaceNets nets, Renderers renderers) {
        List<Picture> inView = people.stream().map(p -> p.pictures().get(0)).toList();
        List<Picture> all = people.stream().flatMap(p -> p.pictures().stream()).toList();
        List<Landmarks> seen = nets.locator().locate(inView);
        float[][] embeddings = nets.identity().embed(all);
        double[] unit = nets.meter().medianLength();
        boolean[] trusted = nets.meter().trusted();
        List<MeterTarget> targets =
                IntStream.range(0, people.size())
                        .parallel()
                        .mapToObj(i -> target(people.get(i).spec(), unit, renderers))
                        .toList();
        List<Sitter> sitters = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < people.size(); i++) {
            Photographs person = people.get(i);
            int end = first + person.pictures().size();
            MeterTarget target = targets.get(i);
            sitters.add(
                    new Sitter(
                            target,
                            trusted,
                            target.moved(only(trusted, person.spec().intent())),
                            PopulationEpisodes.deviation(target),
                            mean(embeddings, first, end),
                            difference(seen.get(i), person.known()),
                            style(person.spec(), nets)));
            first = end;
        }
        return sitters;
    }

    /** Values of the trusted regions, 0 elsewhere. */
    static double[] only(boolean[] trusted, double[] byRegion) {
        double[] kept = byRegion.clone();
        for (int r = 0; r < kept.length; r++) {
            kept[r] = trusted[r] ? kept[r] : 0;
        }
        return kept;
    }

    private static MeterTarget target(EpisodeSpec spec, double[] unit, Renderers renderers) {
        return renderers.use(r -> MeterTargets.of(r.model(), spec.subject(), spec.view(), unit));
    }

    private static int style(EpisodeSpec spec, FaceNets nets) {
        int style = nets.style().artists().indexOf(spec.lora());
        if (style < 0) {
            throw new IllegalArgumentException(
                    "The style network knows no artist '%s', only %s."
                            .formatted(spec.lora(), String.join(", ", nets.style().artists())));
        }
        return style;
    }

    private static float[] difference(Landmarks seen, Landmarks known) {
        float[] offset = new float[seen.xy().length];
        for (int i = 0; i < offset.length; i++) {
            offset[i] = seen.xy()[i] - known.xy()[i];
        }
        return offset;
    }

    private static float[] mean(float[][] rows, int first, int end) {
        float[] mean = new float[rows[first].length];
        double squares = 0;
        for (int k = 0; k < mean.length; k++) {
            for (int i = first; i < end; i++) {
                mean[k] += rows[i][k];
            }
            squares += (double) mean[k] * mean[k];
        }
        double length = Math.sqrt(Math.max(squares, 1e-12));
        for (int k = 0; k < mean.length; k++) {
            mean[k] /= (float) length;
        }
        return mean;
    }
}
