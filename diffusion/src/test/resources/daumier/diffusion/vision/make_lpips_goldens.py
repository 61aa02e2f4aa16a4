"""Writes lpips.safetensors with the package lpips: two pictures and their distances by AlexNet and VGG-16, and the gradient of each.

The weights are too many to keep: here as in LpipsTest each is a hash of its place, see `hashed`.
Run: python make_lpips_goldens.py (lpips 0.1.4)
"""
import pathlib

import lpips
import numpy as np
import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def hashed(count, salt):
    """Numbers from 0 to 1, equal on every machine."""
    mask = np.uint64(0xFFFFFFFF)
    h = (np.arange(count, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(salt * 40503)) & mask
    h ^= h >> np.uint64(15)
    h = (h * np.uint64(2246822519)) & mask
    h ^= h >> np.uint64(13)
    return h.astype(np.float64) / 2.0**32


def fill(p, salt, low, width):
    with torch.no_grad():
        p.copy_(torch.from_numpy((low + width * hashed(p.numel(), salt)).astype(np.float32)).reshape(p.shape))


def main():
    y, x = np.mgrid[0:48, 0:64]
    waves = [np.stack([np.sin(x / (3 + c) + i) * np.cos(y / (5 - c) - i) for c in range(3)]) for i in range(2)]
    a, b = [torch.from_numpy(w.astype(np.float32))[None] * 0.9 for w in waves]
    tensors = {"a": a, "b": b}
    for net in ["alex", "vgg"]:
        model = lpips.LPIPS(net=net, pretrained=False, pnet_rand=True, verbose=False).eval()
        for name, p in model.net.named_parameters():
            index = int(name.split(".")[1])
            if name.endswith("weight"):
                side = (24.0 / p[0].numel()) ** 0.5
                fill(p, index + 1, -side / 2, side)
            else:
                fill(p, index + 1001, -0.1, 0.2)
        for i in range(5):
            fill(getattr(model, f"lin{i}").model[1].weight, i + 2001, 0.0, 1.0)
        other = b.clone().requires_grad_()
        distance = model(a, other)
        distance.sum().backward()
        tensors[f"{net}/distance"] = distance.reshape(1)
        tensors[f"{net}/gradient"] = other.grad
    save_file({k: v.detach().clone().contiguous() for k, v in tensors.items()}, HERE / "lpips.safetensors")


if __name__ == "__main__":
    main()
