package daumier.faces.measure;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import java.util.List;

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
}
