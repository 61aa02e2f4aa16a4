package daumier.faces.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Brings the morphable models that people have into the neutral form of {@link LandmarkModel}.
 * Which one it is the file or folder itself tells.
 */
public final class MorphableImport {
    private MorphableImport() {}

    /**
     * Reads a model in its own form.
     *
     * @param source 01_MorphableModel.mat (Basel 2009), a Basel .h5 of 2017 or 2019, the folder
     *     FaceXModel of ICT-FaceKit or an .npz of it, a folder of 3DDFA's bases, or the neutral
     *     form
     * @param landmarks which vertices the 68 landmarks are, for the Basel models, which do not say
     *     so themselves
     * @return the landmarks' part of the model
     * @throws IOException if it is none of these, or not whole
     */
    public static LandmarkModel read(Path source, Optional<Path> landmarks) throws IOException {
        if (!Files.exists(source)) {
            throw new NoSuchFileException(source.toString());
        }
        if (Files.isDirectory(source)) {
            return folder(source);
        }
        String name = String.valueOf(source.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".npz") || name.endsWith(".safetensors")) {
            return LandmarkModel.open(source);
        }
        boolean mat = name.endsWith(".mat");
        if (!mat && !name.endsWith(".h5") && !name.endsWith(".hdf5")) {
            throw new IOException(
                    source
                            + " is no face model that is known: give a Basel .mat or .h5 file, the"
                            + " folder FaceXModel of ICT-FaceKit, or the folder of 3DDFA's bases.");
        }
        if (landmarks.isEmpty()) {
            throw new IOException(
                    source
                            + " does not say which vertices the 68 landmarks are: give their list"
                            + " with --landmarks.");
        }
        int[] vertices = LandmarkNumbers.read(landmarks.get());
        return mat ? BaselMat.read(source, vertices) : BaselHdf5.read(source, vertices);
    }

    private static LandmarkModel folder(Path folder) throws IOException {
        if (Files.isRegularFile(folder.resolve(IctFolder.NEUTRAL))) {
            return IctFolder.read(folder, LandmarkModel.BLEND_SHAPE_SD);
        }
        if (Files.isRegularFile(folder.resolve("u_shp.npy"))) {
            return LandmarkModel.threeDdfa(folder);
        }
        throw new IOException(
                folder
                        + " is no folder of a face model: ICT-FaceKit's holds "
                        + IctFolder.NEUTRAL
                        + ", 3DDFA's u_shp.npy.");
    }
}
