package daumier.env.caricature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.sample.SamplingState;
import daumier.faces.FaceRegion;
import daumier.faces.MeterTarget;
import daumier.faces.world.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One portrait being drawn: where the sampling stands, what was done so far and how the face
 * answered. Owns its arrays.
 */
final class Lane implements AutoCloseable {
    private static final double LEAST_EFFORT = -0.8;
    private static final double MOST_EFFORT = 2.8;

    /** How far a region's effort may leave its intent. */
    private static final double REACH = 1.6;

    /** Changes of effort below this say nothing about the response. */
    private static final double FELT = 0.05;

    private static final int REGIONS = MeterTarget.REGIONS.size();

    private final EpisodeSpec spec;
    private final Sitter sitter;
    private final Sitter judged;
    private final NDManager manager;
    private final NDArray text;
    private final double[] effort = new double[REGIONS];
    private final double[] response = new double[REGIONS];
    private final List<Decision> decisions = new ArrayList<>();
    private final long begun = System.nanoTime();
    private SamplingState state;
    private NDArray decoded;
    private List<NDArray> residuals;
    private double[] mapped;
    private Reading reading;
    private double levelChange;
    private double loraWeight;
    private double spentWeight;
    private double covered;
    private double progress;
    private int calls;

    /**
     * A lane at the beginning.
     *
     * @param judged the sitter as the judges know it, or null without judges
     * @param manager of what belongs to this episode; taken over, with {@code text} in it
     * @param text (1, tokens, hidden)
     * @param state taken over
     * @param progress where it begins: 0 at pure noise
     */
    Lane(
            EpisodeSpec spec,
            Sitter sitter,
            Sitter judged,
            NDManager manager,
            NDArray text,
            SamplingState state,
            double progress) {
        this.progress = progress;
        this.spec = spec;
        this.sitter = sitter;
        this.judged = judged;
        this.manager = manager;
        this.text = text;
        this.state = state;
    }

    EpisodeSpec spec() {
        return spec;
    }

    Sitter sitter() {
        return sitter;
    }

    Sitter judged() {
        return judged;
    }

    NDArray text() {
        return text;
    }

    SamplingState state() {
        return state;
    }

    /** The last look at the picture, or null before the first. */
    Reading reading() {
        return reading;
    }

    double[] effort() {
        return effort.clone();
    }

    /**
     * Change of what was achieved for each unit of gain asked for, as last felt; 0 where it never
     * was.
     */
    double[] response() {
        return response.clone();
    }

    double levelChange() {
        return levelChange;
    }

    double loraWeight() {
        return loraWeight;
    }

    /** Mean weight of the LoRA over the part of the schedule that was drawn; 0 before the first. */
    double meanLoraWeight() {
        return covered == 0 ? 0 : spentWeight / covered;
    }

    /** 0 at pure noise to 1 when the picture is finished. */
    double progress() {
        return progress;
    }

    /** Logarithm of the ratio of signal to noise power; huge at the end. */
    double logSnr() {
        return 2 * state.at().get(0).lambda();
    }

    /** Number of decisions taken and seen. */
    int decision() {
        return decisions.size();
    }

    List<Decision> decisions() {
        return decisions;
    }

    int calls() {
        return calls;
    }

    double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }

    boolean isFinished() {
        return progress >= 1;
    }

    /** What the picture is worth; 0 before anything was seen. */
    double potential() {
        return reading == null ? 0 : reading.terms().composite();
    }

    /**
     * Takes a move: the effort grows, the weight is set. Effort stays near the intent: where the
     * map is not obeyed, a map that shows more and more only spoils the drawing. Regions that
     * cannot be measured are not steered: what is asked of them is set at once and stays.
     *
     * @param acts whether exaggeration can act yet; if not, nothing is asked for, so that whoever
     *     goes by the effort asks again
     * @return what is asked for by region, a gain, whether or not effort has room for it
     */
    double[] take(Move move, boolean acts) {
        double[] asked = new double[REGIONS];
        for (int r = 0; acts && r < REGIONS; r++) {
            double intent = spec.intent()[r];
            asked[r] = sitter.trusted()[r] ? move.increment()[r] : intent - effort[r];
            double least = Math.max(LEAST_EFFORT, intent - REACH);
            double most = Math.min(MOST_EFFORT, intent + REACH);
            effort[r] = Math.max(least, Math.min(most, effort[r] + asked[r]));
        }
        loraWeight = move.loraWeight();
        return asked;
    }

    /** The share of the schedule that the next decision covers ends here, in progress. */
    double goal(double stride, int most) {
        int left = most - decision();
        if (left <= 1) {
            return 1;
        }
        double goal = progress + stride * (1 - progress) / left;
        return goal > 1 - 1e-6 ? 1 : goal;
    }

    /** Where the sampling came to, taken over. */
    void advance(SamplingState next, double newProgress, int spent) {
        replace(next);
        spentWeight += loraWeight * (newProgress - progress);
        covered += newProgress - progress;
        progress = newProgress;
        calls += spent;
    }

    void replace(SamplingState next) {
        state.close();
        state = next;
        keepDecoded(null);
    }

    /** The estimate of the present state as a picture (1, 3, H, W), or null if nobody kept it. */
    NDArray decoded() {
        return decoded;
    }

    /** Keeps the present state's decoded estimate, which is taken over; null forgets it. */
    void keepDecoded(NDArray picture) {
        if (decoded != null) {
            decoded.close();
        }
        if (picture != null) {
            picture.attach(manager);
        }
        decoded = picture;
    }

    /**
     * Notes what the preview after a decision shows.
     *
     * @param asked what {@link #take} gave
     */
    void see(Reading seen, double[] asked) {
        for (int r = 0; r < REGIONS; r++) {
            if (Math.abs(asked[r]) >= FELT) {
                double before = reading == null ? 0 : reading.moved()[r];
                response[r] = (seen.moved()[r] - before) / asked[r];
            }
        }
        levelChange = seen.terms().level() - (reading == null ? 0 : reading.terms().level());
        reading = seen;
        decisions.add(
                new Decision(
                        decisions.size() + 1,
                        progress,
                        state.at().get(0).timestep(),
                        loraWeight,
                        effort.clone(),
                        seen.moved().clone(),
                        calls,
                        seen.terms()));
    }

    /** The subject pushed by gains, one for each of {@link MeterTarget#REGIONS}. */
    Subject pushed(double[] byRegion) {
        double[] gains = new double[FaceRegion.values().length];
        for (int r = 0; r < REGIONS; r++) {
            gains[MeterTarget.slot(MeterTarget.REGIONS.get(r))] = byRegion[r];
        }
        return spec.subject().exaggerated(gains);
    }

    /** The adapter's residuals for these gains, one row each, or null if they must be made. */
    List<NDArray> residuals(double[] byRegion) {
        return Arrays.equals(byRegion, mapped) ? residuals : null;
    }

    /** Keeps residuals, which are taken over. */
    void keepResiduals(double[] byRegion, List<NDArray> made) {
        if (residuals != null) {
            residuals.forEach(NDArray::close);
        }
        made.forEach(array -> array.attach(manager));
        residuals = made;
        mapped = byRegion.clone();
    }

    @Override
    public void close() {
        state.close();
        manager.close();
    }
}
