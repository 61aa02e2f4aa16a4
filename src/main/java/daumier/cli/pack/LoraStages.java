package daumier.cli.pack;

import ai.djl.ndarray.NDManager;
import daumier.diffusion.lora.LoraFile;
import daumier.diffusion.lora.LoraWeights;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.train.CaptionDropout;
import daumier.diffusion.train.Conditioning;
import daumier.diffusion.train.ConsistencyObjective;
import daumier.diffusion.train.DenoiserObjective;
import daumier.diffusion.train.ExampleStore;
import daumier.diffusion.train.LatentStore;
import daumier.diffusion.train.Networks;
import daumier.diffusion.train.Objective;
import daumier.diffusion.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Trains LoRAs on the finished U-Net: those of the looks, and the LCM-LoRA of previews. */
final class LoraStages {
    /** At such rates a single bad batch would blow a LoRA up. */
    private static final double LORA_CLIP = 0.3;

    private static final int LORA_BATCH = 4;
    private static final int LCM_BATCH = 8;

    private final PackWorkshop shop;

    LoraStages(PackWorkshop shop) {
        this.shop = shop;
    }

    /** One LoRA of a look, as its user would train it: few pictures, few characters, no map. */
    void lora(Atelier atelier) throws IOException {
        Path target = shop.pack().lora(atelier.name());
        if (Files.exists(target)) {
            return;
        }
        shop.progress().begin("LoRA " + atelier.name());
        try (ExampleStore examples =
                        ExampleStore.open(
                                shop.work().resolve("characters-" + atelier.name()),
                                PackWorkshop.SIZE,
                                0);
                NDManager scope = shop.manager().newSubManager()) {
            new FaceExamples(shop.seed())
                    .characters(examples, atelier.look(), atelier.characters(), i -> {});
            LatentStore latents =
                    LatentStore.encode(shop.readVae(scope), examples, scope, Precision.FP32);
            Networks read = shop.readNetworks(scope);
            Networks networks =
                    new Networks(
                            read.unet(),
                            read.text(),
                            read.tokenizer(),
                            null,
                            read.schedule(),
                            read.velocity(),
                            read.precision());
            int column =
                    networks.unet()
                            .lora()
                            .attachTrainable(
                                    atelier.name(),
                                    atelier.rank(),
                                    atelier.rank(),
                                    t -> true,
                                    shop.seed() + 6);
            Conditioning conditioning =
                    new Conditioning(networks, examples, new CaptionDropout(0.1, 0.4), 1);
            long steps = Math.max(1, Math.round(atelier.steps() * shop.budget().loraScale()));
            TrainingPlan plan =
                    TrainingPlan.of(steps, atelier.learningRate(), shop.seed())
                            .withEma(0.98)
                            .withClipNorm(LORA_CLIP);
            Objective objective =
                    new DenoiserObjective(
                            networks, latents, conditioning, LORA_BATCH, LoraScales.of(1f), 0);
            if (shop.train(
                    "lora-" + atelier.name(),
                    objective,
                    networks.unet().lora().parameters(column),
                    plan)) {
                write(
                        target,
                        networks.unet().lora().weights(column).strengthened(atelier.strength()),
                        atelier.metadata(steps));
            }
        }
    }

    /** The LCM-LoRA that previews are seen through. */
    void lcm() throws IOException {
        Path target = shop.pack().lora("lcm");
        if (Files.exists(target)) {
            return;
        }
        shop.progress().begin("LCM-LoRA");
        try (ExampleStore photographs = shop.photographs();
                NDManager scope = shop.manager().newSubManager()) {
            LatentStore latents =
                    LatentStore.encode(shop.readVae(scope), photographs, scope, Precision.BF16);
            Networks networks = shop.readNetworks(scope);
            int column =
                    networks.unet().lora().attachTrainable("lcm", 4, 4, t -> true, shop.seed() + 7);
            Conditioning conditioning =
                    new Conditioning(networks, photographs, new CaptionDropout(0.05, 0.1), 0.1);
            Objective objective =
                    new ConsistencyObjective(
                            networks,
                            latents,
                            conditioning,
                            LCM_BATCH,
                            LoraScales.of(0f),
                            LoraScales.of(1f));
            TrainingPlan plan =
                    TrainingPlan.of(shop.budget().lcmSteps(), 4e-4, shop.seed()).withEma(0.95);
            if (shop.train(
                    "lora-lcm", objective, networks.unet().lora().parameters(column), plan)) {
                Map<String, String> metadata = new LinkedHashMap<>();
                metadata.put("modelspec.title", "LCM-LoRA");
                metadata.put("ss_steps", Long.toString(shop.budget().lcmSteps()));
                write(target, networks.unet().lora().weights(column), metadata);
            }
        }
    }

    private static void write(Path target, LoraWeights weights, Map<String, String> metadata)
            throws IOException {
        Files.createDirectories(target.getParent());
        LoraFile.write(target, weights, metadata);
    }
}
