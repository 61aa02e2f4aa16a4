package daumier.diffusion.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The weights of one LoRA over a sampling: in the U-Net, in some of its blocks, in the text
 * encoder. A block's weight replaces that of the U-Net there, as in diffusers' {@code
 * set_adapters}; the longest block name that fits a layer decides.
 *
 * <p>The text form is that of a {@link WeightSchedule}, optionally followed by fields {@code
 * name=schedule} divided by commas: {@code 0.8,te=0.5,up=0.3@0;0.9@1}. Names are {@code unet} and
 * {@code te} as in loractl, the groups {@code down}, {@code mid} and {@code up}, one block as
 * {@code down.1}, or a path of the U-Net such as {@code up_blocks.1.attentions.0}. {@link #parse}
 * and {@code toString} are inverse to one another. The form of the A1111 web UI and of loractl is
 * read, too: {@code te=0.4:unet=0.2@0;1@0.5}, {@code 0.4:0.8} (text encoder, then U-Net).
 *
 * @param unet weight wherever no block says otherwise
 * @param te weight in the text encoder; without it, the text is encoded with the U-Net's weight at
 *     the first step
 * @param blocks weights by block name, in the order of the names
 * @param highRes loractl's weights {@code hr}, {@code hrte} and {@code hrunet} for a second pass at
 *     a higher resolution; they are kept, but there is no such pass here
 */
public record LoraSchedule(
        WeightSchedule unet,
        Optional<WeightSchedule> te,
        SortedMap<String, WeightSchedule> blocks,
        SortedMap<String, WeightSchedule> highRes) {
    /** The names of the weights of a second pass. */
    static final Set<String> HIGH_RES = Set.of("hr", "hrte", "hrunet");

    private static final Pattern BLOCK =
            Pattern.compile("(down|up)(\\.\\d{1,3})?|mid|(down_blocks|mid_block|up_blocks)[\\w.]*");

    /**
     * Checks the names of the blocks.
     *
     * @throws IllegalArgumentException with one sentence if one is unknown
     */
    public LoraSchedule {
        blocks = Collections.unmodifiableSortedMap(new TreeMap<>(blocks));
        highRes = Collections.unmodifiableSortedMap(new TreeMap<>(highRes));
        for (String name : blocks.keySet()) {
            if (!BLOCK.matcher(name).matches() || name.endsWith(".")) {
                throw new IllegalArgumentException(
                        ("'%s' is no part of a U-Net: write te, unet, down, mid, up, a block such as"
                                        + " down.1, or a path such as up_blocks.1.attentions.0.")
                                .formatted(name));
            }
        }
    }

    /** The same schedule in the whole U-Net. */
    public static LoraSchedule of(WeightSchedule unet) {
        return new LoraSchedule(
                unet, Optional.empty(), Collections.emptySortedMap(), Collections.emptySortedMap());
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException with one sentence if the text is no schedule, names an
     *     unknown part, or names one twice
     */
    public static LoraSchedule parse(String text) {
        return LoraScheduleParser.parse(text);
    }

    /** The same as curves over progress; see {@link WeightSchedule#forSteps}. */
    public LoraSchedule forSteps(double steps) {
        return new LoraSchedule(
                unet.forSteps(steps),
                te.map(schedule -> schedule.forSteps(steps)),
                forSteps(blocks, steps),
                forSteps(highRes, steps));
    }

    private static SortedMap<String, WeightSchedule> forSteps(
            SortedMap<String, WeightSchedule> schedules, double steps) {
        SortedMap<String, WeightSchedule> all = new TreeMap<>();
        schedules.forEach((name, schedule) -> all.put(name, schedule.forSteps(steps)));
        return all;
    }

    /** Whether no block has a weight of its own. */
    public boolean isUniform() {
        return blocks.isEmpty();
    }

    /** The weight of the text encoder at a progress from 0 to 1. */
    public double teAt(double progress) {
        return te.map(schedule -> schedule.at(progress)).orElseGet(() -> unet.at(0));
    }

    /**
     * The weights in the U-Net at a progress from 0 to 1.
     *
     * @return weight by the prefix of a layer's path; the empty prefix is the U-Net's own weight
     */
    public Map<String, Float> byPrefix(double progress) {
        Map<String, Float> weights = new HashMap<>();
        weights.put("", (float) unet.at(progress));
        blocks.forEach((name, s) -> weights.put(prefix(name), (float) s.at(progress)));
        return weights;
    }

    /** Prefixes of layers' paths by the names of the blocks that have weights of their own. */
    public SortedMap<String, String> prefixes() {
        SortedMap<String, String> prefixes = new TreeMap<>();
        blocks.keySet().forEach(name -> prefixes.put(name, prefix(name)));
        return prefixes;
    }

    /** The final dot keeps block 1 from standing for block 10 too. */
    private static String prefix(String name) {
        if (name.equals("mid")) {
            return "mid_block.";
        }
        return name.replaceFirst("^(down|up)(?=\\.|$)", "$1_blocks") + ".";
    }

    @Override
    public String toString() {
        List<String> fields = new ArrayList<>();
        fields.add(unet.toString());
        te.ifPresent(schedule -> fields.add("te=" + schedule));
        addTo(fields, blocks);
        addTo(fields, highRes);
        return String.join(",", fields);
    }

    /** The same with colons, as the web UI and loractl read it. */
    public String webText() {
        List<String> fields = new ArrayList<>();
        te.ifPresent(schedule -> fields.add("te=" + schedule));
        fields.add(te.isPresent() ? "unet=" + unet : unet.toString());
        addTo(fields, blocks);
        addTo(fields, highRes);
        return String.join(":", fields);
    }

    private static void addTo(List<String> fields, SortedMap<String, WeightSchedule> schedules) {
        schedules.forEach((name, schedule) -> fields.add(name + "=" + schedule));
    }
}
