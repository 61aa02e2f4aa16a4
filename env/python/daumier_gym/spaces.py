"""From the program's numbers to gymnasium's."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from gymnasium import spaces

from daumier_gym.server import ContractError


def box(description: dict[str, Any]) -> spaces.Box:
    """A space as `hello` describes it."""
    low = np.asarray(description["low"], dtype=np.float32)
    high = np.asarray(description["high"], dtype=np.float32)
    return spaces.Box(low, high, dtype=np.float32)


def action(values: Any, space: spaces.Box) -> list[float]:
    """An action for the pipe.

    Raises:
        ContractError: when it has another shape, or a value that is no number.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.shape != space.shape:
        raise ContractError(f"An action has the shape {space.shape}, not {array.shape}.")
    if not np.isfinite(array).all():
        raise ContractError("An action's values must be numbers.")
    return array.tolist()


def picture(reply: dict[str, Any]) -> np.ndarray:
    """A rendered picture, (height, width, 3), 0 to 255."""
    pixels = np.frombuffer(base64.b64decode(reply["rgb"]), dtype=np.uint8)
    return pixels.reshape(reply["height"], reply["width"], 3).copy()
