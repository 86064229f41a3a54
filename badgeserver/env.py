"""Reads settings from the environment, and fails with a sentence that says what to set."""

import os
from pathlib import Path

#: Every name that was read, so that a test can compare it with `.env.example`.
NAMES: set[str] = set()


class SettingMissing(Exception):
    """A setting is missing or cannot be used; the message says what to do."""


def env_str(name: str, default: str = "") -> str:
    """Return the variable, or `default` when it is unset or empty."""
    NAMES.add(name)
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool) -> bool:
    value = env_str(name).lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if value == "" else value in {"1", "true", "yes", "on"}
    raise SettingMissing(f"{name} is “{value}”. Set it to 1 (yes) or 0 (no).")


def env_int(name: str, default: int) -> int:
    value = env_str(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise SettingMissing(f"{name} is “{value}”. Set it to a whole number.") from None


def env_list(name: str, default: str = "") -> list[str]:
    """Return the comma-separated parts, without blanks and empties."""
    return [part.strip() for part in env_str(name, default).split(",") if part.strip()]


def env_secret(name: str) -> str:
    """Return the secret from `NAME`, or from the file that `NAME_FILE` names (Docker and systemd secrets).

    Raises `SettingMissing` when the file cannot be read: a secret that silently becomes empty is worse than
    a server that does not start.
    """
    NAMES.add(f"{name}_FILE")
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return env_str(name)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise SettingMissing(
            f"{name}_FILE names {path}, which cannot be read ({problem.strerror}). "
            f"Put the secret there, or set {name} itself."
        ) from None
