package daumier.faces.measure;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import java.util.List;
import java.util.Optional;

/** Finds the 68 landmarks of a roughly aligned portrait. */
@FunctionalInterface
public interface LandmarkLocator {
    /**
     * Finds the landmarks.
     *
     * @param portrait 128 x 128 pixels, the face about where the face world draws it
     * @return landmarks in pixels of the portrait
     */
    Landmarks locate(Picture portrait);

    /**
     * Finds the landmarks of several portraits, at once where that is faster.
     *
     * @param portraits 128 x 128 pixels each
     * @return in their order
     */
    default List<Landmarks> locate(List<Picture> portraits) {
        return portraits.stream().map(this::locate).toList();
    }

    /**
     * Looks once more, close to where the landmarks are expected.
     *
     * @param portraits 128 x 128 pixels each
     * @param expected for each, about where its landmarks are
     * @return in their order; empty if this locator cannot be told where to look
     */
    default Optional<List<Landmarks>> again(List<Picture> portraits, List<Landmarks> expected) {
        return Optional.empty();
    }
}
