"""Daumier's environment for gymnasium.

``gymnasium.make("Daumier-v0")`` draws one portrait at a time; ``gymnasium.make_vec("Daumier-v0",
num_envs=16)`` draws sixteen side by side in shared U-Net calls. Both start the Java program and
talk to it over a pipe.
"""

import gymnasium

from daumier_gym.env import DaumierEnv
from daumier_gym.server import ContractError, Server, ServerError
from daumier_gym.vector import DaumierVectorEnv

ENV_ID = "Daumier-v0"

__all__ = [
    "ENV_ID",
    "ContractError",
    "DaumierEnv",
    "DaumierVectorEnv",
    "Server",
    "ServerError",
    "register",
]


def register() -> None:
    """Makes ``Daumier-v0`` known to gymnasium; calling it twice does no harm."""
    if ENV_ID not in gymnasium.registry:
        gymnasium.register(
            id=ENV_ID,
            entry_point="daumier_gym.env:DaumierEnv",
            vector_entry_point="daumier_gym.vector:DaumierVectorEnv",
        )


register()
