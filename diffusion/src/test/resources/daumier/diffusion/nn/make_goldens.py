"""Writes the goldens of this folder with diffusers, transformers and peft: small random models, inputs, outputs, gradients.

Each file holds `w/KEY` (weights), `in/NAME`, `out/NAME`, `grad/KEY` (of sum(out * in/probe)), `lora/NAME/PATH.down|up`; its metadata
holds the model's `config` as JSON. Run: python make_goldens.py
"""
import json
import pathlib

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, T2IAdapter, UNet2DConditionModel
from peft import LoraConfig
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel

HERE = pathlib.Path(__file__).parent
torch.set_num_threads(1)


def randomised(model, seed):
    """No weight stays at a value such as 0 or 1 that would hide a mistake."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=generator)
            if p.ndim == 1:
                p.copy_(0.2 * noise + (1.0 if "norm" in name and name.endswith("weight") else 0.0))
            else:
                p.copy_(noise * (1.2 / p[0].numel() ** 0.5))
    return model.eval()


def write(name, config, weights, **groups):
    tensors = {f"w/{k}": v for k, v in weights.items()}
    for group, values in groups.items():
        tensors |= {f"{group}/{k}": v for k, v in values.items()}
    tensors = {k: v.detach().clone().contiguous() for k, v in tensors.items()}
    path = HERE / f"{name}.safetensors"
    save_file(tensors, path, metadata={"config": json.dumps(config)})
    print(name, path.stat().st_size)


def gradients(model, out, inputs, names):
    probe = torch.randn(out.shape, generator=torch.Generator().manual_seed(99))
    (out * probe).sum().backward()
    params = dict(model.named_parameters())
    grads = {k: params[k].grad.clone() for k in names}
    grads |= {f"in.{k}": v.grad.clone() for k, v in inputs.items() if v.requires_grad}
    return probe, grads


def randn(*shape, seed):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


UNET_GRADS = [
    "conv_in.weight",
    "time_embedding.linear_1.weight",
    "down_blocks.1.resnets.0.norm1.weight",
    "down_blocks.1.resnets.0.conv1.weight",
    "down_blocks.1.resnets.0.time_emb_proj.bias",
    "down_blocks.1.attentions.0.norm.bias",
    "down_blocks.1.attentions.0.proj_in.weight",
    "down_blocks.1.attentions.0.transformer_blocks.0.norm2.weight",
    "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.weight",
    "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight",
    "down_blocks.1.attentions.0.transformer_blocks.0.ff.net.0.proj.weight",
    "down_blocks.0.downsamplers.0.conv.weight",
    "mid_block.attentions.0.transformer_blocks.0.attn1.to_out.0.bias",
    "up_blocks.0.resnets.0.conv_shortcut.weight",
    "up_blocks.0.upsamplers.0.conv.weight",
    "conv_norm_out.weight",
    "conv_out.weight",
]


def unet(name, config, size, adapter_shapes, lora):
    model = randomised(UNet2DConditionModel(**config), 1)
    weights = {k: v.clone() for k, v in model.state_dict().items()}
    sample = randn(2, 4, *size, seed=2).requires_grad_()
    text = randn(2, 5, config["cross_attention_dim"], seed=3).requires_grad_()
    t = torch.tensor([981.0, 17.0])
    out = model(sample, t, text).sample
    probe, grads = gradients(model, out, {"sample": sample, "text": text}, UNET_GRADS)
    inputs = {"sample": sample, "text": text, "t": t, "probe": probe}
    outputs = {"plain": out}
    groups = {"grad": grads}
    with torch.no_grad():
        if adapter_shapes:
            residuals = [0.5 * randn(2, *s, seed=10 + i) for i, s in enumerate(adapter_shapes)]
            inputs |= {f"adapter.{i}": r for i, r in enumerate(residuals)}
            outputs["adapter"] = model(
                sample, t, text, down_intrablock_additional_residuals=[r.clone() for r in residuals]
            ).sample
        odd = randn(2, 4, size[0] + 3, size[1] + 1, seed=4)
        inputs["odd"] = odd
        outputs["odd"] = model(odd, t, text).sample
    if lora:
        pairs = {}
        for i, (lora_name, rank, alpha, targets) in enumerate(lora):
            model.add_adapter(LoraConfig(r=rank, lora_alpha=alpha, target_modules=targets), lora_name)
            for k, p in sorted(model.named_parameters()):
                if f".{lora_name}.weight" in k:
                    with torch.no_grad():
                        p.copy_(0.3 * randn(*p.shape, seed=len(k) + sum(map(ord, k))))
                    path, side = k.removesuffix(f".{lora_name}.weight").rsplit(".", 1)
                    pairs[f"{lora_name}/{path}.{'down' if side == 'lora_A' else 'up'}"] = p
        names = [x[0] for x in lora]
        with torch.no_grad():
            for j, scales in enumerate([(0.7, 0.0), (0.25, 0.9)]):
                model.set_adapters(names, list(scales))
                outputs[f"lora.{j}"] = model(sample, t, text).sample
        # Gradients of the pairs with both at scale 1.
        for p in model.parameters():
            p.grad = None
        model.set_adapters(names, [1.0, 1.0])
        for k, p in model.named_parameters():
            p.requires_grad_("lora_" in k)
        (model(sample, t, text).sample * probe).sum().backward()
        layer = "mid_block.attentions.0.transformer_blocks.0.attn2.to_v"
        params = dict(model.named_parameters())
        for k in [f"{layer}.lora_A.{names[0]}", f"{layer}.lora_B.{names[0]}", f"mid_block.resnets.0.conv1.lora_A.{names[1]}"]:
            groups["grad"][k] = params[f"{k}.weight"].grad
        groups["lora"] = pairs
    write(name, config, weights, **{"in": inputs}, out=outputs, **groups)


def main():
    unet(
        "unet_sd",
        dict(
            sample_size=16,
            block_out_channels=[8, 16, 16, 16],
            down_block_types=["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
            up_block_types=["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
            layers_per_block=1,
            attention_head_dim=2,
            cross_attention_dim=12,
            norm_num_groups=4,
        ),
        (16, 8),
        [(8, 16, 8), (16, 8, 4), (16, 4, 2), (16, 2, 1)],
        [
            ("attention", 3, 6, ["to_q", "to_k", "to_v", "to_out.0"]),
            (
                "all",
                2,
                1,
                ["to_q", "to_k", "to_v", "to_out.0", "proj_in", "proj_out", "ff.net.0.proj", "ff.net.2", "conv1", "conv2"]
                + ["conv_shortcut", "downsamplers.0.conv", "upsamplers.0.conv", "time_emb_proj"],
            ),
        ],
    )
    unet(
        "unet_pack",
        dict(
            sample_size=16,
            block_out_channels=[8, 16, 24],
            down_block_types=["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
            up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
            layers_per_block=1,
            attention_head_dim=4,
            cross_attention_dim=16,
            norm_num_groups=4,
            use_linear_projection=True,
        ),
        (16, 16),
        None,
        None,
    )

    config = dict(
        block_out_channels=[8, 16, 16],
        down_block_types=["DownEncoderBlock2D"] * 3,
        up_block_types=["UpDecoderBlock2D"] * 3,
        layers_per_block=1,
        norm_num_groups=4,
        latent_channels=4,
    )
    model = randomised(AutoencoderKL(**config), 5)
    picture = randn(2, 3, 32, 16, seed=6)
    moments = model.encode(picture).latent_dist
    latents = randn(2, 4, 8, 4, seed=7).requires_grad_()
    decoded = model.decode(latents).sample
    names = ["decoder.conv_in.weight", "decoder.mid_block.attentions.0.to_q.weight", "decoder.up_blocks.1.resnets.0.norm1.bias"]
    probe, grads = gradients(model, decoded, {"latents": latents}, names)
    write(
        "vae",
        config,
        model.state_dict(),
        **{"in": {"picture": picture, "latents": latents, "probe": probe}},
        out={"mean": moments.mean, "logvar": moments.logvar, "decoded": decoded},
        grad=grads,
    )

    config = dict(
        encoder_block_out_channels=[8, 8, 8],
        decoder_block_out_channels=[8, 8, 8],
        num_encoder_blocks=[1, 2, 2],
        num_decoder_blocks=[2, 2, 1],
    )
    model = randomised(AutoencoderTiny(**config), 8)
    latents = randn(2, 4, 8, 4, seed=9).requires_grad_()
    decoded = model.decode(latents).sample
    probe, grads = gradients(model, decoded, {"latents": latents}, ["decoder.layers.0.weight", "decoder.layers.5.weight"])
    write(
        "tiny",
        config,
        model.state_dict(),
        **{"in": {"picture": picture, "latents": latents, "probe": probe}},
        out={"encoded": model.encode(picture).latents, "decoded": decoded},
        grad=grads,
    )

    for act in ["quick_gelu", "gelu"]:
        config = dict(
            vocab_size=60,
            hidden_size=16,
            intermediate_size=40,
            num_hidden_layers=3,
            num_attention_heads=2,
            max_position_embeddings=12,
            hidden_act=act,
        )
        model = randomised(CLIPTextModel(CLIPTextConfig(**config)), 11)
        ids = torch.randint(0, 60, (2, 12), generator=torch.Generator().manual_seed(12))
        out = model(ids, output_hidden_states=True)
        inner = getattr(model, "text_model", model)
        skipped = inner.final_layer_norm(out.hidden_states[-2])
        state = {k if k.startswith("text_model.") else f"text_model.{k}": v for k, v in model.state_dict().items()}
        state.pop("text_model.embeddings.position_ids", None)
        probe = torch.randn(out.last_hidden_state.shape, generator=torch.Generator().manual_seed(99))
        (out.last_hidden_state * probe).sum().backward()
        params = {k if k.startswith("text_model.") else f"text_model.{k}": v for k, v in model.named_parameters()}
        names = [
            "text_model.embeddings.token_embedding.weight",
            "text_model.embeddings.position_embedding.weight",
            "text_model.encoder.layers.0.self_attn.k_proj.weight",
            "text_model.encoder.layers.1.mlp.fc1.bias",
            "text_model.final_layer_norm.weight",
        ]
        write(
            f"clip_{act}",
            config,
            state,
            **{"in": {"ids": ids, "probe": probe}},
            out={"last": out.last_hidden_state, "skip2": skipped},
            grad={k: params[k].grad for k in names},
        )

    config = dict(in_channels=5, channels=[8, 16, 16], num_res_blocks=2, downscale_factor=4, adapter_type="full_adapter")
    model = randomised(T2IAdapter(**config), 13)
    condition = torch.rand(2, 5, 32, 20, generator=torch.Generator().manual_seed(14))
    features = model(condition)
    probe = torch.randn(features[-1].shape, generator=torch.Generator().manual_seed(99))
    (features[-1] * probe).sum().backward()
    params = dict(model.named_parameters())
    write(
        "adapter",
        config,
        model.state_dict(),
        **{"in": {"condition": condition, "probe": probe}},
        out={str(i): f for i, f in enumerate(features)},
        grad={k: params[k].grad for k in ["adapter.conv_in.weight", "adapter.body.1.resnets.0.block2.weight"]},
    )


if __name__ == "__main__":
    main()
