package daumier.cli.sample;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import daumier.cli.Outputs;
import daumier.cli.picture.Provenance;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.sample.Sampler;
import daumier.diffusion.schedule.Composition;
import java.util.Map;

/** How {@code daumier sample} drew a picture, for the picture to carry. */
final class SampleProvenance {
    private SampleProvenance() {}

    /** The PNG texts of the picture of a seed, w x h pixels large. */
    static Map<String, String> of(SampleOptions options, Pack opened, long seed, int w, int h) {
        String asked =
                options.scheduler == null
                        ? Sampler.nameFor(opened.schedulerConfig())
                        : options.scheduler;
        // with what the pack's own settings make of it, such as Karras' sigmas
        String sampler = opened.sampler(asked).name();
        Provenance provenance =
                new Provenance("sample", webPrompt(options), options.negativePrompt)
                        .put("Steps", "num_inference_steps", options.steps)
                        .put("Sampler", "scheduler", SamplerNames.web(sampler))
                        .put("CFG scale", "guidance_scale", options.guidance)
                        .put("Seed", "seed", seed)
                        .put("Size", "size", w + "x" + h)
                        .put("Model", "pack", Outputs.name(opened.folder()))
                        .put("Precision", "dtype", options.dtype.name());
        provenance.json().addProperty("prompt", options.prompt);
        provenance.json().addProperty("scheduler", sampler);
        if (options.negativeClipSkip != 1) {
            provenance.json().addProperty("negative_clip_skip", options.negativeClipSkip);
        }
        if (!options.embeddings.isEmpty()) {
            JsonArray names = new JsonArray();
            options.embeddings.forEach(file -> names.add(Outputs.name(file)));
            provenance.json().add("embeddings", names);
        }
        if (options.clipSkip != 1) {
            provenance.put("Clip skip", "clip_skip", options.clipSkip);
        }
        if (options.eta != 0) {
            provenance.put("Eta DDIM", "eta", options.eta);
        }
        options.phase.tell(provenance);
        options.reference.tell(provenance);
        options.guide.tell(provenance);
        if (options.initImage != null) {
            provenance.put("Denoising strength", "strength", options.strength);
            provenance.json().addProperty("init_image", Outputs.name(options.initImage));
        }
        if (options.latents != null) {
            provenance.json().addProperty("latents", Outputs.name(options.latents));
        }
        if (options.adapterImage != null) {
            provenance.put("Adapter scale", "adapter_scale", options.adapterScale);
            provenance.json().addProperty("adapter_image", Outputs.name(options.adapterImage));
        }
        if (!options.composition.equals(Composition.SUM)) {
            provenance.put("LoRA composition", "compose", options.composition.toString());
        }
        if (!options.loras.isEmpty()) {
            JsonArray list = new JsonArray();
            for (LoraArgument lora : options.loras) {
                JsonObject entry = new JsonObject();
                entry.addProperty("name", lora.name());
                entry.addProperty("weight", lora.schedule().toString());
                lora.mask().ifPresent(mask -> entry.addProperty("mask", Outputs.name(mask)));
                list.add(entry);
            }
            provenance.json().add("loras", list);
        }
        return provenance.texts();
    }

    /** The prompt with the LoRAs in it, as the web UIs write them. */
    private static String webPrompt(SampleOptions options) {
        StringBuilder text = new StringBuilder(options.prompt);
        for (LoraArgument lora : options.loras) {
            text.append(" <lora:%s:%s>".formatted(lora.name(), lora.schedule().webText()));
        }
        return text.toString();
    }
}
