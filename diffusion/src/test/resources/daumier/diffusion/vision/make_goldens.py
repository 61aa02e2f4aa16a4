"""Writes the goldens of this folder with transformers: small random models in folders as people have them, pictures, embeddings.

Each folder holds a model; `vision.safetensors` holds `picture/NAME` (1, 3, h, w) in [-1, 1], and for each model MODEL
`MODEL/pixels/NAME` and `MODEL/embedding/NAME` (of the picture through the model's processor), `MODEL/probe` and `MODEL/gradient` (of
sum(embedding * probe) by the pixels of the picture `wide`), for CLIP also `clip/text/N` of the sentences in the metadata.
Run: python make_goldens.py (transformers 4.49, torch 2.5, Pillow 11, which resizes columns first as all before it; 13 chooses)
"""
import json
import pathlib
import shutil

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import (
    BitImageProcessor,
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    CLIPTokenizer,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
    Dinov2Config,
    Dinov2Model,
    ViTConfig,
    ViTImageProcessor,
    ViTModel,
)

HERE = pathlib.Path(__file__).parent
TOKENIZER = HERE.parent / "sample" / "pipeline" / "pack" / "tokenizer"
torch.set_num_threads(1)


def randomised(model, seed):
    """No weight stays at a value such as 0 or 1 that would hide a mistake."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=generator)
            if p.ndim <= 1:
                p.copy_(0.2 * noise + (1.0 if "norm" in name and name.endswith("weight") else 0.0))
            else:
                p.copy_(noise * (1.2 / p[0].numel() ** 0.5))
    return model.eval()


def pictures():
    """Smooth shapes with noise, wide and tall, larger and smaller than the models' sides, odd differences."""
    made = {}
    for i, (name, h, w) in enumerate([("wide", 61, 87), ("tall", 90, 40), ("small", 15, 19)]):
        rng = np.random.default_rng(i)
        y, x = np.mgrid[0:h, 0:w]
        waves = [127 + 90 * np.sin(x / (3 + c) + i) * np.cos(y / (4 + 2 * c)) + 30 * rng.standard_normal((h, w)) for c in range(3)]
        made[name] = np.stack(waves, -1).clip(0, 255).astype(np.uint8)
    return made


def run(name, model, processor, embed, tensors):
    """The folder of a model, and what it says of the pictures."""
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    for key, array in pictures().items():
        pixels = processor(Image.fromarray(array), return_tensors="pt").pixel_values.requires_grad_()
        embedding = embed(pixels)
        tensors[f"{name}/pixels/{key}"] = pixels
        tensors[f"{name}/embedding/{key}"] = embedding
        if key == "wide":
            probe = torch.randn(embedding.shape, generator=torch.Generator().manual_seed(99))
            (embedding * probe).sum().backward()
            tensors[f"{name}/probe"] = probe
            tensors[f"{name}/gradient"] = pixels.grad


def main():
    tensors = {f"picture/{k}": torch.from_numpy(v).permute(2, 0, 1)[None] / 127.5 - 1 for k, v in pictures().items()}
    tokenizer = CLIPTokenizer.from_pretrained(TOKENIZER)
    size = dict(hidden_size=16, num_hidden_layers=3, num_attention_heads=2)
    text = dict(
        vocab_size=len(tokenizer),
        intermediate_size=24,
        max_position_embeddings=77,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=tokenizer.bos_token_id,
        **size,
    )
    vision = dict(intermediate_size=40, image_size=24, patch_size=6, **size)
    clip = randomised(CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=10)), 1)
    processor = CLIPImageProcessor(size={"shortest_edge": 24}, crop_size={"height": 24, "width": 24})
    run("clip", clip, processor, lambda p: clip.get_image_features(p), tensors)
    tokenizer.save_pretrained(HERE / "clip")
    sentences = ["a portrait of a woman with a long nose", "Man!", "a " * 100]
    for i, sentence in enumerate(sentences):
        ids = tokenizer(sentence, truncation=True, max_length=77, padding="max_length", return_tensors="pt").input_ids
        tensors[f"clip/text/{i}"] = clip.get_text_features(ids)

    config = CLIPVisionConfig(intermediate_size=40, image_size=32, patch_size=8, hidden_act="gelu", projection_dim=12, **size)
    tower = randomised(CLIPVisionModelWithProjection(config), 2)
    run("clip_vision", tower, CLIPImageProcessor(size={"shortest_edge": 40}, crop_size=32, resample=2), lambda p: tower(p).image_embeds, tensors)

    dino = randomised(ViTModel(ViTConfig(intermediate_size=40, image_size=24, patch_size=8, **size)), 3)
    run("dino", dino, ViTImageProcessor(size=24, image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225]), lambda p: dino(p).last_hidden_state[:, 0], tensors)

    # Its positions are of larger pictures than it is shown, as with the published weights.
    dinov2 = randomised(Dinov2Model(Dinov2Config(mlp_ratio=3, image_size=40, patch_size=5, **size)), 4)
    processor = BitImageProcessor(
        size={"shortest_edge": 34},
        crop_size={"height": 30, "width": 30},
        image_mean=[0.485, 0.456, 0.406],
        image_std=[0.229, 0.224, 0.225],
    )
    run("dinov2", dinov2, processor, lambda p: dinov2(p).last_hidden_state[:, 0], tensors)
    tensors = {k: v.detach().float().clone().contiguous() for k, v in tensors.items()}
    save_file(tensors, HERE / "vision.safetensors", metadata={"sentences": json.dumps(sentences)})


if __name__ == "__main__":
    main()
