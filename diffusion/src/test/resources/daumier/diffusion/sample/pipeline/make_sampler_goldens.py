"""Writes the latents of whole pictures of the pack by further samplers of diffusers' pipeline.

Run: python make_sampler_goldens.py (torch, diffusers, transformers, safetensors), after make_goldens.py.
"""
import os

import torch
from diffusers import (DPMSolverMultistepScheduler, EulerAncestralDiscreteScheduler, HeunDiscreteScheduler,
                       KDPM2DiscreteScheduler, PNDMScheduler, StableDiffusionPipeline, UniPCMultistepScheduler)
from safetensors.torch import save_file

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
pipe = StableDiffusionPipeline.from_pretrained(
    os.path.join(HERE, "pack"), safety_checker=None, feature_extractor=None, requires_safety_checker=False)
pipe.set_progress_bar_config(disable=True)
assert isinstance(pipe.scheduler, PNDMScheduler)
config = pipe.scheduler.config
out = {}
for name, scheduler in (
        ("own", pipe.scheduler),
        ("euler-a", EulerAncestralDiscreteScheduler.from_config(config)),
        ("dpm++2m-karras", DPMSolverMultistepScheduler.from_config(config, use_karras_sigmas=True)),
        ("dpm++2m-sde", DPMSolverMultistepScheduler.from_config(config, algorithm_type="sde-dpmsolver++")),
        ("unipc", UniPCMultistepScheduler.from_config(config)),
        # two calls of the network a step
        ("heun", HeunDiscreteScheduler.from_config(config)),
        ("heun-karras", HeunDiscreteScheduler.from_config(config, use_karras_sigmas=True)),
        ("dpm2", KDPM2DiscreteScheduler.from_config(config))):
    pipe.scheduler = scheduler
    out[name] = pipe(
        prompt="A face, big nose!", negative_prompt="an ear", num_inference_steps=8, guidance_scale=4.0, height=16,
        width=24, generator=torch.Generator().manual_seed(3), output_type="latent").images.contiguous()
save_file(out, os.path.join(HERE, "more.safetensors"))
print({k: (tuple(v.shape), v.std().item()) for k, v in out.items()})
