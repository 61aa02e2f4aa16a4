"""One portrait at a time."""

from __future__ import annotations

from typing import Any, Sequence

import gymnasium
import numpy as np
from gymnasium.error import ResetNeeded

from daumier_gym import spaces
from daumier_gym.server import Server


class DaumierEnv(gymnasium.Env):
    """A portrait being drawn; an episode ends, terminated, when the picture is finished.

    An observation is a float32 vector whose parts `observation_parts` names, with their sizes, in
    order; an action is a float32 vector in [-1, 1]: the increment of each region, the LoRA weight
    and the stride (`action_parts`). ``reset(options={"episode": 3})`` begins a fixed episode.

    Args:
        render_mode: None or "rgb_array": the portrait as foreseen, before the first step the sitter.
        split: whose portraits: "train", "validation" or "test".
        options: further options of ``daumier env-server``.
        command: what starts Daumier.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 2}

    def __init__(
        self,
        render_mode: str | None = None,
        *,
        split: str = "train",
        options: Sequence[str] = (),
        command: Sequence[str] | None = None,
    ):
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise ValueError(f"There is no render mode {render_mode!r}, only 'rgb_array'.")
        self.render_mode = render_mode
        self._server = Server(
            1,
            split=split,
            pictures=render_mode is not None,
            options=options,
            command=command,
        )
        self.observation_space = spaces.box(self._server.observation_space)
        self.action_space = spaces.box(self._server.action_space)
        self.observation_parts: dict[str, int] = self._server.observation_space["parts"]
        self.action_parts: dict[str, int] = self._server.action_space["parts"]
        self._running = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        super().reset(seed=seed)
        lane = {"lane": 0, "seed": seed, "episode": (options or {}).get("episode")}
        reply = self._server.call("reset", lanes=[lane])
        self._running = True
        return _observation(reply), reply["infos"][0]

    def step(self, action: Any) -> tuple[np.ndarray, float, bool, bool, dict[str, Any]]:
        if not self._running:
            raise ResetNeeded("The picture is finished or not begun: call reset first.")
        reply = self._server.call("step", actions=[spaces.action(action, self.action_space)])
        terminated, truncated = reply["terminated"][0], reply["truncated"][0]
        self._running = not (terminated or truncated)
        return _observation(reply), reply["rewards"][0], terminated, truncated, reply["infos"][0]

    def render(self) -> np.ndarray | None:
        if self.render_mode is None:
            return None
        return spaces.picture(self._server.call("render", lane=0))

    def close(self) -> None:
        self._server.close()


def _observation(reply: dict[str, Any]) -> np.ndarray:
    return np.asarray(reply["observations"][0], dtype=np.float32)
