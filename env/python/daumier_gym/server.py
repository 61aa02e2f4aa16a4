"""The Java program on the other end of a pipe: one JSON object a line, each way."""

from __future__ import annotations

import collections
import json
import os
import shutil
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import Any, Sequence

PROTOCOL = 1
CLOSE_SECONDS = 10.0


class ServerError(RuntimeError):
    """The program could not be started, failed, or went away."""


class ContractError(ValueError):
    """A request broke the environment's rules; the environment goes on."""


def launcher() -> list[str]:
    """The command that starts Daumier.

    ``DAUMIER`` names it; otherwise the launcher of the sources this package lies in, or the
    ``daumier`` on the path.
    """
    named = os.environ.get("DAUMIER")
    if named:
        return [named]
    name = "daumier.cmd" if os.name == "nt" else "daumier"
    beside = Path(__file__).resolve().parents[3] / name
    if beside.is_file():
        return [str(beside)]
    found = shutil.which("daumier")
    if found:
        return [found]
    raise ServerError(
        "Daumier's launcher is not found; set the environment variable DAUMIER to its path."
    )


class Server:
    """Lanes of the environment in a process of their own.

    Args:
        lanes: portraits drawn side by side, at least 1.
        split: whose portraits: "train", "validation" or "test".
        pictures: whether lanes can be rendered after their first step.
        options: further options of ``daumier env-server``, for instance ``["--pack", "DIR"]``.
        command: what starts Daumier, instead of `launcher()`.

    Raises:
        ServerError: when the program does not start; its own last words are in the message.
    """

    def __init__(
        self,
        lanes: int = 1,
        *,
        split: str = "train",
        pictures: bool = False,
        options: Sequence[str] = (),
        command: Sequence[str] | None = None,
    ):
        arguments = list(command) if command is not None else launcher()
        arguments += ["env-server", "--lanes", str(lanes), "--split", split]
        arguments += ["--pictures"] if pictures else []
        arguments += list(options)
        try:
            # In a session of its own: Ctrl-C is Python's to answer, which then closes the pipe.
            self._process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                start_new_session=True,
            )
        except OSError as error:
            raise ServerError(f"Daumier cannot be started: {error}") from error
        self._words: collections.deque[str] = collections.deque(maxlen=20)
        self._listener = threading.Thread(
            target=_forward, args=(self._process.stderr, self._words), daemon=True
        )
        self._listener.start()
        self._finalizer = weakref.finalize(self, _end, self._process)
        self._id = 0
        try:
            hello = self.call("hello")
            if hello["protocol"] != PROTOCOL:
                raise ServerError(
                    f"Daumier {hello['version']} speaks protocol {hello['protocol']}, "
                    f"this package {PROTOCOL}: use those of one release."
                )
        except BaseException:
            self._finalizer()
            raise
        self.lanes: int = hello["lanes"]
        self.version: str = hello["version"]
        self.observation_space: dict[str, Any] = hello["observation_space"]
        self.action_space: dict[str, Any] = hello["action_space"]

    @property
    def closed(self) -> bool:
        """Whether the program has been told to end, or has ended."""
        return not self._finalizer.alive

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Sends a request and waits for its reply.

        Raises:
            ContractError: when the request broke the environment's rules.
            ServerError: when the program failed or went away.
        """
        if self.closed:
            raise ServerError("The environment is closed.")
        self._id += 1
        request = {"id": self._id, "method": method, **parameters}
        try:
            self._process.stdin.write(json.dumps(request, allow_nan=False) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError as error:
            raise self._gone() from error
        except BaseException:
            # Interrupted between request and reply: what comes next would answer the wrong one.
            self._finalizer()
            raise
        if not line.endswith("\n"):
            raise self._gone()
        try:
            reply = json.loads(line)
        except json.JSONDecodeError as error:
            self._finalizer()
            raise ServerError(f"Daumier answered with no JSON: {line[:200]!r}") from error
        if reply.get("id") != self._id:
            self._finalizer()
            raise ServerError(f"Daumier answered request {reply.get('id')}, not {self._id}.")
        problem = reply.get("error")
        if problem is None:
            return reply
        if problem.get("type") == "contract":
            raise ContractError(problem.get("message"))
        self._finalizer()
        raise ServerError(f"Daumier failed: {problem.get('message')}")

    def close(self) -> None:
        """Ends the program; may be called twice."""
        self._finalizer()

    def _gone(self) -> ServerError:
        self._finalizer()
        self._listener.join(timeout=2)
        words = "\n".join(self._words)
        code = self._process.returncode
        return ServerError(f"Daumier ended with exit code {code}." + (f"\n{words}" if words else ""))


def _forward(stream: Any, words: collections.deque[str]) -> None:
    """Shows what the program says, and keeps its last words."""
    with stream:
        for line in stream:
            words.append(line.rstrip("\n"))
            sys.stderr.write(line)


def _end(process: subprocess.Popen) -> None:
    """The end of its input ends the program; one that does not listen is stopped."""
    try:
        process.stdin.close()
    except OSError:
        pass  # it is gone already
    try:
        process.wait(CLOSE_SECONDS)
    except subprocess.TimeoutExpired:
        process.terminate()
        try:
            process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    process.stdout.close()
