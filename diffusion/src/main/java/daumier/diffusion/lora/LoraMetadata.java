package daumier.diffusion.lora;

import java.util.Map;
import java.util.TreeMap;

/**
 * The metadata other programs look for in a LoRA file: kohya's {@code ss_*} and Stability's {@code
 * modelspec.*} (https://github.com/Stability-AI/ModelSpec, version 1.0.0).
 */
final class LoraMetadata {

    private LoraMetadata() {}

    /** What is given, and for the rest what can be told from the LoRA itself; sorted by key. */
    static Map<String, String> completed(LoraWeights lora, Map<String, String> given) {
        double alpha = lora.pairs().values().stream().mapToDouble(LoraPair::alpha).max().orElse(0);
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", "pt");
        metadata.put("ss_network_module", "networks.lora");
        metadata.put("ss_network_dim", Integer.toString(lora.rank()));
        metadata.put("ss_network_alpha", Double.toString(alpha));
        metadata.put("ss_output_name", lora.name());
        metadata.put("modelspec.sai_model_spec", "1.0.0");
        if (isForStableDiffusion1(lora)) {
            metadata.put("ss_base_model_version", "sd_v1");
            metadata.put("modelspec.architecture", "stable-diffusion-v1/lora");
        } else {
            metadata.put("modelspec.architecture", "daumier/lora");
        }
        metadata.put("modelspec.implementation", "diffusers");
        metadata.put("modelspec.title", lora.name());
        metadata.putAll(given);
        return metadata;
    }

    private static boolean isForStableDiffusion1(LoraWeights lora) {
        return lora.pairs().entrySet().stream()
                .anyMatch(
                        e ->
                                e.getKey().endsWith("attn2.to_k")
                                        && e.getValue().down().getShape().get(1) == 768);
    }
}
