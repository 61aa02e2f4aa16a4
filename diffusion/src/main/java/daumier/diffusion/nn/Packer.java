package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.Pointer;
import daumier.diffusion.weights.Init;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings weights of layers into the type and the order in which passes of one precision read them
 * fastest, straight from the checkpoint, or takes them as they were kept of the last time. Other
 * passes and gradients still get right results, more slowly.
 */
final class Packer implements AutoCloseable {
    private final Kernels kernels;
    private final Precision precision;
    private final PackedCache cache;
    private final String owner;
    private final PackedFile known;
    private final Map<String, PackedFile.Blob> made = new LinkedHashMap<>();

    private Packer(
            Kernels kernels,
            Precision precision,
            PackedCache cache,
            String owner,
            PackedFile known) {
        this.kernels = kernels;
        this.precision = precision;
        this.cache = cache;
        this.owner = owner;
        this.known = known;
    }

    /**
     * Makes one.
     *
     * @param weights of the network to pack
     * @param network which of those that may be in the same file
     * @param cache where packed weights are kept, or null
     */
    static Packer of(
            Kernels kernels,
            Precision precision,
            Weights weights,
            String network,
            PackedCache cache) {
        Optional<NativeTensors> tensors = cache == null ? Optional.empty() : NativeTensors.find();
        try {
            Optional<String> identity = weights.identity();
            if (tensors.isPresent() && identity.isPresent()) {
                String owner =
                        "%s%s %s, libtorch %s%n%s"
                                .formatted(
                                        identity.get(),
                                        network,
                                        precision,
                                        LibUtils.getVersion(),
                                        processor());
                PackedFile known = cache.find(owner, tensors.get()).orElse(null);
                return new Packer(kernels, precision, cache, owner, known);
            }
        } catch (IOException unreadable) {
            // Whoever reads the weights will say so.
        }
        return new Packer(kernels, precision, null, null, null);
    }

    /** The order that weights are packed in suits one kind of processor. */
    private static String processor() {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1)) {
            return lines.takeWhile(line -> !line.isBlank())
                    .filter(line -> line.startsWith("model name") || line.startsWith("flags"))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return System.getProperty("os.arch"); // no Linux: nothing is known
        }
    }

    /**
     * A packed weight.
     *
     * @param weight a tensor that only kernels can read
     */
    record Packed(NDArray weight, Kernels kernels) {
        /** As float32, in no more precision than it was packed in, and flat where it was linear. */
        NDArray unpacked() {
            try (NDArray type = weight.getManager().create((double) Precision.FP32.code)) {
                return kernels.call("unpack", weight, type);
            }
        }
    }

    Packed pack(Layer layer, Weights weights) {
        long[] shape = layer.shape().getShape();
        if (known != null) {
            Optional<? extends NDArray> kept =
                    known.load(weights.manager(), layer.path(), layer.packedShape(), precision);
            if (kept.isPresent()) {
                weights.pass("weight", shape);
                return new Packed(kept.get(), kernels);
            }
        }
        try (NDArray type = weights.manager().create((double) precision.code)) {
            NDArray packed =
                    weights.lend(
                            "weight",
                            plain -> {
                                try (NDArray shaped = plain.reshape(layer.shape())) {
                                    NDArray result = kernels.call(layer.packing(), shaped, type);
                                    result.attach(weights.manager());
                                    return result;
                                }
                            },
                            shape);
            if (cache != null) {
                made.put(layer.path(), blob(packed));
            }
            return new Packed(packed, kernels);
        }
    }

    /** A table that products do not read, and that need not be read whole: (count, size). */
    NDArray table(Weights weights, long count, long size) {
        if (known != null) {
            Optional<NDArray> kept =
                    known.table(weights.manager(), weights.path(), new Shape(count, size));
            if (kept.isPresent()) {
                weights.pass("weight", count, size);
                return kept.get();
            }
        }
        NDArray table = weights.get("weight", Init.zeros(), count, size);
        if (cache != null) {
            made.put(weights.path(), PackedFile.Blob.plain(table.toByteBuffer(true)));
        }
        return table;
    }

    private PackedFile.Blob blob(NDArray packed) {
        try (NDArray place = kernels.call("packed_place", packed);
                NDArray form = kernels.call("packed_form", packed)) {
            long[] numbers = place.toLongArray();
            ByteBuffer bytes = new Pointer(numbers[0]).getByteBuffer(0, numbers[1]);
            ByteBuffer order = form.toByteBuffer();
            ByteBuffer direct = ByteBuffer.allocateDirect(order.remaining()).put(order);
            return new PackedFile.Blob(bytes, direct.flip());
        }
    }

    /** Has what was packed kept, now that the network is whole. */
    void keep() {
        if (known == null && !made.isEmpty()) {
            cache.keep(owner, made);
        }
    }

    @Override
    public void close() {
        if (known != null) {
            known.close();
        }
    }
}
