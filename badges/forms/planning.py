"""The planning of a badge: who sees it, for whom it is, how many may hold it, and what it leads to."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from badges.actions.planning import PlanFields, fingerprint, plan_of
from badges.forms.fields import RowChoiceField, RowsChoiceField
from badges.insights.ladders import next_level_of, related_to
from badges.models import BadgeClass, Visibility
from issuers.models import Department, JobRole

MAX_CAP = 1_000_000

_GONE = _("One of these is no longer there. Look at the list again, and choose anew.")


class PlanningForm(forms.Form):
    """All of a badge's planning; it may change while people hold the badge."""

    use_required_attribute = False

    visibility = forms.ChoiceField(
        widget=forms.RadioSelect(attrs={"class": "cards"}),
        label=_("Who can see it?"),
        error_messages={"required": _("Choose who can see it."), "invalid_choice": _("Choose one of these two.")},
    )
    departments = RowsChoiceField(
        Department.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pick-list"}),
        label=_("Departments"),
        error_messages={"invalid_choice": _GONE},
    )
    job_roles = RowsChoiceField(
        JobRole.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pick-list"}),
        label=_("Job roles"),
        error_messages={"invalid_choice": _GONE},
    )
    award_cap = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_CAP,
        label=_("At most so many people"),
        help_text=_("They hold it at the same time, in any version. Leave it empty for no limit."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": _("No limit")}),
        error_messages={
            "invalid": _("Write a whole number, such as 10, or leave it empty."),
            "min_value": _("Allow at least 1 person, or leave it empty for no limit."),
            "max_value": _("Write at most 1,000,000, or leave it empty for no limit."),
        },
    )
    next_level = RowChoiceField(
        BadgeClass.objects.none(),
        required=False,
        empty_label=_("None: it stands on top, or alone"),
        label=_("Next level"),
        help_text=_("The badge that its holders go for next. Badges linked like this make a ladder."),
        error_messages={"invalid_choice": _("This badge is no longer there. Choose another one, or none.")},
    )
    related = RowsChoiceField(
        BadgeClass.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pick-list"}),
        label=_("Related badges"),
        help_text=_("Shown beside it, as something for the same people."),
        error_messages={"invalid_choice": _GONE},
    )
    review_by = forms.DateField(
        required=False,
        label=_("Review by"),
        help_text=_("On this day somebody looks whether the badge still fits. Nothing happens to those who hold it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as year-month-day, such as 2027-12-31.")},
    )
    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, badge_class: BadgeClass, at: datetime, **kwargs: Any) -> None:
        now = plan_of(badge_class)
        following = next_level_of(badge_class)
        initial = {
            "visibility": now.visibility,
            "departments": [one.pk for one in now.departments],
            "job_roles": [one.pk for one in now.job_roles],
            "award_cap": now.award_cap,
            "next_level": following.pk if following else None,
            "related": [one.pk for one in related_to(badge_class)],
            "review_by": now.review_by,
            "seen": fingerprint(now),
        }
        super().__init__(*args, **{"initial": initial, **kwargs})
        organisation = badge_class.issuer.organisation
        others = BadgeClass.objects.of_organisation(organisation).current().exclude(series=badge_class.series)
        others = others.filter(is_template=False).select_related("issuer").by_name()
        departments = Department.objects.filter(organisation=organisation).order_by("name", "pk")
        roles = JobRole.objects.filter(organisation=organisation).order_by("name", "pk")
        for name, rows in [
            ("departments", departments),
            ("job_roles", roles),
            ("next_level", others),
            ("related", others),
        ]:
            cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows
        self.fields["review_by"].widget.attrs["min"] = at.date().isoformat()
        words = {
            Visibility.PUBLIC: _("Badge and awards have public pages, can be shared, downloaded and verified."),
            Visibility.INTERNAL: _("No public page, no file: members and those who hold it see it after signing in."),
        }
        cast("forms.ChoiceField", self.fields["visibility"]).choices = [
            (value, format_html("<span>{}<small>{}</small></span>", label, words[Visibility(value)]))
            for value, label in Visibility.choices
        ]

    @property
    def plan(self) -> PlanFields:
        """What was chosen. Only of a valid form."""
        data = self.cleaned_data
        return PlanFields(
            visibility=data["visibility"],
            departments=tuple(data["departments"]),
            job_roles=tuple(data["job_roles"]),
            award_cap=data["award_cap"],
            next_level=data["next_level"],
            related=tuple(data["related"]),
            review_by=data["review_by"],
        )
