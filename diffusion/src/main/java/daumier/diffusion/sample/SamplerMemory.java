package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a sampler remembers beyond the last estimate of the clean latents.
 *
 * @param slots its arrays, joined along the channels: (b, slots * c, h, w); null without any
 * @param past for each row the levels of the evaluations in memory, newest first
 */
record SamplerMemory(NDArray slots, List<List<NoiseLevel>> past) {
    /** As many evaluations as the longest memory looks back on. */
    static final int LONGEST = 3;

    /** Nothing is remembered yet. */
    static SamplerMemory none(int rows) {
        return new SamplerMemory(null, Collections.nCopies(rows, List.of()));
    }

    /** A row's past after an evaluation. */
    static List<NoiseLevel> after(
            List<NoiseLevel> past, RowUpdate.Past becomes, NoiseLevel evaluated) {
        return switch (becomes) {
            case KEPT -> past;
            case LONGER -> longer(past, evaluated);
            case ANEW -> List.of(evaluated);
            case NONE -> List.of();
        };
    }

    private static List<NoiseLevel> longer(List<NoiseLevel> past, NoiseLevel newest) {
        List<NoiseLevel> all = new ArrayList<>();
        all.add(newest);
        all.addAll(past.subList(0, Math.min(past.size(), LONGEST - 1)));
        return List.copyOf(all);
    }
}
