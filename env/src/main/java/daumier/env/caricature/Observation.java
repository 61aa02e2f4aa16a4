package daumier.env.caricature;

import daumier.env.Box;
import daumier.faces.MeterTarget;

/** What a policy sees, part by part. Nothing depends on the pack's sizes. */
public final class Observation {
    private static final int REGIONS = MeterTarget.REGIONS.size();
    private static final double WIDE = 10;

    /** Where observations lie; the names of its parts are those a policy file keeps. */
    public static final Box SPACE =
            Box.builder()
                    .part("progress", 1, 0, 1)
                    .part("log_snr", 1, -WIDE, WIDE)
                    .part("decisions_left", 1, 0, 1)
                    .part("seen", 1, 0, 1)
                    .part("deviation", REGIONS, 0, WIDE)
                    .part("intent", REGIONS, -1, 2.5)
                    .part("wanted", REGIONS, -WIDE, WIDE)
                    .part("achieved", REGIONS, -WIDE, WIDE)
                    .part("sigma", REGIONS, 0, WIDE)
                    .part("error", REGIONS, -WIDE, WIDE)
                    .part("effort", REGIONS, -1, 3)
                    .part("response", REGIONS, -WIDE, WIDE)
                    .part("identity", 1, 0, 1)
                    .part("cosine", 1, -1, 1)
                    .part("style", 1, -1, 1)
                    .part("level", 1, -WIDE, WIDE)
                    .part("level_change", 1, -WIDE, WIDE)
                    .part("plausibility", 1, 0, 1)
                    .part("lora_weight", 1, 0, Move.MOST_WEIGHT)
                    .part("mean_lora_weight", 1, 0, Move.MOST_WEIGHT)
                    .part("calls", 1, 0, WIDE)
                    .build();

    private Observation() {}

    static double[] of(Lane lane, Settings settings) {
        Reading now = lane.reading();
        double[] o = new double[SPACE.size()];
        int i = 0;
        o[i++] = lane.progress();
        o[i++] = clip(lane.logSnr(), WIDE);
        o[i++] = (double) (settings.decisions() - lane.decision()) / settings.decisions();
        o[i++] = now == null ? 0 : 1;
        double[] wanted = lane.sitter().wanted();
        i = put(o, i, lane.sitter().deviation());
        i = put(o, i, Sitter.only(lane.sitter().trusted(), lane.spec().intent()));
        i = put(o, i, wanted);
        i = put(o, i, now == null ? new double[REGIONS] : now.moved());
        i = put(o, i, now == null ? new double[REGIONS] : now.sigma());
        for (int r = 0; r < REGIONS; r++) {
            o[i++] = clip(wanted[r] - (now == null ? 0 : now.moved()[r]), WIDE);
        }
        i = put(o, i, lane.effort());
        i = put(o, i, lane.response());
        o[i++] = now == null ? 0 : now.terms().identity();
        o[i++] = now == null ? 0 : now.terms().cosine();
        o[i++] = now == null ? 0 : now.terms().style();
        o[i++] = now == null ? 0 : clip(now.terms().level(), WIDE);
        o[i++] = clip(lane.levelChange(), WIDE);
        o[i++] = now == null ? 0 : now.terms().plausibility();
        o[i++] = lane.loraWeight();
        o[i++] = lane.meanLoraWeight();
        o[i] = (double) lane.calls() / (settings.decisions() * settings.callsPerDecision());
        return o;
    }

    private static int put(double[] o, int i, double[] values) {
        for (double v : values) {
            o[i++] = clip(v, WIDE);
        }
        return i;
    }

    private static double clip(double v, double bound) {
        return Math.max(-bound, Math.min(bound, v));
    }
}
