"""The demo organisation's own competency framework: six areas of competencies, and four levels."""

from datetime import datetime
from typing import Final

from assertions.management.demo.badge_parts import COMPETENCIES as ADDRESS
from assertions.management.demo.badge_parts import HARBOUR_FRAMEWORK
from badges.actions.frameworks import (
    CompetencyFields,
    FrameworkFields,
    LevelFields,
    add_competency,
    make_framework,
    set_levels,
)
from badges.models import Competency
from badgeserver.accounts.models import User
from issuers.models import Organisation

#: What somebody can have come to, as (name, what that means).
LEVELS: Final = (
    ("Aware", "Knows why it matters, sees it, and asks when in doubt."),
    ("Practising", "Does it alone in everyday work."),
    ("Guiding", "Does it when it is difficult, and shows others how."),
    ("Shaping", "Changes how the house does it."),
)
#: (code, name, what it means): of each area, then of what belongs to it.
AREAS: Final = (
    (
        ("L", "Leading", "Being responsible for what others do."),
        ("L1", "Leads people", "Leads others through the shift, through disagreement and through change."),
        ("L2", "Develops others", "Makes others better at their work."),
        ("L3", "Leads across boundaries", "Builds agreement between units."),
        ("L4", "Plans the shift", "Puts the right people in the right places, and has a second plan."),
        ("L5", "Gives feedback", "Says what was seen, what it did and what would help, and asks back."),
        ("L6", "Decides under pressure", "Decides in time with what is known, and says so when it was wrong."),
    ),
    (
        ("S", "Safety", "Everybody goes home as they came."),
        ("S1", "Works safely", "Sees a danger, keeps oneself and others from harm, and acts for everybody on site."),
        ("S2", "Helps in an emergency", "Secures, calls and helps until the ambulance is there."),
        ("S3", "Handles dangerous goods", "Knows the classes, keeps apart what must not meet, and finds the papers."),
        ("S4", "Operates industrial trucks", "Drives, lifts and parks so that nobody has to jump."),
        ("S5", "Reports near misses", "Reports what nearly happened, so that it never does."),
        ("S6", "Secures loads", "Lashes and blocks a load so that it arrives as it left."),
        ("S7", "Works at height", "Climbs with a harness that was checked, and not alone."),
    ),
    (
        ("D", "Data and digital", "Figures that are right, in the right hands."),
        ("D1", "Handles information with care", "Keeps data safe."),
        ("D2", "Decides with data", "Uses figures for daily decisions, finds causes and proposes measures."),
        ("D3", "Keeps records true", "Enters what is so, at once, and corrects what is not."),
        ("D4", "Uses the terminal system", "Finds a box, books it and releases it without a detour."),
        ("D5", "Improves digital work", "Takes a step out of a process instead of moving it to a screen."),
        ("D6", "Recognises fraud online", "Looks twice at the sender, and asks before clicking."),
    ),
    (
        ("C", "Craft", "What the work itself asks for."),
        ("C1", "Masters the craft", "Does the work to the standard, without supervision in the field."),
        ("C2", "Clears goods through customs", "Declares what is there, under the right number, in time."),
        ("C3", "Keeps the cold chain", "Knows the temperature, and what to do when it is wrong."),
        ("C4", "Plans the yard", "Puts a box where it is needed next."),
        ("C5", "Maintains equipment", "Hears that a machine will fail before it does."),
        ("C6", "Drives economically", "Arrives with fuel, tyres and nerves left."),
        ("C7", "Checks quality on arrival", "Sees what is broken before it is signed for."),
    ),
    (
        ("K", "Customers and partners", "What others rely on us for."),
        ("K1", "Listens to customers", "Asks until it is clear what is needed."),
        ("K2", "Keeps promises", "Says when, and calls before it is later."),
        ("K3", "Handles complaints", "Takes it seriously, puts it right, and says what will change."),
        ("K4", "Negotiates fairly", "Finds what both can live with next year as well."),
        ("K5", "Speaks the customer's language", "Explains a delay without an abbreviation."),
    ),
    (
        ("V", "Values of the house", "How we want to work together."),
        ("V1", "We look after one another", "Nobody eats alone in the first week."),
        ("V2", "We say what we see", "A question is not an attack, and silence is not consent."),
        ("V3", "We leave it better", "An improvement is one when it is still there a year later."),
        ("V4", "We are curious", "Ask why once more than is comfortable."),
    ),
)


def address_of(name: str) -> str:
    """Return where the academy publishes a competency."""
    path = name.lower().replace(" ", "-").replace("'", "")
    return f"{ADDRESS}/{path}"


def add_framework(organisation: Organisation, *, by: User, at: datetime) -> dict[str, Competency]:
    """Write the framework down, and return its competencies by the address of their pages."""
    fields = FrameworkFields(
        name=HARBOUR_FRAMEWORK,
        description="What people at our terminals, warehouses and offices are able to do, and how we work together.",
        url=ADDRESS,
        publisher="Harbour Logistics Academy",
        version="2026",
    )
    framework = make_framework(organisation=organisation, fields=fields, by=by, at=at)
    levels = [LevelFields(number=n, name=name, description=said) for n, (name, said) in enumerate(LEVELS, start=1)]
    set_levels(framework=framework, levels=levels, by=by, at=at)
    made: dict[str, Competency] = {}
    for area, *members in AREAS:
        parent = None
        for code, name, description in [area, *members]:
            said = CompetencyFields(name=name, code=f"HCF-{code}", description=description, parent=parent)
            competency = add_competency(framework=framework, fields=said, by=by, at=at)
            # The academy has published them for years: their addresses are what an import would have brought.
            competency.uri = address_of(name)
            competency.save(update_fields=["uri"])
            made[competency.uri] = competency
            parent = parent or competency
    return made
