"""Stairs lead down only."""

import subprocess
import sys
from pathlib import Path

from tests.house.source import ROOT


def test_imports_keep_the_contracts():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
