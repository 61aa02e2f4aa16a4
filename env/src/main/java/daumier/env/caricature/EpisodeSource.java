package daumier.env.caricature;

import java.util.List;
import java.util.random.RandomGenerator;

/** Where episodes come from that nobody named. */
@FunctionalInterface
public interface EpisodeSource {
    /** A random episode; the same state of the generator gives the same one. */
    EpisodeSpec draw(RandomGenerator random);

    /** Given episodes, drawn evenly. */
    static EpisodeSource of(List<EpisodeSpec> episodes) {
        if (episodes.isEmpty()) {
            throw new IllegalArgumentException("A source needs at least one episode.");
        }
        List<EpisodeSpec> kept = List.copyOf(episodes);
        return random -> kept.get(random.nextInt(kept.size()));
    }
}
