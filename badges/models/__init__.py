"""The tables of this room."""

from badges.models.badge_class import (
    Alignment,
    BadgeClass,
    Category,
    EarningStep,
    Level,
    Licence,
    StepKind,
    Validity,
)
from badges.models.wording import BadgeCorrection, BadgeTranslation

__all__ = [
    "Alignment",
    "BadgeClass",
    "BadgeCorrection",
    "BadgeTranslation",
    "Category",
    "EarningStep",
    "Level",
    "Licence",
    "StepKind",
    "Validity",
]
