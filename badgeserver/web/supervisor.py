"""Keeps a few child processes running, and stops all of them together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import FrameType

#: A child that dies this often within `TOO_OFTEN_SECONDS` has a fault that starting again does not mend.
TOO_OFTEN = 5
TOO_OFTEN_SECONDS = 60.0
#: How long a child may finish what it is doing before it is killed.
PATIENCE_SECONDS = 10.0

PR_SET_PDEATHSIG = 1


class Supervisor:
    """Starts one process for each command, starts it again when it dies, and stops all on SIGINT or SIGTERM.

    Each child leads a process group of its own: Ctrl-C in a terminal reaches only the supervisor, which then asks the
    children once, and whatever a child started goes with it. `say` gets a sentence when something happens.
    """

    def __init__(self, commands: Mapping[str, Sequence[str]], *, say: Callable[[str], None]) -> None:
        self._commands = commands
        self._say = say
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._deaths: dict[str, list[float]] = {name: [] for name in commands}
        self._ended = threading.Event()
        self._impatient = False

    def start(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Also where they were ignored: a shell starts background jobs that way.
            signal.signal(number, self._on_signal)
        for name in self._commands:
            self._start_child(name)

    def wait_for(self, is_ready: Callable[[], bool]) -> bool:
        """Wait until `is_ready` says so; False when a signal or too many deaths came first."""
        while not self._ended.is_set():
            if is_ready():
                return True
            self._ended.wait(0.1)
            self._look_after_children()
        return False

    def watch(self) -> bool:
        """Look after the children until a signal comes; False when one of them could not be kept alive."""
        while not self._ended.is_set():
            self._ended.wait(0.5)
            self._look_after_children()
        return not any(self._dies_too_often(name) for name in self._commands)

    def stop(self) -> None:
        """Ask all children to end, and kill what is left after a while (at once on a second signal)."""
        self._ended.set()
        for child in self._children.values():
            # Only the leader, which knows in which order its own children may end.
            child.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for child in self._children.values():
            while child.poll() is None and time.monotonic() < deadline and not self._impatient:
                time.sleep(0.05)
            # The group, even when its leader is gone: nothing that it started may stay behind.
            _signal_group(child, signal.SIGKILL)
            child.wait()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._impatient = self._ended.is_set() and number == signal.SIGINT
        self._ended.set()

    def _start_child(self, name: str) -> None:
        self._children[name] = subprocess.Popen(  # noqa: S603 -- our own commands
            self._commands[name],
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 -- no threads here
        )

    def _look_after_children(self) -> None:
        for name, child in list(self._children.items()):
            if child.poll() is None or self._ended.is_set():
                continue
            _signal_group(child, signal.SIGKILL)
            self._deaths[name].append(time.monotonic())
            if self._dies_too_often(name):
                self._say(f"The {name} stops again and again; what it said last stands above.")
                self._ended.set()
                return
            self._say(f"The {name} stopped ({_how(child.returncode)}). Starting it again.")
            self._start_child(name)

    def _dies_too_often(self, name: str) -> bool:
        recent = [at for at in self._deaths[name] if at > time.monotonic() - TOO_OFTEN_SECONDS]
        return len(recent) >= TOO_OFTEN


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def _how(returncode: int) -> str:
    if returncode < 0:
        return signal.Signals(-returncode).name
    return f"exit code {returncode}"


def _end_with_parent() -> None:
    """Have the kernel end this child when the supervisor is killed and can no longer do it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
