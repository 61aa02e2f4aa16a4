package daumier.diffusion.sample;

/** Hears of each step of a generation. */
@FunctionalInterface
public interface StepListener {
    /** Hears nothing. */
    StepListener NONE = step -> {};

    /**
     * A step that was made.
     *
     * @param index from 0
     * @param steps how many there will be
     * @param at the level the network was asked at
     * @param state where the sampling stands now, with its x0 estimate; valid during the call
     * @param seconds that the step took
     */
    record Step(int index, int steps, NoiseLevel at, SamplingState state, double seconds) {}

    /** Called after each step, on the sampling's thread. */
    void onStep(Step step);
}
