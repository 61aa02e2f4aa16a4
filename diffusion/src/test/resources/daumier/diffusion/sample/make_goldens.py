"""Writes the goldens of the samplers with diffusers' schedulers and an analytic denoiser.

Run: python make_goldens.py (torch, diffusers, safetensors). The denoiser's raw output for the
model input x (variance-preserving scale) at timestep t is 0.6 * x + 0.2 * sin(t / 100) - 0.05.
"""
import json
import math
import os

import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, EulerDiscreteScheduler, LCMScheduler
from safetensors.torch import save_file

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
CLASSES = {"ddim": DDIMScheduler, "euler": EulerDiscreteScheduler,
           "dpm++2m": DPMSolverMultistepScheduler, "lcm": LCMScheduler}
SD15 = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False,
            set_alpha_to_one=False, steps_offset=1)
SHAPE = (1, 4, 8, 8)


def model(x, t):
    return 0.6 * x + 0.2 * math.sin(float(t) / 100) - 0.05


def run(sampler, config, steps, eta=0.0, strength=None, seed=7):
    s = CLASSES[sampler].from_config(config)
    s.set_timesteps(steps)
    generator = torch.Generator().manual_seed(seed)
    timesteps = s.timesteps
    if strength is None:
        x = torch.randn(SHAPE, generator=generator) * s.init_noise_sigma
    else:
        start = steps - min(int(steps * strength), steps)
        timesteps = timesteps[start:]
        if hasattr(s, "set_begin_index"):
            s.set_begin_index(start)
        clean = torch.linspace(-1, 1, 256).reshape(SHAPE)
        x = s.add_noise(clean, torch.randn(SHAPE, generator=generator), timesteps[:1])
    for t in timesteps:
        out = model(s.scale_model_input(x, t), t)
        extra = {}
        if sampler in ("ddim", "lcm"):
            extra["generator"] = generator
        if sampler == "ddim":
            extra["eta"] = eta
        x = s.step(out, t, x, **extra).prev_sample
    return timesteps, x


tensors, cases = {}, []


def case(sampler, config, steps=8, **options):
    timesteps, x = run(sampler, config, steps, **options)
    name = f"case{len(cases):03d}"
    tensors[name + ".x"] = x.float().contiguous()
    tensors[name + ".t"] = timesteps.float().contiguous()
    cases.append(dict(name=name, sampler=sampler, config=config, steps=steps, **options))


for sampler in CLASSES:
    for spacing in ("leading", "linspace", "trailing"):
        for prediction in ("epsilon", "v_prediction", "sample"):
            config = dict(SD15, timestep_spacing=spacing, prediction_type=prediction)
            case(sampler, config)
            if sampler != "lcm":
                config = dict(beta_schedule="squaredcos_cap_v2", clip_sample=False,
                              timestep_spacing=spacing, prediction_type=prediction)
                if prediction != "epsilon":
                    case(sampler, config)
    case(sampler, {"_class_name": "PNDMScheduler", "skip_prk_steps": True, **SD15})
    case(sampler, dict(SD15, beta_schedule="linear"), steps=5)
    case(sampler, {}, steps=20 if sampler != "lcm" else 6)
    case(sampler, dict(SD15, prediction_type="v_prediction", timestep_spacing="trailing",
                       rescale_betas_zero_snr=True))
    case(sampler, dict(SD15, trained_betas=[0.001 + 0.00001 * i for i in range(1000)]))
    case(sampler, dict(SD15), steps=30 if sampler != "lcm" else 7)
    case(sampler, dict(SD15, timestep_spacing="trailing"), steps=30 if sampler != "lcm" else 3)
    case(sampler, dict(SD15), strength=0.6, steps=10)
    case(sampler, dict(SD15), strength=1.0, steps=4)
    case(sampler, dict(SD15, clip_sample=True, clip_sample_range=1.2))
for eta in (0.5, 1.0):
    case("ddim", dict(SD15), eta=eta)
    case("ddim", dict(SD15, timestep_spacing="trailing", set_alpha_to_one=True), eta=eta)
for sampler in ("euler", "dpm++2m"):
    case(sampler, dict(SD15, use_karras_sigmas=True))
    case(sampler, dict(SD15, use_exponential_sigmas=True, timestep_spacing="trailing"))
    case(sampler, dict(SD15, final_sigmas_type="sigma_min"))
    case(sampler, dict(SD15, final_sigmas_type="sigma_min"), steps=17)
case("dpm++2m", dict(SD15, solver_type="heun"))
case("dpm++2m", dict(SD15, solver_order=1))
case("dpm++2m", dict(beta_schedule="squaredcos_cap_v2", lambda_min_clipped=-5.1))
case("dpm++2m", dict(SD15, euler_at_final=True), steps=17)

save_file(tensors, os.path.join(HERE, "samplers.safetensors"))
with open(os.path.join(HERE, "samplers.json"), "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")

# PyTorch's own noise, over both of its paths and their mixtures.
noise = {}
for seed in (0, 42, 2**32 + 5, 123456789012345):
    for count in (1, 5, 15, 16, 17, 100, 4 * 16 * 16):
        noise[f"randn.{seed}.{count}"] = torch.randn(count, generator=torch.Generator().manual_seed(seed))
    g = torch.Generator().manual_seed(seed)
    noise[f"mixed.{seed}"] = torch.cat([torch.randn(n, generator=g) for n in (3, 20, 4, 700, 1, 64)])
    noise[f"picture.{seed}"] = torch.randn((1, 4, 8, 12), generator=torch.Generator().manual_seed(seed))
save_file(noise, os.path.join(HERE, "noise.safetensors"))

tables = {}
for name, config in dict(default={}, sd15=SD15, cosine=dict(beta_schedule="squaredcos_cap_v2"),
                         zero=dict(SD15, rescale_betas_zero_snr=True)).items():
    tables[name] = DDIMScheduler.from_config(config).alphas_cumprod.contiguous()
save_file(tables, os.path.join(HERE, "tables.safetensors"))
