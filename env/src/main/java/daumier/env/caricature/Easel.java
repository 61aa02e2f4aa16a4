package daumier.env.caricature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.sample.Conditioning;
import daumier.diffusion.sample.GuidedUNet;
import daumier.diffusion.sample.LookAhead;
import daumier.diffusion.sample.NoiseLevel;
import daumier.diffusion.sample.Reference;
import daumier.diffusion.sample.Sampler;
import daumier.diffusion.sample.SamplingState;
import daumier.diffusion.sample.TorchRandom;
import daumier.faces.Picture;
import daumier.faces.measure.Pictures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Draws: brings the latents of several lanes forward together, one U-Net call for all of them. */
final class Easel {
    private final Studio studio;
    private final Settings settings;
    private final Sampler sampler;
    private final MapDesk maps;
    private final LookAhead lookAhead;
    private final Reference reference;

    /** Whether the next decision's warp needs just the pictures that a look decodes. */
    private final boolean keepsDecoded;

    /**
     * What a look showed.
     *
     * @param pictures one a lane
     * @param decoded for each lane the picture that its estimate decodes to (1, 3, H, W), where the
     *     next decision needs it, otherwise null
     */
    private record Looked(List<Picture> pictures, NDArray[] decoded) {}

    Easel(Studio studio, Settings settings) {
        this.studio = studio;
        this.settings = settings;
        this.sampler = studio.sampler();
        this.maps = new MapDesk(studio, settings);
        this.lookAhead =
                settings.foresight() == Settings.Foresight.CONSISTENCY ? studio.lookAhead() : null;
        this.keepsDecoded = maps.warps() && lookAhead == null && studio.previewsAreWhole();
        this.reference = settings.reference().map(this::reference).orElse(null);
    }

    /** The portrait's latents; they stay with the studio. */
    private Reference reference(PortraitReference portrait) {
        try (NDManager scratch = studio.manager().newSubManager()) {
            NDArray clean = studio.pack().encodeImage(planes(scratch, portrait.picture()), null);
            clean.attach(studio.manager());
            return Reference.of(
                    clean,
                    new TorchRandom(portrait.seed()),
                    portrait.strength(),
                    portrait.lowest(),
                    portrait.highest());
        }
    }

    /** A picture as the pack takes it: (1, 3, side, side) in [-1, 1]. */
    private NDArray planes(NDManager scratch, Picture picture) {
        int side = studio.pack().pictureSize();
        float[] values = Pictures.resize(picture, side, side).toChw();
        return scratch.create(values, new Shape(1, 3, side, side));
    }

    /** Where on the noise schedule a drawing stands: 0 is pure noise, 1 the end. */
    private NoiseLevel level(double progress) {
        return progress >= 1
                ? sampler.end()
                : sampler.level((sampler.schedule().length() - 1) * (1 - progress));
    }

    /** Lanes at the beginning of their episodes. */
    List<Lane> begin(List<Photographs> people, List<Sitter> sitters, List<Sitter> judged) {
        double progress = 1 - settings.technique().strength();
        List<Lane> lanes = new ArrayList<>();
        try (NDManager scratch = studio.manager().newSubManager()) {
            List<String> prompts = people.stream().map(p -> p.spec().prompt()).toList();
            NDArray texts = studio.pack().encodePrompt(scratch, prompts, 1);
            for (int i = 0; i < people.size(); i++) {
                NDManager own = studio.manager().newSubManager();
                NDArray text = row(texts, i);
                text.attach(own);
                EpisodeSpec spec = people.get(i).spec();
                SamplingState first =
                        settings.technique().beginsWithPhotograph()
                                ? photograph(people.get(i), level(progress))
                                : noise(spec.noiseSeed());
                Sitter judge = judged.isEmpty() ? null : judged.get(i);
                lanes.add(new Lane(spec, sitters.get(i), judge, own, text, first, progress));
            }
        }
        return lanes;
    }

    private SamplingState noise(long seed) {
        int side = studio.pack().pictureSize();
        Shape row = studio.pack().latentShape(side, side);
        return SamplingState.fromNoise(studio.manager(), sampler, level(0), row, seed);
    }

    /** The photograph's latents, noised to a level; all noise comes from the episode's seed. */
    private SamplingState photograph(Photographs person, NoiseLevel level) {
        Picture picture = person.spec().photograph().orElse(person.pictures().get(0));
        try (NDManager scratch = studio.manager().newSubManager()) {
            List<TorchRandom> random = List.of(new TorchRandom(person.spec().noiseSeed()));
            NDArray clean = studio.pack().encodeImage(planes(scratch, picture), random);
            return SamplingState.fromClean(studio.manager(), level, clean, random);
        }
    }

    /** One row of a batch, copied. */
    static NDArray row(NDArray batch, int index) {
        try (NDArray slice = batch.get(index + ":" + (index + 1))) {
            return slice.duplicate();
        }
    }

    /** Whether exaggeration can act on a lane yet. */
    boolean acts(Lane lane) {
        return maps.acts(lane);
    }

    /** Moves what has been drawn by what is asked for, where exaggeration acts by warping. */
    void warp(List<Stroke> strokes) {
        maps.warp(strokes);
    }

    /**
     * Brings every lane to its goal.
     *
     * @return what the pictures will look like, or are where the goal is the end
     */
    List<Picture> draw(List<Stroke> strokes) {
        List<Lane> lanes = strokes.stream().map(Stroke::lane).toList();
        double[] goals = strokes.stream().mapToDouble(Stroke::goal).toArray();
        int calls = settings.callsPerDecision();
        try (NDManager scratch = studio.manager().newSubManager()) {
            GuidedUNet denoiser = denoiser(scratch, lanes);
            SamplingState state = SamplingState.concat(lanes.stream().map(Lane::state).toList());
            try {
                for (int call = 1; call <= calls; call++) {
                    List<NoiseLevel> to = new ArrayList<>();
                    for (int i = 0; i < goals.length; i++) {
                        double way = (goals[i] - lanes.get(i).progress()) * call / calls;
                        to.add(level(call == calls ? goals[i] : lanes.get(i).progress() + way));
                    }
                    SamplingState next = step(scratch, state, denoiser, to);
                    state.close();
                    state = next;
                }
                Looked looked = look(scratch, state, denoiser, goals);
                for (int i = 0; i < goals.length; i++) {
                    int more = lookAhead != null && goals[i] < 1 ? 1 : 0;
                    lanes.get(i).advance(state.row(i), goals[i], calls + more);
                    lanes.get(i).keepDecoded(looked.decoded()[i]);
                }
                return looked.pictures();
            } finally {
                state.close();
            }
        }
    }

    private SamplingState step(
            NDManager scratch, SamplingState state, GuidedUNet denoiser, List<NoiseLevel> to) {
        try (NDManager own = scratch.newSubManager()) {
            NDArray x = state.latents().duplicate();
            x.attach(own);
            return sampler.step(state, denoiser.x0(x, state.at()), to);
        }
    }

    /** Finished pictures are decoded by the full autoencoder, previews as the studio does. */
    private Looked look(
            NDManager scratch, SamplingState state, GuidedUNet denoiser, double[] goals) {
        List<Integer> finished = new ArrayList<>();
        List<Integer> going = new ArrayList<>();
        for (int i = 0; i < goals.length; i++) {
            (goals[i] >= 1 ? finished : going).add(i);
        }
        List<Picture> pictures = new ArrayList<>(Collections.nCopies(goals.length, null));
        NDArray[] decoded = new NDArray[goals.length];
        if (!finished.isEmpty()) {
            NDArray done = studio.pack().decode(rows(scratch, state.latents(), finished));
            fill(pictures, finished, done);
        }
        if (!going.isEmpty()) {
            NDArray foreseen =
                    lookAhead == null
                            ? state.x0().orElseThrow()
                            : lookAhead.latents(scratch, state, denoiser);
            NDArray planes = studio.decodePreview(rows(scratch, foreseen, going));
            fill(pictures, going, planes);
            if (keepsDecoded) {
                for (int k = 0; k < going.size(); k++) {
                    decoded[going.get(k)] = row(planes, k);
                }
            }
        }
        return new Looked(pictures, decoded);
    }

    /** Copies of some rows, with the scratch manager. */
    private static NDArray rows(NDManager scratch, NDArray batch, List<Integer> indices) {
        NDArray chosen;
        if (indices.size() == batch.getShape().get(0)) {
            chosen = batch.duplicate();
        } else {
            NDList parts = new NDList();
            for (int i : indices) {
                parts.add(row(batch, i));
            }
            chosen = NDArrays.concat(parts);
            parts.close();
        }
        chosen.attach(scratch);
        return chosen;
    }

    private static void fill(List<Picture> pictures, List<Integer> indices, NDArray planes) {
        int height = (int) planes.getShape().get(2);
        int width = (int) planes.getShape().get(3);
        float[] values = planes.toFloatArray();
        for (int k = 0; k < indices.size(); k++) {
            int from = k * 3 * width * height;
            pictures.set(indices.get(k), Picture.fromChw(values, from, width, height));
        }
    }

    private GuidedUNet denoiser(NDManager scratch, List<Lane> lanes) {
        float[][] scales = new float[lanes.size()][studio.pack().loraCount()];
        List<NDArray> texts = new ArrayList<>();
        for (int i = 0; i < scales.length; i++) {
            Lane lane = lanes.get(i);
            scales[i][studio.columnOf(lane.spec().lora())] = (float) lane.loraWeight();
            texts.add(lane.text());
        }
        return new GuidedUNet(
                studio.pack().unet(),
                studio.pack().schedulerConfig().predictionType(),
                studio.pack().precision(),
                told(scratch, concat(scratch, texts)),
                maps.residuals(scratch, lanes),
                LoraScales.ofRows(scales),
                reference);
    }

    private Conditioning told(NDManager scratch, NDArray positive) {
        Technique technique = settings.technique();
        if (!technique.isGuided()) {
            return Conditioning.unguided(positive);
        }
        NDArray negative =
                studio.pack().encodePrompt(scratch, List.of(technique.negativePrompt()), 1);
        return Conditioning.guided(positive, negative, technique.guidanceScale());
    }

    /** One batch of single rows, with the scratch manager. */
    static NDArray concat(NDManager scratch, List<NDArray> rows) {
        NDArray batch = NDArrays.concat(new NDList(rows));
        batch.attach(scratch);
        return batch;
    }
}
