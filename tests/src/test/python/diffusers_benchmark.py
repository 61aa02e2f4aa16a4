"""The diffusers side of daumier.tests.DiffusersBenchmark (torch, diffusers, transformers, peft, safetensors).

    python diffusers_benchmark.py make PACK TOKENIZER   writes a pack of Stable Diffusion 1.5's sizes with random weights
    python diffusers_benchmark.py serve PACK THREADS    does and times what standard input asks for, a line each

A line is a command and its arguments; the answer is one line of JSON. Commands: `open fp32|bf16 plain|channels_last`,
`step`, `lora-step WEIGHT`, `set-adapters WEIGHT`, `fuse WEIGHT`, `batch ROWS STEPS`,
`picture STEPS LATENTS-IN LATENTS-OUT`, `version`, `quit`.
"""
import json
import os
import shutil
import sys
import time

PROMPT = "a portrait of a person"
GUIDANCE = 7.0
LORA = os.path.join("lora", "rank16.safetensors")


def make(folder, tokenizer):
    """The configurations of Stable Diffusion 1.5; matrices drawn from N(0, 1 / fan in), so that every part matters."""
    import torch
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from safetensors.torch import save_file
    from transformers import CLIPTextConfig, CLIPTextModel

    def randomise(model, seed):
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for p in model.parameters():
                noise = torch.randn(p.shape, generator=generator)
                if p.dim() > 1:
                    p.copy_(noise.div_(p[0].numel() ** 0.5))
                else:
                    p.add_(noise, alpha=0.1)
        return model

    down = ("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",)
    up = ("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3
    unet = randomise(UNet2DConditionModel(
        sample_size=64, in_channels=4, out_channels=4, block_out_channels=(320, 640, 1280, 1280), layers_per_block=2,
        attention_head_dim=8, cross_attention_dim=768, down_block_types=down, up_block_types=up), 1)
    unet.save_pretrained(os.path.join(folder, "unet"), max_shard_size="10GB")
    generator = torch.Generator().manual_seed(4)
    lora = {}
    for name, module in unet.named_modules():
        if name.split(".")[-1] in ("to_q", "to_k", "to_v") or name.endswith("to_out.0"):
            rows, columns = module.weight.shape
            lora[f"unet.{name}.lora_A.weight"] = torch.randn(16, columns, generator=generator) / columns**0.5
            lora[f"unet.{name}.lora_B.weight"] = torch.randn(rows, 16, generator=generator) / 16**0.5
    os.makedirs(os.path.join(folder, "lora"), exist_ok=True)
    save_file(lora, os.path.join(folder, LORA))
    del unet
    vae = randomise(AutoencoderKL(
        sample_size=512, block_out_channels=(128, 256, 512, 512), layers_per_block=2, latent_channels=4,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4), 2)
    vae.save_pretrained(os.path.join(folder, "vae"))
    text = randomise(CLIPTextModel(CLIPTextConfig(
        hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, vocab_size=49408,
        max_position_embeddings=77, hidden_act="quick_gelu", projection_dim=768)), 3)
    text.save_pretrained(os.path.join(folder, "text_encoder"))

    shutil.copytree(tokenizer, os.path.join(folder, "tokenizer"), dirs_exist_ok=True)
    edit(os.path.join(folder, "tokenizer", "tokenizer_config.json"), model_max_length=77)
    noise = torch.randn((1, 4, 64, 64), generator=generator)
    save_file({"latents": noise}, os.path.join(folder, "noise.safetensors"))
    os.makedirs(os.path.join(folder, "scheduler"), exist_ok=True)
    write(os.path.join(folder, "scheduler", "scheduler_config.json"), {
        "_class_name": "DDIMScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
        "num_train_timesteps": 1000, "set_alpha_to_one": False, "steps_offset": 1, "clip_sample": False})
    write(os.path.join(folder, "model_index.json"), {
        "_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.30.0", "feature_extractor": [None, None],
        "safety_checker": [None, None], "requires_safety_checker": False, "scheduler": ["diffusers", "DDIMScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"], "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]})


def write(path, content):
    with open(path, "w") as file:
        json.dump(content, file, indent=2)


def edit(path, **changes):
    with open(path) as file:
        content = json.load(file)
    write(path, content | changes)


def peak_bytes():
    """The largest resident memory of this process so far."""
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


class Side:
    """A pipeline and the loop of StableDiffusionPipeline.__call__, one step at a time."""

    def __init__(self, folder, threads):
        self.folder = folder
        self.threads = threads
        self.has_lora = False

    def open(self, dtype, layout):
        import torch
        from diffusers import StableDiffusionPipeline
        from diffusers.utils import logging
        logging.disable_progress_bar()
        torch.set_num_threads(self.threads)
        torch.set_grad_enabled(False)
        self.torch = torch
        self.pipe = None  # an earlier one is gone before the next comes
        self.dtype = torch.float32 if dtype == "fp32" else torch.bfloat16
        self.pipe = StableDiffusionPipeline.from_pretrained(self.folder, torch_dtype=self.dtype)
        self.pipe.set_progress_bar_config(disable=True)
        if layout == "channels_last":
            self.pipe.unet.to(memory_format=torch.channels_last)
            self.pipe.vae.to(memory_format=torch.channels_last)
        self.layout = layout
        positive, negative = self.pipe.encode_prompt(PROMPT, "cpu", 1, True, "")
        self.text = torch.cat([negative, positive])
        return {}

    def begin(self, rows, steps):
        generator = self.torch.Generator().manual_seed(0)
        self.pipe.scheduler.set_timesteps(steps)
        self.latents = self.torch.randn((rows, 4, 64, 64), generator=generator).to(self.dtype)

    def advance(self, t):
        torch = self.torch
        rows = self.latents.shape[0]
        both = self.pipe.scheduler.scale_model_input(torch.cat([self.latents] * 2), t)
        if self.layout == "channels_last":
            both = both.contiguous(memory_format=torch.channels_last)
        text = self.text.repeat_interleave(rows, 0)
        noise = self.pipe.unet(both, t, encoder_hidden_states=text, return_dict=False)[0]
        without, with_prompt = noise.chunk(2)
        noise = without + GUIDANCE * (with_prompt - without)
        self.latents = self.pipe.scheduler.step(noise, t, self.latents, return_dict=False)[0]

    def step(self):
        self.begin(1, 30)
        return timed(lambda: self.advance(self.pipe.scheduler.timesteps[0]))

    def need_lora(self):
        if not self.has_lora:
            self.pipe.load_lora_weights(self.folder, weight_name=LORA, adapter_name="a")
            self.has_lora = True
        self.pipe.enable_lora()

    def lora_step(self, weight):
        """A step with the LoRA unfused, its weight set at this step as a schedule does."""
        self.need_lora()

        def scheduled():
            self.pipe.set_adapters(["a"], [float(weight)])
            self.advance(self.pipe.scheduler.timesteps[0])

        self.begin(1, 30)
        answer = timed(scheduled)
        self.pipe.disable_lora()
        return answer

    def set_adapters(self, weight):
        self.need_lora()
        answer = timed(lambda: self.pipe.set_adapters(["a"], [float(weight)]))
        self.pipe.disable_lora()
        return answer

    def fuse(self, weight):
        """What changing the weight of a fused LoRA takes: out with the old, in with the new."""
        self.need_lora()
        self.pipe.fuse_lora(components=["unet"], lora_scale=0.5)

        def refuse():
            self.pipe.unfuse_lora(components=["unet"])
            self.pipe.fuse_lora(components=["unet"], lora_scale=float(weight))

        answer = timed(refuse)
        self.pipe.unfuse_lora(components=["unet"])
        self.pipe.disable_lora()
        return answer

    def batch(self, rows, steps):
        def draw():
            self.begin(int(rows), int(steps))
            for t in self.pipe.scheduler.timesteps:
                self.advance(t)

        return timed(draw)

    def picture(self, steps, source, target):
        from safetensors.torch import load_file, save_file
        latents = load_file(source)["latents"].to(self.dtype)
        self.begin(latents.shape[0], int(steps))
        self.latents = latents
        for t in self.pipe.scheduler.timesteps:
            self.advance(t)
        save_file({"latents": self.latents.float().contiguous()}, target)
        self.pipe.vae.decode(self.latents / self.pipe.vae.config.scaling_factor, return_dict=False)
        return {"peak": peak_bytes()}

    def version(self):
        import diffusers
        import torch
        return {"versions": f"diffusers {diffusers.__version__}, torch {torch.__version__}"}


def timed(work):
    start = time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - start}


def serve(folder, threads):
    side = Side(folder, int(threads))
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the libraries print is no answer
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "quit":
            return
        answer = getattr(side, command.replace("-", "_"))(*arguments)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    {"make": make, "serve": serve}[sys.argv[1]](*sys.argv[2:])
