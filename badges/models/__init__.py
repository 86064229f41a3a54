"""The tables of this room."""

from badges.models.badge_class import (
    Alignment,
    BadgeClass,
    Basis,
    Category,
    EarningStep,
    Level,
    Licence,
    Purpose,
    StepKind,
    Validity,
    Visibility,
)
from badges.models.design import Design, DesignFamily
from badges.models.framework import Competency, CompetencyLevel, Framework, FrameworkImport, FrameworkSource
from badges.models.lifecycle import LifecycleMail, Pilot, PilotMember, Review, SurveyAnswer
from badges.models.plan import Plan, PlanRow
from badges.models.wording import BadgeCorrection, BadgeTranslation

__all__ = [
    "Alignment",
    "BadgeClass",
    "BadgeCorrection",
    "BadgeTranslation",
    "Basis",
    "Category",
    "Competency",
    "CompetencyLevel",
    "Design",
    "DesignFamily",
    "EarningStep",
    "Framework",
    "FrameworkImport",
    "FrameworkSource",
    "Level",
    "Licence",
    "LifecycleMail",
    "Pilot",
    "PilotMember",
    "Plan",
    "PlanRow",
    "Purpose",
    "Review",
    "StepKind",
    "SurveyAnswer",
    "Validity",
    "Visibility",
]
