import json
import os
import subprocess
import sys
from pathlib import Path

from badges.designer.compose import draw_svg
from badgeserver.pictures import accept_picture
from tests.badges.designer import snapshots

ROOT = Path(__file__).resolve().parents[3]


def test_starting_designs_and_family_are_drawn_as_stored():
    stored = {path.stem: path.read_text(encoding="utf-8") for path in snapshots.FOLDER.glob("*.svg")}
    assert {key: draw_svg(design) for key, design in snapshots.designs().items()} == stored


def test_pixels_are_those_stored():
    """With the resvg of `.constraints.txt`; another version may round otherwise: look, then renew."""
    assert snapshots.sums() == json.loads(snapshots.SUMS.read_text(encoding="utf-8"))


def test_stored_pictures_are_small_and_pass_the_door_for_uploads_as_they_are():
    for path in snapshots.FOLDER.glob("*.svg"):
        data = path.read_bytes()
        assert len(data) < 30_000, path.name
        assert accept_picture(data).data == accept_picture(accept_picture(data).data).data
        assert abs(len(accept_picture(data).data) - len(data)) < 10, path.name


def test_same_bytes_without_fonts_in_another_place_and_time(tmp_path):
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "FONTCONFIG_PATH": str(tmp_path),
        "FONTCONFIG_FILE": str(tmp_path / "none.conf"),
        "LC_ALL": "tr_TR.UTF-8",
        "LANGUAGE": "tr",
        "TZ": "Pacific/Chatham",
        "PYTHONHASHSEED": "4711",
    }
    printed = subprocess.check_output(
        [sys.executable, "-m", "tests.badges.designer.snapshots", "--print"], cwd=ROOT, env=env, text=True
    )
    assert json.loads(printed) == json.loads(snapshots.SUMS.read_text(encoding="utf-8"))
