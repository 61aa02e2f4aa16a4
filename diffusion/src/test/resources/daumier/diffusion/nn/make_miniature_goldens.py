"""Writes miniature.safetensors with diffusers, transformers and peft: the U-Net of Stable Diffusion 1.5 with fewer channels
(four levels, three with cross-attention, two layers a block, 8 heads, 768 features of text), and LoRA files on it.

To stay small it holds no weights: that of place i in the sorted names is torch's noise with seed i over the root of its
fan-in (vectors: a fifth of the noise, plus 1 for weights of norms). `in/NAME`, `out/plain`, `out/FORMAT`, and the files
themselves as `FORMAT/KEY`; the metadata holds `config`, and in `rslora` what the metadata of
that file say. `te` is a LoRA of the text encoder of clip_quick_gelu.safetensors, `out/te` its states. Run: python make_miniature_goldens.py
"""
import json
import pathlib

import torch
from diffusers import UNet2DConditionModel
from diffusers.loaders import StableDiffusionLoraLoaderMixin as Loader
from peft import LoraConfig, set_peft_model_state_dict
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel

HERE = pathlib.Path(__file__).parent
CONFIG = {
    "sample_size": 16, "in_channels": 4, "out_channels": 4, "center_input_sample": False, "flip_sin_to_cos": True,
    "freq_shift": 0, "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
    "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3, "block_out_channels": [32, 64, 128, 128],
    "layers_per_block": 2, "downsample_padding": 1, "mid_block_scale_factor": 1, "act_fn": "silu", "norm_num_groups": 32,
    "norm_eps": 1e-5, "cross_attention_dim": 768, "attention_head_dim": 8}
RANK = 2
ALPHA = 1.0
RSLORA = {"unet.r": RANK, "unet.lora_alpha": 3, "unet.use_rslora": True}
# One layer of each kind, at each depth: how LoRA files for Stable Diffusion 1.5 differ is in which of these they have.
ATTENTION = [
    f"{block}.transformer_blocks.0.{layer}"
    for block in ("down_blocks.0.attentions.0", "down_blocks.2.attentions.1", "mid_block.attentions.0", "up_blocks.3.attentions.2")
    for layer in ("attn1.to_q", "attn1.to_out.0", "attn2.to_k", "attn2.to_v")]
FEED = [f"up_blocks.1.attentions.0.transformer_blocks.0.ff.net.{i}" for i in ("0.proj", "2")]
OTHERS = ["down_blocks.1.resnets.0.conv1", "down_blocks.1.resnets.0.conv_shortcut", "down_blocks.1.resnets.0.time_emb_proj",
          "down_blocks.0.downsamplers.0.conv", "up_blocks.0.upsamplers.0.conv", "mid_block.attentions.0.proj_in",
          "mid_block.attentions.0.proj_out", "up_blocks.3.resnets.2.conv2"]
FEW = ATTENTION[:4] + FEED[:1] + OTHERS[:1]


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


def lokr(unet):
    """LyCORIS: the Kronecker product of a whole factor and one of two factors, times alpha over rank."""
    file, changes = {}, {}
    for i, path in enumerate(FEW):
        weight = unet.get_submodule(path).weight
        rows, columns = weight.shape[0], weight[0].numel()
        key = "lora_unet_" + path.replace(".", "_")
        w = {"lokr_w1": half(noise(7000 + i, 4, 4)), "lokr_w2_a": half(noise(7100 + i, rows // 4, RANK)),
             "lokr_w2_b": half(noise(7200 + i, RANK, columns // 4) / columns**0.5)}
        file |= {f"{key}.{k}": v for k, v in w.items()} | {f"{key}.alpha": half(torch.tensor(ALPHA))}
        f = {k: v.float() for k, v in w.items()}
        changes[path] = torch.kron(f["lokr_w1"], f["lokr_w2_a"] @ f["lokr_w2_b"]).reshape(weight.shape) * (ALPHA / RANK)
    return file, changes


def tucker(unet):
    """LoCon's Tucker form: a 1x1 convolution, the core of rank x rank x 3 x 3 and a 1x1 convolution."""
    file, changes = {}, {}
    for i, path in enumerate(p for p in OTHERS if unet.get_submodule(p).weight.shape[2:] == (3, 3)):
        rows, columns = unet.get_submodule(path).weight.shape[:2]
        key = "lora_unet_" + path.replace(".", "_")
        down, up = half(noise(8000 + i, RANK, columns, 1, 1) / columns**0.5), half(noise(8100 + i, rows, RANK, 1, 1))
        mid = half(noise(8200 + i, RANK, RANK, 3, 3) / 3)
        file |= {f"{key}.lora_down.weight": down, f"{key}.lora_mid.weight": mid, f"{key}.lora_up.weight": up,
                 f"{key}.alpha": half(torch.tensor(ALPHA))}
        changes[path] = torch.einsum("pi,ijkl,jr->prkl", up[:, :, 0, 0].float(), mid.float(), down[:, :, 0, 0].float()) * (
            ALPHA / RANK)
    return file, changes


def dora(pairs, unet):
    """Lengths of the rows, half as much again as the weights' own: written as kohya's trainers do, run by peft."""
    config = LoraConfig(r=RANK, lora_alpha=ALPHA, use_dora=True, target_modules=FEW, init_lora_weights=False)
    lengths = {path: half(1.5 * unet.get_submodule(path).weight.flatten(1).norm(dim=1, keepdim=True)) for path in FEW}
    unet.add_adapter(config)
    file = {}
    for path in FEW:
        layer, key = unet.get_submodule(path), "lora_unet_" + path.replace(".", "_")
        down, up = pairs[path]
        layer.lora_A["default"].weight.copy_(down)
        layer.lora_B["default"].weight.copy_(up)
        magnitude = layer.lora_magnitude_vector["default"].weight
        magnitude.copy_(lengths[path].reshape(magnitude.shape))
        file |= {f"{key}.lora_down.weight": down, f"{key}.lora_up.weight": up, f"{key}.alpha": half(torch.tensor(ALPHA)),
                 f"{key}.dora_scale": lengths[path]}
    return file


def rslora(pairs, unet):
    """peft's rank-stabilised LoRA, of which only the metadata tell: alpha over the root of the rank."""
    unet.add_adapter(LoraConfig(r=RANK, lora_alpha=3, use_rslora=True, target_modules=FEW, init_lora_weights=False))
    state = {}
    for path in FEW:
        state |= {f"{path}.lora_A.weight": pairs[path][0].float(), f"{path}.lora_B.weight": pairs[path][1].float()}
    set_peft_model_state_dict(unet, state)
    return {f"unet.{key}": half(value) for key, value in state.items()}


def text_lora(text):
    """kohya's layers of a text encoder; the model of clip_quick_gelu.safetensors."""
    file, i = {}, 0
    for path, module in text.named_modules():
        if path.endswith(("q_proj", "v_proj", "out_proj", "fc1", "fc2")):
            rows, columns = module.weight.shape
            path = path if path.startswith("text_model") else "text_model." + path
            key = "lora_te_" + path.replace(".", "_")
            down, up = half(noise(9000 + i, RANK, columns) / columns**0.5), half(noise(9100 + i, rows, RANK))
            file |= {f"{key}.lora_down.weight": down, f"{key}.lora_up.weight": up, f"{key}.alpha": half(torch.tensor(ALPHA))}
            module.weight += up.float() @ down.float() * (ALPHA / RANK)
            i += 1
    return file


def text_encoder():
    with safe_open(HERE / "clip_quick_gelu.safetensors", "pt") as f:
        config = json.loads(f.metadata()["config"])
        tensors = {k: f.get_tensor(k) for k in f.keys()}
    text = CLIPTextModel(CLIPTextConfig(**config)).eval()
    nested = any(k.startswith("text_model.") for k in text.state_dict())
    weights = {k.removeprefix("w/"): v for k, v in tensors.items() if k.startswith("w/")}
    text.load_state_dict(weights if nested else {k.removeprefix("text_model."): v for k, v in weights.items()}, strict=False)
    return text, tensors["in/ids"]


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
        for name, form in (("loha", loha), ("lokr", lokr), ("tucker", tucker)):
            unet = model()
            file, changes = form(unet)
            for path, change in changes.items():
                unet.get_submodule(path).weight += change
            tensors |= {f"{name}/{k}": v for k, v in file.items()} | {f"out/{name}": run(unet)}
        for name, form in (("dora", dora), ("rslora", rslora)):
            unet = model()
            file = form(pairs, unet)
            tensors |= {f"{name}/{k}": v for k, v in file.items()} | {f"out/{name}": run(unet)}
        text, ids = text_encoder()
        plain = text(ids).last_hidden_state
        file = text_lora(text)
        tensors |= {f"te/{k}": v for k, v in file.items()} | {"out/te": text(ids).last_hidden_state.contiguous()}
        print("te", ((tensors["out/te"] - plain).norm() / plain.norm()).item())
    for name in ("kohya", "peft", "old", "dora", "loha", "lokr", "tucker", "rslora"):
        print(name, ((tensors[f"out/{name}"] - tensors["out/plain"]).norm() / tensors["out/plain"].norm()).item())
    path = HERE / "miniature.safetensors"
    save_file({k: v.clone() for k, v in tensors.items()}, path, metadata={
        "config": json.dumps(CONFIG), "rslora": json.dumps(RSLORA)})
    print(path.name, path.stat().st_size)


main()
