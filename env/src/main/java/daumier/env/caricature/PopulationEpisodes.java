package daumier.env.caricature;

import daumier.faces.MeterTarget;
import daumier.faces.nets.MeterTargets;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Draws episodes of the face world: a person of one split, a view, an intent of one to three of the
 * person's distinctive regions, a style LoRA, a prompt, a noise seed, and how strictly the
 * adapter's map is followed: people's adapters and their scales differ, and a policy has to find
 * out from the face's answers.
 */
public final class PopulationEpisodes implements EpisodeSource {
    /** Own displacement, in units of the median subject's, from which a region is distinctive. */
    public static final double DISTINCTIVE = 0.7;

    private static final double LEAST_ADAPTER_SCALE = 0.5;
    private static final double MOST_ADAPTER_SCALE = 1;

    private static final int MOST_REGIONS = 3;
    private static final double LEAST_GAIN = 0.5;
    private static final double MOST_GAIN = 1.2;

    /** Portraits turn less than photographs do. */
    private static final float POSE = 0.4f;

    private final Split split;
    private final List<String> loras;
    private final double[] medianLength;
    private final boolean[] trusted;
    private final Captions captions;
    private final ProceduralModel model = new ProceduralModel();

    /**
     * Episodes of one split.
     *
     * @param loras names to choose from
     * @param medianLength the meter's unit by region
     * @param trusted the regions that may be asked for
     */
    public PopulationEpisodes(
            Split split, List<String> loras, double[] medianLength, boolean[] trusted) {
        this(split, loras, medianLength, trusted, EpisodeSpec::prompt);
    }

    /**
     * The same with other words.
     *
     * @param captions finds the words of each episode
     */
    PopulationEpisodes(
            Split split,
            List<String> loras,
            double[] medianLength,
            boolean[] trusted,
            Captions captions) {
        this.captions = captions;
        this.split = split;
        this.loras = List.copyOf(loras);
        this.medianLength = medianLength.clone();
        this.trusted = trusted.clone();
    }

    /**
     * Episode {@code number} of this split, always the same: person {@code number} (modulo the
     * split's size), the LoRAs in turn.
     */
    public EpisodeSpec numbered(int number) {
        SplittableRandom random = new SplittableRandom(split.seedOf(0) * 31 + number);
        return draw(random, number % split.people(), number % loras.size());
    }

    /** Episodes {@code first} to {@code first + count - 1}. */
    public List<EpisodeSpec> numbered(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(this::numbered).toList();
    }

    @Override
    public EpisodeSpec draw(RandomGenerator random) {
        return draw(random, random.nextInt(split.people()), random.nextInt(loras.size()));
    }

    private EpisodeSpec draw(RandomGenerator random, int person, int lora) {
        Subject subject = Subject.sample(new SplittableRandom(split.seedOf(person)));
        View any = View.sample(random);
        View view = any.withPose(POSE * any.yaw(), POSE * any.pitch(), POSE * any.roll());
        MeterTarget target = MeterTargets.of(model, subject, view, medianLength);
        double[] intent = intent(random, target);
        long seed = random.nextLong();
        double scale = random.nextDouble(LEAST_ADAPTER_SCALE, MOST_ADAPTER_SCALE);
        String style = loras.get(lora);
        String prompt = captions.of(subject, view, style);
        return new EpisodeSpec(subject, view, intent, style, prompt, seed).withAdapterScale(scale);
    }

    private double[] intent(RandomGenerator random, MeterTarget target) {
        List<Integer> candidates = distinctive(target, trusted);
        int count = Math.min(candidates.size(), 1 + random.nextInt(MOST_REGIONS));
        double[] intent = new double[MeterTarget.REGIONS.size()];
        for (int i = 0; i < count; i++) {
            int region = candidates.remove(random.nextInt(candidates.size()));
            intent[region] = random.nextDouble(LEAST_GAIN, MOST_GAIN);
        }
        return intent;
    }

    /**
     * Regions in which this face is far enough from the mean to be exaggerated, by index in {@link
     * MeterTarget#REGIONS}; at least the furthest.
     *
     * @param among regions that count; at least one
     * @return a list that the caller may change
     */
    public static List<Integer> distinctive(MeterTarget target, boolean[] among) {
        double[] own = Sitter.only(among, deviation(target));
        List<Integer> found = new ArrayList<>();
        int furthest = 0;
        for (int r = 0; r < own.length; r++) {
            if (own[r] > DISTINCTIVE) {
                found.add(r);
            }
            if (own[r] > own[furthest]) {
                furthest = r;
            }
        }
        if (found.isEmpty()) {
            found.add(furthest);
        }
        return found;
    }

    /** The subject's own displacement at gain 1, by region, in units of the median subject's. */
    public static double[] deviation(MeterTarget target) {
        double[] one = new double[MeterTarget.REGIONS.size()];
        Arrays.fill(one, 1);
        return target.moved(one);
    }
}
