"""What people type about a badge, checked field by field; nothing they chose is lost when one is refused."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.formsets import BaseFormSet
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from badges import queries, rules
from badges.actions.badge_classes import (
    AlignmentFields,
    BadgeFields,
    StepFields,
    fields_of,
    unsaved_badge_class,
)
from badges.actions.pictures import keep_picture
from badges.models import BadgeClass, Category, Level, StepKind, Validity
from badges.models.badge_class import BadgeClassQuerySet
from badgeserver.accounts.models import User
from badgeserver.errors import UserFacingError
from badgeserver.markdown import MarkdownRefused, check_markdown, holds_address
from badgeserver.openbadges.iris import is_http_url
from badgeserver.pictures import Picture, PictureRefused, accept_picture
from issuers.models import Issuer, Organisation

MAX_STEPS = 12
MAX_ALIGNMENTS = 20
MAX_TAGS = 12
MAX_TAG_LENGTH = 40
MAX_MONTHS = 240
MAX_PICTURE_BYTES = 2 * 1024 * 1024

_UNUSABLE = gettext_lazy("This text contains an invisible character that cannot be kept. Paste it again as plain text.")
_TOO_LONG = ngettext_lazy(
    "Shorten this to %(limit_value)d character; it has %(show_value)d.",
    "Shorten this to %(limit_value)d characters; it has %(show_value)d.",
    "limit_value",
)


def _without_maxlength(attrs: dict[str, Any]) -> dict[str, Any]:
    """Browsers cut what is pasted at `maxlength` without a word; our sentence says what is too long."""
    return {name: value for name, value in attrs.items() if name != "maxlength"}


class TextField(forms.CharField):
    """One text for the world; says what to do about what cannot be kept or shown."""

    default_error_messages = {"null_characters_not_allowed": _UNUSABLE, "max_length": _TOO_LONG}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return _without_maxlength(super().widget_attrs(widget))

    def run_validators(self, value: str) -> None:
        super().run_validators(value)
        if value and holds_address(value[:100_000]):
            raise forms.ValidationError(
                _("Badges are public: leave out e-mail addresses, and link to a page instead."), code="address"
            )


class Needed(forms.Field):
    """What a published badge must have and a draft may lack: shown as needed, asked for by `rules` alone."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class NeededTextField(Needed, TextField):
    pass


class NeededFileField(Needed, forms.FileField):
    pass


class NeededIntegerField(Needed, forms.IntegerField):
    pass


class NeededDateField(Needed, forms.DateField):
    pass


class MarkdownField(TextField):
    """A long text with links, emphasis and lists."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": kwargs.pop("rows", 4)}), required=False, **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        try:
            check_markdown(value)
        except MarkdownRefused as refused:
            raise forms.ValidationError(refused.sentence, code="markdown") from refused


class WebAddressField(forms.URLField):
    """A web address as the standard takes it: http or https, with a host, without user name or blanks."""

    default_error_messages = {
        "invalid": gettext_lazy("This is not a web address. Write it whole, such as https://example.org/course"),
        "null_characters_not_allowed": _UNUSABLE,
        "max_length": _TOO_LONG,
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=500,
            assume_scheme="https",
            widget=forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
            **kwargs,
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return _without_maxlength(super().widget_attrs(widget))

    def run_validators(self, value: str) -> None:
        super().run_validators(value)
        # What Django's validator lets pass and validators of badges do not, such as https://user@example.org.
        if value and not is_http_url(value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


class RowChoiceField(forms.ModelChoiceField):
    """One of the organisation's rows; what is no id at all is one more wrong choice."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError as refused:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from refused


class BadgeChoice(Needed, RowChoiceField):
    default_error_messages = {"invalid_choice": gettext_lazy("Choose one of your organisation’s badges.")}


class IssuerChoice(RowChoiceField):
    default_error_messages = {
        "invalid_choice": gettext_lazy("Choose one of your organisation’s issuers."),
        "required": gettext_lazy("Choose who issues this badge."),
    }


class BadgeForm(forms.Form):
    """The badge itself; its steps and alignments are formsets beside it, see `BadgeForms`."""

    use_required_attribute = False

    issuer = IssuerChoice(
        queryset=Issuer.objects.none(),
        empty_label=None,
        label=gettext_lazy("Issuer"),
        help_text=gettext_lazy("Who stands behind it. The badge names this issuer for ever."),
    )
    name = TextField(
        max_length=120,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Short enough for a profile: what somebody can do, not the course they took."),
        error_messages={"required": gettext_lazy("Give the badge a name. You can change it until it is awarded.")},
    )
    description = NeededTextField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-limit": 500}),
        label=gettext_lazy("Description"),
        help_text=gettext_lazy("One or two sentences: what its holder can do. Up to 500 characters."),
    )
    category = forms.ChoiceField(
        choices=Category.choices,
        label=gettext_lazy("Category"),
        help_text=gettext_lazy("What kind of achievement it is."),
    )
    tags = TextField(
        required=False,
        max_length=600,
        label=gettext_lazy("Tags"),
        help_text=gettext_lazy("Separated by commas."),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("feedback, teamwork"), "autocomplete": "off"}),
    )
    level = forms.TypedChoiceField(
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", gettext_lazy("No level")), *((level.value, f"{level.value} {level.label}") for level in Level)],
        widget=forms.RadioSelect(attrs={"class": "ladder"}),
        label=gettext_lazy("Level"),
    )
    picture = NeededFileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("PNG up to 2 MB or SVG up to 512 KB; square, 400 pixels or more."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/svg+xml,.png,.svg"}),
        error_messages={
            "empty": gettext_lazy("This file is empty. Choose another one."),
            "invalid": gettext_lazy("The picture did not arrive. Choose it again."),
        },
    )
    image_alt = NeededTextField(
        max_length=300,
        label=gettext_lazy("The picture in words"),
        help_text=gettext_lazy("For people who cannot see it, such as “Violet hexagon with two speech bubbles”."),
    )
    criteria_narrative = MarkdownField(
        label=gettext_lazy("What one must show"),
        help_text=gettext_lazy("Markdown: **bold**, - lists, [links](https://example.org)."),
        rows=5,
    )
    criteria_url = WebAddressField(
        required=False,
        label=gettext_lazy("Page with the criteria"),
        help_text=gettext_lazy("If they stand on a page of yours already."),
    )
    learned = MarkdownField(
        label=gettext_lazy("What is learned"), help_text=gettext_lazy("Knowledge and skills, in your words.")
    )
    assessed = MarkdownField(
        label=gettext_lazy("How it is assessed"),
        help_text=gettext_lazy("Who decides, and by what: an observation, a test, a panel."),
    )
    validity = forms.ChoiceField(
        choices=[
            (Validity.NEVER, gettext_lazy("It does not expire")),
            (Validity.MONTHS, gettext_lazy("For some months after the award")),
            (Validity.UNTIL, gettext_lazy("Until a fixed day")),
        ],
        widget=forms.RadioSelect(attrs={"class": "cards"}),
        label=gettext_lazy("How long does an award hold?"),
    )
    validity_months = NeededIntegerField(
        min_value=1,
        max_value=MAX_MONTHS,
        label=gettext_lazy("Months"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": gettext_lazy("Write a whole number of months, such as 24."),
            "min_value": gettext_lazy("Write at least 1 month."),
            "max_value": gettext_lazy("Write at most 240 months, or let it not expire."),
        },
    )
    validity_until = NeededDateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the day as year-month-day, such as 2027-12-31.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.new_picture: Picture | None = None
        issuers = cast("forms.ModelChoiceField[Issuer]", self.fields["issuer"])
        issuers.queryset = organisation.issuers.by_name()
        self.has_several_issuers = len(issuers.queryset) > 1
        if not self.has_several_issuers:
            issuers.widget = forms.HiddenInput()
            self.initial.setdefault("issuer", issuers.queryset.first())
        self.fields["validity_until"].widget.attrs["min"] = at.date().isoformat()
        self.fields["picture"].widget.attrs |= {
            "hx-post": reverse("badges:keep-picture", args=[organisation.slug]),
            "hx-encoding": "multipart/form-data",
            "hx-params": "picture,kept_picture,badge",
            "hx-trigger": "change",
            "hx-target": "#picture",
            "hx-swap": "outerHTML",
        }
        _check_while_typing(self, organisation)

    def clean_tags(self) -> list[str]:
        """Return the tags once each, as first written."""
        found: dict[str, str] = {}
        for part in self.cleaned_data["tags"].replace("\n", ",").split(","):
            tag = " ".join(part.split()).lstrip("#")
            if tag:
                found.setdefault(tag.casefold(), tag)
        tags = list(found.values())
        if len(tags) > MAX_TAGS:
            raise forms.ValidationError(_("Keep the %(most)d most telling tags.") % {"most": MAX_TAGS})
        for tag in tags:
            if len(tag) > MAX_TAG_LENGTH:
                raise forms.ValidationError(
                    _("“%(tag)s…” is long for a tag. Use at most %(most)d characters, and commas between tags.")
                    % {"tag": tag[:20], "most": MAX_TAG_LENGTH}
                )
        return tags

    def clean_picture(self) -> "UploadedFile[Any] | None":
        """Look into the file; the name and the type that came with it are not asked."""
        file: UploadedFile[Any] | None = self.cleaned_data["picture"]
        if file:
            self.new_picture = check_picture(file)
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        validity = data.get("validity")
        if validity != Validity.MONTHS:
            data["validity_months"] = None
            self.errors.pop("validity_months", None)  # a number that is not asked for cannot be wrong
        elif data.get("validity_months") is None and "validity_months" not in self.errors:
            self.add_error("validity_months", _("Write for how many months, such as 24."))
        if validity != Validity.UNTIL:
            data["validity_until"] = None
            self.errors.pop("validity_until", None)
        elif data.get("validity_until") is None and "validity_until" not in self.errors:
            self.add_error("validity_until", _("Choose the last day on which it holds."))
        elif (day := data.get("validity_until")) and not self.at.date() <= day <= date(2199, 12, 31):
            self.add_error("validity_until", _("Choose a day from today on."))
        return data


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
        _check_while_typing(self, organisation)

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


class AlignmentForm(RowForm):
    """A skill or standard that the badge stands for."""

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

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _check_while_typing(self, organisation)


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


def _check_while_typing(form: forms.BaseForm, organisation: Organisation) -> None:
    """Let HTMX ask about a field as soon as it is left (see `views.check_field`)."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.TextInput | forms.Textarea | forms.URLInput | forms.NumberInput):
            field.widget.attrs |= {
                "hx-post": reverse("badges:check", args=[organisation.slug]),
                "hx-params": "not picture",
                "hx-trigger": "change",
                "hx-target": "closest .field",
                "hx-swap": "outerHTML",
            }


def check_picture(file: "UploadedFile[Any]") -> Picture:
    """Return the safe form of an upload; raise `ValidationError` with a sentence for anything but a PNG or SVG."""
    if (file.size or 0) > MAX_PICTURE_BYTES:
        raise forms.ValidationError(
            _(
                "This file is larger than 2 MB. Make the picture smaller (600 by 600 pixels is plenty) "
                "and choose it again."
            ),
            code="picture",
        )
    try:
        return accept_picture(file.read())
    except PictureRefused as refused:
        raise forms.ValidationError(refused.sentence, code="picture") from refused


class BadgeForms:
    """The badge, its steps and its alignments as one form, with the picture that was chosen before."""

    def __init__(
        self,
        *,
        organisation: Organisation,
        by: User,
        at: datetime,
        badge_class: BadgeClass | None = None,
        data: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
    ) -> None:
        self.organisation, self.by, self.at, self.badge_class = organisation, by, at, badge_class
        self.is_bound = data is not None
        said = fields_of(badge_class) if badge_class else None
        required = queries.badges_to_require(organisation, apart_from=badge_class).select_related("issuer")
        self.kept_token = str(data.get("kept_picture", ""))[:500] if data is not None else ""
        self.badge = BadgeForm(data, files, organisation=organisation, at=at, initial=_badge_initial(badge_class, said))
        self.steps = StepFormSet(
            data,
            prefix="steps",
            initial=_steps_initial(said),
            form_kwargs={"organisation": organisation, "badges": required},
        )
        self.alignments = AlignmentFormSet(
            data, prefix="alignments", initial=_alignments_initial(said), form_kwargs={"organisation": organisation}
        )

    def is_valid(self) -> bool:
        """Check everything, even when the first part is wrong already: all sentences come at once."""
        return all([self.badge.is_valid(), self.steps.is_valid(), self.alignments.is_valid()])

    def is_ready_to_publish(self) -> bool:
        """Check also what a published badge must say, and put each missing thing beside its field."""
        is_valid = self.is_valid()
        for item in self.missing:
            if item.field not in self.badge.errors:
                self.badge.add_error(item.field, item.sentence)
        return is_valid and not self.missing

    @cached_property
    def missing(self) -> list[rules.Missing]:
        """What stands between this form and a published badge."""
        badge_class, steps, _alignments = unsaved_badge_class(self.fields, issuer=self.issuer, like=self.badge_class)
        return rules.missing_for_publishing(
            badge_class,
            has_picture=self.picture is not None or bool(self.badge_class and self.badge_class.image),
            has_steps=bool(steps),
            today=self.at.date(),
        )

    @cached_property
    def picture(self) -> Picture | None:
        """The picture that was uploaded now, or chosen before and kept; None for the one the badge has."""
        if self.badge.new_picture is not None:
            return self.badge.new_picture
        return queries.kept_picture(self.kept_token, by=self.by)

    def keep_picture(self) -> None:
        """Put an uploaded picture aside, so that the page that comes back still has it."""
        if self.badge.new_picture is not None:
            self.kept_token = keep_picture(picture=self.badge.new_picture, by=self.by, at=self.at)

    @property
    def picture_url(self) -> str:
        """Where the page that shows this form finds the picture, or ""."""
        if self.kept_token and queries.kept_picture(self.kept_token, by=self.by):
            query = urlencode({"token": self.kept_token})
            return f"{reverse('badges:kept-picture', args=[self.organisation.slug])}?{query}"
        return queries.picture_url(self.badge_class, self.organisation) if self.badge_class else ""

    @property
    def issuer(self) -> Issuer:
        chosen = self._said("issuer")
        if isinstance(chosen, Issuer):
            return chosen
        if self.badge_class is not None:
            return self.badge_class.issuer
        return self.organisation.issuers.by_name()[0]

    @cached_property
    def fields(self) -> BadgeFields:
        """What was said; what is wrong or not there counts as not said, so that a preview can always be drawn."""
        if not self.is_bound:
            return fields_of(self.badge_class) if self.badge_class else BadgeFields(name="")
        self.is_valid()
        validity, months, until = self._said("validity"), self._said("validity_months"), self._said("validity_until")
        if (validity == Validity.MONTHS and not months) or (validity == Validity.UNTIL and not until):
            validity, months, until = Validity.NEVER, None, None
        return BadgeFields(
            name=self._said("name") or "",
            description=self._said("description") or "",
            picture=self.picture,
            image_alt=self._said("image_alt") or "",
            criteria_narrative=self._said("criteria_narrative") or "",
            criteria_url=self._said("criteria_url") or "",
            steps=tuple(
                StepFields(
                    kind=row["kind"],
                    text=row["text"],
                    url=row.get("url") or "",
                    required_badge=row.get("required_badge"),
                )
                for row in _said_rows(self.steps, "kind", "text")
            ),
            learned=self._said("learned") or "",
            assessed=self._said("assessed") or "",
            alignments=tuple(
                AlignmentFields(
                    target_name=row["target_name"],
                    target_url=row["target_url"],
                    target_code=row.get("target_code", ""),
                    target_framework=row.get("target_framework", ""),
                    target_description=row.get("target_description", ""),
                )
                for row in _said_rows(self.alignments, "target_name", "target_url")
            ),
            tags=tuple(self._said("tags") or ()),
            category=self._said("category") or Category.SKILL,
            level=self._said("level") or None,
            validity=validity or Validity.NEVER,
            validity_months=months,
            validity_until=until,
        )

    def page(self) -> queries.BadgePage:
        """Return the badge's page as it would be: the preview."""
        return queries.page_of(*unsaved_badge_class(self.fields, issuer=self.issuer, like=self.badge_class))

    def refuse(self, problem: UserFacingError) -> None:
        """Put a refusal of the action where its author sees it."""
        field = problem.field if problem.field in self.badge.fields else None
        self.badge.add_error(field, problem.message)

    def field(self, name: str) -> forms.BoundField | None:
        """Return the field that has this name in the page, such as “name” or “steps-0-url”, or None."""
        every: list[forms.Form] = [self.badge, *self.steps.forms, *self.alignments.forms]
        for form in every:
            for field in form.fields:
                if form.add_prefix(field) == name:
                    return form[field]
        return None

    @property
    def rows_with_errors(self) -> list[tuple[str, int, forms.BoundField]]:
        """Each refused field of a row, with the name and number of the row, for the summary above the form."""
        named = [(_("Step"), self.steps), (_("Skill"), self.alignments)]
        return [
            (name, number, form[field])
            for name, formset in named
            for number, form in enumerate(formset.forms, start=1)
            for field in form.errors
            if field in form.fields
        ]

    def _said(self, name: str) -> Any:
        return getattr(self.badge, "cleaned_data", {}).get(name)


def _said_rows(formset: Any, *needed: str) -> list[dict[str, Any]]:
    """Return what is right in each row that says at least `needed`; a wrong link must not hide its step."""
    rows = [getattr(form, "cleaned_data", {}) for form in formset.kept_forms]
    return [row for row in rows if all(row.get(name) for name in needed)]


def _badge_initial(badge_class: BadgeClass | None, said: BadgeFields | None) -> dict[str, Any]:
    if badge_class is None or said is None:
        return {"category": Category.SKILL, "level": "", "validity": Validity.NEVER}
    names = [name for name in BadgeForm.base_fields if hasattr(said, name) and name not in {"picture", "tags"}]
    initial = {name: getattr(said, name) for name in names}
    return {**initial, "tags": ", ".join(said.tags), "issuer": badge_class.issuer_id, "level": said.level or ""}


def _steps_initial(said: BadgeFields | None) -> list[dict[str, Any]]:
    return [
        {
            "kind": step.kind,
            "text": step.text,
            "url": step.url,
            "required_badge": step.required_badge.pk if step.required_badge else None,
        }
        for step in (said.steps if said else ())
    ]


def _alignments_initial(said: BadgeFields | None) -> list[dict[str, Any]]:
    names = list(AlignmentForm.base_fields)
    return [{name: getattr(item, name) for name in names} for item in (said.alignments if said else ())]
