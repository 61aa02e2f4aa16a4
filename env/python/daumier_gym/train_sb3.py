"""Trains stable-baselines3's PPO on Daumier's lanes and writes a run folder for ``daumier curves``.

    python -m daumier_gym.train_sb3 --run runs/sb3 --steps 6000

The settings are those of ``daumier train --no-imitation --group 0``; the validation faces are the
same. `daumier_gym.compare_ppo` trains both and charts them. Needs stable-baselines3.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from pathlib import Path
from typing import Any, Sequence

import numpy as np
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import configure
from stable_baselines3.common.vec_env import VecMonitor, VecNormalize

from daumier_gym.sb3 import FIGURES, DaumierVecEnv, figures
from daumier_gym.server import Server

REPETITIONS = 4000


def iqm(values: np.ndarray) -> float:
    """Interquartile mean, as Daumier reports it."""
    ordered = np.sort(values)
    cut = int(0.25 * len(ordered))
    return float(ordered[cut : len(ordered) - cut].mean())


def interval(values: np.ndarray, seed: int = 1) -> tuple[float, float]:
    """95% percentile bootstrap of the interquartile mean."""
    rng = np.random.default_rng(seed)
    drawn = [iqm(rng.choice(values, len(values))) for _ in range(REPETITIONS)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


class Validation:
    """The first episodes of the validation split, each drawn once without noise."""

    def __init__(self, episodes: int, lanes: int, options: Sequence[str]):
        self._episodes = episodes
        self._server = Server(min(lanes, episodes), split="validation", options=options)

    def terms(self, model: PPO, normalize: VecNormalize) -> dict[str, np.ndarray]:
        """Every measure of the finished pictures, one value an episode."""
        found: list[dict[str, float]] = []
        for first in range(0, self._episodes, self._server.lanes):
            found += self._batch(model, normalize, first)
        return {term: np.array([one[term] for one in found]) for term in FIGURES}

    def _batch(self, model: PPO, normalize: VecNormalize, first: int) -> list[dict[str, float]]:
        count = min(self._server.lanes, self._episodes - first)
        lanes = [{"lane": i, "seed": None, "episode": first + i} for i in range(count)]
        reply = self._server.call("reset", lanes=lanes)
        final: list[dict[str, float] | None] = [None] * count
        while any(one is None for one in final):
            seen = normalize.normalize_obs(np.asarray(reply["observations"], dtype=np.float32))
            actions, _ = model.predict(seen, deterministic=True)
            wished: list[list[float] | None] = [
                actions[i].tolist() if i < count and final[i] is None else None
                for i in range(self._server.lanes)
            ]
            reply = self._server.call("step", actions=wished)
            for i in range(count):
                if final[i] is None and (reply["terminated"][i] or reply["truncated"][i]):
                    final[i] = figures(reply["infos"][i])
        return [one for one in final if one is not None]

    def close(self) -> None:
        self._server.close()


class Evaluations(BaseCallback):
    """Appends a row to ``evaluations.csv`` every so many iterations."""

    def __init__(self, run: Path, validation: Validation, every: int):
        super().__init__()
        self._validation = validation
        self._every = every
        self._iterations = 0
        self._file = (run / "evaluations.csv").open("w", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow(
            ["time/total_timesteps", "composite", "composite_low", "composite_high"]
            + list(FIGURES[1:])
            + ["wall_time"]
        )
        self._spent = 0.0
        self._begun = 0.0

    def _on_training_start(self) -> None:
        self._begun = time.monotonic()
        self.evaluate()

    def _on_step(self) -> bool:
        return True

    def _on_rollout_start(self) -> None:
        if self._iterations and self._iterations % self._every == 0:
            self.evaluate()
        self._iterations += 1

    def evaluate(self) -> None:
        """Draws the validation faces; the time that takes does not count as training."""
        paused = time.monotonic()
        wall = paused - self._begun - self._spent
        terms = self._validation.terms(self.model, self.training_env)
        scores = terms["composite"]
        self._rows.writerow(
            [self.num_timesteps, iqm(scores), *interval(scores)]
            + [iqm(terms[term]) for term in FIGURES[1:]]
            + [wall]
        )
        self._file.flush()
        print(f"after {self.num_timesteps:,} steps, {wall:.0f}s: validation {iqm(scores):.3f}")
        self._spent += time.monotonic() - paused

    def close(self) -> None:
        self._file.close()


def settings(lanes: int) -> dict[str, Any]:
    """Those of Daumier's own PPO, by stable-baselines3's names."""
    return dict(
        n_steps=24,
        batch_size=min(192, 24 * lanes),
        n_epochs=8,
        gamma=0.995,
        gae_lambda=0.95,
        clip_range=0.2,
        ent_coef=0.0,
        vf_coef=0.5,
        max_grad_norm=0.5,
        target_kl=0.02,
    )


LEARNING_RATE = 3e-4


def decayed(left: float) -> float:
    """The learning rate falls to nothing over the run, as Daumier's does."""
    return LEARNING_RATE * left


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, required=True, help="folder of the run; must be new")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=16)
    parser.add_argument("--validation", type=int, default=32, help="episodes of an evaluation")
    parser.add_argument("--evaluate-every", type=int, default=10, help="iterations between two")
    parser.add_argument("options", nargs="*", help="further options of daumier env-server, after --")
    arguments = parser.parse_args(given)
    run: Path = arguments.run
    if run.exists() and any(run.iterdir()):
        parser.error(f"{run} is not empty; give another folder.")
    run.mkdir(parents=True, exist_ok=True)
    ppo = settings(arguments.lanes)
    config = {
        "command": "stable-baselines3 PPO",
        "seed": arguments.seed,
        "lanes": arguments.lanes,
        "ppo": {**ppo, "learning_rate": f"{LEARNING_RATE} falling linearly to 0"},
    }
    (run / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    lanes = DaumierVecEnv(arguments.lanes, options=arguments.options)
    monitored = VecMonitor(lanes, str(run / "monitor.csv"), info_keywords=FIGURES)
    normalized = VecNormalize(monitored, gamma=ppo["gamma"])
    model = PPO(
        "MlpPolicy",
        normalized,
        seed=arguments.seed,
        device="cpu",
        policy_kwargs=dict(net_arch=dict(pi=[64, 64], vf=[64, 64]), log_std_init=-1.2),
        learning_rate=decayed,
        **ppo,
    )
    model.set_logger(configure(str(run), ["csv"]))
    validation = Validation(arguments.validation, arguments.lanes, arguments.options)
    evaluations = Evaluations(run, validation, arguments.evaluate_every)
    try:
        model.learn(arguments.steps, callback=evaluations)
        evaluations.evaluate()
        model.save(run / "sb3_model.zip")
    finally:
        evaluations.close()
        validation.close()
        normalized.close()


if __name__ == "__main__":
    main()
