"""Judges one Open Badges 2.0 badge with the `openbadgeslib` package of the environment that runs this, offline.

    python validate_independent.py [--map PUBLIC=LOCAL]

A JWS, the JSON of a hosted badge, or a PNG or SVG with either in it comes through standard input. Prints one JSON
object. Only addresses of this machine are asked; `--map` sends a public address to a server on it.

It runs in an environment of its own (see `judge.py`), so it imports nothing of the project.
"""

import argparse
import json
import logging
import sys

from openbadgeslib import baking
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob2 import OB2Verifier
from validate_credential import Fetcher

logging.disable(logging.CRITICAL)


def text_in(data: bytes) -> str:
    """Return the badge: the text itself, or what a picture carries."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return str(baking.extract_png(data) or "")
    if data.lstrip().startswith(b"<"):
        return str(baking.extract_svg(data, text_fallback=True) or "")
    return data.decode("utf-8").strip()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--map", action="append", default=[])
    options = parser.parse_args()
    fetch = Fetcher(dict(pair.split("=", 1) for pair in options.map))
    verifier = OB2Verifier(None, download=fetch)
    text = text_in(sys.stdin.buffer.read())
    errors = []
    try:
        judge = verifier.verify_hosted if text.startswith("{") else verifier.verify
        judge(text, check_revocation=True)
    except (LibOpenBadgesException, OSError, ValueError) as problem:
        errors.append(f"{type(problem).__name__}: {problem}")
    print(json.dumps({"valid": not errors, "errors": errors, "warnings": [], "fetched": fetch.fetched}))


if __name__ == "__main__":
    main()
