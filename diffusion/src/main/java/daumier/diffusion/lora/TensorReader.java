package daumier.diffusion.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import daumier.diffusion.lora.LoraKey.Role;
import daumier.diffusion.weights.SafetensorsFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What all forms of LoRA read alike from their file.
 *
 * @param scratch owner of all that is read
 */
record TensorReader(SafetensorsFile file, NDManager scratch) {

    /** The shape of a tensor of the file. */
    long[] shape(String key) {
        return file.info(key).shape();
    }

    /** A tensor as FLOAT32. */
    NDArray floats(String key) throws IOException {
        NDArray array = file.load(scratch, key);
        if (array.getDataType() == DataType.FLOAT32) {
            return array;
        }
        try (array) {
            return array.toType(DataType.FLOAT32, true);
        }
    }

    /** The file's own alpha of a layer, if it has one. */
    OptionalDouble alpha(LoraTarget target, Map<Role, String> keys) throws IOException {
        if (!keys.containsKey(Role.ALPHA)) {
            return OptionalDouble.empty();
        }
        String key = keys.get(Role.ALPHA);
        if (file.info(key).elements() != 1) {
            throw new LoraException(
                    "%s is damaged: '%s' is not a single number.".formatted(file, key));
        }
        try (NDArray value = floats(key)) {
            double alpha = value.toFloatArray()[0];
            if (!Double.isFinite(alpha)) {
                throw new LoraException(
                        "%s is damaged: the alpha of layer '%s' is not a finite number."
                                .formatted(file, target.path()));
            }
            return OptionalDouble.of(alpha);
        }
    }

    /** The magnitudes of a DoRA, or null for another form. */
    LoraMagnitude magnitude(LoraTarget target, Map<Role, String> keys) throws IOException {
        boolean peft = keys.containsKey(Role.MAGNITUDE);
        String key = keys.get(peft ? Role.MAGNITUDE : Role.DORA_SCALE);
        if (key == null) {
            return null;
        }
        long[] shape = shape(key);
        long size = file.info(key).elements();
        // LyCORIS keeps a column (out, 1, ...) or a row (1, in, ...).
        boolean byOutput = peft || (shape.length > 0 && shape[0] == target.out());
        if (size != (byOutput ? target.out() : target.in())) {
            throw new LoraException(
                    ("%s does not fit this model: layer '%s' has magnitudes of shape %s where %d"
                                    + " are needed.")
                            .formatted(file, target.path(), Arrays.toString(shape), target.out()));
        }
        return new LoraMagnitude(floats(key).reshape(size), byOutput);
    }

    /**
     * LoCon in Tucker form: a 1x1 down (r, in), the kernel in a core (r, r, k, k). Two linear maps
     * in a row are one: down'[o, i, h, w] = sum over m of core[o, m, h, w] · down[m, i].
     */
    static NDArray fold(NDArray down, NDArray core) {
        long rank = core.getShape().get(0);
        long height = core.getShape().get(2);
        long width = core.getShape().get(3);
        long in = down.getShape().get(1);
        NDArray rows = core.transpose(0, 2, 3, 1).reshape(rank * height * width, rank);
        return rows.matMul(down.reshape(rank, in))
                .reshape(rank, height, width, in)
                .transpose(0, 3, 1, 2)
                .duplicate();
    }
}
