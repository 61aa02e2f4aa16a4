"""Writes miniature.safetensors with diffusers, transformers and peft: the U-Net of Stable Diffusion 1.5 with fewer channels
(four levels, three with cross-attention, two layers a block, 8 heads, 768 features of text), and LoRA files on it.

To stay small it holds no weights: that of place i in the sorted names is torch's noise with seed i over the root of its
fan-in (vectors: a fifth of the noise, plus 1 for weights of norms). `in/NAME`, `out/plain`, `out/FORMAT`, and the files
themselves as `FORMAT/KEY`; the metadata holds `config`. Run: python make_miniature_goldens.py
"""
import json
import pathlib

import torch
from diffusers import UNet2DConditionModel
from diffusers.loaders import StableDiffusionLoraLoaderMixin as Loader
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
CONFIG = {
    "sample_size": 16, "in_channels": 4, "out_channels": 4, "center_input_sample": False, "flip_sin_to_cos": True,
    "freq_shift": 0, "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
    "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3, "block_out_channels": [32, 64, 128, 128],
    "layers_per_block": 2, "downsample_padding": 1, "mid_block_scale_factor": 1, "act_fn": "silu", "norm_num_groups": 32,
    "norm_eps": 1e-5, "cross_attention_dim": 768, "attention_head_dim": 8}
RANK = 2
ALPHA = 1.0
# One layer of each kind, at each depth: how LoRA files for Stable Diffusion 1.5 differ is in which of these they have.
ATTENTION = [
    f"{block}.transformer_blocks.0.{layer}"
    for block in ("down_blocks.0.attentions.0", "down_blocks.2.attentions.1", "mid_block.attentions.0", "up_blocks.3.attentions.2")
    for layer in ("attn1.to_q", "attn1.to_out.0", "attn2.to_k", "attn2.to_v")]
FEED = [f"up_blocks.1.attentions.0.transformer_blocks.0.ff.net.{i}" for i in ("0.proj", "2")]
OTHERS = ["down_blocks.1.resnets.0.conv1", "down_blocks.1.resnets.0.conv_shortcut", "down_blocks.1.resnets.0.time_emb_proj",
          "down_blocks.0.downsamplers.0.conv", "up_blocks.0.upsamplers.0.conv", "mid_block.attentions.0.proj_in",
          "mid_block.attentions.0.proj_out", "up_blocks.3.resnets.2.conv2"]


def noise(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def model():
    unet = UNet2DConditionModel(**CONFIG)
    with torch.no_grad():
        for i, (name, p) in enumerate(sorted(unet.named_parameters())):
            if p.ndim == 1:
                p.copy_(0.2 * noise(i, *p.shape) + (1 if "norm" in name and name.endswith("weight") else 0))
            else:
                p.copy_(noise(i, *p.shape) / p[0].numel() ** 0.5)
    return unet.eval()


def half(tensor):
    return tensor.half().contiguous()


def factors(unet):
    """path -> down, up of a LoRA of rank 2, of numbers that float16 holds."""
    result = {}
    for i, path in enumerate(ATTENTION + FEED + OTHERS):
        weight = unet.get_submodule(path).weight
        down = noise(1000 + i, RANK, *weight.shape[1:]) / weight[0].numel() ** 0.5
        up = noise(2000 + i, weight.shape[0], RANK, *(1 for _ in weight.shape[2:])) / RANK**0.5
        result[path] = half(down), half(up)
    return result


def kohya(pairs):
    """Every kind of layer, with alphas."""
    file = {}
    for path, (down, up) in pairs.items():
        key = "lora_unet_" + path.replace(".", "_")
        file |= {f"{key}.lora_down.weight": down, f"{key}.lora_up.weight": up, f"{key}.alpha": half(torch.tensor(ALPHA))}
    return file


def peft(pairs):
    """Attention and feed-forward layers, alpha equal to the rank."""
    file = {}
    for path in ATTENTION + FEED:
        file |= {f"unet.{path}.lora_A.weight": pairs[path][0], f"unet.{path}.lora_B.weight": pairs[path][1]}
    return file


def old(pairs):
    """Attention layers as diffusers wrote them at first."""
    file = {}
    for path in ATTENTION:
        at, layer = path.rsplit(".to_", 1)
        key = f"unet.{at}.processor.to_{layer.removesuffix('.0')}_lora"
        file |= {f"{key}.down.weight": pairs[path][0], f"{key}.up.weight": pairs[path][1]}
    return file


def loha(unet):
    """LyCORIS: w1 * w2 of two products each, times alpha over rank."""
    file, changes = {}, {}
    for i, path in enumerate(ATTENTION):
        rows, columns = unet.get_submodule(path).weight.shape
        key = "lora_unet_" + path.replace(".", "_")
        w = {"hada_w1_a": half(noise(3000 + i, rows, RANK)), "hada_w1_b": half(noise(4000 + i, RANK, columns) / columns**0.5),
             "hada_w2_a": half(noise(5000 + i, rows, RANK)), "hada_w2_b": half(noise(6000 + i, RANK, columns))}
        file |= {f"{key}.{k}": v for k, v in w.items()} | {f"{key}.alpha": half(torch.tensor(ALPHA))}
        f = {k: v.float() for k, v in w.items()}
        changes[path] = (f["hada_w1_a"] @ f["hada_w1_b"]) * (f["hada_w2_a"] @ f["hada_w2_b"]) * (ALPHA / RANK)
    return file, changes


def main():
    inputs = {"sample": noise(7, 2, 4, 16, 16), "t": torch.tensor([37.0, 801.0]), "text": noise(8, 2, 11, 768)}
    with torch.no_grad():
        def run(unet):
            return unet(inputs["sample"], inputs["t"], inputs["text"], return_dict=False)[0].contiguous()

        tensors = {f"in/{k}": v for k, v in inputs.items()} | {"out/plain": run(model())}
        pairs = factors(model())
        for name, file in (("kohya", kohya(pairs)), ("peft", peft(pairs)), ("old", old(pairs))):
            unet = model()
            state, alphas = Loader.lora_state_dict(dict(file))
            Loader.load_lora_into_unet(state, alphas, unet, adapter_name=name)
            tensors |= {f"{name}/{k}": v for k, v in file.items()} | {f"out/{name}": run(unet)}
        unet = model()
        file, changes = loha(unet)
        for path, change in changes.items():
            unet.get_submodule(path).weight += change
        tensors |= {f"loha/{k}": v for k, v in file.items()} | {"out/loha": run(unet)}
    for name in ("kohya", "peft", "old", "loha"):
        print(name, ((tensors[f"out/{name}"] - tensors["out/plain"]).norm() / tensors["out/plain"].norm()).item())
    path = HERE / "miniature.safetensors"
    save_file({k: v.clone() for k, v in tensors.items()}, path, metadata={"config": json.dumps(CONFIG)})
    print(path.name, path.stat().st_size)


main()
