"""What people type about awards, checked field by field."""

import uuid
from collections.abc import Sequence
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assertions import rules
from assertions.actions.award import AwardFields, EvidenceFields
from assertions.actions.endorsements import COMMENT_LIMIT
from assertions.models import ProblemReport
from assertions.queries import AwardState, departments_of, job_roles_of
from assertions.sharing.endorsements import Subject, subject_at
from badges.forms import MarkdownField, TextField, WebAddressField
from badges.forms.fields import RowChoiceField
from badges.models import BadgeClass
from badgeserver.mail import validate_mailable
from badgeserver.openbadges.identity import normalize_email
from issuers.models import Department, Issuer, JobRole, Organisation

MAX_EVIDENCE = 10
TEXT_LIMIT = 10_000
REPORT_LIMIT = 3_000
SEARCH_LIMIT = 200

#: What the radio buttons under “How long does it hold?” say.
FROM_BADGE, UNTIL_DAY, NEVER = "badge", "day", "never"

_WHOLE_DAY = gettext_lazy("Choose a day, or write it as year-month-day, such as 2028-03-14.")


class DayField(forms.DateField):
    """A day, as every browser's calendar sends it."""

    default_error_messages = {"invalid": _WHOLE_DAY}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, **kwargs)


class RecipientField(forms.EmailField):
    """The address that a badge is awarded to."""

    default_error_messages = {
        "required": gettext_lazy("Say who gets the badge: type a name to search, or the whole e-mail address."),
        "invalid": gettext_lazy("This is not a whole e-mail address. Write it like rita@example.org."),
    }

    def __init__(self, **kwargs: Any) -> None:
        # Autocomplete would offer the awarder's own address; searching people is ours.
        attrs = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(max_length=254, widget=forms.EmailInput(attrs=attrs), **kwargs)
        self.validators = [*self.validators, validate_mailable]

    def run_validators(self, value: Any) -> None:
        """Say one thing that is wrong: what is no address is no address in several ways."""
        try:
            super().run_validators(value)
        except forms.ValidationError as refused:
            raise forms.ValidationError(refused.messages[0], code="invalid") from refused


class AwardForm(forms.Form):
    """One award; its evidence is a formset beside it."""

    use_required_attribute = False

    email = RecipientField(
        label=gettext_lazy("Who gets it?"),
        help_text=gettext_lazy("Name or e-mail address. The badge goes to this address and is bound to it."),
    )
    name = TextField(
        required=False,
        max_length=120,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Shown to strangers only if they agree."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    issued_on = DayField(
        label=gettext_lazy("Day of the award"),
        help_text=gettext_lazy("Today, or the day it was earned."),
        error_messages={"required": gettext_lazy("Say when it was earned. For today, choose today.")},
    )
    expiry = forms.ChoiceField(
        label=gettext_lazy("How long does it hold?"),
        widget=forms.RadioSelect(attrs={"class": "cards"}),
        initial=FROM_BADGE,
        error_messages={
            "required": gettext_lazy("Choose how long the badge holds."),
            "invalid_choice": gettext_lazy("Choose how long the badge holds."),
        },
    )
    expires_on = DayField(
        required=False, label=gettext_lazy("Last day"), help_text=gettext_lazy("It holds through the end of this day.")
    )
    narrative = MarkdownField(
        label=gettext_lazy("What they did"),
        help_text=gettext_lazy("Everybody who opens the badge reads this. Markdown: **bold**, - lists, links."),
    )

    def __init__(self, *args: Any, badge_class: BadgeClass, at: datetime, **kwargs: Any) -> None:
        """Make the form for one badge; `at` is now, in the zone of the one who awards."""
        kwargs["initial"] = {"issued_on": at.date(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.badge_class, self.at = badge_class, at
        cast(forms.DateField, self.fields["issued_on"]).widget.attrs["max"] = at.date().isoformat()
        self._offer_expiry(_("As the badge says"))
        # Only now, when the form can be read: the words depend on the day that is in it.
        note = '<span>{}<small id="as-the-badge-says">{}</small></span>'
        self._offer_expiry(format_html(note, _("As the badge says"), self.expiry_as_badge))

    def _offer_expiry(self, as_the_badge_says: str) -> None:
        choices = [(FROM_BADGE, as_the_badge_says), (UNTIL_DAY, _("Until another day")), (NEVER, _("Without end"))]
        cast(forms.ChoiceField, self.fields["expiry"]).choices = choices

    @property
    def typed(self) -> dict[str, Any]:
        """What is in the form and usable, whether it was sent or is still empty."""
        if not self.is_bound:
            return {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
        self.is_valid()
        return self.cleaned_data

    @property
    def expiry_as_badge(self) -> str:
        """What the badge says, for the day that is in the form: “2 years after the award: until 14 March 2028”."""
        last_day = self._last_day_as_badge()
        if last_day is None or not self.badge_class.validity_months:
            return self.badge_class.validity_sentence
        return _("%(rule)s: until %(day)s") % {
            "rule": self.badge_class.validity_sentence,
            "day": date_format(last_day, _("j F Y")),
        }

    @property
    def last_day(self) -> date | None:
        """The day through which the award would hold; None for ever."""
        match self.typed.get("expiry"):
            case "never":
                return None
            case "day":
                return cast("date | None", self.typed.get("expires_on"))
        return self._last_day_as_badge()

    def _last_day_as_badge(self) -> date | None:
        day = self.typed.get("issued_on") or self.at.date()
        issued_at = rules.moment_of_award(day, at=self.at)
        expires_at = rules.expiry_from_badge(self.badge_class, issued_at=issued_at)
        return expires_at.date() if expires_at else None

    def clean_issued_on(self) -> date:
        day = cast(date, self.cleaned_data["issued_on"])
        if day > self.at.date():
            raise forms.ValidationError(_("The award lies in the future. Choose today or an earlier day."))
        if day < rules.EARLIEST:
            raise forms.ValidationError(_("The award lies before 1990. Check the year."))
        return day

    def clean_narrative(self) -> str:
        return _at_most(self.cleaned_data["narrative"], TEXT_LIMIT)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        issued_on, last_day = data.get("issued_on"), data.get("expires_on")
        if data.get("expiry") == UNTIL_DAY and "expires_on" not in self.errors:
            if last_day is None:
                self.add_error("expires_on", _("Say until which day the badge holds, or choose another answer above."))
            elif issued_on is not None and last_day < issued_on:
                self.add_error("expires_on", _("The badge would end before it was awarded. Choose a later day."))
        elif data.get("expiry") != UNTIL_DAY:
            # Left over from another answer: not seen, so not judged.
            self.errors.pop("expires_on", None)
        return data

    def award(self, evidence: Sequence[EvidenceFields], *, known_name: str = "", again_for: str = "") -> AwardFields:
        """Return what was typed as the action wants it. Only of a valid form.

        `known_name` stands in for a name that was left out. `again_for` is the address for which a second award was
        confirmed: another address needs its own yes.
        """
        data = self.cleaned_data
        return AwardFields(
            badge_class=self.badge_class,
            email=data["email"],
            name=data["name"] or known_name,
            issued_at=rules.moment_of_award(data["issued_on"], at=self.at),
            narrative=data["narrative"],
            evidence=evidence,
            overrides_expiry=data["expiry"] != FROM_BADGE,
            expires_at=rules.end_of_day(data["expires_on"]) if data["expiry"] == UNTIL_DAY else None,
            allow_duplicate=bool(again_for) and again_for == normalize_email(data["email"]),
        )


def _at_most(text: str, limit: int) -> str:
    if len(text) > limit:
        raise forms.ValidationError(
            _("This text has %(length)s characters; %(limit)s fit. Shorten it, or link to a longer document.")
            % {"length": f"{len(text):,}", "limit": f"{limit:,}"}
        )
    return text


class EvidenceForm(forms.Form):
    """One piece of evidence: a page, a text, or both."""

    use_required_attribute = False

    name = TextField(required=False, max_length=200, label=gettext_lazy("Title"))
    url = WebAddressField(required=False, label=gettext_lazy("Web address"))
    narrative = MarkdownField(rows=2, label=gettext_lazy("Text"))
    description = TextField(
        required=False,
        max_length=500,
        label=gettext_lazy("In a sentence"),
        help_text=gettext_lazy("What it is; the text goes into detail."),
    )
    genre = TextField(
        required=False,
        max_length=100,
        label=gettext_lazy("Kind of work"),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Film, report, code")}),
    )
    audience = TextField(
        required=False,
        max_length=200,
        label=gettext_lazy("Made for"),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("New colleagues")}),
    )

    @property
    def more_is_open(self) -> bool:
        """Whether something stands in the folded part, or is wrong there."""
        return any(self[name].value() or self[name].errors for name in ("description", "genre", "audience"))

    def clean_narrative(self) -> str:
        return _at_most(self.cleaned_data["narrative"], TEXT_LIMIT)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        shows_something = data.get("url") or data.get("narrative", "").strip()
        is_begun = any(data.get(name) for name in ("name", "description", "genre", "audience"))
        if not self.errors and is_begun and not shows_something:
            self.add_error("url", _("Give a web address, a text, or both; a title alone shows nothing."))
        return data


class BaseEvidenceFormSet(BaseFormSet):
    default_error_messages = {
        "too_many_forms": gettext_lazy("At most %(num)d pieces of evidence fit. Remove some, or link to a collection."),
        "missing_management_form": gettext_lazy("The evidence did not arrive whole. Please send the form again."),
    }

    def evidence(self) -> list[EvidenceFields]:
        """Return the filled-in rows. Only of a valid formset."""
        rows = [form.cleaned_data for form in self.forms if form not in self.deleted_forms and form.has_changed()]
        return [
            EvidenceFields(**{item.name: row[item.name] for item in dataclass_fields(EvidenceFields)})
            for row in rows
            if row["url"] or row["narrative"].strip()
        ]


EvidenceFormSet = cast(
    "type[BaseEvidenceFormSet]",
    forms.formset_factory(
        EvidenceForm,
        formset=BaseEvidenceFormSet,
        extra=1,
        max_num=MAX_EVIDENCE,
        absolute_max=2 * MAX_EVIDENCE,
        validate_max=True,
        can_delete=True,
    ),
)


class RevokeForm(forms.Form):
    """Why an award is withdrawn."""

    use_required_attribute = False

    reason = TextField(
        max_length=500,
        label=gettext_lazy("Why is it revoked?"),
        help_text=gettext_lazy("The recipient reads this, and so does everybody who looks the badge up."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Give a reason: the recipient has a right to know.")},
    )


class StolenKeyForm(forms.Form):
    """A key is given up for good: what happened, and the issuer's name as a sign that this is meant."""

    use_required_attribute = False

    note = TextField(
        max_length=500,
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("For your own history, which owners can read. The world is not told."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write what happened: somebody will ask in a year.")},
    )
    tell_holders = forms.BooleanField(
        required=False,
        initial=True,
        label=gettext_lazy("Mail the holders where their new copy is"),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the issuer"),
        help_text=gettext_lazy("It cannot be undone."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type the name of the issuer.")},
    )

    def __init__(self, *args: Any, issuer: Issuer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._issuer = issuer
        self.fields["name"].label = _("Type “%(name)s” to show that this is meant") % {"name": issuer.name}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.strip().casefold() != self._issuer.name.strip().casefold():
            raise forms.ValidationError(_("Type “%(name)s”, the name of the issuer.") % {"name": self._issuer.name})
        return name


class BadgeFilter(forms.ModelChoiceField):
    """One badge in all its versions; an earlier version, which links name, stands for itself."""

    def label_from_instance(self, obj: BadgeClass) -> str:
        if obj.status == BadgeClass.Status.SUPERSEDED:
            return _("%(badge)s, version %(version)d") % {"badge": obj, "version": obj.version}
        return str(obj)


class SubjectForm(forms.Form):
    """What is to be endorsed, by its public address."""

    use_required_attribute = False

    subject = forms.CharField(
        max_length=2_000,
        label=gettext_lazy("Public address"),
        help_text=gettext_lazy("Of an issuer, a badge or an award on this server: copy it from its public page."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Paste the public address of what you want to endorse."),
            "null_characters_not_allowed": gettext_lazy("This is no address of this server."),
            "max_length": gettext_lazy("This is too long to be an address of this server."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].widget.attrs.pop("maxlength", None)

    def clean_subject(self) -> Subject:
        found = subject_at(self.cleaned_data["subject"])
        if found is None:
            raise forms.ValidationError(
                _("There is no issuer, badge or award at this address. Copy it from the page that you want to endorse.")
            )
        return found


class EndorsementForm(forms.Form):
    """What an issuer says about somebody else's issuer, badge or award."""

    use_required_attribute = False

    endorser = RowChoiceField(
        queryset=Issuer.objects.none(),
        label=gettext_lazy("Who endorses it?"),
        widget=forms.RadioSelect(attrs={"class": "cards"}),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose the issuer in whose name you speak."),
            "invalid_choice": gettext_lazy("Choose one of your issuers."),
        },
    )
    comment = MarkdownField(
        rows=6,
        label=gettext_lazy("What you say"),
        help_text=gettext_lazy("Why you stand up for it, and what you know of it. Markdown: **bold**, - lists, links."),
        error_messages={"required": gettext_lazy("Say why you endorse it: one sentence is enough.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, subject: Subject | None = None, **kwargs: Any) -> None:
        """Make the form for the issuers of an organisation, but for the one that stands behind the subject itself."""
        super().__init__(*args, **kwargs)
        self.issuers = Issuer.objects.filter(organisation=organisation).by_name()
        if subject is not None:
            self.issuers = self.issuers.exclude(pk=subject.pk if isinstance(subject, Issuer) else subject.issuer_id)
        cast("forms.ModelChoiceField[Issuer]", self.fields["endorser"]).queryset = self.issuers
        self.fields["endorser"].initial = self.issuers.values_list("pk", flat=True).first()
        self.fields["comment"].required = True

    def clean_comment(self) -> str:
        return _at_most(self.cleaned_data["comment"].strip(), COMMENT_LIMIT)


class ImportEndorsementForm(forms.Form):
    """An endorsement that was given elsewhere: its address, or the signed text itself."""

    use_required_attribute = False

    source = forms.CharField(
        max_length=200_000,
        label=gettext_lazy("Address or signed text"),
        help_text=gettext_lazy("Where the endorsement lies, such as https://example.org/endorsements/7, or its JWS."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={
            "required": gettext_lazy("Paste the address of the endorsement, or its signed text."),
            "null_characters_not_allowed": gettext_lazy("This is no address and no signed text."),
            "max_length": gettext_lazy("This is too long to be an endorsement."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Browsers cut what is pasted at `maxlength` without a word.
        self.fields["source"].widget.attrs.pop("maxlength", None)


class TakeBackForm(forms.Form):
    """Why an endorsement is taken back."""

    use_required_attribute = False

    reason = TextField(
        max_length=500,
        label=gettext_lazy("Why do you take it back?"),
        help_text=gettext_lazy("Everybody who looks the endorsement up reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Give a reason: those whom you endorsed have a right to know.")},
    )


class AwardFilterForm(forms.Form):
    """Which part of the awards to show. Unusable values are left out instead of refused: it is a link's query."""

    q = forms.CharField(required=False, max_length=SEARCH_LIMIT)
    badge = BadgeFilter(queryset=BadgeClass.objects.none(), required=False, empty_label=gettext_lazy("All badges"))
    state = forms.ChoiceField(required=False, choices=[("", gettext_lazy("All states")), *AwardState.choices])

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        badges = BadgeClass.objects.of_organisation(organisation).exclude(status=BadgeClass.Status.DRAFT)
        offered = badges.current()
        if named := _uuid(self.data.get("badge", "")):
            offered |= badges.filter(pk=named)
        cast("forms.ModelChoiceField[BadgeClass]", self.fields["badge"]).queryset = offered.by_name()
        _make_small(self)

    def chosen(self) -> dict[str, Any]:
        """Return the conditions for `queries.found_awards`."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "search": data.get("q", ""),
            "badge_class": data.get("badge"),
            "state": data.get("state", ""),
        }


class PeopleFilterForm(forms.Form):
    """Which people to show; see `AwardFilterForm`."""

    _HAS_BADGES = {"some": True, "none": False}

    q = forms.CharField(required=False, max_length=SEARCH_LIMIT)
    department = forms.ModelChoiceField(
        queryset=Department.objects.none(), required=False, empty_label=gettext_lazy("All departments")
    )
    role = forms.ModelChoiceField(
        queryset=JobRole.objects.none(), required=False, empty_label=gettext_lazy("All job roles")
    )
    badges = forms.ChoiceField(
        required=False,
        choices=[
            ("", gettext_lazy("With or without badges")),
            ("some", gettext_lazy("With badges")),
            ("none", gettext_lazy("Without badges")),
        ],
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Department]", self.fields["department"]).queryset = departments_of(organisation)
        cast("forms.ModelChoiceField[JobRole]", self.fields["role"]).queryset = job_roles_of(organisation)
        _make_small(self)

    def chosen(self) -> dict[str, Any]:
        """Return the conditions for `queries.people_of`."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "search": data.get("q", ""),
            "department": data.get("department"),
            "job_role": data.get("role"),
            "has_badges": self._HAS_BADGES.get(data.get("badges", "")),
        }


class SearchForm(forms.Form):
    """One search box."""

    q = forms.CharField(required=False, max_length=SEARCH_LIMIT)

    def chosen(self) -> str:
        self.is_valid()
        return cast(str, self.cleaned_data.get("q", ""))


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _make_small(form: forms.Form) -> None:
    for field in form.fields.values():
        if isinstance(field.widget, forms.Select):
            field.widget.attrs["class"] = "input small"


# --- What recipients and visitors write ------------------------------------------------------------------------


class PrivateTextField(TextField):
    """A text for a few people's eyes, in which an e-mail address may stand."""

    def run_validators(self, value: str) -> None:
        forms.CharField.run_validators(self, value)


class DeclineForm(forms.Form):
    """Why somebody does not want a badge, if they care to say."""

    note = PrivateTextField(
        required=False,
        max_length=500,
        label=gettext_lazy("Why not?"),
        help_text=gettext_lazy("Only the issuer reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReportForm(forms.Form):
    """What is wrong with a public page."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=ProblemReport.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what comes closest."),
            "invalid_choice": gettext_lazy("Choose what comes closest."),
        },
    )
    text = PrivateTextField(
        max_length=REPORT_LIMIT,
        label=gettext_lazy("What should they know?"),
        help_text=gettext_lazy("Say what exactly is wrong, and how you know. It is not published."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Say in a sentence what is wrong.")},
    )
    reply_to = forms.EmailField(
        required=False,
        max_length=254,
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("Only if you want an answer. It is never shown on a public page."),
        validators=[validate_mailable],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("Write the whole address, like name@example.org, or leave it out.")},
    )


class CloseReportForm(forms.Form):
    """What was done about a report."""

    use_required_attribute = False

    note = PrivateTextField(
        max_length=500,
        label=gettext_lazy("What was done?"),
        help_text=gettext_lazy("For your own organisation. The visitor is not told."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what was done: somebody will ask in a year.")},
    )
