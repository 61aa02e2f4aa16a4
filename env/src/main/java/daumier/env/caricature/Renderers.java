package daumier.env.caricature;

import daumier.faces.world.FaceRenderer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** Renderers for several threads: each keeps buffers and serves one at a time. */
final class Renderers {
    private final ConcurrentLinkedQueue<FaceRenderer> idle = new ConcurrentLinkedQueue<>();

    <T> T use(Function<FaceRenderer, T> work) {
        FaceRenderer taken = idle.poll();
        FaceRenderer renderer = taken == null ? new FaceRenderer() : taken;
        T result = work.apply(renderer);
        idle.add(renderer);
        return result;
    }
}
