"""Writes what diffusers makes of a LoRA whose weight differs by block: set_adapters with a dictionary, as its guide tells.

block_lora.safetensors is the LoRA in diffusers' form, over the attention layers of unet_sd.safetensors and clip_quick_gelu.safetensors
(diffusers leaves the other layers at 1); block_weights.safetensors holds `out/NAME.unet` and `out/NAME.text` for the inputs of those
two files. Run: python make_block_goldens.py (torch, diffusers, transformers, peft, safetensors), after make_goldens.py.
"""
import json
import pathlib

import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModel

HERE = pathlib.Path(__file__).parent
RANK = 3
WEIGHTS = {
    "groups": {"text_encoder": 0.4, "unet": {"down": 0.9, "mid": 0.2, "up": 0.6}},
    "blocks": {
        "text_encoder": 0.7,
        "unet": {
            "down": {"block_0": 0.3, "block_1": [-0.5], "block_2": 1.1},
            "mid": 0.8,
            "up": {"block_1": 0.0, "block_2": [0.4, 1.5], "block_3": 0.25},
        },
    },
}
torch.set_num_threads(1)
torch.set_grad_enabled(False)


def golden(name):
    path = HERE / f"{name}.safetensors"
    with safe_open(path, "pt") as f:
        config = json.loads(f.metadata()["config"])
    tensors = load_file(path)
    part = lambda group: {k[len(group) + 1 :]: v for k, v in tensors.items() if k.startswith(group + "/")}
    return config, part("w"), part("in")


config, weights, unet_in = golden("unet_sd")
unet = UNet2DConditionModel(**config)
unet.load_state_dict(weights)
config, weights, text_in = golden("clip_quick_gelu")
text = CLIPTextModel(CLIPTextConfig(**config))
nested = any(k.startswith("text_model.") for k in text.state_dict())
text.load_state_dict(weights if nested else {k.removeprefix("text_model."): v for k, v in weights.items()}, strict=False)
if not nested:  # newer transformers dropped the level that diffusers asks for
    object.__setattr__(text, "text_model", text)
pipe = StableDiffusionPipeline(
    vae=AutoencoderKL(block_out_channels=[4], norm_num_groups=1), text_encoder=text.eval(), tokenizer=None, unet=unet.eval(),
    scheduler=DDIMScheduler(), safety_checker=None, feature_extractor=None, requires_safety_checker=False)

generator = torch.Generator().manual_seed(21)
lora = {}
for prefix, model, wanted in (
    ("unet.", unet, ("to_q", "to_k", "to_v", "to_out.0", "proj_in", "proj_out", "ff.net.0.proj", "ff.net.2")),
    ("text_encoder." if nested else "text_encoder.text_model.", text, ("q_proj", "k_proj", "v_proj", "out_proj")),
):
    for path, module in model.named_modules():
        if path.endswith(wanted) and hasattr(module, "weight"):
            w = module.weight
            lora[f"{prefix}{path}.lora_A.weight"] = 0.3 * torch.randn((RANK, *w.shape[1:]), generator=generator)
            up = (w.shape[0], RANK, *([1, 1] if w.dim() == 4 else []))
            lora[f"{prefix}{path}.lora_B.weight"] = 0.3 * torch.randn(up, generator=generator)
save_file(lora, HERE / "block_lora.safetensors", metadata={"format": "pt"})

out = {}


def run(name):
    out[f"out/{name}.unet"] = unet(unet_in["sample"], unet_in["t"], unet_in["text"]).sample.contiguous()
    out[f"out/{name}.text"] = text(text_in["ids"]).last_hidden_state.contiguous()


run("none")
here = lora if nested else {k.replace("text_encoder.text_model.", "text_encoder."): v for k, v in lora.items()}
pipe.load_lora_weights(here, adapter_name="style")
for name, scales in WEIGHTS.items():
    pipe.set_adapters("style", scales)
    run(name)
save_file(out, HERE / "block_weights.safetensors", metadata={"weights": json.dumps(WEIGHTS)})
for name in WEIGHTS:
    for part in ("unet", "text"):
        print(name, part, (out[f"out/{name}.{part}"] - out[f"out/none.{part}"]).abs().max().item())
