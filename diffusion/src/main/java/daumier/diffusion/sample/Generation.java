package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.nn.T2IAdapter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Text-to-image and image-to-image over a pack, as diffusers' pipelines do it: same plan, same
 * noise, same latents up to rounding.
 */
public final class Generation {
    private final Pack pack;

    /** Generations from a pack, which stays the caller's. */
    public Generation(Pack pack) {
        this.pack = pack;
    }

    /**
     * Draws.
     *
     * @throws IllegalArgumentException with one sentence if the request does not fit the pack
     */
    public Generated run(GenerationRequest request, StepListener listener) {
        long start = System.nanoTime();
        NDManager manager = pack.manager().newSubManager();
        try (NDManager scratch = manager.newSubManager()) {
            Sampler sampler = sampler(request);
            List<SamplingStep> plan = plan(request, sampler);
            Size size = size(request);
            Shape row = pack.latentShape(size.width(), size.height());
            // Attaches its LoRA before the others' scales are laid out.
            LookAhead lookAhead = request.previewGuidance() == null ? null : LookAhead.of(pack);
            LoraPlan loras = loras(request, sampler);
            float[][] te = loras.te(0, plan.size());
            GuidedUNet denoiser = denoiser(scratch, request, size, te);
            List<Double> seconds = new ArrayList<>();
            SamplingState state = start(scratch, request, sampler, plan.get(0).from(), row);
            for (int i = 0; i < plan.size(); i++) {
                long before = System.nanoTime();
                float[][] teNow = loras.te(i, plan.size());
                if (!Arrays.deepEquals(te, teNow)) {
                    te = teNow;
                    denoiser = denoiser.withText(text(scratch, request, te));
                }
                GuidedUNet scaled = denoiser.withScales(loras.unet(i, plan.size()));
                int variants = loras.variants();
                Denoiser now = variants == 1 ? scaled : new CompositeUNet(scaled, variants);
                PreviewGuidance lead = request.previewGuidance();
                if (lead != null && lead.acts(i, List.of(plan.get(i).from()))) {
                    now = new PreviewGuided(now, scaled, lookAhead, pack, lead);
                }
                try (SamplingState last = state) {
                    state = sampler.step(last, now, plan.get(i));
                }
                double took = secondsSince(before);
                seconds.add(took);
                listener.onStep(
                        new StepListener.Step(i, plan.size(), plan.get(i).from(), state, took));
            }
            NDArray latents = SamplingState.borrow(manager, state.latents());
            long before = System.nanoTime();
            NDArray pictures = pack.decode(SamplingState.borrow(scratch, latents)).clip(-1, 1);
            pictures.attach(manager);
            double decode = secondsSince(before);
            Timings timings =
                    new Timings(
                            pack.loadSeconds(),
                            List.copyOf(seconds),
                            decode,
                            secondsSince(start),
                            Timings.peakRss());
            return new Generated(manager, latents, pictures, timings);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /** Draws without listening. */
    public Generated run(GenerationRequest request) {
        return run(request, StepListener.NONE);
    }

    /**
     * What will act of each LoRA of a request.
     *
     * @return by the LoRA's place in the request, then by call of the network
     */
    public List<List<LoraMoment>> timeline(GenerationRequest request) {
        Sampler sampler = sampler(request);
        int steps = plan(request, sampler).size();
        LoraPlan loras = loras(request, sampler);
        List<List<LoraMoment>> timeline = new ArrayList<>();
        for (int lora = 0; lora < request.loras().size(); lora++) {
            int place = lora;
            timeline.add(
                    IntStream.range(0, steps)
                            .mapToObj(step -> loras.moment(place, step, steps))
                            .toList());
        }
        return timeline;
    }

    private LoraPlan loras(GenerationRequest request, Sampler sampler) {
        return LoraPlan.attach(pack, request.loras(), request.composition(), sampler.evaluations());
    }

    private static List<SamplingStep> plan(GenerationRequest request, Sampler sampler) {
        return request.initImage() == null
                ? sampler.plan(request.steps())
                : sampler.plan(request.steps(), request.strength());
    }

    private Sampler sampler(GenerationRequest request) {
        Sampler plain = plainSampler(request);
        return request.detailPhase() == 0 ? plain : Phased.of(plain, request.detailPhase());
    }

    private Sampler plainSampler(GenerationRequest request) {
        String name =
                request.sampler() == null
                        ? Sampler.nameFor(pack.schedulerConfig())
                        : request.sampler();
        Sampler sampler = pack.sampler(name);
        if (request.eta() == 0) {
            return sampler;
        }
        if (!(sampler instanceof Ddim)) {
            throw new IllegalArgumentException("Only the sampler ddim takes an eta.");
        }
        return Ddim.of(pack.schedulerConfig(), request.eta());
    }

    private record Size(int width, int height) {}

    private Size size(GenerationRequest request) {
        Size own = new Size(pack.pictureSize(), pack.pictureSize());
        if (request.initImage() != null) {
            Shape shape = checkedPictures(request.initImage(), 3, request, "initial picture");
            own = new Size((int) shape.get(3), (int) shape.get(2));
        } else if (request.latents() != null) {
            int channels = pack.unet().config().inChannels();
            Shape shape = checkedPictures(request.latents(), channels, request, "latents");
            int down = pack.downscale();
            own = new Size((int) shape.get(3) * down, (int) shape.get(2) * down);
        }
        int width = request.width() == 0 ? own.width() : request.width();
        int height = request.height() == 0 ? own.height() : request.height();
        boolean given = request.initImage() != null || request.latents() != null;
        if (given && (width != own.width() || height != own.height())) {
            throw new IllegalArgumentException(
                    String.format(
                            "The size %dx%d is not that of what is started from, %dx%d.",
                            width, height, own.width(), own.height()));
        }
        return new Size(width, height);
    }

    private static Shape checkedPictures(
            NDArray array, int channels, GenerationRequest request, String what) {
        Shape shape = array.getShape();
        int rows = request.seeds().size();
        if (shape.dimension() != 4
                || shape.get(1) != channels
                || (shape.get(0) != 1 && shape.get(0) != rows)) {
            throw new IllegalArgumentException(
                    String.format(
                            "The %s must have the shape (1 or %d, %d, height, width), not %s.",
                            what, rows, channels, shape));
        }
        return shape;
    }

    private SamplingState start(
            NDManager owner,
            GenerationRequest request,
            Sampler sampler,
            NoiseLevel first,
            Shape row) {
        int rows = request.seeds().size();
        long[] seeds = request.seeds().stream().mapToLong(Long::longValue).toArray();
        if (request.initImage() != null) {
            List<TorchRandom> generators = new ArrayList<>();
            request.seeds().forEach(seed -> generators.add(new TorchRandom(seed)));
            NDArray pictures = rows(owner, request.initImage(), rows);
            // The generator first samples the encoder's distribution, then draws the noise.
            NDArray clean = pack.encodeImage(pictures, generators);
            return SamplingState.fromClean(owner, first, clean, generators);
        }
        if (request.latents() != null) {
            NDArray noise = rows(owner, request.latents(), rows);
            return SamplingState.fromLatents(owner, sampler, first, noise, seeds);
        }
        return SamplingState.fromNoise(owner, sampler, first, row, seeds);
    }

    private static NDArray rows(NDManager owner, NDArray array, int rows) {
        NDArray own = array.toDevice(owner.getDevice(), true);
        own.attach(owner);
        Shape shape = own.getShape();
        return shape.get(0) == rows ? own : own.broadcast(new Shape(rows).addAll(shape.slice(1)));
    }

    private GuidedUNet denoiser(
            NDManager owner, GenerationRequest request, Size size, float[][] te) {
        return new GuidedUNet(
                pack.unet(),
                pack.schedulerConfig().predictionType(),
                pack.precision(),
                text(owner, request, te),
                residuals(owner, request, size),
                null,
                reference(owner, request, size));
    }

    private Reference reference(NDManager owner, GenerationRequest request, Size size) {
        GenerationRequest.Portrait portrait = request.portrait();
        if (portrait == null) {
            return null;
        }
        Shape shape = portrait.picture().getShape();
        Shape needed = new Shape(1, 3, size.height(), size.width());
        if (!shape.equals(needed)) {
            throw new IllegalArgumentException(
                    "The reference must have the shape %s of the picture to draw, not %s."
                            .formatted(needed, shape));
        }
        NDArray picture = portrait.picture().toDevice(owner.getDevice(), true);
        picture.attach(owner);
        return Reference.of(
                pack.encodeImage(picture, null),
                new TorchRandom(portrait.seed()),
                portrait.strength(),
                portrait.lowest(),
                portrait.highest());
    }

    /** Text states with one row for each row of the text encoder's LoRA scales. */
    private Conditioning text(NDManager owner, GenerationRequest request, float[][] te) {
        LoraScales scales = te[0].length == 0 ? null : LoraScales.ofRows(te);
        List<String> prompts = Collections.nCopies(te.length, request.prompt());
        NDArray positive = pack.encodePrompt(owner, prompts, request.clipSkip(), scales);
        if (request.guidance() <= 1) {
            return Conditioning.unguided(positive);
        }
        List<String> negatives = Collections.nCopies(te.length, request.negativePrompt());
        NDArray negative = pack.encodePrompt(owner, negatives, request.negativeClipSkip(), scales);
        return Conditioning.guided(positive, negative, request.guidance());
    }

    private List<NDArray> residuals(NDManager owner, GenerationRequest request, Size size) {
        if (request.condition() == null) {
            return null;
        }
        T2IAdapter adapter =
                request.adapterFolder() != null
                        ? pack.adapter(request.adapterFolder())
                        : pack.adapter()
                                .orElseThrow(
                                        () ->
                                                new PackException(
                                                        "The pack "
                                                                + pack.folder()
                                                                + " has no adapter: name one."));
        int channels = adapter.config().inChannels();
        Shape shape = checkedPictures(request.condition(), channels, request, "adapter's picture");
        if (shape.get(2) != size.height() || shape.get(3) != size.width()) {
            throw new IllegalArgumentException(
                    String.format(
                            "The adapter's picture is %dx%d, but the picture to draw is %dx%d.",
                            shape.get(3), shape.get(2), size.width(), size.height()));
        }
        NDArray condition = request.condition().toDevice(owner.getDevice(), true);
        condition.attach(owner);
        return pack.adapterResiduals(adapter, condition, request.adapterScale());
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
