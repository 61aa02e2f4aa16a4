package daumier.tests.fuzz;

import java.io.IOException;
import java.util.SplittableRandom;

/** Code that reads what others have written, with made-up input to try it with. */
public interface FuzzTarget extends AutoCloseable {
    /** What is read, in a word or two. */
    String name();

    /**
     * Tries one input; to return is to accept it.
     *
     * @param random decides the input, and nothing else does
     * @throws Refusal if it was refused as it should be
     * @throws Exception whatever else the code throws: a finding
     */
    void attempt(SplittableRandom random) throws Exception;

    @Override
    void close() throws IOException;
}
