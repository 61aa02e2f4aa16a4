package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.DoubleStream;

/**
 * Numbers as kernel arguments: float64 tensors on the CPU. Those of a model's layers come again in
 * every pass and are kept; since a caller may also vary a number from call to call without end, at
 * most {@link #MOST} are. Thread-safe.
 */
final class Numbers {
    /** A model of Stable Diffusion's sizes needs some dozens. */
    static final int MOST = 1024;

    private final NDManager manager;
    private final String name;
    private final Map<List<Double>, NDArray> kept = new ConcurrentHashMap<>();

    /**
     * @param manager owner of what is kept, on the CPU
     * @param name of the tensors, by which the engine knows what they are arguments of
     */
    Numbers(NDManager manager, String name) {
        this.manager = manager;
        this.name = name;
    }

    /** A tensor for one call; to be released after it. */
    Loan lend(double... values) {
        List<Double> key = DoubleStream.of(values).boxed().toList();
        NDArray known = kept.get(key);
        if (known == null && kept.size() < MOST) {
            known = kept.computeIfAbsent(key, k -> make(values));
        }
        return known == null ? new Loan(make(values), true) : new Loan(known, false);
    }

    /** How many are kept: threads that come at the same time may each exceed the bound by one. */
    int size() {
        return kept.size();
    }

    private NDArray make(double... values) {
        NDArray array = manager.create(values);
        array.setName(name);
        return array;
    }

    /**
     * Numbers that a call may use.
     *
     * @param once whether nobody else has them
     */
    record Loan(NDArray tensor, boolean once) {
        /** Frees the tensor if nobody else has it. */
        void release() {
            if (once) {
                tensor.close();
            }
        }
    }
}
