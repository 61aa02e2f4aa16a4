package daumier.diffusion.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import daumier.diffusion.nn.ScriptArchive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The optimiser's arithmetic as one TorchScript method over all parameters ({@code training.py}).
 */
public final class OptimizerKernel implements AutoCloseable {
    private final NDManager manager;
    private final PtSymbolBlock script;

    /** Compiles it for a device. */
    public OptimizerKernel(Device device) {
        manager = NDManager.newBaseManager(device, "PyTorch");
        byte[] archive =
                ScriptArchive.of(ScriptArchive.resource(OptimizerKernel.class, "training.py"));
        try {
            script =
                    JniUtils.loadModule(
                            (PtNDManager) manager, new ByteArrayInputStream(archive), true, false);
        } catch (IOException e) {
            manager.close();
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One AdamW update in place; see {@link AdamW} for the order of {@code hyper}.
     *
     * @return the gradient's global norm before clipping
     */
    double adamw(double[] hyper, NDList parameters, NDList first, NDList second, NDList average) {
        try (NDManager scope = manager.newSubManager();
                IValue h = IValue.listFrom(hyper);
                IValue p = list(parameters);
                IValue m = list(first);
                IValue v = list(second);
                IValue e = list(average);
                IValue norm = IValueUtils.runMethod(script, "adamw", h, p, m, v, e);
                NDArray value = norm.toTensor((PtNDManager) scope)) {
            return value.toFloatArray()[0];
        }
    }

    private static IValue list(NDList arrays) {
        PtNDArray[] tensors = new PtNDArray[arrays.size()];
        for (int i = 0; i < tensors.length; i++) {
            tensors[i] = (PtNDArray) arrays.get(i);
        }
        return IValue.listFrom(tensors);
    }

    @Override
    public void close() {
        script.close();
        manager.close();
    }
}
