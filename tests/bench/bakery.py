"""Runs inside the validator's environment: how fast the package `openbadges-bakery` bakes.

    python bakery.py PICTURE TEXT SECONDS

prints pictures per second.
"""

import io
import sys
import time
from pathlib import Path

from openbadges_bakery import bake


def main(picture: str, text: str, seconds: float) -> None:
    data, words = Path(picture).read_bytes(), Path(text).read_text(encoding="utf-8")
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        source = io.BytesIO(data)
        source.name = picture
        bake(source, words, io.BytesIO())
        count += 1
    sys.stdout.write(str(count / (time.perf_counter() - started)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
