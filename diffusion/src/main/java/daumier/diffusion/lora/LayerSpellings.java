package daumier.diffusion.lora;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How each family of LoRA files spells each layer of the model. The table is made from the layers,
 * so that no name is ever taken apart: flattening with underscores cannot be undone.
 */
final class LayerSpellings {

    /** A projection of an attention, in the names old attention processors gave it. */
    private static final Pattern ATTENTION =
            Pattern.compile("(.*\\.attn[12])\\.(to_q|to_k|to_v|to_out)(\\.0)?");

    private static final Pattern CLIP_ATTENTION =
            Pattern.compile("(.*\\.self_attn)\\.(q|k|v|out)_proj");

    private final Map<String, LoraTarget> bySpelling = new HashMap<>();

    LayerSpellings(Collection<LoraTarget> targets) {
        for (LoraTarget target : targets) {
            if (target.inTextEncoder()) {
                spellTextLayer(target);
            } else {
                spellUnetLayer(target);
            }
        }
        number("unet:", targets, Numbering::ofUnet);
        number("text_encoder:", targets, Numbering::ofTextEncoder);
    }

    /** The layer that is spelled so, if it is one of this model's. */
    Optional<LoraTarget> target(String spelling) {
        return Optional.ofNullable(bySpelling.get(spelling));
    }

    /** How kohya spells a layer. */
    static String kohya(String path) {
        return (LoraTarget.isInTextEncoder(path) ? "lora_te_" : "lora_unet_")
                + path.replace('.', '_');
    }

    private void spellUnetLayer(LoraTarget target) {
        bySpelling.put(kohya(target.path()), target);
        spellDotted(target, target.path(), "unet.");
        Matcher attention = ATTENTION.matcher(target.path());
        if (attention.matches()) {
            String processor = attention.group(1) + ".processor." + attention.group(2);
            spellDotted(target, processor, "unet.");
        }
    }

    private void spellTextLayer(LoraTarget target) {
        String path = target.path();
        bySpelling.put(kohya(path), target);
        bySpelling.put(kohya(path).replaceFirst("lora_te_", "lora_te1_"), target);
        spellDotted(target, path, "text_encoder.");
        // Newer versions of transformers leave text_model out of the names.
        String bare = path.substring(path.indexOf('.') + 1);
        spellDotted(target, bare, "text_encoder.");
        Matcher attention = CLIP_ATTENTION.matcher(path);
        if (attention.matches()) {
            String old = attention.group(1) + ".to_" + attention.group(2);
            spellDotted(target, old, "text_encoder.");
        }
    }

    private void spellDotted(LoraTarget target, String path, String model) {
        for (String prefix : List.of("", model, "base_model.model.", "base_model.model." + model)) {
            bySpelling.put(prefix + path, target);
        }
    }

    private interface Order {
        Optional<long[]> position(String path);
    }

    private void number(String prefix, Collection<LoraTarget> targets, Order order) {
        record Placed(LoraTarget target, long[] position) {}
        List<Placed> placed = new ArrayList<>();
        for (LoraTarget target : targets) {
            order.position(target.path()).ifPresent(p -> placed.add(new Placed(target, p)));
        }
        placed.sort(Comparator.comparing(Placed::position, java.util.Arrays::compare));
        for (int i = 0; i < placed.size(); i++) {
            bySpelling.put(prefix + i, placed.get(i).target());
        }
    }
}
