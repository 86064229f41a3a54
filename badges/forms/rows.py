"""The lists of the badge form: steps and alignments, one form a row."""

from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from badges.forms.fields import BadgeChoice, NeededTextField, TextField, WebAddressField, check_while_typing
from badges.insights.frameworks import Pickable, alignment_words
from badges.models import BadgeClass, Competency, StepKind
from badges.models.badge_class import BadgeClassQuerySet
from issuers.models import Organisation

MAX_STEPS = 12
MAX_ALIGNMENTS = 20


class RowForm(forms.Form):
    """One row of a list; it is empty when nothing was typed, whatever its place in the list."""

    use_required_attribute = False

    def has_changed(self) -> bool:
        return any(name not in {"ORDER", "DELETE"} for name in self.changed_data)


class StepForm(RowForm):
    """One item of “how to earn it”."""

    kind = forms.ChoiceField(choices=StepKind.choices, initial=StepKind.COURSE, label=gettext_lazy("Kind"))
    text = NeededTextField(
        max_length=300,
        label=gettext_lazy("What to do"),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Complete the four workshops")}),
    )
    required_badge = BadgeChoice(
        queryset=BadgeClass.objects.none(),
        label=gettext_lazy("Badge"),
        empty_label=gettext_lazy("Choose a badge"),
    )
    url = WebAddressField(required=False, label=gettext_lazy("Link"))

    def __init__(self, *args: Any, organisation: Organisation, badges: BadgeClassQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[BadgeClass]", self.fields["required_badge"])
        field.queryset = badges
        # The rows share the queryset, and with it the one list that it loads; the field's own would load its own.
        field.choices = [("", field.empty_label or ""), *((badge.pk, str(badge)) for badge in badges)]
        check_while_typing(self, organisation)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == StepKind.BADGE:
            data["url"] = ""
            self.errors.pop("url", None)
            badge = data.get("required_badge")
            if badge is None:
                if "required_badge" not in self.errors:
                    self.add_error("required_badge", _("Choose the badge that one must hold."))
            elif not data.get("text"):
                data["text"] = _("Hold “%(badge)s”") % {"badge": badge}
        else:
            data["required_badge"] = None
            self.errors.pop("required_badge", None)
            if not data.get("text") and "text" not in self.errors:
                self.add_error("text", _("Say what to do, or remove this step."))
        return data


class CompetencyField(forms.Field):
    """The competency that was picked, by its id; nothing for a skill from elsewhere."""

    widget = forms.HiddenInput

    def prepare_value(self, value: Any) -> Any:
        return str(value.pk) if isinstance(value, Competency) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class AlignmentForm(RowForm):
    """A skill or standard that the badge stands for: picked from a framework, or written."""

    competency = CompetencyField(required=False)

    target_name = TextField(
        max_length=200,
        label=gettext_lazy("Skill"),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Conflict management")}),
        error_messages={"required": gettext_lazy("Name the skill, or remove this row.")},
    )
    target_url = WebAddressField(
        label=gettext_lazy("Its address"),
        error_messages={"required": gettext_lazy("Give the address that defines this skill.")},
    )
    target_framework = TextField(
        required=False,
        max_length=200,
        label=gettext_lazy("Framework"),
        widget=forms.TextInput(attrs={"placeholder": "ESCO"}),
    )
    target_code = TextField(
        required=False,
        max_length=100,
        label=gettext_lazy("Code"),
        widget=forms.TextInput(attrs={"placeholder": "S1.8.2"}),
    )
    target_description = TextField(required=False, max_length=1000, label=gettext_lazy("In a sentence"))
    level = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[],
        label=gettext_lazy("Level"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the levels of this framework.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, pickable: Pickable | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation, self.pickable = organisation, pickable or Pickable(organisation)
        levels = self.pickable.levels(self.picked) if self.picked else []
        field = cast("forms.ChoiceField", self.fields["level"])
        field.choices = [("", _("Any level")), *((number, f"{number} {name}") for number, name in levels)]
        check_while_typing(self, organisation)

    @cached_property
    def picked(self) -> Competency | None:
        """The competency that this row names now; of another organisation it is none."""
        said = self["competency"].value()
        if isinstance(said, Competency):
            return said
        return self.pickable.competency(str(said)) if said else None

    @property
    def is_written(self) -> bool:
        """Whether its words stand open: they were written here, or something about them is wrong."""
        words = {name for name in self.errors if name != "level"} if self.is_bound else set()
        return bool(words) or (
            self.picked is None and any(self[name].value() for name in ("target_name", "target_url"))
        )

    def clean_competency(self) -> Competency | None:
        """Return what was picked. What is archived or retired stays where it was picked before."""
        if not self.cleaned_data["competency"]:
            return None
        picked, before = self.picked, self.get_initial_for_field(self.fields["competency"], "competency")
        if picked is None:
            raise forms.ValidationError(_("This skill is not there any more. Search it again, or write it yourself."))
        if isinstance(before, Competency) and before.pk == picked.pk:
            return picked
        if picked.framework.archived_at is not None:
            raise forms.ValidationError(
                _("“%(framework)s” is archived. Search the skill in another framework, or write it yourself.")
                % {"framework": picked.framework}
            )
        return picked

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        picked = data.get("competency")
        if picked is None:
            data["level"] = None
            self.errors.pop("level", None)
        if "competency" in self.errors:
            picked = self.picked  # one sentence is enough: what it would have said is not missing too
        if picked is not None:
            words = alignment_words(picked)
            for name in ("target_name", "target_url"):
                if not self[name].value():  # the pick says it
                    self.errors.pop(name, None)
                    data[name] = words[name]
        return data


class RowFormSet(BaseFormSet):
    """Rows that people add, move and remove."""

    default_error_messages = {
        "too_many_forms": ngettext_lazy("Keep at most %(num)d row.", "Keep at most %(num)d rows.", "num"),
        "missing_management_form": gettext_lazy("Part of the form did not arrive. Load the page again."),
    }

    @property
    def kept_forms(self) -> list[forms.Form]:
        """The filled rows in their order, without those that were removed; valid ones after `is_valid()`."""
        deleted = [form for form in self.forms if self._should_delete_form(form)]  # type: ignore[attr-defined]
        kept = [
            form for form in self.forms if form not in deleted and not (form.empty_permitted and not form.has_changed())
        ]
        return sorted(kept, key=_order)  # sorting is stable: rows without a number stay where they stood, at the end


def _order(form: forms.Form) -> int:
    value = getattr(form, "cleaned_data", {}).get("ORDER")
    return value if value is not None else 10_000


StepFormSet = forms.formset_factory(
    StepForm,
    formset=RowFormSet,
    extra=2,  # without JavaScript; with it, static/js/badge_form.js takes away what is not needed
    can_order=True,
    can_delete=True,
    max_num=MAX_STEPS,
    absolute_max=MAX_STEPS + 20,
    validate_max=True,
)
AlignmentFormSet = forms.formset_factory(
    AlignmentForm,
    formset=RowFormSet,
    extra=2,  # without JavaScript; with it, static/js/badge_form.js takes away what is not needed
    can_order=True,
    can_delete=True,
    max_num=MAX_ALIGNMENTS,
    absolute_max=MAX_ALIGNMENTS + 20,
    validate_max=True,
)
