"""How the badges of the demo programme came to say what they say: earlier versions, and a typo that was mended."""

from dataclasses import replace
from typing import Final

from .badge_classes import BADGE_BY_KEY
from .designs import STEEL
from .records import DemoBadge, DemoCorrection, DemoVersion, Step, StepKind

_FORKLIFT: Final[DemoBadge] = BADGE_BY_KEY["forklift-safety-class-ii"]

_SECOND: Final[DemoBadge] = replace(
    _FORKLIFT,
    criteria_narrative=_FORKLIFT.criteria_narrative.removesuffix(" A near miss that you report does not shorten it."),
    learned="Load charts and stability, right of way between trucks and people, and daily checks.",
    alignments=_FORKLIFT.alignments[:2],
    design=replace(_FORKLIFT.design, **STEEL),
    image_alt="Steel-blue shield with a forklift and a ribbon that says Class II",
)
_FIRST: Final[DemoBadge] = replace(
    _SECOND,
    criteria_narrative=(
        "You may operate **class II** industrial trucks (narrow-aisle, reach and order-picking) on all "
        "sites of Harbour Logistics.\n\n"
        "- Pass the theory test with at least 24 of 30 points.\n"
        "- Drive the course without touching a marker: narrow aisle, ramp, stacking at four metres.\n"
        "- Complete forty hours on the truck with a mentor and a clean log.\n\n"
        "The badge holds for 24 months."
    ),
    steps=(
        *_FORKLIFT.steps[:2],
        Step(StepKind.ASSESSMENT, "Pass the theory test with at least 24 of 30 points"),
        _FORKLIFT.steps[3],
    ),
)

#: Versions in the order of their publication; the programme itself says what the last one of each badge says.
VERSIONS: Final[tuple[DemoVersion, ...]] = (
    DemoVersion(badge=_FORKLIFT.key, days_before=0, change_note="", said=_FIRST),
    DemoVersion(
        badge=_FORKLIFT.key,
        days_before=400,
        change_note=(
            "A higher mark in theory, stacking at six metres, and a load that is wrong on purpose: "
            "leaving it on the floor is the right answer."
        ),
        said=_SECOND,
    ),
    DemoVersion(
        badge=_FORKLIFT.key,
        days_before=45,
        change_note="Reported near misses no longer count against you, and a new look.",
        said=replace(_FORKLIFT, assessed=_FORKLIFT.assessed.replace("examiner", "examinor")),
        invites=True,
    ),
)

CORRECTION: Final[DemoCorrection] = DemoCorrection(
    badge=_FORKLIFT.key, days_before=10, note="A typo in how it is assessed.", assessed=_FORKLIFT.assessed
)


def first_said(badge: DemoBadge) -> DemoBadge:
    """Return what a badge of the programme said when it was first published."""
    return next((version.said for version in VERSIONS if version.badge == badge.key), badge)
