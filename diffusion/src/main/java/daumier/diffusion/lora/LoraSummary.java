package daumier.diffusion.lora;

import daumier.diffusion.lora.LoraKey.Role;
import daumier.diffusion.weights.SafetensorsFile;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a LoRA file says of itself without a model to hold it against.
 *
 * @param family who writes files of this form, e.g. {@code kohya}; empty for a file that is no LoRA
 * @param layers how many layers it changes
 * @param textEncoderLayers how many of them are the text encoder's
 * @param convolutions how many of them convolve, with a kernel of more than one point
 * @param ranks number of layers by rank; a layer whose change is held whole counts as rank 0
 * @param alphas number of layers by the alpha that the file gives them
 * @param baseModel the model it was made for, where names and shapes tell
 */
public record LoraSummary(
        String family,
        int layers,
        int textEncoderLayers,
        int convolutions,
        SortedMap<Integer, Integer> ranks,
        SortedMap<Double, Integer> alphas,
        Optional<String> baseModel) {

    /**
     * Reads names, shapes and alphas of a file.
     *
     * @throws IOException if the file cannot be read
     */
    public static LoraSummary of(SafetensorsFile file) throws IOException {
        Map<String, Map<Role, String>> layers = new LinkedHashMap<>();
        for (String name : file.names()) {
            LoraKey.parse(name)
                    .ifPresent(
                            key ->
                                    layers.computeIfAbsent(
                                                    key.layer(), l -> new EnumMap<>(Role.class))
                                            .put(key.role(), name));
        }
        Set<String> families = new LinkedHashSet<>();
        SortedMap<Integer, Integer> ranks = new TreeMap<>();
        SortedMap<Double, Integer> alphas = new TreeMap<>();
        int changed = 0;
        int text = 0;
        int convolutions = 0;
        for (Map.Entry<String, Map<Role, String>> layer : layers.entrySet()) {
            Map<Role, String> roles = layer.getValue();
            String bottleneck = bottleneck(roles);
            if (bottleneck == null) {
                continue;
            }
            changed++;
            families.add(family(roles, bottleneck));
            ranks.merge(rank(file, roles), 1, Integer::sum);
            text += layer.getKey().startsWith("lora_te") || isText(layer.getKey()) ? 1 : 0;
            convolutions += convolves(file, roles) ? 1 : 0;
            String alpha = roles.get(Role.ALPHA);
            if (alpha != null && file.info(alpha).elements() == 1) {
                alphas.merge(file.number(alpha), 1, Integer::sum);
            }
        }
        return new LoraSummary(
                String.join(", ", families),
                changed,
                text,
                convolutions,
                ranks,
                alphas,
                BaseModel.of(file));
    }

    private static boolean isText(String layer) {
        return layer.contains("text_");
    }

    private static String bottleneck(Map<Role, String> roles) {
        for (Role role :
                new Role[] {Role.DOWN, Role.HADA_W1_B, Role.LOKR_W1, Role.LOKR_W1_B, Role.DIFF}) {
            if (roles.containsKey(role)) {
                return roles.get(role);
            }
        }
        return null;
    }

    private static String family(Map<Role, String> roles, String key) {
        String family;
        if (roles.containsKey(Role.HADA_W1_B)) {
            family = "LyCORIS LoHa";
        } else if (roles.containsKey(Role.LOKR_W1) || roles.containsKey(Role.LOKR_W1_B)) {
            family = "LyCORIS LoKr";
        } else if (roles.containsKey(Role.DIFF)) {
            family = "LyCORIS whole difference";
        } else if (key.startsWith("unet:") || key.startsWith("text_encoder:")) {
            family = "lora_diffusion (layers by number)";
        } else if (key.contains(".lora_A.")) {
            family = "PEFT";
        } else if (key.endsWith("_lora.down.weight")) {
            family = "diffusers (processor)";
        } else if (key.endsWith(".lora_down.weight")) {
            family = roles.containsKey(Role.MID) ? "kohya (Tucker)" : "kohya";
        } else {
            family = "diffusers";
        }
        boolean dora = roles.containsKey(Role.MAGNITUDE) || roles.containsKey(Role.DORA_SCALE);
        return dora ? family + " with DoRA" : family;
    }

    private static int rank(SafetensorsFile file, Map<Role, String> roles) {
        for (Role role : new Role[] {Role.DOWN, Role.HADA_W1_B, Role.LOKR_W2_B, Role.LOKR_W1_B}) {
            String key = roles.get(role);
            if (key != null && file.info(key).shape().length > 0) {
                return (int) Math.min(file.info(key).shape()[0], Integer.MAX_VALUE);
            }
        }
        return 0;
    }

    private static boolean convolves(SafetensorsFile file, Map<Role, String> roles) {
        for (String key : roles.values()) {
            long[] shape = file.info(key).shape();
            if (shape.length == 4 && shape[2] > 1) {
                return true;
            }
        }
        return false;
    }
}
