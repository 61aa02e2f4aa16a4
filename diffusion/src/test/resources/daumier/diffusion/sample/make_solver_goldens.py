"""Writes the goldens of the solvers that make_more_goldens.py does not have, in its form and with its denoiser.

Run: python make_solver_goldens.py (torch, diffusers 0.35, safetensors, scipy, torchsde).
The noise of the stochastic solvers is drawn from one generator, in the order of the evaluations. That of
DPM++ SDE is a Brownian path over sigma in place of torchsde's tree: drawn for the first half of a step and
for the second, and the whole step's is the normalised sum of both.
"""
import json
import math
import os

import torch
from diffusers import (DDIMScheduler, DDPMScheduler, DEISMultistepScheduler, DPMSolverMultistepScheduler, DPMSolverSDEScheduler,
                       DPMSolverSinglestepScheduler, EulerAncestralDiscreteScheduler, EulerDiscreteScheduler,
                       HeunDiscreteScheduler, KDPM2AncestralDiscreteScheduler, KDPM2DiscreteScheduler,
                       LCMScheduler, LMSDiscreteScheduler, PNDMScheduler, UniPCMultistepScheduler)
from safetensors.torch import save_file

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
SD15 = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False,
            set_alpha_to_one=False, steps_offset=1, skip_prk_steps=True)
SHAPE = (1, 4, 8, 8)
KARRAS = dict(use_karras_sigmas=True)
CLASSES = {
    "ddpm": (DDPMScheduler, {}),
    "heun": (HeunDiscreteScheduler, {}),
    "heun-karras": (HeunDiscreteScheduler, KARRAS),
    "lms": (LMSDiscreteScheduler, {}),
    "lms-karras": (LMSDiscreteScheduler, KARRAS),
    "dpm2": (KDPM2DiscreteScheduler, {}),
    "dpm2-karras": (KDPM2DiscreteScheduler, KARRAS),
    "dpm2-a": (KDPM2AncestralDiscreteScheduler, {}),
    "dpm2-a-karras": (KDPM2AncestralDiscreteScheduler, KARRAS),
    "dpm++sde": (DPMSolverSDEScheduler, {}),
    "dpm++sde-karras": (DPMSolverSDEScheduler, KARRAS),
    "dpm++2s": (DPMSolverSinglestepScheduler, {}),
    "dpm++2s-karras": (DPMSolverSinglestepScheduler, KARRAS),
    "deis": (DEISMultistepScheduler, {}),
    "deis-karras": (DEISMultistepScheduler, KARRAS),
    "dpm++2m": (DPMSolverMultistepScheduler, {}),
    "dpm++2m-sde": (DPMSolverMultistepScheduler, dict(algorithm_type="sde-dpmsolver++")),
    "unipc": (UniPCMultistepScheduler, {}),
    "unipc-karras": (UniPCMultistepScheduler, KARRAS),
    "euler": (EulerDiscreteScheduler, {}),
}


class Path:
    """Brownian noise over sigma, one draw for each half of a step."""

    def __init__(self, generator):
        self.generator = generator
        self.first = None

    def __call__(self, sigma, sigma_next):
        drawn = torch.randn(SHAPE, generator=self.generator)
        if self.first is None:
            self.first = (drawn, sigma_next)
            return drawn
        before, middle = self.first
        self.first = None
        return (((sigma - middle).sqrt() * before + (middle - sigma_next).sqrt() * drawn)
                / (sigma - sigma_next).sqrt())


def model(x, t):
    return 0.6 * x + 0.2 * math.sin(float(t) / 100) - 0.05


def run(sampler, config, steps, strength=None, seed=7, detail_phase=0.0):
    cls, extra = CLASSES[sampler]
    s = cls.from_config(config, **extra)
    s.set_timesteps(steps)
    generator = torch.Generator().manual_seed(seed)
    timesteps = s.timesteps
    if strength is None:
        start = 0
        x = torch.randn(SHAPE, generator=generator) * s.init_noise_sigma
    else:
        start = (steps - min(int(steps * strength), steps)) * s.order
        timesteps = timesteps[start:]
    if hasattr(s, "set_begin_index"):
        s.set_begin_index(start)
    if strength is not None:
        clean = torch.linspace(-1, 1, 256).reshape(SHAPE)
        x = s.add_noise(clean, torch.randn(SHAPE, generator=generator), timesteps[:1])
    if sampler.startswith("dpm++sde"):
        s.noise_sampler = Path(generator)
    noisy = sampler in ("ddpm", "dpm++2m-sde") or sampler.startswith(("dpm2-a", "dpm++2s"))
    for t in timesteps:
        out = model(s.scale_model_input(x, t), t)
        if detail_phase and t < detail_phase * 1000:
            with normalised_noise():
                x = s.step(out, t, x, generator=generator).prev_sample
        else:
            x = s.step(out, t, x, **(dict(generator=generator) if noisy else {})).prev_sample
    return timesteps, x


class normalised_noise:
    """CartoonDiff's change of the noise that DDPMScheduler draws."""

    def __enter__(self):
        import diffusers.schedulers.scheduling_ddpm as module
        self.module, self.drawn = module, module.randn_tensor

        def changed(*args, **options):
            noise = self.drawn(*args, **options)
            even = torch.nn.functional.normalize(noise.permute(0, 2, 3, 1), p=1, dim=-1)
            return (even + torch.tensor([2.0, 1.0, 1.0, 1.0])).permute(0, 3, 1, 2)
        module.randn_tensor = changed

    def __exit__(self, *_):
        self.module.randn_tensor = self.drawn


tensors, cases = {}, []


def case(sampler, config, steps=8, **options):
    try:
        timesteps, x = run(sampler, config, steps, **options)
    except Exception as e:
        print("diffusers itself refuses", sampler, config, steps, options, repr(e)[:200])
        return
    if not torch.isfinite(x).all():
        print("diffusers itself fails at", sampler, config, steps, options)
        return
    name = f"case{len(cases):03d}"
    tensors[name + ".x"] = x.float().contiguous()
    tensors[name + ".t"] = timesteps.float().contiguous()
    cases.append(dict(name=name, sampler=sampler, config=config, steps=steps, **options))


NEW = [name for name in CLASSES if name not in ("dpm++2m", "dpm++2m-sde", "unipc", "unipc-karras", "euler")]
for sampler in NEW:
    own = [] if sampler.startswith(("dpm2", "dpm++sde")) else ["sample"]
    for prediction in ["epsilon", "v_prediction"] + own:
        for spacing in ("leading", "linspace", "trailing"):
            case(sampler, dict(SD15, timestep_spacing=spacing, prediction_type=prediction))
    case(sampler, {"_class_name": "PNDMScheduler", **SD15}, steps=20)
    case(sampler, {}, steps=7)
    for steps in (1, 2, 3, 4, 5, 25):
        if sampler == "deis-karras" and steps == 1:
            continue  # diffusers ends at Karras' last sigma, which is where it began
        if sampler.startswith("dpm2-a") and steps in (2, 3):
            continue  # over such strides its midpoint is what single precision leaves of a difference
        case(sampler, dict(SD15), steps=steps)
    case(sampler, dict(beta_schedule="squaredcos_cap_v2", clip_sample=False, timestep_spacing="leading"))
    if not sampler.startswith("lms"):  # diffusers' takes coefficients of an order whose slopes it has not
        case(sampler, dict(SD15), strength=0.6, steps=10)
        case(sampler, dict(SD15, timestep_spacing="trailing"), strength=0.5, steps=9)
    if "karras" not in sampler and sampler != "ddpm":
        case(sampler, dict(SD15, use_exponential_sigmas=True, timestep_spacing="trailing"))
        case(sampler, dict(SD15, use_beta_sigmas=True), steps=9)
for kind in ("fixed_large", "fixed_small_log"):
    case("ddpm", dict(SD15, variance_type=kind))
case("ddpm", dict(SD15, clip_sample=True, clip_sample_range=1.2))
case("ddpm", dict(SD15, rescale_betas_zero_snr=True, prediction_type="v_prediction", timestep_spacing="trailing"))
case("ddpm", dict(SD15), steps=12, detail_phase=0.3)
case("ddpm", dict(SD15), steps=10, detail_phase=1.0)
case("heun", dict(SD15, clip_sample=True, clip_sample_range=1.2))
for order in (1, 2, 3):
    for final in ("zero", "sigma_min"):
        for solver in ("midpoint", "heun"):
            for low in (True, False):
                for steps in (6, 7, 8, 17):
                    options = dict(SD15, solver_order=order, final_sigmas_type=final, solver_type=solver,
                                   lower_order_final=low)
                    if solver == "midpoint" or steps == 7:
                        case("dpm++2s", options, steps=steps)
                        case("dpm++2s", dict(options, algorithm_type="sde-dpmsolver++"), steps=steps)
                    if solver == "midpoint" and final == "zero":
                        case("deis", options, steps=steps)
                    if order == 3 and (solver == "midpoint" or steps == 8):
                        case("dpm++2m", options, steps=steps)
                        case("dpm++2m-sde", options, steps=steps)
                    if order == 3 and solver == "midpoint":
                        case("unipc", options, steps=steps)
                        if steps == 7:
                            case("unipc", dict(options, solver_type="bh1"), steps=steps)
                            case("unipc-karras", options, steps=steps)
for sampler in ("dpm++2s", "dpm++2m", "dpm++2m-sde", "deis", "unipc"):
    for strength in (0.4, 0.5, 0.6, 0.7):
        case(sampler, dict(SD15, solver_order=3), steps=10, strength=strength)
    case(sampler, dict(SD15, solver_order=3, solver_type="logrho"), steps=16)
    case(sampler, dict(SD15, solver_order=3, algorithm_type="deis"), steps=8)
case("dpm++2s", dict(beta_schedule="squaredcos_cap_v2", lambda_min_clipped=-5.1))
case("dpm++2m", dict(beta_schedule="squaredcos_cap_v2", lambda_min_clipped=-5.1, solver_order=3))
case("dpm++2m", dict(SD15, use_lu_lambdas=True))
case("dpm++2m", dict(SD15, use_lu_lambdas=True, solver_order=3, final_sigmas_type="sigma_min"), steps=11)
case("dpm++2m", dict(SD15, use_beta_sigmas=True))
case("dpm++2m", dict(SD15, use_beta_sigmas=True, timestep_spacing="trailing"), steps=1)
case("euler", dict(SD15, use_beta_sigmas=True), steps=12)
case("euler", dict(SD15, use_beta_sigmas=True, timestep_spacing="linspace"), steps=5)
case("unipc", dict(SD15, use_beta_sigmas=True))

save_file(tensors, os.path.join(HERE, "solvers.safetensors"))
with open(os.path.join(HERE, "solvers.json"), "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases), "cases")

# The configurations as diffusers saves them with a pipeline, with every key it knows.
FOLDERS = [DDIMScheduler, DDPMScheduler, DEISMultistepScheduler, DPMSolverMultistepScheduler, DPMSolverSDEScheduler,
           DPMSolverSinglestepScheduler, EulerAncestralDiscreteScheduler, EulerDiscreteScheduler,
           HeunDiscreteScheduler, KDPM2AncestralDiscreteScheduler, KDPM2DiscreteScheduler, LCMScheduler,
           LMSDiscreteScheduler, PNDMScheduler, UniPCMultistepScheduler]
with open(os.path.join(HERE, "scheduler-configs.json"), "w") as f:
    saved = [json.dumps(json.loads(cls.from_config(SD15).to_json_string())) for cls in FOLDERS]
    f.write("[\n" + ",\n".join(saved) + "\n]\n")
