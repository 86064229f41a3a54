"""What a browser sends from the badge form, filled well; tests change what they are about."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.badges import SVG, png

GOOD = {
    "name": "Leading a Retrospective",
    "description": "Leads a team through looking back, so that it leaves with two things to change.",
    "purpose": "SKILL",
    "basis": "MEASUREMENT",
    "category": "DURABLE",
    "tags": "teamwork, feedback",
    "level": "3",
    "image_alt": "A violet hexagon",
    "criteria_narrative": "You **hold the room**.",
    "criteria_url": "https://academy.example.org/retrospectives",
    "learned": "Listening.",
    "applied": "In every sprint.",
    "assessed": "A mentor watches.",
    "useful_for": "Team leads.",
    "validity": "MONTHS",
    "validity_months": "24",
    "validity_until": "",
}
STEPS = [
    {"kind": "COURSE", "text": "Complete the half-day course", "url": "https://academy.example.org/course"},
    {"kind": "ON_THE_JOB", "text": "Lead two retrospectives"},
]
ALIGNMENTS = [
    {
        "target_name": "listen actively",
        "target_url": "https://skills.example.org/1",
        "target_framework": "ESCO",
        "target_code": "S1",
        "target_description": "Gives attention.",
    }
]


def sent(issuer, *, steps=STEPS, alignments=ALIGNMENTS, act="publish", picture=True, **changes: str):
    """Return the data of a POST; `picture` is True for a good PNG, None for no file, or the file itself."""
    data = {**GOOD, "issuer": str(issuer.pk), "act": act, **changes}
    for prefix, rows in [("steps", steps), ("alignments", alignments)]:
        data |= {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
        for number, row in enumerate(rows):
            data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
            data.setdefault(f"{prefix}-{number}-ORDER", str(number + 1))
    if picture is not None:
        data["picture"] = png_file() if picture is True else picture
    return data


def png_file(content=None, name="badge.png"):
    return SimpleUploadedFile(name, content if content is not None else png(), content_type="image/png")


def svg_file(content=SVG):
    return SimpleUploadedFile("badge.svg", content, content_type="image/svg+xml")
