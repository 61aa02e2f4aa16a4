"""Writes LyCORIS' forms and DoRAs, and what LyCORIS and PEFT make of each.

Run: python golden_lycoris.py (torch, peft, lycoris-lora, diffusers, safetensors), after golden.py.
FILE.expected.safetensors holds the change of each weight. dora-layers.safetensors holds the weights of three layers, an
input of each, and for each dora-*.safetensors the outputs of the changed layers (FILE/LAYER).
"""
import json
import pathlib

import torch
from lycoris.modules.full import FullModule
from lycoris.modules.locon import LoConModule
from lycoris.modules.loha import LohaModule
from lycoris.modules.lokr import LokrModule
from peft import LoHaConfig, LoKrConfig, LoraConfig, get_peft_model
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
torch.manual_seed(0)
targets = {t["path"]: t for t in json.loads((here / "targets.json").read_text())}
QUERY = "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q"
KEY = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k"
GATE = "mid_block.attentions.0.transformer_blocks.0.ff.net.0.proj"
PROJ = "down_blocks.1.attentions.0.proj_in"
CONV = "down_blocks.0.resnets.0.conv1"
DOWN = "down_blocks.0.downsamplers.0.conv"
TEXT = "text_model.encoder.layers.1.mlp.fc1"


def layer(path):
    t = targets[path]
    if t["kind"] == "LINEAR":
        return torch.nn.Linear(t["in"], t["out"])
    return torch.nn.Conv2d(t["in"], t["out"], t["kernel"], padding=t["kernel"] // 2)


def kohya(path):
    return ("lora_te_" if path.startswith("text_model.") else "lora_unet_") + path.replace(".", "_")


def randomise(module):
    with torch.no_grad():
        for name, p in module.named_parameters():
            if "dora_scale" not in name and "magnitude" not in name and "org_module" not in name:
                p.normal_(std=0.4)
    return module


def write(name, cases):
    tensors, expected = {}, {}
    for path, cls, options in cases:
        module = randomise(cls(kohya(path), layer(path), **options))
        for key, value in module.custom_state_dict().items():
            tensors[f"{kohya(path)}.{key}"] = value.detach().clone().contiguous()
        if "alpha" in dict(module.named_buffers()):
            tensors[f"{kohya(path)}.alpha"] = module.alpha.clone()
        expected[path] = change(module).contiguous()
    save_file(tensors, here / f"{name}.safetensors", {"ss_network_module": "lycoris.kohya"})
    save_file(expected, here / f"{name}.expected.safetensors")
    print(name, {k: tuple(v.shape) for k, v in tensors.items()})


def change(module):
    """What LyCORIS' forward adds to the weight: get_diff_weight would scale LoHa and LoKr twice."""
    shape = module.org_weight.shape
    if isinstance(module, (LohaModule, LokrModule)):
        return module.get_weight(shape).detach()
    return module.custom_state_dict()["diff"].detach()


write("loha", [
    (QUERY, LohaModule, dict(lora_dim=2, alpha=1)),
    (KEY, LohaModule, dict(lora_dim=4, alpha=3)),  # 16 pairs of ranks in 12 inputs: held whole
    (GATE, LohaModule, dict(lora_dim=3, alpha=None, rs_lora=True)),
    (PROJ, LohaModule, dict(lora_dim=2, alpha=4)),
    (CONV, LohaModule, dict(lora_dim=2, alpha=1)),
    (DOWN, LohaModule, dict(lora_dim=2, alpha=1, use_tucker=True)),
    (TEXT, LohaModule, dict(lora_dim=2, alpha=1)),
])
write("lokr", [
    (QUERY, LokrModule, dict(lora_dim=1, alpha=0.5, factor=4)),
    (KEY, LokrModule, dict(lora_dim=1, alpha=2, factor=2, decompose_both=True)),
    (GATE, LokrModule, dict(lora_dim=4, alpha=1, factor=4, full_matrix=True)),
    (PROJ, LokrModule, dict(lora_dim=1, alpha=1, factor=2)),
    (CONV, LokrModule, dict(lora_dim=1, alpha=1, factor=2)),
    (DOWN, LokrModule, dict(lora_dim=1, alpha=3, factor=2, use_tucker=True)),
    ("up_blocks.0.resnets.0.conv1", LokrModule, dict(lora_dim=8, alpha=1, factor=2)),
    (TEXT, LokrModule, dict(lora_dim=1, alpha=1, factor=4)),
])
write("full", [(QUERY, FullModule, {}), (CONV, FullModule, {})])

# PEFT's own LoHa and LoKr, with adapter_config.json beside them.
for kind, config in (("loha", LoHaConfig(r=2, alpha=5, target_modules=["lin", "conv"])),
                     ("lokr", LoKrConfig(r=2, alpha=5, target_modules=["lin", "conv"], decompose_factor=2))):
    inner = torch.nn.Module()
    inner.lin, inner.conv = torch.nn.Linear(16, 16), torch.nn.Conv2d(8, 8, 3, padding=1)
    before = {"lin": inner.lin.weight.detach().clone(), "conv": inner.conv.weight.detach().clone()}
    inner.config = {}
    model = get_peft_model(inner, config)
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "hada" in name or "lokr" in name:
                p.normal_(std=0.4)
    folder = here / f"peft-{kind}"
    folder.mkdir(exist_ok=True)
    names = {"lin": QUERY, "conv": CONV}
    state = {}
    for key, value in get_peft_model_state_dict(model).items():
        for short, path in names.items():
            key = key.replace(f"model.{short}.", f"model.{path}.")
        state[key] = value.contiguous()
    save_file(state, folder / "adapter_model.safetensors")
    (folder / "adapter_config.json").write_text(json.dumps({"peft_type": kind.upper(), "r": 2, "alpha": 5}))
    merged = model.merge_and_unload()
    save_file({names[k]: (getattr(merged, k).weight.detach() - before[k]).contiguous() for k in names},
              here / f"peft-{kind}.expected.safetensors")
    print("peft", kind, {k: tuple(v.shape) for k, v in state.items()})

# DoRA: PEFT's, by output; LyCORIS' by output and by input, also over LoHa.
layers = {"lin": torch.nn.Linear(6, 10), "narrow": torch.nn.Linear(12, 5, bias=False),
          "conv": torch.nn.Conv2d(3, 8, 3, padding=1)}
inputs = {"lin": torch.randn(2, 5, 6), "narrow": torch.randn(2, 4, 12), "conv": torch.randn(2, 3, 6, 4)}
out = {f"{k}.{n}": p.detach().clone() for k, m in layers.items() for n, p in m.named_parameters()}
out.update({f"{k}.x": x for k, x in inputs.items()})


def fresh(name):
    like = layers[name]
    if isinstance(like, torch.nn.Linear):
        module = torch.nn.Linear(like.in_features, like.out_features, like.bias is not None)
    else:
        module = torch.nn.Conv2d(like.in_channels, like.out_channels, like.kernel_size, padding=like.padding)
    module.load_state_dict(like.state_dict())
    return module


with torch.no_grad():
    model = torch.nn.Module()
    for name in layers:
        setattr(model, name, fresh(name))
    model.config = {}
    model = get_peft_model(model, LoraConfig(r=2, lora_alpha=3, use_dora=True, target_modules=list(layers)))
    for name, p in model.named_parameters():
        if "lora_B" in name:
            p.normal_(std=0.4)
        if "magnitude" in name:
            p.mul_(1 + 0.3 * torch.randn(p.shape))
    state = {k: v.contiguous() for k, v in get_peft_model_state_dict(model).items()}
    (here / "dora-peft").mkdir(exist_ok=True)
    save_file(state, here / "dora-peft" / "adapter_model.safetensors")
    (here / "dora-peft" / "adapter_config.json").write_text(json.dumps({"r": 2, "lora_alpha": 3, "use_dora": True}))
    print({k: tuple(v.shape) for k, v in state.items()})
    for name, x in inputs.items():
        out[f"dora-peft/{name}"] = getattr(model.base_model.model, name)(x).contiguous()

    for case, cls, on_output in (("dora-output", LoConModule, True), ("dora-input", LoConModule, False),
                                 ("dora-loha", LohaModule, True)):
        tensors = {}
        for name, x in inputs.items():
            module = cls("x", fresh(name), lora_dim=2, alpha=1.5, weight_decompose=True, wd_on_out=on_output)
            randomise(module)
            module.dora_scale.data.mul_(1 + 0.3 * torch.randn(module.dora_scale.shape))
            for key, value in module.custom_state_dict().items():
                tensors[f"lora_unet_{name}.{key}"] = value.detach().clone().contiguous()
            tensors[f"lora_unet_{name}.alpha"] = module.alpha.clone()
            module.apply_to()
            out[f"{case}/{name}"] = module.eval()(x).contiguous()
        save_file(tensors, here / f"{case}.safetensors")
        print(case, {k: tuple(v.shape) for k, v in tensors.items()})
save_file(out, here / "dora-layers.safetensors")
