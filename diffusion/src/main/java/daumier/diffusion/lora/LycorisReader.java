package daumier.diffusion.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraKey.Role;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Makes the pair of one layer from LyCORIS' forms (github.com/KohakuBlueleaf/LyCORIS): LoHa, LoKr
 * and whole differences. All are exact: a Hadamard or Kronecker product of products is a product.
 *
 * @param tensors of the file
 * @param config of the adapter
 */
record LycorisReader(TensorReader tensors, AdapterConfig config) {

    private record Change(Factors factors, double scale) {}

    /** Whether these tensors are of one of the forms. */
    static boolean reads(Map<Role, String> keys) {
        return keys.keySet().stream()
                .anyMatch(
                        r ->
                                r.name().startsWith("HADA_")
                                        || r.name().startsWith("LOKR_")
                                        || r == Role.DIFF);
    }

    LoraPair read(LoraTarget target, Map<Role, String> keys) throws IOException {
        Change change;
        if (keys.containsKey(Role.DIFF)) {
            NDArray diff = tensors.floats(keys.get(Role.DIFF));
            requireSize(target, diff.size(), target.out() * columns(target));
            change = new Change(Factors.of(diff.reshape(target.out(), columns(target))), 1);
        } else if (keys.keySet().stream().anyMatch(r -> r.name().startsWith("HADA_"))) {
            change = loha(target, keys);
        } else {
            change = lokr(target, keys);
        }
        NDArray up = change.factors().up();
        NDArray down = change.factors().down();
        requireSize(target, up.getShape().get(0), target.out());
        requireSize(target, down.getShape().get(1), columns(target));
        int rank = Math.toIntExact(up.getShape().get(1));
        return new LoraPair(
                down.reshape(new Shape(target.downShape(rank))),
                up.reshape(new Shape(target.upShape(rank))),
                change.scale() * rank,
                rank,
                tensors.magnitude(target, keys));
    }

    /** (w1_a w1_b) ∘ (w2_a w2_b), scaled by alpha / rank. */
    private Change loha(LoraTarget target, Map<Role, String> keys) throws IOException {
        Factors first = factors(target, keys, Role.HADA_W1_A, Role.HADA_W1_B, Role.HADA_T1);
        Factors second = factors(target, keys, Role.HADA_W2_A, Role.HADA_W2_B, Role.HADA_T2);
        for (Factors each : new Factors[] {first, second}) {
            requireSize(target, each.up().getShape().get(0), target.out());
            requireSize(target, each.down().getShape().get(1), columns(target));
        }
        double rank = (double) tensors.shape(keys.get(Role.HADA_W1_B))[0];
        return new Change(first.hadamard(second), scale(target, keys, rank));
    }

    /**
     * w1 ⊗ w2, each whole or a product, scaled by alpha / rank; two whole ones are not scaled
     * (lycoris/modules/lokr.py).
     */
    private Change lokr(LoraTarget target, Map<Role, String> keys) throws IOException {
        boolean whole = keys.containsKey(Role.LOKR_W1) && keys.containsKey(Role.LOKR_W2);
        Factors first =
                keys.containsKey(Role.LOKR_W1)
                        ? whole(target, keys.get(Role.LOKR_W1))
                        : factors(target, keys, Role.LOKR_W1_A, Role.LOKR_W1_B, null);
        Factors second =
                keys.containsKey(Role.LOKR_W2)
                        ? whole(target, keys.get(Role.LOKR_W2))
                        : factors(target, keys, Role.LOKR_W2_A, Role.LOKR_W2_B, Role.LOKR_T2);
        requireSize(target, rows(first) * rows(second), target.out());
        requireSize(target, width(first) * width(second), columns(target));
        double scale = 1;
        if (!whole) {
            Role inner = keys.containsKey(Role.LOKR_W2) ? Role.LOKR_W1_B : Role.LOKR_W2_B;
            scale = scale(target, keys, (double) tensors.shape(keys.get(inner))[0]);
        } else if (config.rank(target).isPresent()) {
            scale = scale(target, keys, config.rank(target).getAsDouble()); // PEFT scales these too
        }
        return new Change(first.kronecker(second), scale);
    }

    private double scale(LoraTarget target, Map<Role, String> keys, double rank)
            throws IOException {
        OptionalDouble alpha = tensors.alpha(target, keys);
        if (alpha.isEmpty()) {
            alpha = config.alpha(target, (int) rank);
        }
        double value = alpha.orElse(rank);
        return (value == 0 ? rank : value) / rank;
    }

    private static long rows(Factors factors) {
        return factors.up().getShape().get(0);
    }

    private static long width(Factors factors) {
        return factors.down().getShape().get(1);
    }

    private static boolean isFilled(long[] shape) {
        return Arrays.stream(shape).allMatch(n -> n > 0);
    }

    private Factors whole(LoraTarget target, String key) throws IOException {
        long[] shape = tensors.shape(key);
        if (shape.length < 2 || !isFilled(shape)) {
            throw new LoraException(
                    "%s is damaged: '%s', of layer '%s', is no matrix: its shape is %s."
                            .formatted(tensors.file(), key, target.path(), Arrays.toString(shape)));
        }
        NDArray matrix = tensors.floats(key);
        return Factors.of(matrix.reshape(matrix.getShape().get(0), -1));
    }

    /** a b, or with a core in Tucker's form a' (core b), where a has its rank first. */
    private Factors factors(LoraTarget target, Map<Role, String> keys, Role a, Role b, Role core)
            throws IOException {
        if (!keys.containsKey(a) || !keys.containsKey(b)) {
            throw new LoraException(
                    "%s is incomplete: layer '%s' lacks one of its factors; fetch it again."
                            .formatted(tensors.file(), target.path()));
        }
        long[] left = tensors.shape(keys.get(a));
        long[] right = tensors.shape(keys.get(b));
        boolean tucker = core != null && keys.containsKey(core);
        boolean sound = left.length == 2 && right.length >= 2 && isFilled(left) && isFilled(right);
        sound = sound && left[tucker ? 0 : 1] == right[0];
        if (tucker) {
            long[] middle = tensors.shape(keys.get(core));
            sound &= middle.length == 4 && middle[0] == right[0] && middle[1] == right[0];
            sound = sound && middle[2] == target.kernel() && middle[3] == target.kernel();
            sound = sound && right[1] > 0 && target.in() % right[1] == 0;
        }
        if (!sound) {
            throw new LoraException(
                    ("%s does not fit this model: the factors of layer '%s' have the shapes %s and"
                                    + " %s, which cannot be multiplied.")
                            .formatted(
                                    tensors.file(),
                                    target.path(),
                                    Arrays.toString(left),
                                    Arrays.toString(right)));
        }
        NDArray up = tensors.floats(keys.get(a));
        NDArray down = tensors.floats(keys.get(b));
        if (tucker) {
            up = up.transpose();
            down = TensorReader.fold(down, tensors.floats(keys.get(core)));
        }
        down = down.reshape(right[0], -1);
        Factors factors = new Factors(up, down);
        long narrowest = Math.min(up.getShape().get(0), down.getShape().get(1));
        return right[0] > narrowest ? Factors.of(factors.product()) : factors;
    }

    private static long columns(LoraTarget target) {
        return target.in() * target.kernel() * target.kernel();
    }

    private void requireSize(LoraTarget target, long found, long wanted) throws LoraException {
        if (found != wanted) {
            throw new LoraException(
                    ("%s does not fit this model: its change of layer '%s' has %d numbers in a row"
                                    + " or column where %d are needed.")
                            .formatted(tensors.file(), target.path(), found, wanted));
        }
    }
}
