"""Writes a tiny random pack in the diffusers layout and what diffusers' pipelines make of it.

Run: python make_goldens.py (torch, diffusers, transformers, safetensors). The pack has two levels
everywhere, latents of half the pictures' size, and weights around 0.1, so that every part matters.
"""
import json
import os
import shutil

import torch
from diffusers import (AutoencoderKL, AutoencoderTiny, DDIMScheduler, DPMSolverMultistepScheduler,
                       EulerDiscreteScheduler, LCMScheduler, StableDiffusionAdapterPipeline,
                       StableDiffusionImg2ImgPipeline, StableDiffusionPipeline, T2IAdapter,
                       UNet2DConditionModel)
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
PACK = os.path.join(HERE, "pack")
shutil.rmtree(PACK, ignore_errors=True)
os.makedirs(os.path.join(PACK, "tokenizer"))
os.makedirs(os.path.join(PACK, "lora"))


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in model.parameters():
            fan = p[0].numel() if p.dim() > 1 else 0
            noise = torch.randn(p.shape, generator=generator)
            p.copy_(noise / fan**0.5 if fan else p + 0.1 * noise)
    return model.eval().requires_grad_(False)


# A byte vocabulary with a few merges.
def byte_alphabet():
    keep = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    extra = [b for b in range(256) if b not in keep]
    return [chr(b) for b in keep] + [chr(256 + i) for i in range(len(extra))]


alphabet = byte_alphabet()
merges = [("f", "a"), ("fa", "c"), ("fac", "e</w>"), ("n", "o"), ("no", "s"), ("nos", "e</w>"), ("a", "n")]
words = alphabet + [a + "</w>" for a in alphabet] + ["".join(m) for m in merges]
words += ["<|startoftext|>", "<|endoftext|>"]
with open(os.path.join(PACK, "tokenizer", "vocab.json"), "w") as f:
    json.dump({w: i for i, w in enumerate(words)}, f)
with open(os.path.join(PACK, "tokenizer", "merges.txt"), "w") as f:
    f.write("#version: 0.2\n" + "\n".join(" ".join(m) for m in merges) + "\n")
with open(os.path.join(PACK, "tokenizer", "tokenizer_config.json"), "w") as f:
    json.dump({"tokenizer_class": "CLIPTokenizer", "model_max_length": 16, "bos_token": "<|startoftext|>",
               "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>", "pad_token": "<|endoftext|>"}, f)
tokenizer = CLIPTokenizer.from_pretrained(os.path.join(PACK, "tokenizer"))

unet = randomise(UNet2DConditionModel(
    sample_size=8, block_out_channels=(16, 32), layers_per_block=1, cross_attention_dim=16,
    attention_head_dim=2, norm_num_groups=4, down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
    up_block_types=("UpBlock2D", "CrossAttnUpBlock2D")), 1)
vae = randomise(AutoencoderKL(
    block_out_channels=(8, 16), layers_per_block=1, norm_num_groups=4, latent_channels=4, sample_size=16,
    down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2,
    scaling_factor=0.4), 2)
text = randomise(CLIPTextModel(CLIPTextConfig(
    vocab_size=len(words), hidden_size=16, intermediate_size=32, num_hidden_layers=3, num_attention_heads=2,
    max_position_embeddings=16, projection_dim=16, bos_token_id=len(words) - 2, eos_token_id=len(words) - 1,
    pad_token_id=len(words) - 1)), 3)
tiny = randomise(AutoencoderTiny(
    encoder_block_out_channels=(8, 8), decoder_block_out_channels=(8, 8), num_encoder_blocks=(1, 1),
    num_decoder_blocks=(1, 1)), 4)
adapter = randomise(T2IAdapter(in_channels=3, channels=[16, 32], num_res_blocks=1, downscale_factor=2), 5)
scheduler = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False,
                 set_alpha_to_one=False, steps_offset=1, prediction_type="v_prediction")

pipe = StableDiffusionPipeline(
    vae=vae, text_encoder=text, tokenizer=tokenizer, unet=unet, scheduler=DDIMScheduler.from_config(scheduler),
    safety_checker=None, feature_extractor=None, requires_safety_checker=False)
for name, model in (("unet", unet), ("vae", vae), ("taesd", tiny), ("adapter", adapter)):
    model.save_pretrained(os.path.join(PACK, name))
folder = os.path.join(PACK, "text_encoder")
text.config.save_pretrained(folder)
state = {(k if k.startswith("text_model.") else "text_model." + k): v.contiguous()
         for k, v in text.state_dict().items() if "position_ids" not in k}
save_file(state, os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
os.makedirs(os.path.join(PACK, "scheduler"))
with open(os.path.join(PACK, "scheduler", "scheduler_config.json"), "w") as f:
    json.dump({"_class_name": "PNDMScheduler", "skip_prk_steps": True, **scheduler}, f, indent=2)
with open(os.path.join(PACK, "model_index.json"), "w") as f:
    json.dump({"_class_name": "StableDiffusionPipeline",
               "scheduler": ["diffusers", "PNDMScheduler"],
               "text_encoder": ["transformers", "CLIPTextModel"],
               "tokenizer": ["transformers", "CLIPTokenizer"],
               "unet": ["diffusers", "UNet2DConditionModel"],
               "vae": ["diffusers", "AutoencoderKL"]}, f, indent=2)

# A kohya LoRA of rank 2 and alpha 1 over linear layers, convolutions and the text encoder.
generator = torch.Generator().manual_seed(6)
lora, deltas = {}, {}
for prefix, model, wanted in (
        ("lora_unet_", unet, ("to_q", "to_v", "to_out.0", "ff.net.0.proj", "proj_in", "conv1", "time_emb_proj")),
        ("lora_te_", text, ("q_proj", "fc1"))):
    for path, module in model.named_modules():
        if not path.endswith(wanted) or not hasattr(module, "weight"):
            continue
        w = module.weight
        down = torch.randn((2, *w.shape[1:]), generator=generator) * (1.0 / w[0].numel() ** 0.5)
        up = torch.randn((w.shape[0], 2, *([1, 1] if w.dim() == 4 else [])), generator=generator)
        key = prefix + path.replace(".", "_") if prefix == "lora_unet_" or path.startswith("text_model") \
            else prefix + "text_model_" + path.replace(".", "_")
        lora[key + ".lora_down.weight"] = down
        lora[key + ".lora_up.weight"] = up
        lora[key + ".alpha"] = torch.tensor(1.0)
        deltas[(prefix, path)] = 0.5 * (up.flatten(1) @ down.flatten(1)).reshape(w.shape)
save_file(lora, os.path.join(PACK, "lora", "style.safetensors"), metadata={"ss_network_dim": "2"})
bases = {key: dict((unet if key[0] == "lora_unet_" else text).named_modules())[key[1]].weight.clone() for key in deltas}


def set_lora(scale, prefixes=("lora_unet_", "lora_te_")):
    for key, delta in deltas.items():
        if key[0] in prefixes:
            model = unet if key[0] == "lora_unet_" else text
            dict(model.named_modules())[key[1]].weight.copy_(bases[key] + scale * delta)


PROMPT, NEGATIVE = "A face, big nose!", "an ear"
out = {}


def both(name, kind, cls, sched, **arguments):
    p = kind(**{k: v for k, v in pipe.components.items() if k in ("vae", "text_encoder", "tokenizer", "unet")},
             scheduler=sched.from_config(scheduler), safety_checker=None, feature_extractor=None,
             requires_safety_checker=False, **cls)
    p.set_progress_bar_config(disable=True)
    latents = p(prompt=PROMPT, negative_prompt=NEGATIVE, output_type="latent", **arguments).images
    out[name + ".latents"] = latents.contiguous()
    out[name + ".image"] = vae.decode(latents / vae.config.scaling_factor).sample.contiguous()
    out[name + ".preview"] = tiny.decode(latents).sample.contiguous()


if not hasattr(text, "text_model"):  # newer transformers dropped the level that diffusers asks for
    object.__setattr__(text, "text_model", text)


def seed(n):
    return torch.Generator().manual_seed(n)


with torch.no_grad():
    ids = tokenizer([PROMPT, NEGATIVE], padding="max_length", max_length=16, truncation=True).input_ids
    out["ids"] = torch.tensor(ids, dtype=torch.int32)
    plain = dict(num_inference_steps=8, guidance_scale=4.0, height=16, width=24)
    both("ddim", StableDiffusionPipeline, {}, DDIMScheduler, generator=seed(3), **plain)
    both("euler", StableDiffusionPipeline, {}, EulerDiscreteScheduler, generator=seed(3), **plain)
    both("skip", StableDiffusionPipeline, {}, DPMSolverMultistepScheduler, generator=seed(3), clip_skip=1, **plain)
    both("lcm", StableDiffusionPipeline, {}, LCMScheduler, generator=seed(3),
         **dict(plain, num_inference_steps=4, guidance_scale=1.0))
    condition = torch.rand((1, 3, 16, 24), generator=seed(8))
    out["condition"] = condition
    both("adapter", StableDiffusionAdapterPipeline, dict(adapter=adapter), DPMSolverMultistepScheduler,
         generator=seed(3), image=condition, adapter_conditioning_scale=0.8, **plain)
    image = torch.rand((1, 3, 16, 24), generator=seed(9)) * 2 - 1
    out["init"] = image
    both("img2img", StableDiffusionImg2ImgPipeline, {}, DDIMScheduler, generator=seed(3), image=image,
         strength=0.6, num_inference_steps=8, guidance_scale=4.0)
    set_lora(0.7)
    both("lora", StableDiffusionPipeline, {}, DPMSolverMultistepScheduler, generator=seed(3), **plain)
    set_lora(0.3)

    def scheduled(p, i, t, kwargs):
        set_lora(0.3 + 0.4 * (i + 1) / 7, ("lora_unet_",))
        return kwargs

    both("schedule", StableDiffusionPipeline, {}, DDIMScheduler, generator=seed(3),
         callback_on_step_end=scheduled, **plain)
save_file(out, os.path.join(HERE, "pipeline.safetensors"))
