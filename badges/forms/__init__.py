"""What people type about badges."""

from badges.forms.badge import BadgeForm, BadgeForms
from badges.forms.fields import MarkdownField, TextField, WebAddressField
from badges.forms.rows import AlignmentForm, AlignmentFormSet, StepForm, StepFormSet

__all__ = [
    "AlignmentForm",
    "AlignmentFormSet",
    "BadgeForm",
    "BadgeForms",
    "MarkdownField",
    "StepForm",
    "StepFormSet",
    "TextField",
    "WebAddressField",
]
