package daumier.faces.measure;

import daumier.faces.Picture;
import java.util.List;

/** Finds faces in a picture of any size. Implementations may be called from several threads. */
@FunctionalInterface
public interface FaceDetector {
    /**
     * Finds faces.
     *
     * @param picture any size
     * @return the faces, largest first; empty if there is none
     */
    List<Detection> detect(Picture picture);
}
