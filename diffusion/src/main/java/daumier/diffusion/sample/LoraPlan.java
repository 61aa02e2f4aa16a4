package daumier.diffusion.sample;

import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.schedule.Composition;
import daumier.diffusion.schedule.LoraSchedule;
import daumier.diffusion.schedule.WeightSchedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The LoRA scales of every step of one generation, for U-Net and text encoder. */
final class LoraPlan {
    /** A LoRA, attached to the pack at an index. */
    private record Attached(int index, LoraUse use) {}

    private final List<Attached> loras;
    private final int columns;
    private final Composition composition;

    /** K-LoRA's choice; null for other compositions. */
    private final LayerContest contest;

    /** How many calls of the network make one step of the sampler. */
    private final int calls;

    private LoraPlan(
            List<Attached> loras,
            int columns,
            Composition composition,
            LayerContest contest,
            int calls) {
        this.calls = calls;
        this.loras = loras;
        this.columns = columns;
        this.composition = composition;
        this.contest = contest;
    }

    /**
     * Attaches what is asked for. The steps that are asked about later are calls of the network.
     *
     * @param calls how many of them make one step of the sampler: LoRAs take turns, and points
     *     stand, at whole steps
     * @throws IllegalArgumentException with one sentence if a LoRA is named twice and the two do
     *     not simply add up
     */
    static LoraPlan attach(Pack pack, List<LoraUse> uses, Composition composition, int calls) {
        List<Attached> loras = new ArrayList<>();
        for (LoraUse use : uses) {
            int index = pack.attachLora(use.file());
            for (Attached other : loras) {
                if (other.index() == index && !(isPlain(use) && isPlain(other.use()))) {
                    throw new IllegalArgumentException(
                            "The LoRA %s is named twice: with blocks or a mask, name it once."
                                    .formatted(use.file()));
                }
            }
            requireParts(pack, use);
            loras.add(new Attached(index, use));
        }
        LayerContest contest =
                composition instanceof Composition.KLora ? contest(pack, loras) : null;
        return new LoraPlan(loras, pack.loraCount(), composition, contest, calls);
    }

    private static LayerContest contest(Pack pack, List<Attached> loras) {
        int subject = loras.get(0).index();
        int style = loras.get(1).index();
        if (subject == style) {
            throw new IllegalArgumentException(
                    "To compose LoRAs by klora takes two different ones, not %s twice."
                            .formatted(loras.get(0).use().file()));
        }
        return LayerContest.between(pack.unet().lora(), subject, style, pack.manager());
    }

    /** A weight for a block that the U-Net does not have would be lost without a word. */
    private static void requireParts(Pack pack, LoraUse use) {
        for (Map.Entry<String, String> part : use.schedule().prefixes().entrySet()) {
            boolean known =
                    pack.unet().lora().targets().stream()
                            .anyMatch(layer -> layer.path().startsWith(part.getValue()));
            if (!known) {
                throw new IllegalArgumentException(
                        "The U-Net of %s has no layers in '%s', which the schedule of the LoRA %s names."
                                .formatted(pack.folder(), part.getKey(), use.file()));
            }
        }
    }

    private static boolean isPlain(LoraUse use) {
        return use.mask() == null && use.schedule().isUniform();
    }

    /**
     * How many variants of each picture go through the networks in one step: the LoRAs one by one,
     * or a single one with all that act.
     */
    int variants() {
        return composition instanceof Composition.Composite ? loras.size() : 1;
    }

    /** The U-Net's scales in step i of n, with a row for each variant; null without LoRAs. */
    LoraScales unet(int step, int steps) {
        if (loras.isEmpty()) {
            return null;
        }
        double progress = WeightSchedule.progress(step, steps);
        List<List<Attached>> groups = groups(step);
        float[][] rows = new float[groups.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = unetRow(groups.get(i), step, steps);
        }
        LoraScales all = LoraScales.ofRows(rows);
        for (Attached lora : loras) {
            if (!lora.use().schedule().isUniform()) {
                Map<String, Float> factors = curves(lora, steps).byPrefix(progress);
                all = all.withBlocks(lora.index(), factors);
            }
            if (lora.use().mask() != null) {
                all = all.withMask(lora.index(), lora.use().mask());
            }
        }
        if (contest == null) {
            return all;
        }
        return all.inLayers(loras.get(0).index(), contest.subject(progress))
                .inLayers(loras.get(1).index(), contest.style(progress));
    }

    /** A LoRA's weights as curves over so many calls of the network. */
    private LoraSchedule curves(Attached lora, int steps) {
        return lora.use().schedule().forSteps((steps - 1.0) / calls + 1);
    }

    /** The LoRAs that act together in a step, by variant. */
    private List<List<Attached>> groups(int step) {
        if (composition instanceof Composition.Switch rule) {
            return List.of(List.of(loras.get(rule.active(step / calls, loras.size()))));
        }
        return variants() == 1 ? List.of(loras) : loras.stream().map(List::of).toList();
    }

    private float[] unetRow(List<Attached> acting, int step, int steps) {
        double progress = WeightSchedule.progress(step, steps);
        float[] scales = new float[columns];
        for (Attached lora : acting) {
            LoraSchedule schedule = curves(lora, steps);
            if (schedule.isUniform()) {
                scales[lora.index()] += (float) schedule.unet().at(progress);
            } else if (schedule.byPrefix(progress).values().stream().anyMatch(w -> w != 0)) {
                scales[lora.index()] = 1; // the blocks' own weights are its factors
            }
        }
        return scales;
    }

    /**
     * The text encoder's scales in step i of n, one for each attached LoRA, by variant; without
     * LoRAs, one empty row.
     */
    float[][] te(int step, int steps) {
        double progress = WeightSchedule.progress(step, steps);
        List<List<Attached>> groups = groups(step);
        float[][] rows = new float[groups.size()][columns];
        for (int i = 0; i < rows.length; i++) {
            for (Attached lora : groups.get(i)) {
                rows[i][lora.index()] += (float) curves(lora, steps).teAt(progress);
            }
        }
        return rows;
    }

    /** What acts of a LoRA, by its place in the request, in step i of n. */
    LoraMoment moment(int lora, int step, int steps) {
        double progress = WeightSchedule.progress(step, steps);
        Attached own = loras.get(lora);
        LoraSchedule schedule = curves(own, steps);
        boolean acts = groups(step).stream().anyMatch(group -> group.contains(own));
        Map<String, Double> blocks = new LinkedHashMap<>();
        schedule.blocks()
                .forEach((name, weight) -> blocks.put(name, acts ? weight.at(progress) : 0));
        return new LoraMoment(
                acts ? schedule.unet().at(progress) : 0,
                blocks,
                acts ? schedule.teAt(progress) : 0,
                acts ? share(lora, progress) : 0);
    }

    private double share(int lora, double progress) {
        if (contest != null) {
            return contest.share(lora > 0, progress);
        }
        return 1.0 / variants();
    }
}
