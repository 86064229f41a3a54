"""The pictures that the designer promises to draw again, byte for byte: python -m tests.badges.designer.snapshots."""

import hashlib
import json
import sys
from pathlib import Path

from badges.designer.compose import draw_svg
from badges.designer.raster import draw_png
from badges.designer.spec import STYLE_PARTS, Design, in_style_of
from badges.designer.starting import STARTING_DESIGNS

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "designs"
SUMS = FOLDER / "sha256.json"

_OWN = [
    Design(icon="forklift", stars=1),
    Design(icon="flame", stars=2, ribbon="Operations"),
    Design(icon="heart-pulse", banner="First responder"),
    Design(icon="lock-keyhole", stars=3, top="Cyber safe"),
    Design(icon="truck", stars=5, ribbon="IT", banner="Level 5"),
    Design(icon="users", ribbon="Kundendienst", bottom="Since 2019"),
    Design(icon="megaphone", stars=4, banner="Grüße aus Łódź"),
    Design(icon="scale", top="Très bien", bottom="Good judgement"),
    Design(icon="brain", stars=2, bottom="Foundation"),
    Design(centre="5S", bottom="“Åse’s” čø"),
    Design(icon="hand-heart", stars=3, banner="Care", bottom="Always"),
    Design(icon="ship", stars=1, ribbon="Harbour", banner="Team"),
]


def designs() -> dict[str, Design]:
    """The starting designs, and a family of twelve in the style of the last of them."""
    found = {start.key: start.design for start in STARTING_DESIGNS}
    style = found["mastery"]
    return found | {f"family-{index:02d}": in_style_of(own, style, STYLE_PARTS) for index, own in enumerate(_OWN, 1)}


def sums() -> dict[str, dict[str, str]]:
    """What every picture should add up to."""
    found = {}
    for key, design in designs().items():
        svg = draw_svg(design)
        pixels = draw_png(svg)
        found[key] = {
            "svg": hashlib.sha256(svg.encode()).hexdigest(),
            "png": hashlib.sha256(pixels).hexdigest(),
        }
    return found


def main() -> None:
    """Store them anew, after a change of the drawing that was looked at; or print what they are with `--print`."""
    import django  # noqa: PLC0415 -- only as a command
    from django.conf import settings  # noqa: PLC0415

    if not settings.configured:
        settings.configure(USE_I18N=False)
        django.setup()
    if "--print" in sys.argv:
        sys.stdout.write(json.dumps(sums()))
        return
    FOLDER.mkdir(exist_ok=True)
    for key, design in designs().items():
        (FOLDER / f"{key}.svg").write_text(draw_svg(design), encoding="utf-8")
    SUMS.write_text(json.dumps(sums(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
