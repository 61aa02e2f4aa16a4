"""Writes what the pack's text encoder makes of weighted and long prompts, and of learned words.

Run: python make_prompt_goldens.py (torch, diffusers, transformers, safetensors), after make_goldens.py. The first part
follows AUTOMATIC1111's web UI (modules/prompt_parser.py, sd_hijack_clip.py, sd_emphasis.py) over transformers' model; the
second is diffusers' load_textual_inversion.
"""
import json
import os
import re

import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel, AutoencoderKL
from safetensors.torch import save_file
from transformers import CLIPTextModel, CLIPTokenizer

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
PACK = os.path.join(HERE, "pack")
tokenizer = CLIPTokenizer.from_pretrained(os.path.join(PACK, "tokenizer"))
text = CLIPTextModel.from_pretrained(os.path.join(PACK, "text_encoder")).eval()

re_attention = re.compile(r"""
\\\(|
\\\)|
\\\[|
\\]|
\\\\|
\\|
\(|
\[|
:\s*([+-]?[.\d]+)\s*\)|
\)|
]|
[^\\()\[\]:]+|
:
""", re.X)
re_break = re.compile(r"\s*\bBREAK\b\s*", re.S)


def parse(prompt):
    res, rounds, squares = [], [], []

    def multiply(start, factor):
        for p in range(start, len(res)):
            res[p][1] *= factor

    for m in re_attention.finditer(prompt):
        t, weight = m.group(0), m.group(1)
        if t.startswith("\\"):
            res.append([t[1:], 1.0])
        elif t == "(":
            rounds.append(len(res))
        elif t == "[":
            squares.append(len(res))
        elif weight is not None and rounds:
            multiply(rounds.pop(), float(weight))
        elif t == ")" and rounds:
            multiply(rounds.pop(), 1.1)
        elif t == "]" and squares:
            multiply(squares.pop(), 1 / 1.1)
        else:
            for i, part in enumerate(re.split(re_break, t)):
                if i > 0:
                    res.append(["BREAK", -1])
                res.append([part, 1.0])
    for pos in rounds:
        multiply(pos, 1.1)
    for pos in squares:
        multiply(pos, 1 / 1.1)
    if not res:
        res = [["", 1.0]]
    i = 0
    while i + 1 < len(res):
        if res[i][1] == res[i + 1][1]:
            res[i][0] += res[i + 1][0]
            res.pop(i + 1)
        else:
            i += 1
    return res


LENGTH = tokenizer.model_max_length - 2
COMMA = tokenizer(",", add_special_tokens=False).input_ids[0]


def chunks_of(prompt):
    chunks, ids, mults, last_comma = [], [], [], -1

    def end():
        nonlocal ids, mults, last_comma
        pad = LENGTH - len(ids)
        chunks.append(([tokenizer.bos_token_id] + ids + [tokenizer.eos_token_id] * (pad + 1),
                       [1.0] + mults + [1.0] * (pad + 1)))
        ids, mults, last_comma = [], [], -1

    for part, weight in parse(prompt):
        if part == "BREAK" and weight == -1:
            end()
            continue
        for token in tokenizer(part, add_special_tokens=False).input_ids:
            if token == COMMA:
                last_comma = len(ids)
            elif len(ids) == LENGTH and last_comma != -1 and len(ids) - last_comma <= 20:
                cut = last_comma + 1
                moved_ids, moved = ids[cut:], mults[cut:]
                ids, mults = ids[:cut], mults[:cut]
                end()
                ids, mults = moved_ids, moved
            if len(ids) == LENGTH:
                end()
            ids.append(token)
            mults.append(weight)
    if ids or not chunks:
        end()
    return chunks


def states(prompt, skip=1):
    parts = []
    for ids, mults in chunks_of(prompt):
        out = text(torch.tensor([ids]), output_hidden_states=True)
        z = text.text_model.final_layer_norm(out.hidden_states[-skip])
        m = torch.tensor([mults])
        if any(x != 1.0 for x in mults):
            mean = z.mean()
            z = z * m[:, :, None]
            z = z * (mean / z.mean())
        parts.append(z)
    return torch.cat(parts, 1)


PROMPTS = [
    "a face",
    "a (big:1.4) nose",
    "a ((face)) [nose], (an (ear:0.5))",
    "\\(a face\\) (nose:.7",
    "face : nose (a:b) :1.3)",
    "a face BREAK a nose",
    "a big nose, an ear and another face with some more ears, and a nose",
    "nosenosenosenosenosenosenosenosenosenosenosenosenosenosenose",
    "[face|nose]) a",
    "",
    "(a face, a nose, an ear, a face, a nose:1.2), an ear (face:1.5)",
]
out = {}
with torch.no_grad():
    for i, prompt in enumerate(PROMPTS):
        out[f"prompt{i}"] = states(prompt).contiguous()
    out["skip"] = states(PROMPTS[1], 2).contiguous()
with open(os.path.join(HERE, "prompts.json"), "w") as f:
    json.dump([{"prompt": p, "parts": parse(p), "ids": [c[0] for c in chunks_of(p)],
                "weights": [c[1] for c in chunks_of(p)]} for p in PROMPTS], f, indent=0)

# Learned words: one and three vectors, as diffusers and the web UI keep them.
generator = torch.Generator().manual_seed(4)
learned = torch.randn((3, 16), generator=generator)
save_file({"<cat-toy>": learned}, os.path.join(HERE, "cat-toy.safetensors"))
save_file({"emb_params": learned[:1].clone()}, os.path.join(HERE, "ugly.safetensors"))
pipe = StableDiffusionPipeline(
    vae=AutoencoderKL.from_pretrained(os.path.join(PACK, "vae")), text_encoder=text, tokenizer=tokenizer,
    unet=UNet2DConditionModel.from_pretrained(os.path.join(PACK, "unet")), scheduler=DDIMScheduler(),
    safety_checker=None, feature_extractor=None, requires_safety_checker=False)
pipe.load_textual_inversion(os.path.join(HERE, "cat-toy.safetensors"))
pipe.load_textual_inversion(os.path.join(HERE, "ugly.safetensors"), token="ugly")
with torch.no_grad():
    for i, prompt in enumerate(("a <cat-toy> face", "ugly, a nose", "a <cat-toy>, ugly face")):
        out[f"learned{i}"] = pipe.encode_prompt(prompt, "cpu", 1, False)[0].contiguous()
save_file(out, os.path.join(HERE, "prompts.safetensors"))
print({k: tuple(v.shape) for k, v in out.items()})
