"""Writes how single-file checkpoints name things, and what diffusers computes from a small one.

Run: python make_goldens.py (torch, diffusers, transformers, safetensors, numpy). names.txt: the names of Stable Diffusion
1.5, ours and the file's. small.txt: the file's names and shapes of a small model, whose numbers are made of sines by both
sides; small.safetensors: what diffusers' own single-file conversion and models make of it.
"""
import pathlib
import re

import numpy as np
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint, convert_ldm_vae_checkpoint
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel

here = pathlib.Path(__file__).parent
torch.set_num_threads(1)


def unet_name(key, layers, attends):
    """The table of diffusers' scripts/convert_diffusers_to_original_stable_diffusion.py, for any depth."""
    outside = {"conv_in": "input_blocks.0.0", "time_embedding.linear_1": "time_embed.0",
               "time_embedding.linear_2": "time_embed.2", "conv_norm_out": "out.0", "conv_out": "out.2"}
    for ours, theirs in outside.items():
        if key.startswith(ours + "."):
            return theirs + key[len(ours):]
    pairs = []
    for i in range(len(attends)):
        for j in range(layers):
            pairs.append((f"down_blocks.{i}.resnets.{j}.", f"input_blocks.{(layers + 1) * i + j + 1}.0."))
            pairs.append((f"down_blocks.{i}.attentions.{j}.", f"input_blocks.{(layers + 1) * i + j + 1}.1."))
        for j in range(layers + 1):
            pairs.append((f"up_blocks.{i}.resnets.{j}.", f"output_blocks.{(layers + 1) * i + j}.0."))
            pairs.append((f"up_blocks.{i}.attentions.{j}.", f"output_blocks.{(layers + 1) * i + j}.1."))
        pairs.append((f"down_blocks.{i}.downsamplers.0.conv.", f"input_blocks.{(layers + 1) * (i + 1)}.0.op."))
        up_attends = attends[::-1][i]
        pairs.append((f"up_blocks.{i}.upsamplers.0.",
                      f"output_blocks.{(layers + 1) * i + layers}.{2 if up_attends else 1}."))
    pairs += [("mid_block.attentions.0.", "middle_block.1."), ("mid_block.resnets.0.", "middle_block.0."),
              ("mid_block.resnets.1.", "middle_block.2.")]
    inner = [("norm1", "in_layers.0"), ("conv1", "in_layers.2"), ("norm2", "out_layers.0"), ("conv2", "out_layers.3"),
             ("time_emb_proj", "emb_layers.1"), ("conv_shortcut", "skip_connection")]
    for ours, theirs in pairs:
        if key.startswith(ours):
            rest = key[len(ours):]
            if "resnets" in ours:
                for a, b in inner:
                    rest = re.sub(f"^{a}\\.", b + ".", rest)
            return theirs + rest
    raise KeyError(key)


def vae_name(key, levels):
    key = re.sub(r"^encoder\.down_blocks\.(\d+)\.downsamplers\.0\.", r"encoder.down.\1.downsample.", key)
    key = re.sub(r"^decoder\.up_blocks\.(\d+)\.upsamplers\.0\.",
                 lambda m: f"decoder.up.{levels - 1 - int(m[1])}.upsample.", key)
    key = re.sub(r"^encoder\.down_blocks\.(\d+)\.resnets\.", r"encoder.down.\1.block.", key)
    key = re.sub(r"^decoder\.up_blocks\.(\d+)\.resnets\.", lambda m: f"decoder.up.{levels - 1 - int(m[1])}.block.", key)
    key = key.replace("mid_block.attentions.0.", "mid.attn_1.")
    key = re.sub(r"mid_block\.resnets\.(\d)\.", lambda m: f"mid.block_{int(m[1]) + 1}.", key)
    if "attn_1" in key:
        for a, b in (("group_norm", "norm"), ("to_q", "q"), ("to_k", "k"), ("to_v", "v"), ("to_out.0", "proj_out")):
            key = key.replace(f"attn_1.{a}.", f"attn_1.{b}.")
    return key.replace("conv_shortcut", "nin_shortcut").replace("conv_norm_out", "norm_out")


def checked(unet, vae, layers, attends, levels):
    """Our key to the file's, held against diffusers' converters, which go the other way."""
    result = {}
    for model, name, prefix, convert in (
            (unet, lambda k: unet_name(k, layers, attends), "model.diffusion_model.", convert_ldm_unet_checkpoint),
            (vae, lambda k: vae_name(k, levels), "first_stage_model.", convert_ldm_vae_checkpoint)):
        keys = list(model.state_dict())
        tagged = {prefix + name(k): torch.tensor([float(i)]) for i, k in enumerate(keys)}
        assert len(tagged) == len(keys)
        back = convert(dict(tagged), dict(model.config))
        assert set(back) == set(keys), set(back) ^ set(keys)
        assert all(back[k].item() == i for i, k in enumerate(keys))
        result.update({("unet." if model is unet else "vae.") + k: prefix + name(k) for k in keys})
    return result


with torch.device("meta"):
    unet = UNet2DConditionModel(cross_attention_dim=768, attention_head_dim=8)
    vae = AutoencoderKL(block_out_channels=(128, 256, 512, 512), layers_per_block=2,
                        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4)
names = checked(unet, vae, 2, [True, True, True, False], 4)
(here / "names.txt").write_text("".join(f"{k} {v}\n" for k, v in names.items()))
print(len(names), "names of Stable Diffusion 1.5")

torch.manual_seed(0)
unet = UNet2DConditionModel(
    sample_size=64, block_out_channels=(32, 64), layers_per_block=1, cross_attention_dim=128, attention_head_dim=8,
    down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"))
vae = AutoencoderKL(block_out_channels=(32, 64), layers_per_block=1, down_block_types=("DownEncoderBlock2D",) * 2,
                    up_block_types=("UpDecoderBlock2D",) * 2)
text = CLIPTextModel(CLIPTextConfig(vocab_size=521, hidden_size=128, intermediate_size=96, num_hidden_layers=2,
                                    num_attention_heads=2, max_position_embeddings=16, projection_dim=128))
names = checked(unet, vae, 1, [True, False], 2)


def sines(key, shape):
    """Numbers that Java makes too."""
    n = int(np.prod(shape))
    wave = np.sin(0.37 * np.arange(n) + sum(map(ord, key)) % 1000 / 100)
    if len(shape) > 1:
        values = wave / np.sqrt(n / shape[0])
    elif "norm" in key.replace("in_layers.0", "norm").replace("out_layers.0", "norm").replace("out.0", "norm") \
            and key.endswith("weight"):
        values = 1 + 0.1 * wave
    else:
        values = 0.1 * wave
    return torch.tensor(values.astype(np.float32)).reshape(shape)


file = {}
for part, model in (("unet.", unet), ("vae.", vae)):
    for k, v in model.state_dict().items():
        shape = list(v.shape)
        if "attn_1" in names[part + k] and k.endswith("weight") and len(shape) == 2:
            shape += [1, 1]  # the file's attention convolves
        file[names[part + k]] = shape
for k, v in text.state_dict().items():
    if "position_ids" not in k:
        file["cond_stage_model.transformer." + k] = list(v.shape)
(here / "small.txt").write_text("".join(f"{k} {' '.join(map(str, s))}\n" for k, s in file.items()))
tensors = {k: sines(k, s) for k, s in file.items()}
unet.load_state_dict(convert_ldm_unet_checkpoint(dict(tensors), dict(unet.config)))
vae.load_state_dict(convert_ldm_vae_checkpoint(dict(tensors), dict(vae.config)))
text.load_state_dict({k.removeprefix("cond_stage_model.transformer."): v for k, v in tensors.items() if "cond_" in k},
                     strict=False)
for model in (unet, vae, text):
    model.eval().requires_grad_(False)
ids = torch.arange(16)[None] * 7 % 500
picture = torch.linspace(-1, 1, 3 * 16 * 16).reshape(1, 3, 16, 16)
latents = torch.linspace(-2, 2, 4 * 8 * 8).reshape(1, 4, 8, 8).sin()
states = text(ids).last_hidden_state
save_file({
    "ids": ids.contiguous(), "picture": picture.contiguous(), "latents": latents.contiguous(),
    "states": states.contiguous(),
    "noise": unet(latents, torch.tensor([321.0]), states).sample.contiguous(),
    "decoded": vae.decode(latents).sample.contiguous(),
    "mean": vae.encode(picture).latent_dist.mean.contiguous(),
}, here / "small.safetensors")
print(len(file), "tensors in the small file")
