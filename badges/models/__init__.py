"""The tables of this room."""

from badges.models.badge_class import Alignment, BadgeClass, Category, EarningStep, Level, StepKind, Validity

__all__ = ["Alignment", "BadgeClass", "Category", "EarningStep", "Level", "StepKind", "Validity"]
