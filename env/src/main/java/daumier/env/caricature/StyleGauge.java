package daumier.env.caricature;

import daumier.faces.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures the artists that a style network was trained on, and beside them LoRAs that it never
 * saw, each along an axis of its own.
 *
 * @param base the network
 * @param axes of the other LoRAs; none has an artist's name
 */
record StyleGauge(FaceNets.Style base, List<StyleAxis> axes) implements FaceNets.Style {
    /** Copies the list. */
    StyleGauge {
        axes = List.copyOf(axes);
    }

    @Override
    public List<String> artists() {
        List<String> names = new ArrayList<>(base.artists());
        axes.forEach(axis -> names.add(axis.name()));
        return names;
    }

    @Override
    public float[][] level(List<Picture> portraits) {
        float[][] known = base.level(portraits);
        float[][] features = base.features(portraits);
        float[][] levels = new float[known.length][];
        for (int i = 0; i < levels.length; i++) {
            int first = known[i].length;
            levels[i] = Arrays.copyOf(known[i], first + axes.size());
            for (int k = 0; k < axes.size(); k++) {
                levels[i][first + k] = axes.get(k).level(features[i]);
            }
        }
        return levels;
    }

    @Override
    public float[][] features(List<Picture> portraits) {
        return base.features(portraits);
    }
}
