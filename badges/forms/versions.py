"""What people type when a version is published, and when a badge that people hold is corrected."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from badges.actions.badge_classes import BadgeFields, fields_of
from badges.actions.corrections import CORRECTABLE, NotSmall, ProposedChange, proposed_changes
from badges.forms.fields import MarkdownField, TextField
from badges.models import BadgeClass
from badgeserver.errors import UserFacingError

NOTE_LIMIT, CHANGE_NOTE_LIMIT = 300, 500
NOTE_MISSING = gettext_lazy("Say why, such as “Two typos”: everybody who looks at the badge can read it.")


def seen_moment(text: str) -> datetime | None:
    """Return the `updated_at` that a form carries; None for what is none, so that only real forms are stale."""
    try:
        moment = parse_datetime(text[:64])
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


class PublishVersionForm(forms.Form):
    """What is new, and whether those who hold an earlier version are invited to earn this one."""

    use_required_attribute = False

    change_note = TextField(
        max_length=CHANGE_NOTE_LIMIT,
        label=gettext_lazy("What is new?"),
        help_text=gettext_lazy("One or two sentences for holders and visitors. They stand on the badge’s page."),
        widget=forms.Textarea(attrs={"rows": 3, "data-limit": CHANGE_NOTE_LIMIT}),
        error_messages={
            "required": gettext_lazy("Say in a sentence or two what is new: holders and visitors read it.")
        },
    )
    invites = forms.TypedChoiceField(
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "cards"}),
        label=gettext_lazy("Who holds an earlier version"),
        error_messages={
            "required": gettext_lazy("Choose whether holders get a mail."),
            "invalid_choice": gettext_lazy("Choose whether holders get a mail."),
        },
    )

    def __init__(self, *args: Any, people: int, **kwargs: Any) -> None:
        """`people` is how many would be invited; without anybody the question is not asked."""
        super().__init__(*args, **kwargs)
        self.people = people
        if not people:
            del self.fields["invites"]
            return
        invite = ngettext(
            "Invite %(n)d person by mail to earn the new version",
            "Invite %(n)d people by mail to earn the new version",
            people,
        ) % {"n": people}
        choices = cast(forms.ChoiceField, self.fields["invites"])
        choices.choices = [("no", _("Tell nobody: they see it when they look at their badge")), ("yes", invite)]

    @property
    def invites_holders(self) -> bool:
        """What was chosen. Only of a valid form."""
        return bool(self.cleaned_data.get("invites"))


class CorrectionForm(forms.Form):
    """The wording of a badge that people hold: each text that may be corrected, and why it is."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, badge_class: BadgeClass) -> None:
        self.badge_class = badge_class
        self.said = fields_of(badge_class)
        super().__init__(data, initial=self._initial())
        texts: dict[str, forms.Field] = {
            "name": TextField(max_length=120, label=_("Name")),
            "description": TextField(max_length=500, label=_("Description"), widget=forms.Textarea(attrs={"rows": 3})),
        }
        for number, _step in enumerate(self.said.steps):
            texts[f"steps.{number}"] = TextField(max_length=300, label=_("Step %(number)d") % {"number": number + 1})
        texts["criteria_narrative"] = MarkdownField(label=_("What one must show"), rows=6)
        texts["learned"] = MarkdownField(label=_("What is learned"))
        texts["applied"] = MarkdownField(label=_("How it is used at work"))
        texts["assessed"] = MarkdownField(label=_("How it is assessed"))
        texts["useful_for"] = MarkdownField(label=_("Why it matters, and in which roles"))
        for number, skill in enumerate(self.said.alignments):
            label = _("About the skill “%(name)s”") % {"name": skill.target_name}
            texts[f"alignments.{number}"] = TextField(
                max_length=1000, label=label, widget=forms.Textarea(attrs={"rows": 2})
            )
        texts["image_alt"] = TextField(max_length=300, label=_("The picture in words"))
        for name, field in texts.items():
            field.error_messages["required"] = _("A correction takes no text away. Write it again, or make a version.")
            field.required = True
            # What is not said cannot be corrected, only added, and that is another meaning.
            if self.initial[name]:
                self.fields[name] = field
        self.fields["note"] = TextField(
            max_length=NOTE_LIMIT,
            label=_("Why is it corrected?"),
            help_text=_("Everybody who looks at the badge can read it, such as “Two typos in the criteria”."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"required": NOTE_MISSING},
        )

    def is_valid_without_note(self) -> bool:
        """Check the texts alone: what becomes a version, or is only looked at, needs no reason yet."""
        self.fields["note"].required = False
        is_valid = self.is_valid()
        self.fields["note"].required = True  # so that the page does not call it optional
        return is_valid

    @cached_property
    def wording(self) -> BadgeFields:
        """What the badge would say; what is wrong in the form counts as not typed. Only of a bound form."""
        self.is_valid()
        typed = {**self.initial, **self.cleaned_data}
        texts: dict[str, Any] = {name: _same_lines(typed[name], str(self.initial[name])) for name in CORRECTABLE}
        return replace(
            self.said,
            **texts,
            steps=tuple(
                replace(step, text=_same_lines(typed[f"steps.{number}"], step.text))
                for number, step in enumerate(self.said.steps)
            ),
            alignments=tuple(
                replace(
                    skill,
                    target_description=_same_lines(typed[f"alignments.{number}"], skill.target_description),
                )
                for number, skill in enumerate(self.said.alignments)
            ),
        )

    @property
    def changes(self) -> list[ProposedChange]:
        """What would be corrected, each with why it cannot be."""
        return proposed_changes(self.badge_class, self.wording)

    def refuse(self, problem: UserFacingError) -> None:
        """Put a refusal of the action where its author sees it."""
        if isinstance(problem, NotSmall):
            for name, sentence in problem.problems.items():
                self.add_error(name if name in self.fields else None, sentence)
        elif problem.field in self.fields:
            self.add_error(problem.field, problem.message)
        else:
            self.add_error(None, problem.message)

    def _initial(self) -> dict[str, Any]:
        texts: dict[str, Any] = {name: getattr(self.said, name) for name in CORRECTABLE}
        texts |= {f"steps.{number}": step.text for number, step in enumerate(self.said.steps)}
        return texts | {
            f"alignments.{number}": skill.target_description for number, skill in enumerate(self.said.alignments)
        }


def _same_lines(typed: str, before: str) -> str:
    """Return the typed text with the line ends, and the blanks around it, that the text had before.

    Browsers send other line ends than programs, and forms cut blanks: neither is a correction.
    """
    text = typed.replace("\r\n", "\n")
    return before if text.strip() == before.replace("\r\n", "\n").strip() else text
