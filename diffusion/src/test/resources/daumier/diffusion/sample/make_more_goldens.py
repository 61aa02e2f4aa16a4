"""Writes the goldens of further samplers, in the form of make_goldens.py and with its denoiser.

Run: python make_more_goldens.py (torch, diffusers, safetensors).
"""
import json
import math
import os

import torch
from diffusers import (DPMSolverMultistepScheduler, EulerAncestralDiscreteScheduler, PNDMScheduler,
                       UniPCMultistepScheduler)
from safetensors.torch import save_file

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
SD15 = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False,
            set_alpha_to_one=False, steps_offset=1, skip_prk_steps=True)
SHAPE = (1, 4, 8, 8)
CLASSES = {
    "euler-a": (EulerAncestralDiscreteScheduler, {}),
    "dpm++2m-karras": (DPMSolverMultistepScheduler, dict(use_karras_sigmas=True)),
    "dpm++2m-sde": (DPMSolverMultistepScheduler, dict(algorithm_type="sde-dpmsolver++")),
    "dpm++2m-sde-karras": (DPMSolverMultistepScheduler,
                           dict(algorithm_type="sde-dpmsolver++", use_karras_sigmas=True)),
    "plms": (PNDMScheduler, dict(skip_prk_steps=True)),
    "unipc": (UniPCMultistepScheduler, {}),
}


def model(x, t):
    return 0.6 * x + 0.2 * math.sin(float(t) / 100) - 0.05


def run(sampler, config, steps, strength=None, seed=7):
    cls, extra = CLASSES[sampler]
    s = cls.from_config(config, **extra)
    s.set_timesteps(steps)
    generator = torch.Generator().manual_seed(seed)
    timesteps = s.timesteps
    if strength is None:
        if hasattr(s, "set_begin_index"):
            s.set_begin_index(0)  # a timestep that Karras' sigmas name twice would be looked up wrongly
        x = torch.randn(SHAPE, generator=generator) * s.init_noise_sigma
    else:
        start = steps - min(int(steps * strength), steps)
        timesteps = timesteps[start:]
        s.set_begin_index(start)
        clean = torch.linspace(-1, 1, 256).reshape(SHAPE)
        x = s.add_noise(clean, torch.randn(SHAPE, generator=generator), timesteps[:1])
    for t in timesteps:
        out = model(s.scale_model_input(x, t), t)
        noisy = dict(generator=generator) if "sde" in sampler or sampler == "euler-a" else {}
        x = s.step(out, t, x, **noisy).prev_sample
    return timesteps, x


tensors, cases = {}, []


def case(sampler, config, steps=8, **options):
    timesteps, x = run(sampler, config, steps, **options)
    if not torch.isfinite(x).all():
        print("diffusers itself fails at", sampler, config, steps)
        return
    name = f"case{len(cases):03d}"
    tensors[name + ".x"] = x.float().contiguous()
    tensors[name + ".t"] = timesteps.float().contiguous()
    cases.append(dict(name=name, sampler=sampler, config=config, steps=steps, **options))


for sampler in CLASSES:
    types = ["epsilon", "v_prediction"] + (["sample"] if sampler not in ("euler-a", "plms") else [])
    spacings = ("leading", "trailing") if sampler == "plms" else ("leading", "linspace", "trailing")
    for prediction in types:
        for spacing in spacings:
            case(sampler, dict(SD15, timestep_spacing=spacing, prediction_type=prediction))
    case(sampler, {"_class_name": "PNDMScheduler", **SD15}, steps=20)
    for steps in (1, 2, 3, 4, 5, 25):
        if not (sampler == "plms" and steps == 1):  # diffusers cannot start PLMS with one step
            case(sampler, dict(SD15), steps=steps)
    case(sampler, dict(beta_schedule="squaredcos_cap_v2", clip_sample=False, timestep_spacing="leading"))
    if sampler != "plms":
        case(sampler, dict(SD15), strength=0.6, steps=10)
        case(sampler, dict(SD15, prediction_type="v_prediction", timestep_spacing="trailing",
                           rescale_betas_zero_snr=True))
case("plms", dict(SD15, set_alpha_to_one=True))
case("unipc", dict(SD15, solver_type="bh1", final_sigmas_type="sigma_min"))
case("unipc", dict(SD15, solver_order=1))
case("unipc", dict(SD15, solver_type="midpoint"))
case("unipc", dict(SD15, use_karras_sigmas=True))
case("unipc", dict(SD15, use_exponential_sigmas=True, timestep_spacing="trailing"))
case("unipc", dict(SD15, final_sigmas_type="sigma_min"))
case("unipc", dict(SD15, final_sigmas_type="sigma_min", lower_order_final=False))
case("dpm++2m-sde", dict(SD15, solver_type="heun"))
case("dpm++2m-sde", dict(SD15, final_sigmas_type="sigma_min"), steps=17)
case("dpm++2m-sde", dict(SD15, solver_order=1))
case("euler-a", dict(SD15, use_karras_sigmas=True, final_sigmas_type="sigma_min"))

save_file(tensors, os.path.join(HERE, "more-samplers.safetensors"))
with open(os.path.join(HERE, "more-samplers.json"), "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases), "cases")
