"""Trains Daumier's PPO and stable-baselines3's on the same environment, and charts both.

    python -m daumier_gym.compare_ppo --out runs/ppo --steps 6000

Both begin with nothing, take the same steps on the same number of lanes with the same settings,
and are judged on the same validation faces after every fourth iteration. ``--out`` gets a run
folder for each (``daumier-1``, ``sb3-1``), ``compared.png``, ``.svg`` and ``.csv`` by ``daumier
curves``, and ``compared.json``. Needs stable-baselines3.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Sequence

from daumier_gym.server import launcher

# The preset QUICK of daumier train, which tunes no rivals, evaluates so often.
PRESET = "QUICK"
EVALUATE_EVERY = 4


def daumier(run: Path, seed: int, given: argparse.Namespace) -> list[str]:
    """The command that trains our own."""
    return [
        *launcher(),
        "train",
        *("--run", str(run), "--preset", PRESET, "--no-imitation", "--group", "0"),
        *("--patience", "0", "--steps", str(given.steps), "--lanes", str(given.lanes)),
        *("--validation", str(given.validation), "--seed", str(seed)),
        *given.options,
    ]


def sb3(run: Path, seed: int, given: argparse.Namespace) -> list[str]:
    """The command that trains stable-baselines3's."""
    return [
        *(sys.executable, "-m", "daumier_gym.train_sb3", "--run", str(run)),
        *("--steps", str(given.steps), "--lanes", str(given.lanes)),
        *("--validation", str(given.validation), "--seed", str(seed)),
        *("--evaluate-every", str(EVALUATE_EVERY)),
        *(["--", *given.options] if given.options else []),
    ]


def rows(file: Path) -> list[dict[str, str]]:
    """A table with a line of names."""
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def summary(run: Path, seconds: float) -> dict[str, Any]:
    """What a run came to. The mean over its evaluations says how early it learned."""
    evaluations = rows(run / "evaluations.csv")
    scores = [float(row["composite"]) for row in evaluations]
    return {
        "run": run.name,
        "steps": int(float(evaluations[-1]["time/total_timesteps"])),
        "first": scores[0],
        "last": scores[-1],
        "best": max(scores),
        "mean": sum(scores) / len(scores),
        "seconds": round(seconds, 1),
    }


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder of everything; must be new")
    parser.add_argument("--steps", type=int, default=6000, help="decisions of every run")
    parser.add_argument("--seeds", type=int, default=1, help="runs of each of the two")
    parser.add_argument("--lanes", type=int, default=16)
    parser.add_argument("--validation", type=int, default=32, help="faces of an evaluation")
    parser.add_argument("options", nargs="*", help="further options of both, after --: --pack DIR")
    arguments = parser.parse_args(given)
    out: Path = arguments.out
    if out.exists() and any(out.iterdir()):
        parser.error(f"{out} is not empty; give another folder.")
    if min(arguments.steps, arguments.seeds, arguments.lanes, arguments.validation) < 1:
        parser.error("--steps, --seeds, --lanes and --validation must be at least 1.")
    out.mkdir(parents=True, exist_ok=True)
    found = []
    # In turns, so that a busy machine is busy for both.
    for seed in range(1, arguments.seeds + 1):
        for name, command in (("daumier", daumier), ("sb3", sb3)):
            run = out / f"{name}-{seed}"
            print(f"training {run.name}", flush=True)
            begun = time.monotonic()
            subprocess.run(command(run, seed, arguments), check=True)
            found.append(summary(run, time.monotonic() - begun))
    runs = [str(out / one["run"]) for one in found]
    target = str(out / "compared.png")
    subprocess.run([*launcher(), "curves", *runs, "--out", target], check=True)
    (out / "compared.json").write_text(json.dumps(found, indent=2) + "\n")
    print(f"{'run':<12}{'steps':>8}{'first':>8}{'last':>8}{'best':>8}{'mean':>8}{'seconds':>10}")
    for one in found:
        print(
            f"{one['run']:<12}{one['steps']:>8,}{one['first']:>8.3f}{one['last']:>8.3f}"
            f"{one['best']:>8.3f}{one['mean']:>8.3f}{one['seconds']:>10,.0f}"
        )


if __name__ == "__main__":
    main()
