"""Daumier's lanes as stable-baselines3 wants them; needs stable-baselines3."""

from __future__ import annotations

from typing import Any, Iterable, Sequence

import numpy as np
from stable_baselines3.common.vec_env import VecEnv

from daumier_gym import spaces
from daumier_gym.server import Server


# What a finished picture is worth by the reward's own networks, and what it cost.
FIGURES = ("composite", "alignment", "identity", "style", "plausibility", "unet_calls")


def figures(info: dict[str, Any]) -> dict[str, float]:
    """`FIGURES` of the info of an episode's last step."""
    outcome = info["outcome"]
    all_of_them = {**outcome["reward"], "unet_calls": outcome["unet_calls"]}
    return {name: float(all_of_them[name]) for name in FIGURES}


class DaumierVecEnv(VecEnv):
    """Lanes of one Java process, each reset within the step that ends its episode.

    ``PPO("MlpPolicy", DaumierVecEnv(16)).learn(60_000)``

    The info of an episode's last step holds `FIGURES` themselves, where a ``VecMonitor`` with
    ``info_keywords=FIGURES`` finds them.

    Args:
        num_envs: how many portraits are drawn side by side.
        split: whose portraits: "train", "validation" or "test".
        options: further options of ``daumier env-server``.
        command: what starts Daumier.
    """

    def __init__(
        self,
        num_envs: int = 1,
        *,
        split: str = "train",
        options: Sequence[str] = (),
        command: Sequence[str] | None = None,
    ):
        self.render_mode = None
        self._server = Server(num_envs, split=split, options=options, command=command)
        self._actions: list[list[float]] = []
        super().__init__(
            num_envs,
            spaces.box(self._server.observation_space),
            spaces.box(self._server.action_space),
        )

    def reset(self) -> np.ndarray:
        reply = self._begin(range(self.num_envs), self._seeds)
        self._reset_seeds()
        return _observations(reply)

    def _begin(self, lanes: Iterable[int], seeds: Sequence[int | None] | None) -> dict[str, Any]:
        # A seed that stable-baselines3 drew itself is one of NumPy's numbers.
        drawn = [None if seed is None else int(seed) for seed in seeds or ()]
        wishes = [{"lane": i, "seed": drawn[i] if drawn else None} for i in lanes]
        reply = self._server.call("reset", lanes=wishes)
        for wish in wishes:
            self.reset_infos[wish["lane"]] = reply["infos"][wish["lane"]]
        return reply

    def step_async(self, actions: np.ndarray) -> None:
        self._actions = [spaces.action(action, self.action_space) for action in actions]

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        reply = self._server.call("step", actions=self._actions)
        observations = _observations(reply)
        terminated = np.asarray(reply["terminated"], dtype=bool)
        truncated = np.asarray(reply["truncated"], dtype=bool)
        infos = reply["infos"]
        ended = [int(i) for i in np.flatnonzero(terminated | truncated)]
        for i in ended:
            infos[i].update(figures(infos[i]))
            infos[i]["terminal_observation"] = observations[i].copy()
            infos[i]["TimeLimit.truncated"] = bool(truncated[i] and not terminated[i])
        if ended:
            again = _observations(self._begin(ended, None))
            observations[ended] = again[ended]
        rewards = np.asarray(reply["rewards"], dtype=np.float32)
        return observations, rewards, terminated | truncated, infos

    def close(self) -> None:
        self._server.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        value = getattr(self, attr_name)
        return [value for _ in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        raise AttributeError(f"The lanes live in another program; {attr_name} cannot be set.")

    def env_method(
        self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any
    ) -> list[Any]:
        raise AttributeError(f"The lanes live in another program and have no {method_name}.")

    def env_is_wrapped(self, wrapper_class: Any, indices: Any = None) -> list[bool]:
        return [False for _ in self._get_indices(indices)]


def _observations(reply: dict[str, Any]) -> np.ndarray:
    return np.asarray(reply["observations"], dtype=np.float32)
