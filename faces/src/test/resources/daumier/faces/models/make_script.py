"""Makes a small identity network as TorchScript, and what PyTorch computes with it.

python make_script.py    (numpy, torch)

tiny-arcface.pt: (n, 3, 112, 112) -> (n, 16). script-goldens.json: "aligned", its embedding of the
picture value(x, y, c) = (3x + 5y + 40c + (x*y)//7) mod 256, scaled to length 1.
"""
import json
import os
import zipfile

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Conv2d(3, 6, 7, stride=5)
        self.norm = torch.nn.BatchNorm2d(6)
        self.slope = torch.nn.PReLU(6)
        self.second = torch.nn.Conv2d(6, 8, 5, stride=3)
        self.last = torch.nn.Linear(8 * 36, 16)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.slope(self.norm(self.first(x)))
        x = torch.tanh(self.second(x))
        return self.last(x.flatten(1))


torch.manual_seed(3)
net = Tiny()
with torch.no_grad():
    net.norm.running_mean.normal_(0, 0.1)
    net.norm.running_var.uniform_(0.5, 1.5)
net = net.eval()
# Without where its lines stood when it was made, so that it comes out the same everywhere.
torch.jit.script(net).save("with-debug.pt")
with zipfile.ZipFile("with-debug.pt") as old, \
        zipfile.ZipFile(os.path.join(HERE, "tiny-arcface.pt"), "w") as new:
    for entry in old.infolist():
        if not entry.filename.endswith(".debug_pkl"):
            name = "tiny-arcface/" + entry.filename.split("/", 1)[1]
            new.writestr(zipfile.ZipInfo(name), old.read(entry))
os.remove("with-debug.pt")
y, x, c = np.meshgrid(np.arange(112), np.arange(112), np.arange(3), indexing="ij")
picture = ((3 * x + 5 * y + 40 * c + (x * y) // 7) % 256).astype(np.float32)
face = torch.from_numpy(picture).permute(2, 0, 1)[None]
with torch.no_grad():
    v = net((face - 127.5) / 127.5)[0]
    v = v / v.norm()
with open(os.path.join(HERE, "script-goldens.json"), "w") as out:
    json.dump({"aligned": [round(float(t), 8) for t in v]}, out)
