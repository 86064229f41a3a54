"""Asks validators, each in an environment of its own, what they think.

Of Open Badges 2.0 that is the official one and its stricter fork; of 3.0 an independent library, whose source package
carries the published JSON Schema too.

`python -m tests.conformance.judge` makes the environments (once; it needs the package index).
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent / ".conformance"

#: Name of the environment -> what people call the validator in it. Its packages are in `pins-<name>.txt`.
VALIDATORS = {"official": "the official validator 1.1.2", "badgecheck": "badgecheck 1.2.0"}

#: The same for Open Badges 3.0.
CREDENTIAL_VALIDATOR = "openbadgeslib"
EVERY = {**VALIDATORS, CREDENTIAL_VALIDATOR: "openbadgeslib 4.6.3"}

#: 1EdTech's JSON Schema of a credential, in the source package of that library (it is not part of the installed one).
SCHEMA = "ob_v3p0_achievementcredential_schema.json"


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
class Brought:
    """One of several artefacts to be judged; its fields are the arguments of `judge`."""

    target: str | bytes
    recipient: Mapping[str, str] | None = None
    public: Mapping[str, str] | None = None


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
    command = [str(target) if _is_url(target) else "-"]
    if profile:
        command += ["--recipient", json.dumps(dict(profile))]
    for source, goal in (public or {}).items():
        command += ["--map", f"{source}={goal}"]
    data = None if _is_url(target) else _bytes(target)
    return Verdict({name: _ask(name, command, data) for name in VALIDATORS})


def judge_all(artefacts: Sequence[Brought]) -> list[Verdict]:
    """Have many artefacts judged: each validator starts once, which is most of what `judge` waits for.

    Raises `ValidatorMissing`.
    """
    asked = [
        {
            "target": one.target if _is_url(one.target) else base64.b64encode(_bytes(one.target)).decode("ascii"),
            "recipient": dict(one.recipient or {}),
            "map": dict(one.public or {}),
        }
        for one in artefacts
    ]
    data = json.dumps(asked).encode()
    with ThreadPoolExecutor() as side_by_side:
        said = dict(
            zip(VALIDATORS, side_by_side.map(lambda name: _run(name, ["--batch"], data), VALIDATORS), strict=True)
        )
    opinions = {name: _opinions(said[name]) for name in VALIDATORS}
    return [Verdict({name: opinions[name][place] for name in VALIDATORS}) for place in range(len(artefacts))]


def judge_credential(
    target: str | bytes, *, public: Mapping[str, str] | None = None, key: str | None = None
) -> Opinion:
    """Have a credential judged, given as JWT or as a baked picture (bytes), its status list included.

    With `key`, a JWK, it is judged by somebody who keeps the issuer's key instead of asking for it. `warnings` are
    members that the published contexts do not know. Raises `ValidatorMissing`.
    """
    command = [part for source, goal in (public or {}).items() for part in ("--map", f"{source}={goal}")]
    if key is not None:
        command += ["--key", key]
    data = _bytes(target)
    return _ask(CREDENTIAL_VALIDATOR, command, data, script="validate_credential.py")


def judge_independently(target: str | bytes, *, public: Mapping[str, str] | None = None) -> Opinion:
    """Have a 2.0 badge judged by code that is not of the official family: a JWS, the JSON of a hosted badge, a picture.

    Raises `ValidatorMissing`.
    """
    command = [part for source, goal in (public or {}).items() for part in ("--map", f"{source}={goal}")]
    data = _bytes(target)
    return _ask(CREDENTIAL_VALIDATOR, command, data, script="validate_independent.py")


def credential_schema() -> dict[str, object]:
    """Return the published JSON Schema of a credential. Raises `ValidatorMissing`."""
    python_of(CREDENTIAL_VALIDATOR)
    schema: dict[str, object] = json.loads((HOME / CREDENTIAL_VALIDATOR / SCHEMA).read_text(encoding="utf-8"))
    return schema


def _is_url(target: str | bytes) -> bool:
    return isinstance(target, str) and target.startswith(("http://", "https://"))


def _bytes(target: str | bytes) -> bytes:
    return target.encode() if isinstance(target, str) else target


def _ask(name: str, command: list[str], data: bytes | None, *, script: str = "validate.py") -> Opinion:
    return _opinions([_run(name, command, data, script=script)])[0]


def _run(name: str, command: list[str], data: bytes | None, *, script: str = "validate.py") -> Any:
    done = subprocess.run(
        [str(python_of(name)), str(HERE / script), *command],
        input=data,
        stdin=subprocess.DEVNULL if data is None else None,
        capture_output=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise ValidatorMissing(f"{EVERY[name]} crashed: {done.stderr.decode(errors='replace')[-2000:]}")
    return json.loads(done.stdout)


def _opinions(said: Sequence[Mapping[str, Any]]) -> list[Opinion]:
    return [
        Opinion(
            valid=one["valid"],
            errors=one["errors"],
            warnings=one["warnings"],
            remarks=one.get("remarks", []),
            fetched=one.get("fetched", []),
        )
        for one in said
    ]


def python_of(name: str) -> Path:
    """Return the interpreter of a validator's environment. Raises `ValidatorMissing`."""
    python = HOME / name / "bin" / "python"
    if not _is_current(name):
        raise ValidatorMissing(
            f"{EVERY[name]} is not installed (python -m tests.conformance.judge, or make test, installs it)"
        )
    return python


def install(name: str) -> None:
    """Make a validator's environment if it is not there or its pins have changed. Raises `ValidatorMissing`."""
    if _is_current(name):
        return
    home = HOME / name
    pip = [str(home / "bin/python"), "-m", "pip"]
    commands = [
        [sys.executable, "-m", "venv", "--clear", str(home)],
        [*pip, "install", "-q", "--no-deps", "-r", str(_pins(name))],
    ]
    if name == CREDENTIAL_VALIDATOR:
        pinned = re.search(r"^openbadgeslib==.*$", _pins(name).read_text(encoding="utf-8"), re.MULTILINE)
        source = [pinned.group()] if pinned else []
        as_source = ["--no-deps", "--no-build-isolation", "--no-binary", ":all:"]
        commands.append([*pip, "download", "-q", *as_source, "-d", str(home / "source"), *source])
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = ([line for line in done.stderr.splitlines() if line.strip()] or ["no reason given"])[-1]
            raise ValidatorMissing(f"{EVERY[name]} could not be installed: {last.strip()}")
    if name == CREDENTIAL_VALIDATOR:
        (home / SCHEMA).write_bytes(_schema_in(next((home / "source").glob("*.tar.gz"))))
    _stamp(name).write_text(_digest(name), encoding="ascii")


def _schema_in(archive: Path) -> bytes:
    with tarfile.open(archive) as package:
        for member in package:
            file = package.extractfile(member) if member.name.endswith(f"/{SCHEMA}") else None
            if file is not None:
                return file.read()
    raise ValidatorMissing(f"{archive.name} does not carry the schema of credentials any more")


def _is_current(name: str) -> bool:
    return _stamp(name).exists() and _stamp(name).read_text(encoding="ascii") == _digest(name)


def _stamp(name: str) -> Path:
    return HOME / name / "installed"


def _pins(name: str) -> Path:
    return HERE / f"pins-{name}.txt"


def _digest(name: str) -> str:
    return hashlib.sha256(_pins(name).read_bytes()).hexdigest()


if __name__ == "__main__":
    for _one in EVERY:
        install(_one)
