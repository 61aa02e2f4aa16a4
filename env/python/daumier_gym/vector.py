"""Many portraits side by side, in shared U-Net calls."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from daumier_gym import spaces
from daumier_gym.server import Server


class DaumierVectorEnv(VectorEnv):
    """Lanes of one Java process.

    Args:
        num_envs: how many portraits are drawn side by side.
        autoreset_mode: what follows the end of a lane's episode, as gymnasium defines it.
        render_mode: None or "rgb_array": a tuple with one picture a lane.
        split: whose portraits: "train", "validation" or "test".
        options: further options of ``daumier env-server``.
        command: what starts Daumier.
    """

    def __init__(
        self,
        num_envs: int = 1,
        *,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        render_mode: str | None = None,
        split: str = "train",
        options: Sequence[str] = (),
        command: Sequence[str] | None = None,
    ):
        if render_mode not in (None, "rgb_array"):
            raise ValueError(f"There is no render mode {render_mode!r}, only 'rgb_array'.")
        self._mode = AutoresetMode(autoreset_mode)
        self.metadata = {
            "render_modes": ["rgb_array"],
            "render_fps": 2,
            "autoreset_mode": self._mode,
        }
        self.num_envs = num_envs
        self.render_mode = render_mode
        self._server = Server(
            num_envs,
            split=split,
            pictures=render_mode is not None,
            options=options,
            command=command,
        )
        self.single_observation_space = spaces.box(self._server.observation_space)
        self.single_action_space = spaces.box(self._server.action_space)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_parts: dict[str, int] = self._server.observation_space["parts"]
        self.action_parts: dict[str, int] = self._server.action_space["parts"]
        self._ended = np.ones(num_envs, dtype=bool)

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Begins episodes: in every lane, or in those of ``options["reset_mask"]``."""
        options = options or {}
        mask = np.asarray(options.get("reset_mask", np.ones(self.num_envs, dtype=bool)), dtype=bool)
        if mask.shape != (self.num_envs,):
            raise ValueError(f"reset_mask has the shape {(self.num_envs,)}, not {mask.shape}.")
        if seed is None or isinstance(seed, (int, np.integer)):
            super().reset(seed=None if seed is None else int(seed))
            seeds = [None if seed is None else int(seed) + i for i in range(self.num_envs)]
        else:
            seeds = [None if one is None else int(one) for one in seed]
        if len(seeds) != self.num_envs:
            raise ValueError(f"Give {self.num_envs} seeds, not {len(seeds)}.")
        reply = self._begin(mask, seeds, options.get("episode"))
        return _observations(reply), self._infos(reply["infos"], mask)

    def _begin(
        self, mask: np.ndarray, seeds: Sequence[int | None] | None = None, episode: Any = None
    ) -> dict[str, Any]:
        lanes = [
            {"lane": int(i), "seed": seeds[i] if seeds else None, "episode": episode}
            for i in np.flatnonzero(mask)
        ]
        reply = self._server.call("reset", lanes=lanes)
        self._ended[mask] = False
        return reply

    def step(
        self, actions: Any
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        before = self._ended.copy()
        if before.any() and self._mode is not AutoresetMode.NEXT_STEP:
            raise ValueError(
                f"The episodes of lanes {np.flatnonzero(before).tolist()} have ended: reset them."
            )
        taken = [
            None if before[i] else spaces.action(actions[i], self.single_action_space)
            for i in range(self.num_envs)
        ]
        reply = self._server.call("step", actions=taken)
        observations = _observations(reply)
        rewards = np.asarray(reply["rewards"], dtype=np.float64)
        terminations = np.asarray(reply["terminated"], dtype=bool)
        truncations = np.asarray(reply["truncated"], dtype=bool)
        ended = terminations | truncations
        same_step = self._mode is AutoresetMode.SAME_STEP
        infos = self._infos(reply["infos"], ~before & ~ended if same_step else ~before)
        if before.any():
            # The step after an episode's last one begins the next: no reward, the action ignored.
            again = self._begin(before)
            observations[before] = _observations(again)[before]
            infos = self._merge(infos, again["infos"], before)
        self._ended = ended.copy()
        if ended.any() and same_step:
            infos["final_obs"] = np.full(self.num_envs, None, dtype=object)
            for i in np.flatnonzero(ended):
                infos["final_obs"][i] = observations[i].copy()
            infos["_final_obs"] = ended.copy()
            infos["final_info"] = self._infos(reply["infos"], ended)
            infos["_final_info"] = ended.copy()
            again = self._begin(ended)
            observations[ended] = _observations(again)[ended]
            infos = self._merge(infos, again["infos"], ended)
        return observations, rewards, terminations, truncations, infos

    def _infos(self, infos: list[dict[str, Any]], mask: np.ndarray) -> dict[str, Any]:
        return self._merge({}, infos, mask)

    def _merge(
        self, merged: dict[str, Any], infos: list[dict[str, Any]], mask: np.ndarray
    ) -> dict[str, Any]:
        for i in np.flatnonzero(mask):
            merged = self._add_info(merged, infos[i], int(i))
        return merged

    def render(self) -> tuple[np.ndarray, ...] | None:
        if self.render_mode is None:
            return None
        return tuple(
            spaces.picture(self._server.call("render", lane=i)) for i in range(self.num_envs)
        )

    def close_extras(self, **kwargs: Any) -> None:
        self._server.close()


def _observations(reply: dict[str, Any]) -> np.ndarray:
    return np.asarray(reply["observations"], dtype=np.float32)
