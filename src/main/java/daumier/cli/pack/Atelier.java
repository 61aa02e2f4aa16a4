package daumier.cli.pack;

import daumier.faces.world.Artist;
import daumier.faces.world.Look;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one style LoRA comes about: whose pictures, how many characters, how long and how fast. From
 * under-trained to over-trained, as LoRAs from the usual places are, so that the right weight is
 * another one for each.
 *
 * @param look whose pictures
 * @param characters how many people are drawn, six times each
 * @param rank of every layer's pair
 * @param steps of 4 latents
 * @param learningRate height of the plateau
 * @param strength factor on alpha in the published file: nobody's LoRAs agree in that either
 */
record Atelier(
        Look look, int characters, int rank, long steps, double learningRate, double strength) {
    private static final long[] STEPS = {1500, 500, 450, 1000, 900, 800, 1200, 800};
    private static final double[] RATES = {6e-3, 8e-3, 6e-3, 6e-3, 7e-3, 7e-3, 5e-3, 7e-3};

    private static final double[] STRENGTHS = {0.95, 2, 1.4, 2.2, 1.8, 2.2, 1.1, 1.3};

    private static final int RANK = 6;

    /** One for each artist, and the plain toon look. */
    static List<Atelier> all() {
        List<Atelier> all = new ArrayList<>();
        all.add(new Atelier(new Look.Toon(), 8, RANK, 350, 5e-3, 1));
        List<Artist> artists = Artist.all();
        for (int i = 0; i < artists.size(); i++) {
            all.add(new Atelier(artists.get(i), 5, RANK, STEPS[i], RATES[i], STRENGTHS[i]));
        }
        return all;
    }

    String name() {
        return look.word();
    }

    Map<String, String> metadata(long stepsMade) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("ss_steps", Long.toString(stepsMade));
        metadata.put("ss_learning_rate", Double.toString(learningRate));
        metadata.put(
                "ss_num_train_images",
                Integer.toString(characters * FaceExamples.PICTURES_PER_CHARACTER));
        metadata.put("modelspec.title", name());
        metadata.put("modelspec.trigger_phrase", name());
        return metadata;
    }
}
