package daumier.env.caricature;

import daumier.env.AutoresetMode;
import daumier.env.Box;
import daumier.env.EnvironmentContractException;
import daumier.env.LaneReset;
import daumier.env.SeededRandom;
import daumier.env.Space;
import daumier.env.VectorEnvironment;
import daumier.env.VectorReset;
import daumier.env.VectorStep;
import daumier.faces.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Portraits being drawn side by side; all lanes share one U-Net call (one for each worker). The
 * same seed, actions, lanes and workers give the same rewards bit by bit; another number of lanes
 * changes them by rounding only, because noise belongs to the episode.
 *
 * <p>Reset options: {@value #EPISODE} an {@link EpisodeSpec} to draw instead of a random one.
 * Infos: {@value #TERMS} (a map, see {@link Terms#asMap}) and {@value #COMPOSITE} after every step,
 * {@value #OUTCOME} an {@link Outcome} at the end, {@value #EPISODE} after a reset. An episode ends
 * by being terminated; it is never truncated.
 */
public final class CaricatureVectorEnvironment implements VectorEnvironment<double[]> {
    /** Key of the reset option, and of a reset's info, that holds the {@link EpisodeSpec}. */
    public static final String EPISODE = "episode";

    /** Key of the reward's terms in an info. */
    public static final String TERMS = "terms";

    /** Key of what the picture is worth in an info. */
    public static final String COMPOSITE = "composite";

    /** Key of the {@link Outcome} in an episode's last info. */
    public static final String OUTCOME = "outcome";

    /**
     * Key in the info of a step of the {@link daumier.faces.Picture} as it is foreseen after it,
     * where the settings ask for pictures.
     */
    public static final String PREVIEW = "preview";

    private final Studio studio;
    private final Settings settings;
    private final EpisodeSource source;
    private final AutoresetMode mode;
    private final Crew crew;
    private final Easel easel;
    private final Viewer viewer;
    private final Lane[] lanes;
    private final boolean[] parked;
    private final SeededRandom[] randoms;
    private final double[][] current;

    /**
     * Lanes in a studio, which stays the caller's, on as many threads as the studio has workers.
     *
     * @param source of episodes that are not named by an option
     * @param count how many lanes
     * @param mode what follows the end of an episode
     */
    public CaricatureVectorEnvironment(
            Studio studio, Settings settings, EpisodeSource source, int count, AutoresetMode mode) {
        this(studio, settings, source, count, mode, studio.workers());
    }

    /**
     * The same on several threads: each draws an equal part of the lanes in calls of its own. For
     * small pictures on a processor with several cores this is faster than one call on several
     * threads. What is drawn changes by rounding only.
     *
     * @param workers how many threads draw
     */
    public CaricatureVectorEnvironment(
            Studio studio,
            Settings settings,
            EpisodeSource source,
            int count,
            AutoresetMode mode,
            int workers) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "An environment needs at least one lane, not " + count + ".");
        }
        this.studio = studio;
        this.settings = settings;
        this.source = source;
        this.mode = mode;
        crew = new Crew(workers);
        easel = new Easel(studio, settings);
        viewer = new Viewer(studio.nets(), studio.plausibility(), settings.reward());
        lanes = new Lane[count];
        parked = new boolean[count];
        Arrays.fill(parked, mode == AutoresetMode.DISABLED);
        randoms = new SeededRandom[count];
        current = new double[count][observationSpace().size()];
    }

    @Override
    public int lanes() {
        return lanes.length;
    }

    @Override
    public Box observationSpace() {
        return Observation.SPACE;
    }

    @Override
    public Space<double[]> actionSpace() {
        return Move.SPACE;
    }

    @Override
    public AutoresetMode autoresetMode() {
        return mode;
    }

    @Override
    public VectorReset reset(List<LaneReset> resets) {
        Map<Integer, EpisodeSpec> begun = new LinkedHashMap<>();
        for (LaneReset reset : resets) {
            int i = reset.lane();
            if (reset.seed().isPresent()) {
                randoms[i] = new SeededRandom(reset.seed().getAsLong());
            } else if (randoms[i] == null) {
                randoms[i] = new SeededRandom(new SplittableRandom().nextLong());
            }
            Object named = reset.options().get(EPISODE);
            begun.put(i, named instanceof EpisodeSpec spec ? spec : source.draw(randoms[i]));
        }
        List<Map<String, Object>> infos = begin(begun);
        return new VectorReset(current.clone(), infos);
    }

    /** People as these networks know them; the workers look at parts of them side by side. */
    private List<Sitter> sit(List<Photographs> people, FaceNets nets) {
        return crew.each(people, part -> Sitter.of(part, nets, studio.renderers()));
    }

    /** Begins episodes in some lanes, and gives the infos of all. */
    private List<Map<String, Object>> begin(Map<Integer, EpisodeSpec> begun) {
        List<Map<String, Object>> infos =
                new ArrayList<>(Collections.nCopies(lanes.length, Map.of()));
        if (begun.isEmpty()) {
            return infos;
        }
        List<EpisodeSpec> specs = List.copyOf(begun.values());
        specs.forEach(spec -> studio.columnOf(spec.lora()));
        List<Photographs> people =
                Photographs.take(
                        specs, studio.renderers(), settings.technique().beginsWithPhotograph());
        List<Sitter> sitters = sit(people, studio.nets());
        List<Sitter> judged = studio.judges().map(nets -> sit(people, nets)).orElse(List.of());
        List<Lane> fresh = easel.begin(people, sitters, judged);
        int k = 0;
        for (int i : begun.keySet()) {
            if (lanes[i] != null) {
                lanes[i].close();
            }
            lanes[i] = fresh.get(k);
            parked[i] = false;
            current[i] = Observation.of(lanes[i], settings);
            infos.set(i, Map.of(EPISODE, specs.get(k)));
            k++;
        }
        return infos;
    }

    @Override
    public VectorStep step(List<double[]> actions) {
        if (actions.size() != lanes.length) {
            throw new EnvironmentContractException(
                    "Give one action a lane: " + lanes.length + ", not " + actions.size() + ".");
        }
        List<Integer> active = new ArrayList<>();
        for (int i = 0; i < lanes.length; i++) {
            if (lanes[i] == null && !(parked[i] && anyBegun())) {
                throw new EnvironmentContractException(
                        "Lane " + i + " was never reset: call reset before the first step.");
            }
            if (!parked[i]) {
                active.add(i);
            }
        }
        double[] rewards = new double[lanes.length];
        boolean[] terminated = new boolean[lanes.length];
        List<Map<String, Object>> infos =
                new ArrayList<>(Collections.nCopies(lanes.length, Map.of()));
        boolean[] wasParked = parked.clone();
        if (!active.isEmpty()) {
            advance(active, actions, rewards, infos);
        }
        Map<Integer, EpisodeSpec> next = new LinkedHashMap<>();
        for (int i : active) {
            current[i] = Observation.of(lanes[i], settings);
            terminated[i] = lanes[i].isFinished();
            if (terminated[i] && mode == AutoresetMode.SAME_STEP) {
                next.put(i, source.draw(randoms[i]));
            } else {
                parked[i] = terminated[i];
            }
        }
        double[][] finals = current.clone();
        List<Map<String, Object>> resetInfos = begin(next);
        return new VectorStep(
                current.clone(),
                rewards,
                terminated,
                new boolean[lanes.length],
                infos,
                finals,
                resetInfos,
                wasParked);
    }

    private boolean anyBegun() {
        return Arrays.stream(lanes).anyMatch(Objects::nonNull);
    }

    private void advance(
            List<Integer> active,
            List<double[]> actions,
            double[] rewards,
            List<Map<String, Object>> infos) {
        List<Move> moves = active.stream().map(i -> Move.of(actions.get(i))).toList();
        List<Stroke> strokes = new ArrayList<>();
        for (int k = 0; k < moves.size(); k++) {
            Lane lane = lanes[active.get(k)];
            double[] asked = lane.take(moves.get(k), easel.acts(lane));
            double goal = lane.goal(moves.get(k).stride(), settings.decisions());
            strokes.add(new Stroke(lane, goal, asked));
            rewards[active.get(k)] = -lane.potential() + settings.reward().call() * lane.calls();
        }
        List<Stroke.Seen> seen = crew.each(strokes, this::carryOut);
        for (int k = 0; k < moves.size(); k++) {
            int i = active.get(k);
            Lane lane = lanes[i];
            lane.see(seen.get(k).reading(), strokes.get(k).asked());
            rewards[i] += lane.potential() - settings.reward().call() * lane.calls();
            Map<String, Object> info = new LinkedHashMap<>();
            info.put(TERMS, lane.reading().terms().asMap());
            info.put(COMPOSITE, lane.reading().terms().composite());
            if (settings.pictures()) {
                info.put(PREVIEW, seen.get(k).picture());
            }
            infos.set(i, info);
        }
        conclude(active, seen.stream().map(Stroke.Seen::picture).toList(), infos);
    }

    private List<Stroke.Seen> carryOut(List<Stroke> strokes) {
        easel.warp(strokes);
        List<Picture> pictures = easel.draw(strokes);
        List<Sitter> sitters = strokes.stream().map(stroke -> stroke.lane().sitter()).toList();
        List<Reading> readings = viewer.look(pictures, sitters);
        List<Stroke.Seen> seen = new ArrayList<>();
        for (int k = 0; k < pictures.size(); k++) {
            seen.add(new Stroke.Seen(pictures.get(k), readings.get(k)));
        }
        return seen;
    }

    /** Adds the outcomes of finished pictures to their infos. */
    private void conclude(
            List<Integer> active, List<Picture> pictures, List<Map<String, Object>> infos) {
        List<Picture> finished = new ArrayList<>();
        List<Integer> where = new ArrayList<>();
        for (int k = 0; k < active.size(); k++) {
            if (lanes[active.get(k)].isFinished()) {
                where.add(active.get(k));
                finished.add(pictures.get(k));
            }
        }
        if (finished.isEmpty()) {
            return;
        }
        List<Reading> judged = null;
        if (studio.judges().isPresent()) {
            List<Sitter> sitters = where.stream().map(i -> lanes[i].judged()).toList();
            FaceNets nets = studio.judges().get();
            judged =
                    new Viewer(nets, studio.plausibility(), settings.reward())
                            .look(finished, sitters);
        }
        for (int k = 0; k < finished.size(); k++) {
            Lane lane = lanes[where.get(k)];
            infos.get(where.get(k))
                    .put(
                            OUTCOME,
                            new Outcome(
                                    lane.spec(),
                                    lane.reading().terms(),
                                    judged == null ? null : judged.get(k).terms(),
                                    lane.calls(),
                                    lane.seconds(),
                                    lane.decisions(),
                                    settings.pictures() ? finished.get(k) : null));
        }
    }

    @Override
    public void close() {
        crew.close();
        for (Lane lane : lanes) {
            if (lane != null) {
                lane.close();
            }
        }
        Arrays.fill(lanes, null);
    }
}
