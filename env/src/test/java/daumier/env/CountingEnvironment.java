package daumier.env;

import java.util.Map;
import java.util.OptionalLong;

/**
 * Observes (episode, step); rewards with the action; terminates after {@code length} steps. Every
 * value can be foretold, so tests state them literally.
 */
final class CountingEnvironment implements Environment<double[]> {
    private final int length;
    private int episode;
    private int step;
    private int closed;
    private double drift;

    CountingEnvironment(int length) {
        this.length = length;
    }

    @Override
    public Box observationSpace() {
        return Box.builder()
                .part("episode", 1, 0, 1000)
                .part("step", 1, 0, length)
                .part("drift", 1, 0, 1)
                .build();
    }

    @Override
    public Box actionSpace() {
        return Box.of("pay", 1, -1, 1);
    }

    @Override
    public ResetResult reset(OptionalLong seed, Map<String, Object> options) {
        if (seed.isPresent()) {
            episode = 0;
            drift = new SeededRandom(seed.getAsLong()).nextDouble();
        }
        episode++;
        step = 0;
        return new ResetResult(observation(), Map.of("episode started", episode));
    }

    @Override
    public StepResult step(double[] action) {
        step++;
        return new StepResult(
                observation(), action[0], step == length, false, Map.of("step taken", step));
    }

    private double[] observation() {
        return new double[] {episode, step, drift};
    }

    int timesClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed++;
    }
}
