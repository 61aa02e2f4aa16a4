package daumier.cli.pack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.train.CaptionDropout;
import daumier.diffusion.train.CaptionObjective;
import daumier.diffusion.train.Conditioning;
import daumier.diffusion.train.DenoiserObjective;
import daumier.diffusion.train.ExampleStore;
import daumier.diffusion.train.LatentStore;
import daumier.diffusion.train.Networks;
import daumier.diffusion.train.TrainingPlan;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.SafetensorsWriter;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Trains U-Net, text encoder and geometry adapter together. */
final class DenoiserStages {
    private static final int DENOISER_BATCH = 16;

    /** Eyes and mouth are small, and what a portrait is looked at for. */
    private static final double FOCUS = 1.5;

    private final PackWorkshop shop;

    DenoiserStages(PackWorkshop shop) {
        this.shop = shop;
    }

    /** U-Net, text encoder and geometry adapter, together, on photographs. */
    void unet() throws IOException {
        if (shop.pack().has(PackFolder.UNET)) {
            return;
        }
        try (ExampleStore photographs = shop.photographs();
                NDManager scope = shop.manager().newSubManager()) {
            Weights unet = Weights.initial(scope, shop.seed() + 3);
            Weights text = Weights.initial(scope, shop.seed() + 4);
            Weights adapter = Weights.initial(scope, shop.seed() + 5);
            Networks networks = shop.networks(unet, text, adapter);
            silence(
                    unet.parameters(),
                    ".conv2.weight",
                    // The text is heard from the first step on, or it is learned late.
                    "attn1.to_out.0.weight",
                    "ff.net.2.weight",
                    "conv_out.weight");
            if (!readCaptions(networks, text, photographs, scope)) {
                return;
            }
            denoiser(networks, unet, text, adapter, photographs, scope, "unet");
        }
    }

    /**
     * U-Net, text encoder and adapter, longer, from where the pack holds them. LoRAs that were
     * trained before fit less well afterwards.
     */
    void refine() throws IOException {
        Path done = shop.work().resolve("refine.done");
        if (Files.exists(done)) {
            return;
        }
        try (ExampleStore photographs = shop.photographs();
                NDManager scope = shop.manager().newSubManager()) {
            Weights unet = Weights.open(shop.pack().folder(PackFolder.UNET), scope);
            Weights text = Weights.open(shop.pack().folder(PackFolder.TEXT), scope);
            Weights adapter = Weights.open(shop.pack().folder(PackFolder.ADAPTER), scope);
            Networks networks = shop.networks(unet, text, adapter);
            if (denoiser(networks, unet, text, adapter, photographs, scope, "refine")) {
                Files.createFile(done);
            }
        }
    }

    /** Trains what is given on photographs; true when all steps are done. */
    private boolean denoiser(
            Networks networks,
            Weights unet,
            Weights text,
            Weights adapter,
            ExampleStore photographs,
            NDManager scope,
            String name)
            throws IOException {
        boolean refines = name.equals("refine");
        LatentStore latents =
                LatentStore.encode(shop.readVae(scope), photographs, scope, Precision.BF16);
        shop.progress().begin("U-Net, text encoder and adapter" + (refines ? ", refined" : ""));
        SortedMap<String, NDArray> all = new TreeMap<>();
        unet.parameters().forEach((k, v) -> all.put("unet." + k, v));
        text.parameters().forEach((k, v) -> all.put("text_encoder." + k, v));
        adapter.parameters().forEach((k, v) -> all.put("adapter." + k, v));
        Conditioning conditioning =
                new Conditioning(networks, photographs, new CaptionDropout(0.08, 0.12), 0.1);
        TrainingPlan plan =
                refines
                        ? TrainingPlan.of(shop.budget().refineSteps(), 6e-4, shop.seed() + 8)
                                .withEma(0.998)
                        : TrainingPlan.of(shop.budget().unetSteps(), 1e-3, shop.seed())
                                .withEma(0.998);
        boolean done =
                shop.train(
                        name,
                        new DenoiserObjective(
                                networks, latents, conditioning, DENOISER_BATCH, null, FOCUS),
                        all,
                        plan);
        if (done) {
            shop.pack().write(PackFolder.TEXT, text.parameters());
            shop.pack().write(PackFolder.ADAPTER, adapter.parameters());
            shop.pack().write(PackFolder.UNET, unet.parameters());
        }
        return done;
    }

    /** The text encoder learns what its words look like; false if that was stopped. */
    private boolean readCaptions(
            Networks networks, Weights text, ExampleStore examples, NDManager scope)
            throws IOException {
        Path told = shop.work().resolve("text-told.safetensors");
        if (Files.exists(told)) {
            try (SafetensorsFile file = SafetensorsFile.open(told);
                    NDManager reading = scope.newSubManager()) {
                for (Map.Entry<String, NDArray> e : text.parameters().entrySet()) {
                    float[] values = file.load(reading, e.getKey()).toFloatArray();
                    e.getValue().set(FloatBuffer.wrap(values));
                }
            }
            return true;
        }
        shop.progress().begin("text encoder");
        CaptionObjective objective =
                new CaptionObjective(networks.text(), networks.tokenizer(), examples, 32, scope);
        SortedMap<String, NDArray> trained = new TreeMap<>(text.parameters());
        trained.put("head.weight", objective.weight());
        trained.put("head.bias", objective.bias());
        TrainingPlan plan = TrainingPlan.of(shop.budget().textSteps(), 1e-3, shop.seed());
        if (!shop.train("text", objective, trained, plan)) {
            return false;
        }
        SafetensorsWriter.write(told, text.parameters(), Map.of(), Dtype.F32);
        return true;
    }

    /** Residual branches start silent, so that a fresh network is the identity where it can be. */
    private static void silence(SortedMap<String, NDArray> parameters, String... endings) {
        parameters.forEach(
                (name, value) -> {
                    for (String ending : endings) {
                        if (name.endsWith(ending)) {
                            value.muli(0);
                        }
                    }
                });
    }
}
