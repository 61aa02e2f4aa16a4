package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void keepsNoMoreThanItsBound() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Numbers numbers = new Numbers(manager, "w[]");
            NDArray first = numbers.lend(0).tensor();
            for (int i = 0; i < 3 * Numbers.MOST; i++) {
                numbers.lend(i).release();
            }
            assertEquals(Numbers.MOST, numbers.size());
            assertSame(first, numbers.lend(0).tensor());
            Numbers.Loan last = numbers.lend(-1, 2.5);
            assertArrayEquals(new double[] {-1, 2.5}, last.tensor().toDoubleArray());
            assertEquals("w[]", last.tensor().getName());
            last.release();
            assertEquals(Numbers.MOST, manager.getManagedArrays().size());
            assertThrows(IllegalStateException.class, () -> last.tensor().toDoubleArray());
        }
    }
}
