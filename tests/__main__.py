"""Runs everything that this machine can run, and says in one line at the end what ran and what could not.

`make test`, or `python -m tests [options of pytest]`. `REQUIRE_ALL=1` turns “could not” and every skipped test into
a failure.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from tests import machine
from tests.conformance import judge

ROOT = Path(__file__).resolve().parent.parent
SIDE_BY_SIDE = ("-n", "2")
QUIET = "not product and not redis and not browser and not conformance"
NO_TESTS_COLLECTED = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One run of pytest; `said` continues “Ran 12 tests …” in the last line."""

    said: str
    markers: str
    options: tuple[str, ...] = ()
    database: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    passed: int
    skipped: list[str]
    failed: bool
    seconds: float


def main() -> int:
    began = time.monotonic()
    parts, could_not = plan()
    ran: list[str] = []
    failed = False
    for number, part in enumerate(parts, start=1):
        print(f"\n=== Part {number} of {len(parts)}: {part.said} ===", flush=True)
        outcome = run(part, sys.argv[1:])
        ran.append(f"{outcome.passed:,} {part.said} ({outcome.seconds:.0f} s)")
        failed = failed or outcome.failed
        if outcome.skipped:
            reasons = "; ".join(sorted(set(outcome.skipped)))
            could_not.append(f"{len(outcome.skipped)} skipped {part.said} ({reasons})")
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    print(
        f"\nRan {', '.join(ran)}; {minutes} min {seconds} s in all. {'Some of them failed. ' if failed else ''}"
        f"Could not run: {'; '.join(could_not) or 'nothing'}."
    )
    return int(failed or bool(could_not and os.environ.get("REQUIRE_ALL") == "1"))


def plan() -> tuple[list[Part], list[str]]:
    """Return the parts that this machine can run, and sentences about those that it cannot."""
    could_not: list[str] = []
    postgresql = f"PostgreSQL {machine.version_of(machine.find_postgresql())}"
    parts = [
        Part(f"tests on {postgresql}", QUIET, SIDE_BY_SIDE),
        # From here on they start servers of their own, which want the machine for themselves: one after the other.
        Part("with the product running", "product and not redis and not browser and not conformance"),
    ]
    redis = machine.find_redis()
    if redis:
        parts.append(Part(f"with Celery workers over Redis {machine.version_of(redis)}", "redis"))
    else:
        could_not.append("the tests with Celery workers (no redis-server on this machine)")
    chromium = machine.find_chromium()
    if chromium:
        parts.append(Part(f"in Chromium {machine.version_of(chromium)}", "browser and not redis"))
    else:
        could_not.append("the tests in a browser (no Chromium on this machine; CHROMIUM=/path/to/it names one)")
    try:
        for name in judge.EVERY:
            judge.install(name)
    except judge.ValidatorMissing as missing:
        could_not.append(f"the tests with validators ({missing})")
    else:
        validators = ", ".join(judge.EVERY.values())
        parts.append(Part(f"with {validators}", "conformance and not redis and not browser"))
    parts.append(
        Part(
            f"again on SQLite {sqlite3.sqlite_version}",
            f"not postgres and {QUIET}",
            SIDE_BY_SIDE,
            "sqlite",
        )
    )
    return parts, could_not


def run(part: Part, options: list[str]) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        began = time.monotonic()
        code = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-m", part.markers, "--junitxml", str(report)),
                *(*part.options, *options),
            ],
            cwd=ROOT,
            env={**os.environ, "TEST_DATABASE": part.database},
            check=False,
        ).returncode
        seconds = time.monotonic() - began
        if not report.exists():
            return Outcome(0, [], failed=True, seconds=seconds)
        suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 -- pytest's own file
    count = {name: int(suite.get(name, 0)) for name in ("tests", "skipped", "failures", "errors")}
    return Outcome(
        passed=count["tests"] - count["skipped"] - count["failures"] - count["errors"],
        skipped=[" ".join(case.get("message", "").split())[:160] for case in suite.iter("skipped")],
        failed=code not in {0, NO_TESTS_COLLECTED},
        seconds=seconds,
    )


if __name__ == "__main__":
    sys.exit(main())
