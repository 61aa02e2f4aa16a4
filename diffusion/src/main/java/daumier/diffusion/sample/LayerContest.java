package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.lora.LoraPair;
import daumier.diffusion.nn.LoraStack;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Which of two LoRAs acts in which layer, after K-LoRA (Ouyang et al., CVPR 2025, arXiv
 * 2502.18461). In a layer that both change, the mass of a LoRA is the sum of the k largest |ΔW|,
 * where k is the product of the two ranks; the style's counts {@code gamma * (alpha * t / T +
 * beta)} times, with t / T the progress of the sampling, and the greater one decides. A layer that
 * only one of them changes is that one's.
 *
 * <p>Gamma is the mean over the layers of sum |ΔW| of the subject by that of the style, as in the
 * authors' program: a LoRA that is stronger throughout does not win for that. So weights do not
 * enter, either; they only say how strongly the chosen one acts.
 *
 * @param contests layers that both change
 * @param gamma the style's factor throughout
 * @param subjectAlone layers that only the subject's LoRA changes
 * @param styleAlone layers that only the style's LoRA changes
 */
record LayerContest(
        List<Contest> contests, double gamma, Set<String> subjectAlone, Set<String> styleAlone) {
    private static final double ALPHA = 1.5;
    private static final double BETA = 0.5;

    /**
     * A layer that both change.
     *
     * @param path of the layer
     * @param subject mass of the subject's LoRA
     * @param style mass of the style's LoRA
     */
    record Contest(String path, double subject, double style) {}

    /** The sum of all |ΔW| of one layer, and that of the k largest. */
    private record Mass(double all, double top) {}

    /** Weighs two attached LoRAs; each dense ΔW is made once, and forgotten. */
    static LayerContest between(LoraStack stack, int subject, int style, NDManager parent) {
        SortedMap<String, LoraPair> subjects = stack.weights(subject).pairs();
        SortedMap<String, LoraPair> styles = stack.weights(style).pairs();
        Set<String> subjectAlone = new HashSet<>(subjects.keySet());
        subjectAlone.removeAll(styles.keySet());
        Set<String> styleAlone = new HashSet<>(styles.keySet());
        styleAlone.removeAll(subjects.keySet());
        List<Contest> contests = new ArrayList<>();
        double ratios = 0;
        for (Map.Entry<String, LoraPair> entry : subjects.entrySet()) {
            String path = entry.getKey();
            if (!styles.containsKey(path)) {
                continue;
            }
            long k = (long) entry.getValue().rank() * styles.get(path).rank();
            Mass first = mass(stack, subject, path, k, parent);
            Mass second = mass(stack, style, path, k, parent);
            if (second.all() == 0) {
                subjectAlone.add(path);
            } else if (first.all() == 0) {
                styleAlone.add(path);
            } else {
                ratios += first.all() / second.all();
                contests.add(new Contest(path, first.top(), second.top()));
            }
        }
        double gamma = contests.isEmpty() ? 1 : ratios / contests.size();
        return new LayerContest(List.copyOf(contests), gamma, subjectAlone, styleAlone);
    }

    private static Mass mass(LoraStack stack, int lora, String path, long k, NDManager parent) {
        try (NDManager scratch = parent.newSubManager()) {
            NDArray sizes = stack.difference(lora, path, scratch).abs().flatten();
            int most = (int) Math.min(k, sizes.size());
            NDArray top = sizes.topK(most, 0, true, false).get(0);
            return new Mass(sizes.sum().getFloat(), top.sum().getFloat());
        }
    }

    /** The layers where the subject's LoRA acts at a progress from 0 to 1. */
    Set<String> subject(double progress) {
        return winners(false, progress, subjectAlone);
    }

    /** The layers where the style's LoRA acts; in every layer it is one of the two. */
    Set<String> style(double progress) {
        return winners(true, progress, styleAlone);
    }

    /** The part of the layers that one of the two changes, in which it acts. */
    double share(boolean style, double progress) {
        Set<String> alone = style ? styleAlone : subjectAlone;
        int changed = alone.size() + contests.size();
        return changed == 0 ? 0 : (double) winners(style, progress, alone).size() / changed;
    }

    private Set<String> winners(boolean style, double progress, Set<String> alone) {
        double factor = gamma * (ALPHA * progress + BETA);
        Set<String> layers = new HashSet<>(alone);
        for (Contest contest : contests) {
            if (contest.style() * factor >= contest.subject() == style) {
                layers.add(contest.path());
            }
        }
        return layers;
    }
}
