package daumier.diffusion.nn;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The TorchScript methods of {@code kernels.py} on one device. A call is differentiable while the
 * calling thread records gradients and any argument requires one. Thread-safe. Results belong to
 * the manager of the first tensor.
 */
public final class Kernels implements AutoCloseable {
    /** DJL gathers all arrays of this name into one list argument. */
    private static final String LIST_NAME = "w[]";

    private static final String METHOD = "module_method:";

    private final NDManager manager;
    private final PtSymbolBlock script;
    private final NDArray none;
    private final NDArray absent;
    private final boolean packing;
    private final Map<String, NDArray> methods = new ConcurrentHashMap<>();
    private final Numbers numbers;

    private Kernels(NDManager manager, PtSymbolBlock script, boolean packing) {
        this.manager = manager;
        this.script = script;
        this.packing = packing;
        this.numbers = new Numbers(manager.newSubManager(Device.cpu()), LIST_NAME);
        this.none = manager.create(new Shape(0), DataType.FLOAT32);
        this.absent = manager.create(new Shape(0), DataType.FLOAT32);
        this.absent.setName(LIST_NAME);
    }

    /** Compiles the kernels for a device. */
    public static Kernels load(Device device) {
        NativeExit.install();
        NDManager manager = NDManager.newBaseManager(device, "PyTorch");
        try {
            try {
                return new Kernels(manager, compiled(manager, "onednn.py"), !device.isGpu());
            } catch (EngineException unknown) {
                return new Kernels(manager, compiled(manager, "portable.py"), false);
            }
        } catch (IOException e) {
            manager.close();
            throw new UncheckedIOException(e);
        }
    }

    private static PtSymbolBlock compiled(NDManager manager, String products) throws IOException {
        String source = ScriptArchive.resource("kernels.py") + ScriptArchive.resource(products);
        byte[] archive = ScriptArchive.of(source);
        return JniUtils.loadModule(
                (PtNDManager) manager, new ByteArrayInputStream(archive), true, false);
    }

    /** Whether layers may have their weights packed for the processor. */
    boolean isPacking() {
        return packing;
    }

    /** The device on which this set computes. */
    public Device device() {
        return manager.getDevice();
    }

    /** The empty tensor that stands for an absent argument. */
    public NDArray none() {
        return none;
    }

    /** The empty tensor that stands for an absent member of the list. */
    NDArray absent() {
        return absent;
    }

    /** Calls a method that takes tensors and returns one. */
    public NDArray call(String method, NDArray... tensors) {
        return run(method, List.of(), tensors).get(0);
    }

    /**
     * Calls a method whose last argument is a list of tensors. The tensors of that list lose their
     * DJL names.
     */
    public NDArray call(String method, List<NDArray> list, NDArray... tensors) {
        return run(method, list, tensors).get(0);
    }

    /** Calls a method that takes tensors and returns several. */
    public NDList callList(String method, NDArray... tensors) {
        return run(method, List.of(), tensors);
    }

    /** The numbers that calls are given. */
    Numbers numbers() {
        return numbers;
    }

    /** Calls a method whose last argument is a list of tensors and that returns several. */
    NDList callList(String method, List<NDArray> list, NDArray... tensors) {
        return run(method, list, tensors);
    }

    private NDList run(String method, List<NDArray> list, NDArray... tensors) {
        // The optimising executor re-specialises by call count and shape, so that the same call
        // could round differently.
        JniUtils.setGraphExecutorOptimize(false);
        NDList inputs = new NDList(tensors.length + list.size() + 1);
        for (NDArray tensor : tensors) {
            if (tensor.getName() != null) {
                // DJL would read structure into the name.
                tensor.setName(null);
            }
            inputs.add(tensor);
        }
        inputs.add(methods.computeIfAbsent(method, this::placeholder));
        for (NDArray array : list) {
            if (!LIST_NAME.equals(array.getName())) {
                array.setName(LIST_NAME);
            }
            inputs.add(array);
        }
        return IValueUtils.forward(script, inputs, true);
    }

    private NDArray placeholder(String method) {
        NDArray array = manager.create(new Shape(0), DataType.FLOAT32);
        array.setName(METHOD + method);
        return array;
    }

    /** Frees the compiled methods. */
    @Override
    public void close() {
        script.close();
        manager.close();
    }
}
