package daumier.faces.nets;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small helpers over maps of named arrays and over arrays. */
final class Tensors {
    private Tensors() {}

    /** The entries under {@code prefix.}, without it. */
    static Map<String, NDArray> below(Map<String, NDArray> values, String prefix) {
        Map<String, NDArray> found = new LinkedHashMap<>();
        String start = prefix + ".";
        values.forEach(
                (name, a) -> {
                    if (name.startsWith(start)) {
                        found.put(name.substring(start.length()), a);
                    }
                });
        return found;
    }

    /**
     * A smooth absolute difference, {@code sqrt(d^2 + e^2) - e} (Charbonnier), averaged.
     *
     * @param difference any shape
     * @param softness e: below it the penalty is quadratic
     * @return a scalar
     */
    static NDArray charbonnier(NDArray difference, double softness) {
        return difference.square().add(softness * softness).sqrt().sub(softness).mean();
    }

    /** Rows scaled to length 1: (b, n) to (b, n). */
    static NDArray normalise(NDArray rows) {
        NDArray length = rows.square().sum(new int[] {1}, true).add(1e-12).sqrt();
        return rows.div(length);
    }
}
