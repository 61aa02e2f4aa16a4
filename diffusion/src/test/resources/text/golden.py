"""Writes the ids of transformers' CLIPTokenizer for ClipTokenizerTest.

Usage: golden.py [bpe_simple_vocab_16e6.txt.gz]: with the file, the ids of CLIP's own vocabulary too.
"""

import gzip
import json
import pathlib
import shutil
import sys
import tempfile

from transformers import CLIPTokenizer

here = pathlib.Path(__file__).parent

PROMPTS = [
    "",
    " ",
    "a",
    "a portrait photo of a man with a big nose",
    "A PORTRAIT of a Woman's face, it's smiling!!",
    "they're we've I'm he'll she'd don't 'tis rock'n'roll 's 't",
    "THEY'RE IT'S",
    "3/4 view, 35mm f1.8 2024-01-02 1,000,000 ½ ² Ⅷ ٣",
    "  spaces\t tabs\n\nnewlines\u00a0nbsp\u3000wide\u2009thin ",
    "zero\u200bwidth\u200djoiner\ufeffbom soft\u00adhyphen",
    "café cafe\u0301 naïve Ångström A\u030angstro\u0308m",
    "İstanbul ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ straße ẞ ǅ ﬁ",
    "漫画 の 似顔絵 中文字符 한국어 العربية עברית हिन्दी ไทย",
    "😀😃 👩‍🎨 🧑🏽‍🦱 flag 🇫🇷 heart ❤️",
    "𝕳𝖊𝖑𝖑𝖔 𝓬𝓪𝓻 𐐀𐐨",
    "(masterpiece:1.2), [ugly], <lora:toon:0.8>, {a|b} \\ / ~ ` ^ _under_score_ #tag @name $5 50%",
    "...!!!???---'''\"\"\"''s''t",
    "snake_case camelCase kebab-case a.b.c http://example.com/?q=1&r=2",
    "<|startoftext|> inside <|endoftext|> text",
    "<|STARTOFTEXT|>'s <|EndOfText|>!!",
    "wow! really!",
    "control\u0000char\u0007bell\u001besc\u0085nel\u2028line",
    "supercalifragilisticexpialidocious antidisestablishmentarianism pneumonoultramicroscopic",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa abababababababab",
    "a photo of a very long prompt, " * 20,
    "word " * 75 + "end",
    "ÿ þ ¡ ¬ ® \u00ff\u0100\u017f",
    "e\u0301\u0301\u0327 a\u0323\u0307 \u1e9b\u0323",
    "«guillemets» „quotes“ ‘single’ it’s — dash – en … ellipsis",
]


def ids(tokenizer, length):
    return [
        {
            "prompt": prompt,
            "ids": tokenizer(prompt, padding="max_length", max_length=length, truncation=True).input_ids,
        }
        for prompt in PROMPTS
    ]


def variant(folder, changes):
    """The folder with other special tokens."""
    copy = pathlib.Path(tempfile.mkdtemp())
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    for name in ("tokenizer_config.json", "special_tokens_map.json"):
        data = json.loads((copy / name).read_text())
        data.update(changes)
        (copy / name).write_text(json.dumps(data))
    return copy


small = here / "small"
goldens = {}
tokenizer = CLIPTokenizer.from_pretrained(small)
assert tokenizer.model_max_length == 32, tokenizer.model_max_length
goldens["small"] = ids(tokenizer, tokenizer.model_max_length)
plain = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>", "pad_token": "!"}
goldens["plain-special"] = ids(CLIPTokenizer.from_pretrained(variant(small, plain)), 32)
with tempfile.TemporaryDirectory() as whole:
    tokenizer.save_pretrained(whole)
    print(sorted(p.name for p in pathlib.Path(whole).iterdir()))
    shutil.copy(pathlib.Path(whole) / "tokenizer.json", here / "tokenizer.json")
(here / "small-ids.json").write_text(json.dumps(goldens, indent=1))

if len(sys.argv) > 1:
    merges = gzip.open(sys.argv[1], "rt", encoding="utf-8").read().split("\n")[1 : 49152 - 256 - 2 + 1]
    alphabet = list(json.loads((small / "vocab.json").read_text()))[:512]
    tokens = alphabet + ["".join(m.split()) for m in merges] + ["<|startoftext|>", "<|endoftext|>"]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        shutil.copytree(small, folder, dirs_exist_ok=True)
        (folder / "vocab.json").write_text(json.dumps({t: i for i, t in enumerate(tokens)}))
        (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
        tokenizer = CLIPTokenizer.from_pretrained(folder)
        (here / "clip-ids.json").write_text(json.dumps({"clip": ids(tokenizer, 77)}, indent=1))
