package daumier.cli.serve;

import daumier.env.caricature.EpisodeSpec;
import daumier.faces.Picture;

/** What a server must know of the episodes that its lanes draw. */
public interface Scene {
    /**
     * An episode that is always the same.
     *
     * @param number 0 or more
     * @return the episode
     */
    EpisodeSpec numbered(int number);

    /**
     * What is shown of a lane before its first stroke.
     *
     * @param episode that has just begun
     * @return the person who is to be drawn
     */
    Picture sitter(EpisodeSpec episode);
}
