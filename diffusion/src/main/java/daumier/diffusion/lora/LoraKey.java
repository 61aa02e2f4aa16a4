package daumier.diffusion.lora;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key of a LoRA file, taken apart.
 *
 * @param layer the layer as this family of files spells it
 * @param role what the tensor is to the layer
 */
record LoraKey(String layer, Role role) {

    /** What a tensor is to its layer. */
    enum Role {
        DOWN,
        UP,
        MID,
        ALPHA,
        /** PEFT's magnitudes of a DoRA, one for each output. */
        MAGNITUDE,
        /**
         * LyCORIS' magnitudes of a DoRA: a column, one for each output, or a row, for each input.
         */
        DORA_SCALE,
        HADA_W1_A,
        HADA_W1_B,
        HADA_W2_A,
        HADA_W2_B,
        HADA_T1,
        HADA_T2,
        LOKR_W1,
        LOKR_W1_A,
        LOKR_W1_B,
        LOKR_W2,
        LOKR_W2_A,
        LOKR_W2_B,
        LOKR_T2,
        /** The whole change of a weight. */
        DIFF
    }

    private record Ending(String text, Role role) {}

    /** Longer endings stand before those they end with. */
    private static final List<Ending> ENDINGS =
            List.of(
                    new Ending(".lora_down.weight", Role.DOWN),
                    new Ending(".lora_up.weight", Role.UP),
                    new Ending(".lora_mid.weight", Role.MID),
                    new Ending(".lora_A.weight", Role.DOWN),
                    new Ending(".lora_B.weight", Role.UP),
                    new Ending(".lora.down.weight", Role.DOWN),
                    new Ending(".lora.up.weight", Role.UP),
                    new Ending(".lora_linear_layer.down.weight", Role.DOWN),
                    new Ending(".lora_linear_layer.up.weight", Role.UP),
                    new Ending("_lora.down.weight", Role.DOWN),
                    new Ending("_lora.up.weight", Role.UP),
                    new Ending("_lora.alpha", Role.ALPHA),
                    new Ending(".alpha", Role.ALPHA),
                    new Ending(".lora_magnitude_vector", Role.MAGNITUDE),
                    new Ending(".lora_magnitude_vector.weight", Role.MAGNITUDE),
                    new Ending(".lora_magnitude_vector.default", Role.MAGNITUDE),
                    new Ending(".lora_magnitude_vector.default.weight", Role.MAGNITUDE),
                    new Ending(".dora_scale", Role.DORA_SCALE),
                    new Ending(".hada_w1_a", Role.HADA_W1_A),
                    new Ending(".hada_w1_b", Role.HADA_W1_B),
                    new Ending(".hada_w2_a", Role.HADA_W2_A),
                    new Ending(".hada_w2_b", Role.HADA_W2_B),
                    new Ending(".hada_t1", Role.HADA_T1),
                    new Ending(".hada_t2", Role.HADA_T2),
                    new Ending(".lokr_w1", Role.LOKR_W1),
                    new Ending(".lokr_w1_a", Role.LOKR_W1_A),
                    new Ending(".lokr_w1_b", Role.LOKR_W1_B),
                    new Ending(".lokr_w2", Role.LOKR_W2),
                    new Ending(".lokr_w2_a", Role.LOKR_W2_A),
                    new Ending(".lokr_w2_b", Role.LOKR_W2_B),
                    new Ending(".lokr_t2", Role.LOKR_T2),
                    new Ending(".diff", Role.DIFF));

    /** PEFT's raw names hold the adapter's own name. */
    private static final Pattern NAMED_ADAPTER =
            Pattern.compile("(.+)\\.lora_([AB])\\.[^.]+\\.weight");

    /** cloneofsimo's early files number the layers: {@code unet:12:down}. */
    private static final Pattern NUMBERED =
            Pattern.compile("((?:unet|text_encoder):\\d{1,6}):(down|up)");

    /** The parts of a key; empty if it is of no family known here. */
    static Optional<LoraKey> parse(String key) {
        for (Ending ending : ENDINGS) {
            if (key.endsWith(ending.text())) {
                String layer = key.substring(0, key.length() - ending.text().length());
                return Optional.of(new LoraKey(layer, ending.role()));
            }
        }
        Matcher named = NAMED_ADAPTER.matcher(key);
        if (named.matches()) {
            Role role = named.group(2).equals("A") ? Role.DOWN : Role.UP;
            return Optional.of(new LoraKey(named.group(1), role));
        }
        Matcher numbered = NUMBERED.matcher(key);
        if (numbered.matches()) {
            Role role = numbered.group(2).equals("down") ? Role.DOWN : Role.UP;
            return Optional.of(new LoraKey(numbered.group(1), role));
        }
        return Optional.empty();
    }
}
