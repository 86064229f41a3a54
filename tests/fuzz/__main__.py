"""Fuzz: `python -m tests.fuzz [--seconds N] [--jobs N] [--corpus FOLDER] [target ...]`.

Each target runs in a process of its own, guided by coverage (atheris), until its time is up or something is found.
What is found is kept beside the corpus and printed as a test to be put into `test_finds.py`.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: libFuzzer measures whole units on the clock: a net for what hangs inside C. `Target.attempt` counts exactly.
HANG_SECONDS = 25
MEMORY_MB = 1_200
_STATUS = re.compile(r"^#(\d+)\s.*?cov: (\d+) ft: (\d+) corp: (\d+)", re.MULTILINE)


@dataclass
class Run:
    """A target that runs, and where its things are."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    finds: Path
    began: float


def main() -> int:
    wanted = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    wanted.add_argument("--seconds", type=int, default=60, help="for each target")
    wanted.add_argument("--jobs", type=int, default=2, help="targets at a time")
    wanted.add_argument("--runs", type=int, default=-1, help="end after so many inputs, if the time is not up before")
    wanted.add_argument("--seed", type=int, default=0, help="0: another one each time")
    wanted.add_argument("--corpus", type=Path, help="a folder that keeps what was learnt for the next time")
    wanted.add_argument("targets", nargs="*", help="all of them, if none is named")
    chosen = wanted.parse_args()
    from tests.fuzz.targets import BROKEN, TARGETS  # noqa: PLC0415 -- a child has to instrument before this

    if unknown := set(chosen.targets) - TARGETS.keys() - {BROKEN}:
        wanted.error(f"there is no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    with tempfile.TemporaryDirectory() as passing:
        folder = (chosen.corpus or Path(passing)).resolve()
        waiting = list(chosen.targets or TARGETS)
        running: list[Run] = []
        failed = False
        while waiting or running:
            while waiting and len(running) < chosen.jobs:
                running.append(start(waiting.pop(0), folder, chosen))
            time.sleep(0.2)
            for run in [run for run in running if run.process.poll() is not None]:
                running.remove(run)
                failed = not told(run) or failed
    return int(failed)


def start(name: str, folder: Path, chosen: argparse.Namespace) -> Run:
    corpus, finds, log = folder / name / "corpus", folder / name / "finds", folder / name / "log.txt"
    corpus.mkdir(parents=True, exist_ok=True)
    finds.mkdir(exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.fuzz.child", name, f"-seed={chosen.seed}", f"-runs={chosen.runs}"),
                f"-max_total_time={chosen.seconds}",
                *(f"-timeout={HANG_SECONDS}", f"-rss_limit_mb={MEMORY_MB}", "-max_len=65536", "-print_final_stats=1"),
                *(f"-artifact_prefix={finds}/", str(corpus)),
            ],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            # One thread for Pillow and friends; the same hashes in each run, so that finds can be repeated.
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
    return Run(name, process, log, finds, time.monotonic())


def told(run: Run) -> bool:
    """Print one line of figures, and what was found; return whether that was nothing."""
    text = run.log.read_text(encoding="utf-8", errors="replace")
    figures = _STATUS.findall(text)
    done, coverage, features, corpus = figures[-1] if figures else ("0", "0", "0", "0")
    executed = re.search(r"number_of_executed_units:\s*(\d+)", text)
    found = sorted(
        path for path in run.finds.iterdir() if path.stat().st_mtime >= time.time() - (time.monotonic() - run.began) - 2
    )
    good = not found and run.process.returncode == 0
    print(
        f"{run.name}: {int(executed[1] if executed else done):,} executions in {time.monotonic() - run.began:.0f} s, "
        f"coverage {coverage}, features {features}, corpus {corpus}: {'nothing found' if good else 'FAILED'}",
        flush=True,
    )
    if not good:
        print(re.split(r"^ ?=== Uncaught|^==\d+== ?ERROR", text, maxsplit=1, flags=re.MULTILINE)[-1][:3_000])
    for path in found:
        print(f"Kept in {path}. As a test:\n{reproducer(run.name, path.read_bytes())}", flush=True)
    return good


def reproducer(name: str, data: bytes) -> str:
    return f"def test_{name}_find():\n    TARGETS[{name!r}].attempt(\n        {data!r}\n    )\n"


if __name__ == "__main__":
    sys.exit(main())
