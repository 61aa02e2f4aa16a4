package daumier.diffusion.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraKey.Role;
import daumier.diffusion.weights.SafetensorsFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;

/** Makes the pair of one layer from its tensors, in the shapes the layer wants. */
final class PairReader {

    private final SafetensorsFile file;
    private final AdapterConfig config;
    private final TensorReader tensors;
    private final LycorisReader lycoris;

    /**
     * A reader of a file.
     *
     * @param scratch owner of the pairs and of what it takes to make them
     */
    PairReader(SafetensorsFile file, AdapterConfig config, NDManager scratch) {
        this.file = file;
        this.config = config;
        tensors = new TensorReader(file, scratch);
        lycoris = new LycorisReader(tensors, config);
    }

    LoraPair read(LoraTarget target, Map<Role, String> keys) throws IOException {
        if (LycorisReader.reads(keys)) {
            return lycoris.read(target, keys);
        }
        if (!keys.containsKey(Role.DOWN) || !keys.containsKey(Role.UP)) {
            throw new LoraException(
                    "%s is incomplete: layer '%s' lacks its down or its up matrix; fetch it again."
                            .formatted(file, target.path()));
        }
        int rank = rank(target, keys);
        NDArray down = tensors.floats(keys.get(Role.DOWN));
        if (keys.containsKey(Role.MID)) {
            down = TensorReader.fold(down, tensors.floats(keys.get(Role.MID)));
        }
        return new LoraPair(
                down.reshape(new Shape(target.downShape(rank))),
                tensors.floats(keys.get(Role.UP)).reshape(new Shape(target.upShape(rank))),
                alpha(target, keys, rank),
                rank,
                tensors.magnitude(target, keys));
    }

    /** All shapes are checked before anything is loaded. */
    private int rank(LoraTarget target, Map<Role, String> keys) throws LoraException {
        long[] down = file.info(keys.get(Role.DOWN)).shape();
        long[] up = file.info(keys.get(Role.UP)).shape();
        int rank = down.length == 0 ? 0 : (int) Math.min(down[0], Integer.MAX_VALUE);
        long[] wantedDown = target.downShape(rank);
        boolean sound = rank > 0 && fits(up, target.upShape(rank));
        if (keys.containsKey(Role.MID)) {
            long[] mid = file.info(keys.get(Role.MID)).shape();
            sound &= fits(mid, rank, rank, target.kernel(), target.kernel());
            sound &= fits(down, rank, target.in(), 1, 1);
        } else {
            sound &= fits(down, wantedDown);
        }
        if (!sound) {
            throw new LoraException(
                    ("%s does not fit this model: for layer '%s' it holds down %s and up %s, where"
                                    + " down %s and up %s of one rank are needed.")
                            .formatted(
                                    file,
                                    target.path(),
                                    Arrays.toString(down),
                                    Arrays.toString(up),
                                    Arrays.toString(wantedDown),
                                    Arrays.toString(target.upShape(rank))));
        }
        return rank;
    }

    /** Equal but for trailing ones: a 1x1 convolution is a linear layer. */
    private static boolean fits(long[] found, long... wanted) {
        int length = Math.max(found.length, wanted.length);
        for (int i = 0; i < length; i++) {
            if ((i < found.length ? found[i] : 1) != (i < wanted.length ? wanted[i] : 1)) {
                return false;
            }
        }
        return true;
    }

    private double alpha(LoraTarget target, Map<Role, String> keys, int rank) throws IOException {
        OptionalDouble own = tensors.alpha(target, keys);
        double alpha = (own.isPresent() ? own : config.alpha(target, rank)).orElse(0);
        if (!Double.isFinite(alpha)) {
            throw new LoraException(
                    "%s is damaged: the alpha of layer '%s' is not a finite number."
                            .formatted(file, target.path()));
        }
        return alpha == 0 ? rank : alpha;
    }
}
