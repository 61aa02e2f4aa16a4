package daumier.diffusion.lora;

import daumier.diffusion.lora.LoraKey.Role;
import daumier.diffusion.weights.SafetensorsFile;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * For which base model a LoRA was made, told by its names and by the width of its text features.
 */
final class BaseModel {

    private static final Pattern CROSS_ATTENTION =
            Pattern.compile(".*attn2[._](?:processor\\.)?to_[kv]");

    /** Names that occur in no LoRA for Stable Diffusion 1 or 2. */
    private static final Map<String, Pattern> NAMES =
            Map.of(
                    "Stable Diffusion XL",
                    Pattern.compile(
                            "lora_te2_.*|text_encoder_2\\..*|lora_unet_(input_blocks|middle_block"
                                    + "|output_blocks|label_emb)_.*"),
                    "Flux",
                    Pattern.compile(
                            "lora_unet_(double|single)_blocks_.*"
                                    + "|.*(double_blocks|single_transformer_blocks)\\..*"),
                    "Stable Diffusion 3",
                    Pattern.compile("lora_unet_joint_blocks_.*|.*joint_blocks\\..*|lora_te3_.*"));

    private BaseModel() {}

    /**
     * Refuses a file that was made for another base model.
     *
     * @throws LoraException naming that model
     */
    static void check(SafetensorsFile file, Collection<LoraTarget> targets) throws LoraException {
        OptionalLong ours =
                targets.stream()
                        .filter(t -> CROSS_ATTENTION.matcher(t.path()).matches())
                        .mapToLong(LoraTarget::in)
                        .findFirst();
        Optional<String> named = byName(file);
        OptionalLong theirs = textFeatures(file);
        if (named.isPresent()) {
            throw refusal(file, named.get(), ours);
        }
        if (ours.isPresent() && theirs.isPresent() && !ours.equals(theirs)) {
            throw refusal(file, family(theirs.getAsLong()), ours);
        }
    }

    /** For which base model a file was made, as far as it can be told. */
    static Optional<String> of(SafetensorsFile file) {
        Optional<String> named = byName(file);
        OptionalLong features = textFeatures(file);
        return named.isPresent() || features.isEmpty()
                ? named
                : Optional.of(family(features.getAsLong()));
    }

    private static LoraException refusal(SafetensorsFile file, String made, OptionalLong ours) {
        return new LoraException(
                "%s is a LoRA for %s, and this model is %s; use a LoRA made for it."
                        .formatted(
                                file,
                                made,
                                ours.isPresent() ? family(ours.getAsLong()) : "another one"));
    }

    private static String family(long textFeatures) {
        return switch ((int) Math.min(textFeatures, Integer.MAX_VALUE)) {
            case 768 -> "Stable Diffusion 1 (768 text features)";
            case 1024 -> "Stable Diffusion 2 (1024 text features)";
            case 2048 -> "Stable Diffusion XL (2048 text features)";
            default -> "a model with %d text features".formatted(textFeatures);
        };
    }

    private static Optional<String> byName(SafetensorsFile file) {
        return NAMES.entrySet().stream()
                .filter(e -> file.names().stream().anyMatch(e.getValue().asMatchPredicate()))
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst();
    }

    private static OptionalLong textFeatures(SafetensorsFile file) {
        for (String name : file.names()) {
            Optional<LoraKey> key = LoraKey.parse(name);
            if (key.isPresent() && CROSS_ATTENTION.matcher(key.get().layer()).matches()) {
                OptionalLong in = inputs(file, name, key.get());
                if (in.isPresent()) {
                    return in;
                }
            }
        }
        return OptionalLong.empty();
    }

    /** Inputs of a linear layer, told by a tensor that goes into its bottleneck. */
    private static OptionalLong inputs(SafetensorsFile file, String name, LoraKey key) {
        long[] shape = file.info(name).shape();
        if (shape.length < 2) {
            return OptionalLong.empty();
        }
        if (key.role() == Role.DOWN || key.role() == Role.HADA_W1_B || key.role() == Role.DIFF) {
            return OptionalLong.of(shape[1]);
        }
        if (key.role() == Role.LOKR_W1 || key.role() == Role.LOKR_W1_B) {
            String outer = name.substring(0, name.lastIndexOf("lokr_"));
            for (String inner : new String[] {outer + "lokr_w2", outer + "lokr_w2_b"}) {
                if (file.has(inner) && file.info(inner).shape().length == 2) {
                    return OptionalLong.of(shape[1] * file.info(inner).shape()[1]);
                }
            }
        }
        return OptionalLong.empty();
    }
}
