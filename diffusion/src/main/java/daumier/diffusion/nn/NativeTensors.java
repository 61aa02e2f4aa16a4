package daumier.diffusion.nn;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Makes tensors in oneDNN's blocked order over memory that is there already. No operation of
 * TorchScript does that; it is done by the C functions that libtorch offers to compiled models
 * ({@code torch/csrc/inductor/aoti_torch/c/shim.h}).
 *
 * @param create {@code aoti_torch_create_tensor_from_blob_v2}
 * @param layout libtorch's number for oneDNN's tensors
 */
record NativeTensors(Function create, int layout) {
    /** The functions, where this libtorch has them. */
    static Optional<NativeTensors> find() {
        try {
            Path library = Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("torch_cpu"));
            NativeLibrary torch = NativeLibrary.getInstance(library.toString());
            return Optional.of(
                    new NativeTensors(
                            torch.getFunction("aoti_torch_create_tensor_from_blob_v2"),
                            torch.getFunction("aoti_torch_layout__mkldnn")
                                    .invokeInt(new Object[0])));
        } catch (UnsatisfiedLinkError | NoClassDefFoundError unavailable) {
            return Optional.empty();
        }
    }

    /**
     * A tensor over a buffer, which it keeps from being freed.
     *
     * @param data direct
     * @param form the order of the numbers, as the kernel {@code packed_form} gave it
     * @param type of the numbers
     * @return empty if that is no tensor of this shape
     */
    Optional<PtNDArray> over(
            NDManager manager, ByteBuffer data, ByteBuffer form, Shape shape, Precision type) {
        long[] sizes = shape.getShape();
        long[] strides = new long[sizes.length]; // of no meaning to a blocked tensor
        Arrays.fill(strides, 1);
        PointerByReference made = new PointerByReference();
        int failure;
        try {
            failure =
                    create.invokeInt(
                            new Object[] {
                                Native.getDirectBufferPointer(data),
                                (long) sizes.length,
                                sizes,
                                strides,
                                0L,
                                type.code,
                                0,
                                0,
                                made,
                                layout,
                                Native.getDirectBufferPointer(form),
                                (long) form.remaining()
                            });
        } finally {
            Reference.reachabilityFence(form); // it was known by its address alone
        }
        if (failure != 0) {
            return Optional.empty();
        }
        long handle = Pointer.nativeValue(made.getValue());
        PtNDArray array = new PtNDArray((PtNDManager) manager, handle, data);
        if (!array.getShape().equals(shape)) {
            array.close();
            return Optional.empty();
        }
        return Optional.of(array);
    }
}
