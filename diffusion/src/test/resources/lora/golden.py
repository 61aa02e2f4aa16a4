"""Writes small LoRAs in every key form, and what diffusers and PEFT make of each.

For FILE.safetensors, FILE.expected.safetensors holds the change of each layer's weight after fusing.
targets.json lists the layers of the model.
"""

import json
import pathlib
import tempfile

import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from peft import LoraConfig, get_peft_model
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

here = pathlib.Path(__file__).parent
torch.manual_seed(0)

LAYERS = [
    "down_blocks.1.attentions.0.proj_in",
    "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q",
    "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_out.0",
    "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k",
    "mid_block.attentions.0.transformer_blocks.0.attn2.to_v",
    "mid_block.attentions.0.transformer_blocks.0.ff.net.0.proj",
    "mid_block.resnets.0.time_emb_proj",
]
CONVS = ["down_blocks.0.resnets.0.conv1", "down_blocks.0.downsamplers.0.conv", "up_blocks.0.resnets.0.conv_shortcut"]
TEXT = ["text_model.encoder.layers.0.self_attn.q_proj", "text_model.encoder.layers.1.mlp.fc1"]


def models():
    torch.manual_seed(1)
    unet = UNet2DConditionModel(
        sample_size=8, block_out_channels=(8, 16), layers_per_block=1, cross_attention_dim=12,
        attention_head_dim=2, norm_num_groups=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
    )
    text = CLIPTextModel(CLIPTextConfig(
        vocab_size=600, hidden_size=12, intermediate_size=20, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=32, projection_dim=12))
    return unet, text


def pipeline():
    unet, text = models()
    vae = AutoencoderKL(block_out_channels=(8,), norm_num_groups=4, latent_channels=4)
    tokenizer = CLIPTokenizer.from_pretrained(here.parent / "text" / "small")
    return StableDiffusionPipeline(vae, text, tokenizer, unet, DDIMScheduler(), None, None, requires_safety_checker=False)


def text_prefix(text):
    """Newer versions of transformers dropped text_model from the module names."""
    return "" if any(n.startswith("text_model.") for n, _ in text.named_modules()) else "text_model."


def weights(unet, text):
    state = {}
    for prefix, model in (("", unet), (text_prefix(text), text)):
        for name, module in model.named_modules():
            if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
                state[prefix + name] = module.weight.detach().clone()
    return state


def changes(before, after):
    return {k: (after[k] - w).contiguous() for k, w in before.items() if not torch.equal(after[k], w)}


def fused(path):
    """What diffusers makes of a file."""
    pipe = pipeline()
    before = weights(pipe.unet, pipe.text_encoder)
    pipe.load_lora_weights(path.parent, weight_name=path.name)
    pipe.fuse_lora()
    pipe.unload_lora_weights()
    return changes(before, weights(pipe.unet, pipe.text_encoder))


def save(name, tensors, metadata=None, expected=None):
    path = here / f"{name}.safetensors"
    save_file(tensors, path, metadata)
    expected = fused(path) if expected is None else expected
    print(name, len(tensors), "tensors,", len(expected), "layers change")
    save_file(expected, here / f"{name}.expected.safetensors")


def agrees(name, paths):
    """Holds what is expected of a file against diffusers."""
    theirs = fused(here / f"{name}.safetensors")
    ours = load_file(here / f"{name}.expected.safetensors")
    for path in paths:
        assert torch.allclose(theirs[path], ours[path], atol=1e-6), path


unet, text = models()
base = weights(unet, text)
targets = [
    {"path": k, "kind": "LINEAR" if w.dim() == 2 else "CONV", "in": w.shape[1], "out": w.shape[0],
     "kernel": 1 if w.dim() == 2 else w.shape[2]}
    for k, w in base.items()
]
(here / "targets.json").write_text(json.dumps(targets, indent=0))


def pair(path, rank):
    w = base[path]
    if w.dim() == 2:
        return torch.randn(rank, w.shape[1]) * 0.1, torch.randn(w.shape[0], rank) * 0.1
    return torch.randn(rank, *w.shape[1:]) * 0.1, torch.randn(w.shape[0], rank, 1, 1) * 0.1


def delta(down, up, scale):
    return scale * (up.flatten(1) @ down.flatten(1)).reshape(up.shape[0], *down.shape[1:])


# kohya: linear, convolution, text encoder; ranks and alphas differ by layer.
def kohya_key(path):
    return ("lora_te_" if path.startswith("text_model.") else "lora_unet_") + path.replace(".", "_")


kohya, expected = {}, {}
for i, path in enumerate(LAYERS + CONVS + TEXT):
    rank = 2 + i % 3
    down, up = pair(path, rank)
    kohya[kohya_key(path) + ".lora_down.weight"] = down
    kohya[kohya_key(path) + ".lora_up.weight"] = up
    kohya[kohya_key(path) + ".alpha"] = torch.tensor(1.0 + i % 4)
    expected[path] = delta(down, up, (1.0 + i % 4) / rank)
save("kohya", kohya, {"ss_network_dim": "4", "ss_network_alpha": "1", "modelspec.title": "kohya"}, expected)
# diffusers 0.42 does not apply an alpha of its own to an attention layer, nor read kohya's text encoder under
# transformers 5: with one alpha for all it agrees in the whole U-Net, with several outside attention.
agrees("kohya", [p for p in LAYERS + CONVS if ".attn" not in p])
uniform = {k: torch.tensor(3.0) if k.endswith(".alpha") else v for k, v in kohya.items() if "lora_unet" in k}
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "uniform.safetensors"
    save_file(uniform, path)
    theirs = fused(path)
    for p in LAYERS + CONVS:
        down, up = kohya[kohya_key(p) + ".lora_down.weight"], kohya[kohya_key(p) + ".lora_up.weight"]
        print("uniform alpha", p, torch.allclose(theirs[p], delta(down, up, 3.0 / down.shape[0]), atol=1e-6))

# kohya without alpha, and with alpha 0: both mean alpha = rank.
plain, expected = {}, {}
for i, path in enumerate(LAYERS[:2]):
    down, up = pair(path, 3)
    plain[kohya_key(path) + ".lora_down.weight"] = down
    plain[kohya_key(path) + ".lora_up.weight"] = up
    if i == 1:
        plain[kohya_key(path) + ".alpha"] = torch.tensor(0.0)
    expected[path] = delta(down, up, 1.0)
save("kohya-no-alpha", plain, expected=expected)

# LoCon with Tucker's core: down and up are 1x1, the kernel is in the middle.
path, rank = CONVS[0], 3
w = base[path]
down, mid, up = torch.randn(rank, w.shape[1], 1, 1), torch.randn(rank, rank, 3, 3), torch.randn(w.shape[0], rank, 1, 1)
x = torch.randn(1, w.shape[1], 5, 5)
folded = torch.einsum("omhw,mi->oihw", mid, down[:, :, 0, 0])
conv = torch.nn.functional.conv2d
chained = conv(conv(conv(x, down), mid, padding=1), up)
assert torch.allclose(conv(x, delta(folded, up, 1.0), padding=1), chained, atol=1e-3)
key = kohya_key(path)
save(
    "tucker",
    {f"{key}.lora_down.weight": down, f"{key}.lora_mid.weight": mid, f"{key}.lora_up.weight": up,
     f"{key}.alpha": torch.tensor(1.5)},
    expected={path: delta(folded, up, 1.5 / rank)},
)

# diffusers as it saves today: lora_A, lora_B, with adapter metadata.
def trained(config_unet, config_text):
    torch.manual_seed(5)
    pipe = pipeline()
    pipe.unet.add_adapter(config_unet)
    pipe.text_encoder.add_adapter(config_text)
    for model in (pipe.unet, pipe.text_encoder):
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                torch.nn.init.normal_(parameter, std=0.1)
    return pipe


prefix = text_prefix(text)
text_modules = [t.removeprefix(prefix) for t in TEXT]
for name, rs in (("diffusers", False), ("diffusers-rslora", True)):
    pipe = trained(
        LoraConfig(r=4, lora_alpha=6, target_modules=LAYERS + CONVS, use_rslora=rs,
                   rank_pattern={CONVS[0]: 2}, alpha_pattern={LAYERS[1]: 3}),
        LoraConfig(r=2, lora_alpha=3, target_modules=text_modules, use_rslora=rs),
    )
    unet_state, text_state = get_peft_model_state_dict(pipe.unet), get_peft_model_state_dict(pipe.text_encoder)
    from diffusers.training_utils import _collate_lora_metadata

    meta = _collate_lora_metadata({"unet": pipe.unet, "text_encoder": pipe.text_encoder})
    with tempfile.TemporaryDirectory() as folder:
        StableDiffusionPipeline.save_lora_weights(
            folder, unet_lora_layers=unet_state, text_encoder_lora_layers=text_state, **meta)
        path = pathlib.Path(folder) / "pytorch_lora_weights.safetensors"
        data = path.read_bytes()
        (here / f"{name}.safetensors").write_bytes(data)
    save_file(fused(here / f"{name}.safetensors"), here / f"{name}.expected.safetensors")
    print(name, len(load_file(here / f"{name}.safetensors")))

# diffusers of 2023: lora.down and lora.up, lora_linear_layer in the text encoder, attention processors.
older = {}
for path in LAYERS + CONVS:
    down, up = pair(path, 3)
    older[f"unet.{path}.lora.down.weight"], older[f"unet.{path}.lora.up.weight"] = down, up
for path in TEXT:
    down, up = pair(path, 3)
    older[f"text_encoder.{path}.lora_linear_layer.down.weight"] = down
    older[f"text_encoder.{path}.lora_linear_layer.up.weight"] = up
expected = {p: delta(older[f"unet.{p}.lora.down.weight"], older[f"unet.{p}.lora.up.weight"], 1.0) for p in LAYERS + CONVS}
expected.update({
    p: delta(older[f"text_encoder.{p}.lora_linear_layer.down.weight"], older[f"text_encoder.{p}.lora_linear_layer.up.weight"], 1.0)
    for p in TEXT})
save("diffusers-2023", older, expected=expected)

processors, expected = {}, {}
for path in [p for p in LAYERS if ".attn" in p]:
    down, up = pair(path, 2)
    module, _, projection = path.removesuffix(".0").rpartition(".")
    processors[f"unet.{module}.processor.{projection}_lora.down.weight"] = down
    processors[f"unet.{module}.processor.{projection}_lora.up.weight"] = up
    expected[path] = delta(down, up, 1.0)
save("attention-processors", processors, expected=expected)
agrees("attention-processors", expected)
agrees("diffusers-2023", LAYERS + CONVS + TEXT)

# PEFT on its own: base_model.model, adapter_config.json beside the weights.
(here / "peft").mkdir(exist_ok=True)
unet, text = models()
before = weights(unet, text)
torch.manual_seed(6)
adapted = get_peft_model(unet, LoraConfig(
    r=4, lora_alpha=8, use_rslora=True, target_modules=LAYERS + CONVS,
    rank_pattern={"attn2.to_k": 2}, alpha_pattern={"attn2.to_k": 5}))
for name, parameter in adapted.named_parameters():
    if "lora_B" in name:
        torch.nn.init.normal_(parameter, std=0.1)
adapted.save_pretrained(here / "peft")
(here / "peft" / "README.md").unlink(missing_ok=True)
save_file(changes(before, weights(adapted.merge_and_unload(), text)), here / "peft.expected.safetensors")
