"""Addresses and alignments that the badge classes of the demo programme share."""

from uuid import NAMESPACE_URL, uuid5

from .records import Alignment

COURSES = "https://academy.harbour-logistics.example/courses"
COMPETENCIES = "https://academy.harbour-logistics.example/competencies"
HARBOUR_FRAMEWORK = "Harbour Competency Framework 2026"

_ESCO_SKILL = "http://data.europa.eu/esco/skill/"


def esco(name: str, code: str, description: str) -> Alignment:
    """Return an alignment in the form of ESCO.

    The identifiers are invented (stable for a name): the demo shows the form, it does not look skills up.
    """
    return Alignment(name, f"{_ESCO_SKILL}{uuid5(NAMESPACE_URL, _ESCO_SKILL + name)}", code, "ESCO", description)


def harbour(name: str, code: str, path: str, description: str, level: int | None = None) -> Alignment:
    """Return an alignment to the organisation's own competency framework, on one of its levels."""
    return Alignment(name, f"{COMPETENCIES}/{path}", code, HARBOUR_FRAMEWORK, description, level)
