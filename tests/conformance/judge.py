"""Asks the official validator and its stricter fork, each in an environment of its own, what they think.

`python -m tests.conformance.judge` makes the environments (once; it needs the package index).
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent / ".conformance"

#: Name of the environment -> what people call the validator in it. Its packages are in `pins-<name>.txt`.
VALIDATORS = {"official": "the official validator 1.1.2", "badgecheck": "badgecheck 1.2.0"}


class ValidatorMissing(Exception):
    """A validator's environment is not there; the message says why."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one validator says. `remarks` are ours: what the standard asks for and the validator overlooks."""

    valid: bool
    errors: list[str]
    warnings: list[str]
    remarks: list[str]
    fetched: list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all validators say about one artefact."""

    opinions: Mapping[str, Opinion]

    @property
    def valid(self) -> bool:
        """Whether every validator accepts it."""
        return all(opinion.valid for opinion in self.opinions.values())

    @property
    def refused(self) -> bool:
        """Whether every validator refuses it."""
        return not any(opinion.valid for opinion in self.opinions.values())

    @property
    def errors(self) -> list[str]:
        return self._told("errors")

    @property
    def complaints(self) -> list[str]:
        """Everything that is not right: errors, warnings and remarks. Empty for a badge without fault."""
        return self._told("errors") + self._told("warnings") + self._told("remarks")

    def _told(self, kind: str) -> list[str]:
        return [f"{name}: {text}" for name, opinion in self.opinions.items() for text in getattr(opinion, kind)]


def judge(
    target: str | bytes, recipient: str | Mapping[str, str] | None = None, *, public: Mapping[str, str] | None = None
) -> Verdict:
    """Have a URL, a baked picture (bytes), a JWS or a JSON text judged by every validator.

    `recipient` is an e-mail address or a profile such as `{"url": …}`; `public` sends public addresses to servers on
    this machine: `{"https://badges.example.org": "http://127.0.0.1:8000"}`. Raises `ValidatorMissing`.
    """
    profile = {"email": recipient} if isinstance(recipient, str) else recipient
    is_url = isinstance(target, str) and target.startswith(("http://", "https://"))
    command = [str(target) if is_url else "-"]
    if profile:
        command += ["--recipient", json.dumps(dict(profile))]
    for source, goal in (public or {}).items():
        command += ["--map", f"{source}={goal}"]
    data = None if is_url else target.encode() if isinstance(target, str) else target
    return Verdict({name: _ask(name, command, data) for name in VALIDATORS})


def _ask(name: str, command: list[str], data: bytes | None) -> Opinion:
    done = subprocess.run(
        [str(python_of(name)), str(HERE / "validate.py"), *command],
        input=data,
        stdin=subprocess.DEVNULL if data is None else None,
        capture_output=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise ValidatorMissing(f"{VALIDATORS[name]} crashed: {done.stderr.decode(errors='replace')[-2000:]}")
    said = json.loads(done.stdout)
    return Opinion(
        valid=said["valid"],
        errors=said["errors"],
        warnings=said["warnings"],
        remarks=said.get("remarks", []),
        fetched=said.get("fetched", []),
    )


def python_of(name: str) -> Path:
    """Return the interpreter of a validator's environment. Raises `ValidatorMissing`."""
    python = HOME / name / "bin" / "python"
    if not _is_current(name):
        raise ValidatorMissing(
            f"{VALIDATORS[name]} is not installed (python -m tests.conformance.judge, or make test, installs it)"
        )
    return python


def install(name: str) -> None:
    """Make a validator's environment if it is not there or its pins have changed. Raises `ValidatorMissing`."""
    if _is_current(name):
        return
    home = HOME / name
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(home)],
        [str(home / "bin/python"), "-m", "pip", "install", "-q", "--no-deps", "-r", str(_pins(name))],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = ([line for line in done.stderr.splitlines() if line.strip()] or ["no reason given"])[-1]
            raise ValidatorMissing(f"{VALIDATORS[name]} could not be installed: {last.strip()}")
    _stamp(name).write_text(_digest(name), encoding="ascii")


def _is_current(name: str) -> bool:
    return _stamp(name).exists() and _stamp(name).read_text(encoding="ascii") == _digest(name)


def _stamp(name: str) -> Path:
    return HOME / name / "installed"


def _pins(name: str) -> Path:
    return HERE / f"pins-{name}.txt"


def _digest(name: str) -> str:
    return hashlib.sha256(_pins(name).read_bytes()).hexdigest()


if __name__ == "__main__":
    for _one in VALIDATORS:
        install(_one)
