"""What people type when they ask for a review, decide one, start a pilot, end it, and answer its survey."""

import datetime as dt
import uuid
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.actions.pilots import GOAL_LIMIT, REMARK_LIMIT
from badges.actions.reviews import NOTE_LIMIT, QUESTION_LIMIT
from badges.forms.fields import TextField
from badges.insights.pilots import QUESTIONS, SCALE
from badges.models import BadgeClass, Pilot, PilotMember
from issuers.models import Organisation, Person


class NoteField(forms.CharField):
    """A text for colleagues; says what to do about what cannot be kept."""

    default_error_messages = TextField.default_error_messages

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Browsers cut what is pasted at `maxlength` without a word; our sentence says what is too long."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class AskForm(forms.Form):
    use_required_attribute = False

    question = NoteField(
        label=gettext_lazy("What should they look at?"),
        help_text=gettext_lazy("For example: is the level right, and would somebody outside understand the criteria?"),
        max_length=QUESTION_LIMIT,
        required=False,
    )


class DecideForm(forms.Form):
    use_required_attribute = False

    note = NoteField(
        label=gettext_lazy("Your comment"),
        help_text=gettext_lazy("Whoever asked reads it. To ask for changes, say what should be changed."),
        max_length=NOTE_LIMIT,
        required=False,
        rows=4,
    )


class SuccessorForm(forms.Form):
    """Which badge takes the place of an archived one."""

    successor = forms.ModelChoiceField(
        queryset=BadgeClass.objects.none(),
        required=False,
        label=gettext_lazy("Which badge takes its place?"),
        help_text=gettext_lazy("Its page says so, with a link. Leave it empty when none does."),
        empty_label=gettext_lazy("None"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the badges of the list.")},
    )

    def __init__(self, *args: Any, badge_class: BadgeClass, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = BadgeClass.objects.of_organisation(organisation).current().exclude(series=badge_class.series)
        cast(forms.ModelChoiceField, self.fields["successor"]).queryset = choices.exclude(
            status=BadgeClass.Status.ARCHIVED
        ).by_name()

    def clean_successor(self) -> BadgeClass | None:
        return cast(BadgeClass | None, self.cleaned_data.get("successor"))


class PilotForm(forms.Form):
    """What one wants to find out, until when, and with whom; people are chosen by their ids."""

    use_required_attribute = False

    goal = NoteField(
        label=gettext_lazy("What do you want to find out?"),
        help_text=gettext_lazy("For example: is one week enough, and is it clear what to hand in?"),
        max_length=GOAL_LIMIT,
        required=False,
        rows=2,
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("On this day everybody of the pilot gets three questions by mail."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose the last day of the pilot."),
            "invalid": gettext_lazy("Write the day like 2026-05-31."),
        },
    )

    def __init__(self, *args: Any, organisation: Organisation, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation, self.today = organisation, today

    def clean_ends_on(self) -> dt.date:
        day = cast(dt.date, self.cleaned_data["ends_on"])
        if day < self.today:
            raise forms.ValidationError(_("This day has passed. Choose a later one."))
        if day > self.today + dt.timedelta(days=366):
            raise forms.ValidationError(_("A pilot lasts a year at most. Choose an earlier day."))
        return day

    @property
    def chosen(self) -> dict[str, str]:
        """Who was chosen, as sent: id of the person -> part."""
        data = self.data if self.is_bound else {}
        return {
            name.removeprefix("part-"): str(value)
            for name, value in getattr(data, "items", dict)()
            if name.startswith("part-") and value in PilotMember.Part.values
        }

    def people(self) -> tuple[list[Person], list[Person]]:
        """Return the testers and the managers who were chosen; people of others are not there."""
        ids: dict[uuid.UUID, str] = {}
        for sent, part in self.chosen.items():
            try:
                ids[uuid.UUID(sent)] = part
            except ValueError:
                continue
        found = list(Person.objects.filter(organisation=self.organisation, pk__in=list(ids)).order_by("name", "pk"))
        return (
            [one for one in found if ids[one.pk] == PilotMember.Part.TESTER],
            [one for one in found if ids[one.pk] == PilotMember.Part.MANAGER],
        )


class EndForm(forms.Form):
    use_required_attribute = False

    decision = forms.ChoiceField(
        choices=[
            (Pilot.Decision.PUBLISH, gettext_lazy("Publish it for everybody")),
            (Pilot.Decision.CHANGE, gettext_lazy("Change it first")),
            (Pilot.Decision.DROP, gettext_lazy("Drop it")),
        ],
        widget=forms.RadioSelect(attrs={"class": "cards"}),
        label=gettext_lazy("What comes of it?"),
        error_messages={
            "required": gettext_lazy("Choose what comes of the pilot."),
            "invalid_choice": gettext_lazy("Choose one of the three."),
        },
    )
    note = NoteField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Stands in the report, for your colleagues."),
        max_length=NOTE_LIMIT,
        required=False,
        rows=2,
    )


class SurveyForm(forms.Form):
    """Three questions on a scale, in the words of who answers, and a remark."""

    use_required_attribute = False

    def __init__(self, *args: Any, part: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question.name] = forms.TypedChoiceField(
                coerce=int,
                choices=[(number, words) for number, words in enumerate(SCALE, start=1)],
                widget=forms.RadioSelect(attrs={"class": "scale"}),
                label=question.for_part(part),
                error_messages={
                    "required": _("Choose one of the five answers."),
                    "invalid_choice": _("Choose one of the five answers."),
                },
            )
        self.fields["remark"] = NoteField(
            label=_("Anything else?"),
            help_text=_("One sentence is enough. Do not write your name."),
            max_length=REMARK_LIMIT,
            required=False,
        )
