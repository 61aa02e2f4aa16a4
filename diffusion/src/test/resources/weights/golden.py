"""Writes the goldens of SafetensorsParityTest with the safetensors package."""

import json
import pathlib
import struct

import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
generator = torch.Generator().manual_seed(1)
wide = torch.randn(3, 5, generator=generator)
special = torch.tensor([0.0, -0.0, 1e-7, 65504.0, float("inf"), float("-inf"), float("nan"), 6e-8])

tensors = {
    "f32": wide,
    "f64": wide.double() / 3,
    "f16": wide.half(),
    "bf16": wide.bfloat16(),
    "f16_special": special.half(),
    "bf16_special": special.bfloat16(),
    "i64": torch.tensor([[1, -2], [2**40, -(2**62)]]),
    "i32": torch.tensor([7, -8], dtype=torch.int32),
    "i16": torch.tensor([300, -301, 5], dtype=torch.int16),
    "i8": torch.tensor([-128, 127], dtype=torch.int8),
    "u8": torch.tensor([0, 200, 255], dtype=torch.uint8),
    "bool": torch.tensor([True, False, True]),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 4),
}
expected = {
    f"{name}.expected": tensors[name].float()
    for name in ("f64", "f16", "bf16", "f16_special", "bf16_special")
}
save_file({**tensors, **expected}, here / "all-types.safetensors", {"made by": "safetensors é\n\"quoted\""})

# Third parties do not pad the header: here every tensor lies unaligned.
header = {
    "a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]},
    "f": {"dtype": "F32", "shape": [2], "data_offsets": [1, 9]},
    "h": {"dtype": "F16", "shape": [2], "data_offsets": [9, 13]},
    "b": {"dtype": "BF16", "shape": [2], "data_offsets": [13, 17]},
    "l": {"dtype": "I64", "shape": [1], "data_offsets": [17, 25]},
}
text = json.dumps(header).encode()
text += b" " * (3 - len(text) % 8 if len(text) % 8 <= 3 else 11 - len(text) % 8)
body = struct.pack("<Bff", 9, 1.5, -2.25) + struct.pack("<ee", 0.5, -4) + struct.pack("<HH", 0x3F80, 0xC000)
body += struct.pack("<q", -5)
(here / "unaligned.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + body)

# What the writer must give byte for byte. One metadata key: their order is random in the package.
count = torch.arange(6, dtype=torch.float32).reshape(2, 3) / 7
for name, dtype in (("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16)):
    save_file(
        {"block.0.weight": count.to(dtype), "ids": torch.tensor([3, 1]), "z": -count[0].to(dtype)},
        here / f"written-{name}.safetensors",
        {"format": "pt"},
    )
