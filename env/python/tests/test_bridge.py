"""The bridge: against a made-up program always, against Daumier itself where DAUMIER names it."""

import json
import os
import sys
import time
import warnings
from pathlib import Path

import daumier_gym
import gymnasium
import numpy as np
import pytest
from daumier_gym import ContractError, DaumierEnv, DaumierVectorEnv, ServerError
from gymnasium.error import ResetNeeded
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode

FAKE = [sys.executable, str(Path(__file__).with_name("fake_daumier.py"))]
real = pytest.mark.skipif("DAUMIER" not in os.environ, reason="DAUMIER names no launcher")


def checked(env) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=".*different render modes.*")
        check_env(env.unwrapped)


def test_one_portrait_passes_gymnasiums_checker():
    checked(gymnasium.make("Daumier-v0", command=FAKE, render_mode="rgb_array"))


def test_an_episode_ends_and_asks_for_a_reset():
    with DaumierEnv(command=FAKE) as env:
        with pytest.raises(ResetNeeded):
            env.step(np.zeros(1))
        observation, info = env.reset(seed=41)
        assert info == {"episode": {"lora": "ink"}}
        np.testing.assert_allclose(observation, [0, 0.041], rtol=1e-6)
        steps = [env.step(np.zeros(1, dtype=np.float32)) for _ in range(3)]
        assert [step[2] for step in steps] == [False, False, True]
        with pytest.raises(ResetNeeded):
            env.step(np.zeros(1))


def test_errors_are_carried_over():
    with DaumierEnv(command=FAKE) as env:
        env.reset(seed=1)
        with pytest.raises(ContractError, match="not so"):
            env.step(np.array([-0.5]))
        with pytest.raises(ContractError, match="shape"):
            env.step(np.zeros(2))
        with pytest.raises(ContractError, match="numbers"):
            env.step(np.array([np.nan]))
        env.step(np.zeros(1))  # it goes on
        with pytest.raises(ServerError, match="exit code 3"):
            env.step(np.array([-1.0]))
        with pytest.raises(ServerError, match="closed"):
            env.reset()


def test_a_program_that_does_not_start_says_why():
    with pytest.raises(ServerError, match="exit code 2\\.\ndaumier: this pack has no style LoRA"):
        DaumierEnv(command=FAKE, options=["--refuse"])
    with pytest.raises(ServerError, match="cannot be started"):
        DaumierEnv(command=["/nowhere/daumier"])


def test_closing_ends_the_program_at_once_and_twice_does_no_harm():
    env = DaumierEnv(command=FAKE)
    process = env._server._process
    begun = time.monotonic()
    env.close()
    env.close()
    assert process.returncode == 0
    assert time.monotonic() - begun < 5


def test_an_environment_that_is_dropped_ends_its_program():
    env = DaumierEnv(command=FAKE)
    process = env._server._process
    del env
    assert process.wait(5) == 0


def run(mode, steps=5):
    env = DaumierVectorEnv(2, autoreset_mode=mode, command=FAKE)
    env.reset(seed=10)
    zeros = np.zeros((2, 1), dtype=np.float32)
    rows = [env.step(zeros) for _ in range(steps)]
    env.close()
    return rows


def test_next_step_mode_gives_one_step_without_reward():
    rows = run(AutoresetMode.NEXT_STEP)
    assert [row[1].tolist() for row in rows] == [[1, 1]] * 3 + [[0, 0]] + [[1, 1]]
    assert rows[2][2].all() and not rows[3][2].any()
    np.testing.assert_allclose(rows[2][0][:, 0], 1)
    np.testing.assert_allclose(rows[3][0][:, 0], 0)


def test_same_step_mode_keeps_the_final_observation():
    rows = run(AutoresetMode.SAME_STEP)
    assert [row[1].tolist() for row in rows] == [[1, 1]] * 5
    observation, _, terminated, _, infos = rows[2]
    assert terminated.all()
    np.testing.assert_allclose(observation[:, 0], 0)
    np.testing.assert_allclose(infos["final_obs"][1][0], 1)
    assert infos["final_info"]["composite"].tolist() == [1.5, 1.5]


def test_disabled_mode_resets_what_the_mask_names():
    env = DaumierVectorEnv(2, autoreset_mode=AutoresetMode.DISABLED, command=FAKE)
    env.reset(seed=[3, None])
    zeros = np.zeros((2, 1), dtype=np.float32)
    for _ in range(3):
        env.step(zeros)
    with pytest.raises(ValueError, match="have ended"):
        env.step(zeros)
    observation, infos = env.reset(options={"reset_mask": np.array([False, True])})
    np.testing.assert_allclose(observation[:, 0], [1, 0])
    assert infos["_episode"].tolist() == [False, True]
    env.close()


def test_make_vec_finds_the_lanes():
    env = gymnasium.make_vec("Daumier-v0", num_envs=3, command=FAKE, render_mode="rgb_array")
    assert isinstance(env.unwrapped, DaumierVectorEnv)
    observation, _ = env.reset(seed=0)
    assert observation.shape == (3, 2) and env.observation_space.contains(observation)
    assert len(env.render()) == 3
    env.close()


def test_stable_baselines3_learns_on_the_lanes():
    pytest.importorskip("stable_baselines3")
    from daumier_gym.sb3 import DaumierVecEnv
    from stable_baselines3 import PPO
    from stable_baselines3.common.vec_env import VecMonitor

    lanes = DaumierVecEnv(2, command=FAKE)
    lanes.seed(5)
    np.testing.assert_allclose(lanes.reset()[:, 1], [0.005, 0.006], rtol=1e-6)
    zeros = np.zeros((2, 1), dtype=np.float32)
    for _ in range(2):
        _, _, dones, _ = lanes.step(zeros)
        assert not dones.any()
    observations, rewards, dones, infos = lanes.step(zeros)
    assert dones.all() and rewards.tolist() == [1, 1]
    np.testing.assert_allclose(observations[:, 0], 0)
    np.testing.assert_allclose(infos[0]["terminal_observation"][0], 1)
    assert infos[0]["TimeLimit.truncated"] is False
    model = PPO("MlpPolicy", VecMonitor(lanes), n_steps=6, batch_size=12, n_epochs=1, device="cpu")
    # Actions near -1 and -0.5 make the program misbehave; the mean of a fresh policy is near 0.
    model.policy.log_std.data.fill_(-5)
    model.learn(24)
    assert model.ep_info_buffer[0]["l"] == 3
    lanes.close()


def test_a_run_of_stable_baselines3_is_one_that_daumier_reads(tmp_path, monkeypatch):
    pytest.importorskip("stable_baselines3")
    from daumier_gym import compare_ppo, train_sb3

    fake = tmp_path / "daumier"
    fake.write_text("#!/bin/sh\nexec '%s' '%s' \"$@\"\n" % tuple(FAKE))
    fake.chmod(0o755)
    monkeypatch.setenv("DAUMIER", str(fake))
    run = tmp_path / "run"
    budget = ["--steps", "96", "--lanes", "2", "--validation", "3", "--evaluate-every", "1"]
    train_sb3.main(["--run", str(run), *budget])
    evaluations = compare_ppo.rows(run / "evaluations.csv")
    assert [float(row["time/total_timesteps"]) for row in evaluations] == [0, 48, 96]
    assert [float(row["composite"]) for row in evaluations] == [1.5] * 3
    assert float(evaluations[0]["unet_calls"]) == 6
    monitor = (run / "monitor.csv").read_text().splitlines()
    assert monitor[1].startswith("r,l,t,composite,alignment,")
    assert monitor[2].endswith(",1.5,0.1,0.1,0.1,0.1,6.0")
    assert "time/total_timesteps" in compare_ppo.rows(run / "progress.csv")[0]
    assert compare_ppo.summary(run, 1)["steps"] == 96
    with pytest.raises(SystemExit):
        train_sb3.main(["--run", str(run), *budget])


@real
def test_both_ppos_learn_on_daumier_and_are_charted(tmp_path):
    pytest.importorskip("stable_baselines3")
    from daumier_gym import compare_ppo

    out = tmp_path / "both"
    budget = ["--steps", "192", "--lanes", "4", "--validation", "2"]
    compare_ppo.main(["--out", str(out), *budget])
    found = json.loads((out / "compared.json").read_text())
    assert [one["run"] for one in found] == ["daumier-1", "sb3-1"]
    assert [one["steps"] for one in found] == [192, 192]
    assert (out / "compared.png").stat().st_size > 10_000
    # The same faces, and hands that know nothing yet: both begin with much the same.
    assert abs(found[0]["first"] - found[1]["first"]) < 1


@real
def test_daumier_itself_passes_gymnasiums_checker():
    checked(gymnasium.make("Daumier-v0", render_mode="rgb_array"))


@real
def test_daumiers_lanes_are_deterministic_and_independent():
    rewards = []
    for lanes in (2, 2):
        env = gymnasium.make_vec("Daumier-v0", num_envs=lanes)
        env.action_space.seed(1)
        env.reset(seed=5)
        rewards.append([env.step(env.action_space.sample())[1] for _ in range(3)])
        env.close()
    np.testing.assert_array_equal(rewards[0], rewards[1])


def test_registering_twice_does_no_harm():
    daumier_gym.register()
    assert daumier_gym.ENV_ID in gymnasium.registry
