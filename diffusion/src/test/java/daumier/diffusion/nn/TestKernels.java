package daumier.diffusion.nn;

import ai.djl.Device;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Kernels on the CPU, there while the tests of one class run. */
public final class TestKernels implements BeforeAllCallback, AfterAllCallback {
    private Kernels kernels;

    /** The kernels; null outside of tests. */
    public Kernels get() {
        return kernels;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        kernels = Kernels.load(Device.cpu());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        kernels.close();
        kernels = null;
    }
}
