package daumier.cli.pack.card;

import java.util.List;

/** What of a pack the environment draws and measures with. */
final class EnvironmentParts {
    static final List<String> ALL =
            List.of(
                    "vae/diffusion_pytorch_model.safetensors",
                    "taesd/diffusion_pytorch_model.safetensors",
                    "unet/diffusion_pytorch_model.safetensors",
                    "text_encoder/model.safetensors",
                    "adapter/diffusion_pytorch_model.safetensors",
                    "lora",
                    "faces/landmarks-meter.safetensors",
                    "faces/landmarks-judge.safetensors",
                    "faces/identity.safetensors",
                    "faces/identity-judge.safetensors",
                    "faces/style.safetensors",
                    "faces/style-judge.safetensors",
                    "faces/meter.json",
                    "faces/meter-judge.json");

    private EnvironmentParts() {}
}
