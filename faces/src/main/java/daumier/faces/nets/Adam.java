package daumier.faces.nets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019) and clipping
 * of the gradients' global norm.
 */
final class Adam implements AutoCloseable {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.99;
    private static final double EPSILON = 1e-8;
    private final NDManager manager;
    private final Map<String, NDArray> parameters;
    private final Map<String, NDArray> first = new LinkedHashMap<>();
    private final Map<String, NDArray> second = new LinkedHashMap<>();
    private final double decay;
    private int steps;

    Adam(Map<String, NDArray> parameters, NDManager parent, double decay) {
        this.parameters = parameters;
        this.decay = decay;
        manager = parent.newSubManager();
        parameters.forEach(
                (name, p) -> {
                    first.put(name, manager.zeros(p.getShape()));
                    second.put(name, manager.zeros(p.getShape()));
                });
    }

    /**
     * One step along the gradients that backward left on the parameters, which it clears.
     *
     * @param rate learning rate
     * @param largestNorm gradients are scaled down to this global norm
     * @return the global norm before clipping
     */
    double step(double rate, double largestNorm) {
        steps++;
        double correction1 = 1 - Math.pow(BETA1, steps);
        double correction2 = Math.sqrt(1 - Math.pow(BETA2, steps));
        try (NDManager m = manager.newSubManager()) {
            Map<String, NDArray> gradients = new LinkedHashMap<>();
            NDArray total = m.create(0f);
            for (Map.Entry<String, NDArray> e : parameters.entrySet()) {
                NDArray g = e.getValue().getGradient();
                g.attach(m);
                gradients.put(e.getKey(), g);
                total.addi(g.square().sum());
            }
            double norm = Math.sqrt(total.getFloat());
            if (!Double.isFinite(norm)) {
                gradients.values().forEach(g -> g.muli(0));
                return norm;
            }
            double scale = Math.min(1, largestNorm / (norm + 1e-12));
            for (Map.Entry<String, NDArray> e : parameters.entrySet()) {
                NDArray p = e.getValue();
                NDArray g = gradients.get(e.getKey());
                NDArray m1 = first.get(e.getKey());
                NDArray m2 = second.get(e.getKey());
                m1.muli(BETA1).addi(g.mul(scale * (1 - BETA1)));
                m2.muli(BETA2).addi(g.square().mul(scale * scale * (1 - BETA2)));
                NDArray denominator = m2.sqrt();
                denominator.attach(m);
                denominator.divi(correction2).addi(EPSILON);
                NDArray change = m1.div(denominator);
                change.attach(m);
                change.muli(rate / correction1);
                boolean matrix = p.getShape().dimension() > 1;
                if (matrix && decay > 0) {
                    p.muli(1 - rate * decay);
                }
                p.subi(change);
                g.muli(0);
            }
            return norm;
        }
    }

    /** How many steps were taken. */
    int steps() {
        return steps;
    }

    /** Both moments by name, for a checkpoint. */
    Map<String, NDArray> state() {
        Map<String, NDArray> all = new LinkedHashMap<>();
        first.forEach((n, a) -> all.put("adam.first." + n, a));
        second.forEach((n, a) -> all.put("adam.second." + n, a));
        return all;
    }

    void load(Map<String, NDArray> values, int stepsTaken) {
        first.forEach((n, a) -> Network.copy(values, "adam.first." + n, a));
        second.forEach((n, a) -> Network.copy(values, "adam.second." + n, a));
        steps = stepsTaken;
    }

    @Override
    public void close() {
        manager.close();
    }
}
