"""Writes reference.safetensors: extended self-attention over a reference portrait, as an attention processor of diffusers.

`unet/STRENGTH.REFERENCES` are outputs of ../../nn/unet_sd.safetensors' U-Net whose last rows are references; `latents.NAME` are the
latents of the pack after six DDIM steps with guidance, the reference `picture` noised to each step's timestep within a range.
Run: python make_reference_goldens.py (diffusers 0.32, transformers 4.49, torch 2.5)
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from transformers import CLIPTextModel, CLIPTokenizer

torch.set_num_threads(1)
HERE = pathlib.Path(__file__).parent
PACK = HERE / "pack"


class SharedSelfAttention:
    """Rows before the last `references` see the keys and values of a reference beside their own."""

    def __init__(self, references, strength):
        self.references = references
        self.strength = strength

    def __call__(self, attn, hidden_states, encoder_hidden_states=None, attention_mask=None, **_):
        def heads(x):
            return x.unflatten(-1, (attn.heads, -1)).transpose(1, 2)

        q, k, v = heads(attn.to_q(hidden_states)), heads(attn.to_k(hidden_states)), heads(attn.to_v(hidden_states))
        rows = []
        first = len(hidden_states) - self.references
        for i in range(len(hidden_states)):
            keys, values, bias = k[i], v[i], None
            if i < first:
                j = first + i % self.references
                keys, values = torch.cat([keys, k[j]], 1), torch.cat([values, v[j]], 1)
                bias = torch.zeros(keys.shape[1])
                bias[k.shape[2] :] = math.log(self.strength)
            rows.append(F.scaled_dot_product_attention(q[i], keys, values, attn_mask=bias))
        y = torch.stack(rows).transpose(1, 2).flatten(2)
        return attn.to_out[1](attn.to_out[0](y))


def share(unet, references, strength):
    plain = UNet2DConditionModel.from_config(unet.config).attn_processors
    if references:
        plain = {k: SharedSelfAttention(references, strength) if ".attn1." in k else p for k, p in plain.items()}
    unet.set_attn_processor(plain)


def small_unet(out):
    path = HERE.parent.parent / "nn" / "unet_sd.safetensors"
    with safe_open(path, "pt") as f:
        config = json.loads(f.metadata()["config"])
    tensors = load_file(path)
    unet = UNet2DConditionModel(**config).eval()
    unet.load_state_dict({k[2:]: v for k, v in tensors.items() if k.startswith("w/")})
    generator = torch.Generator().manual_seed(5)
    for references, strength in [(1, 1.0), (1, 0.4), (2, 2.5)]:
        more = torch.randn(references, *tensors["in/sample"].shape[1:], generator=generator)
        x = torch.cat([tensors["in/sample"], more])
        t = torch.cat([tensors["in/t"], torch.full((references,), 400.0)])
        text = torch.cat([tensors["in/text"], tensors["in/text"][:references]])
        share(unet, references, strength)
        out[f"unet/{strength}.{references}.in"] = more
        out[f"unet/{strength}.{references}"] = unet(x, t, text).sample


def whole_pack(out):
    unet = UNet2DConditionModel.from_pretrained(PACK / "unet").eval()
    vae = AutoencoderKL.from_pretrained(PACK / "vae").eval()
    text = CLIPTextModel.from_pretrained(PACK / "text_encoder").eval()
    tokenizer = CLIPTokenizer.from_pretrained(PACK / "tokenizer")
    prompts = ["an ear", "A face, big nose!"]
    ids = tokenizer(prompts, padding="max_length", max_length=16, truncation=True, return_tensors="pt").input_ids
    states = text(ids).last_hidden_state
    picture = torch.rand(1, 3, 16, 24, generator=torch.Generator().manual_seed(8)) * 2 - 1
    out["picture"] = picture
    clean = vae.encode(picture).latent_dist.mode() * vae.config.scaling_factor
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(11))
    for name, strength, low, high in [("all", 1.0, 0, 1000), ("early", 0.5, 400, 1000)]:
        scheduler = DDIMScheduler.from_pretrained(PACK / "scheduler")
        scheduler.set_timesteps(6)
        x = torch.randn(clean.shape, generator=torch.Generator().manual_seed(3))
        for t in scheduler.timesteps:
            if low <= t <= high:
                share(unet, 1, strength)
                reference = scheduler.add_noise(clean, noise, t[None])
                both = unet(torch.cat([x, x, reference]), t, torch.cat([states, states[1:]])).sample[:2]
            else:
                share(unet, 0, None)
                both = unet(torch.cat([x, x]), t, states).sample
            guided = both[:1] + 4 * (both[1:] - both[:1])
            x = scheduler.step(guided, t, x).prev_sample
        out[f"latents.{name}"] = x


def main():
    out = {}
    with torch.no_grad():
        small_unet(out)
        whole_pack(out)
    save_file({k: v.contiguous() for k, v in out.items()}, HERE / "reference.safetensors")


if __name__ == "__main__":
    main()
