"""What people type about a badge, checked field by field; nothing they chose is lost when one is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges import queries, rules
from badges.actions.badge_classes import (
    AlignmentFields,
    BadgeFields,
    StepFields,
    fields_of,
    unsaved_badge_class,
)
from badges.actions.pictures import keep_picture
from badges.forms.fields import (
    IssuerChoice,
    MarkdownField,
    NeededDateField,
    NeededFileField,
    NeededIntegerField,
    NeededTextField,
    TextField,
    WebAddressField,
    check_picture,
    check_while_typing,
)
from badges.forms.rows import AlignmentForm, AlignmentFormSet, StepFormSet
from badges.insights import bloom
from badges.insights.frameworks import Pickable
from badges.models import BadgeClass, Basis, Category, Level, Licence, Purpose, Validity
from badgeserver.accounts.models import User
from badgeserver.errors import UserFacingError
from badgeserver.languages import LANGUAGES
from badgeserver.pictures import Picture
from issuers.forms import CoordinateField, check_place
from issuers.models import Issuer, Organisation

MAX_TAGS = 12
MAX_TAG_LENGTH = 40
MAX_MONTHS = 240
MAX_TOKEN = 4000  # of a kept picture; that of a drawn one says what it was drawn from

#: The fields of the folded part.
MORE = ["image_author", "apply_url", "licence", "place", "latitude", "longitude", "drops_extensions"]

PURPOSES_IN_WORDS = {
    Purpose.SKILL: gettext_lazy("Shows what somebody can do, and what they can go for next."),
    Purpose.COMPLIANCE: gettext_lazy("Shows that somebody may do it today. It usually runs out."),
    Purpose.VALUES: gettext_lazy("Thanks somebody for acting as you all want to act."),
    Purpose.FUN: gettext_lazy("For a smile among colleagues. Often internal."),
}
CATEGORIES_IN_WORDS = {
    Category.TECHNICAL: gettext_lazy("Tools, machines, methods of a trade."),
    Category.DURABLE: gettext_lazy("Working with others, leading, learning: it lasts from job to job."),
    Category.VALUES: gettext_lazy("What your organisation stands for."),
}
BASES_IN_WORDS = [
    ("", gettext_lazy("Nothing is said")),
    (Basis.COMPLETION, gettext_lazy("Completion: they finished something")),
    (Basis.MEASUREMENT, gettext_lazy("Measurement: a result was reached")),
    (Basis.PROGRESS, gettext_lazy("Progress: they came a long way")),
    (Basis.EXPERIENCE, gettext_lazy("Experience: they did it many times")),
    (Basis.PARTICIPATION, gettext_lazy("Participation: they were there")),
]

LICENCES_IN_WORDS = {
    "": gettext_lazy("Whoever wants to use them asks you."),
    Licence.CC_BY: gettext_lazy("Yes, and change them, if they name you."),
    Licence.CC_BY_SA: gettext_lazy("Yes, if they name you and share what they make in the same way."),
    Licence.CC_BY_ND: gettext_lazy("Yes, unchanged, if they name you."),
    Licence.CC_BY_NC: gettext_lazy("Yes, and change them, if they name you and earn no money with them."),
    Licence.CC_BY_NC_SA: gettext_lazy("The same, and what they make is shared in the same way."),
    Licence.CC_BY_NC_ND: gettext_lazy("Yes, unchanged, if they name you and earn no money with them."),
    Licence.CC_0: gettext_lazy("Yes, for everything, without naming you."),
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
    purpose = forms.ChoiceField(
        choices=Purpose.choices,
        widget=forms.RadioSelect(attrs={"class": "cards"}),
        label=gettext_lazy("What is it for?"),
        error_messages={
            "required": gettext_lazy("Choose what the badge is for."),
            "invalid_choice": gettext_lazy("Choose one of these four."),
        },
    )
    basis = forms.ChoiceField(
        choices=BASES_IN_WORDS,
        required=False,
        label=gettext_lazy("What does an award rest on?"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the list, or say nothing.")},
    )
    category = forms.ChoiceField(
        choices=Category.choices,
        widget=forms.RadioSelect(attrs={"class": "cards"}),
        label=gettext_lazy("Category"),
        error_messages={
            "required": gettext_lazy("Choose what kind of thing is shown."),
            "invalid_choice": gettext_lazy(
                "“%(value)s” is no category any more. Choose technical skill, durable skill or values."
            ),
        },
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
        help_text=gettext_lazy("The verbs of your criteria tell which: each level has its own."),
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
    image_author = WebAddressField(
        required=False,
        label=gettext_lazy("Who drew it"),
        help_text=gettext_lazy("The address of a page of theirs. It is shown beside the picture."),
    )
    language = forms.ChoiceField(
        choices=LANGUAGES,
        required=False,
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("In which you write this badge. You can add others later."),
        error_messages={"invalid_choice": gettext_lazy("Choose a language of the list.")},
    )
    apply_url = WebAddressField(
        required=False,
        label=gettext_lazy("Page to apply"),
        help_text=gettext_lazy("Its public page gets a button that leads there."),
    )
    licence = forms.ChoiceField(
        choices=[("", ""), *Licence.choices],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "cards"}),
        label=gettext_lazy("May others use its words and picture?"),
        help_text=gettext_lazy("It is about the description, not about who may hold the badge."),
        error_messages={"invalid_choice": gettext_lazy("Choose one of these licences, or none.")},
    )
    place = TextField(
        required=False,
        max_length=200,
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("In words, as people there call it."),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Training centre, Hamburg")}),
    )
    latitude = CoordinateField(
        limit=90, label=gettext_lazy("Latitude"), help_text=gettext_lazy("Degrees north, such as 53.5445.")
    )
    longitude = CoordinateField(
        limit=180, label=gettext_lazy("Longitude"), help_text=gettext_lazy("Degrees east, such as 9.9666.")
    )
    drops_extensions = forms.BooleanField(
        required=False,
        label=gettext_lazy("Leave these additions out"),
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
    applied = MarkdownField(
        label=gettext_lazy("How it is used at work"),
        help_text=gettext_lazy("Where one meets it on an ordinary day."),
    )
    useful_for = MarkdownField(
        label=gettext_lazy("Why it matters, and in which roles"),
        help_text=gettext_lazy("What it opens: tasks, roles, the next badge."),
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
        self.issuers = list(issuers.queryset)
        self.has_several_issuers = len(self.issuers) > 1
        if self.has_several_issuers:
            # What is loaded already: the field would ask again each time that its choices are drawn.
            issuers.choices = [(one.pk, str(one)) for one in self.issuers]
        else:
            issuers.widget = forms.HiddenInput()
            self.initial.setdefault("issuer", self.issuers[0])
        self.fields["validity_until"].widget.attrs["min"] = at.date().isoformat()
        self.fields["picture"].widget.attrs |= {
            "hx-post": reverse("badges:keep-picture", args=[organisation.slug]),
            "hx-encoding": "multipart/form-data",
            "hx-params": "picture,kept_picture,badge",
            "hx-trigger": "change",
            "hx-target": "#picture",
            "hx-swap": "outerHTML",
        }
        cast("forms.ChoiceField", self.fields["licence"]).choices = [
            (code, format_html("<span>{}<small>{}</small></span>", label, LICENCES_IN_WORDS[code]))
            for code, label in [("", _("Nothing is said")), *Licence.choices]
        ]
        self.initial.setdefault("language", self.issuers[0].language)
        self._offer_language()
        self._explain_choices()
        check_while_typing(self, organisation)

    def _offer_language(self) -> None:
        """An imported badge may be written in a language that is not in the list: it stays."""
        language = self.initial.get("language")
        if language and language not in dict(LANGUAGES):
            cast("forms.ChoiceField", self.fields["language"]).choices = [(language, language), *LANGUAGES]

    def _explain_choices(self) -> None:
        """Say in a line what each purpose and category means, and show the verbs of each level."""
        said: dict[str, Mapping[Any, Any]] = {"purpose": PURPOSES_IN_WORDS, "category": CATEGORIES_IN_WORDS}
        for name, words in said.items():
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [
                (value, format_html("<span>{}<small>{}</small></span>", label, words[value]))
                for value, label in (Purpose if name == "purpose" else Category).choices
            ]
        verbs = bloom.examples(str(self.initial["language"]))
        cast("forms.ChoiceField", self.fields["level"]).choices = [
            ("", _("No level")),
            *(
                (
                    level.value,
                    format_html(
                        "<span>{} {}<small>{}</small></span>", level.value, level.label, ", ".join(verbs[level.value])
                    ),
                )
                for level in Level
            ),
        ]

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
        check_place(self)
        return data


#: The parts of the page, each with its fields.
SECTIONS = [
    ("what", gettext_lazy("What it is"), ["name", "description", "tags", "language"]),
    ("kind", gettext_lazy("Kind"), ["purpose", "basis", "category"]),
    ("picture", gettext_lazy("Picture"), ["picture", "image_alt"]),
    ("earn", gettext_lazy("How to earn it"), ["criteria_narrative", "criteria_url"]),
    ("worth", gettext_lazy("What it stands for"), ["learned", "applied", "assessed", "useful_for"]),
    ("level", gettext_lazy("Level"), ["level"]),
    ("skills", gettext_lazy("Skills"), []),
    ("validity", gettext_lazy("Validity"), ["validity", "validity_months", "validity_until"]),
    ("more", gettext_lazy("More"), MORE),
]
_ALWAYS_SAID = {"language", "purpose", "category", "validity"}
_ALWAYS_DONE = {"kind", "validity"}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the form; `state` is done, needed (before publishing), wrong or empty."""

    key: str
    label: str
    state: str

    @property
    def state_name(self) -> str:
        """The state for people who do not see its mark."""
        return {"done": _("done"), "needed": _("still needed"), "wrong": _("look again")}.get(
            self.state, _("nothing yet")
        )


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
        said = fields_of(badge_class, as_loaded=True) if badge_class else None
        self.kept_extensions = dict(said.extensions) if said else {}
        required = queries.badges_to_require(organisation, apart_from=badge_class).select_related("issuer")
        self.kept_token = str(data.get("kept_picture", ""))[:MAX_TOKEN] if data is not None else ""
        self.badge = BadgeForm(data, files, organisation=organisation, at=at, initial=_badge_initial(badge_class, said))
        self.steps = StepFormSet(
            data,
            prefix="steps",
            initial=_steps_initial(said),
            form_kwargs={"organisation": organisation, "badges": required},
        )
        picked = [str(value) for name, value in (data or {}).items() if name.endswith("-competency")]
        known = [one.competency for one in (said.alignments if said else ()) if one.competency]
        self.alignments = AlignmentFormSet(
            data,
            prefix="alignments",
            initial=_alignments_initial(said),
            form_kwargs={"organisation": organisation, "pickable": Pickable(organisation, picked, known=known)},
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
    def kept_design(self) -> dict[str, Any] | None:
        """What the picture of this form was drawn from; None for an uploaded one, and for the one the badge has."""
        return None if self.badge.new_picture is not None else queries.kept_design(self.kept_token, by=self.by)

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
        return self.badge.issuers[0]

    @cached_property
    def fields(self) -> BadgeFields:
        """What was said; what is wrong or not there counts as not said, so that a preview can always be drawn."""
        if not self.is_bound:
            return fields_of(self.badge_class, as_loaded=True) if self.badge_class else BadgeFields(name="")
        self.is_valid()
        validity, months, until = self._said("validity"), self._said("validity_months"), self._said("validity_until")
        if (validity == Validity.MONTHS and not months) or (validity == Validity.UNTIL and not until):
            validity, months, until = Validity.NEVER, None, None
        return BadgeFields(
            name=self._said("name") or "",
            description=self._said("description") or "",
            picture=self.picture,
            language=self._said("language") or "",
            image_alt=self._said("image_alt") or "",
            image_author=self._said("image_author") or "",
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
            applied=self._said("applied") or "",
            useful_for=self._said("useful_for") or "",
            purpose=self._said("purpose") or Purpose.SKILL,
            basis=self._said("basis") or "",
            alignments=tuple(
                AlignmentFields(
                    target_name=row["target_name"],
                    target_url=row["target_url"],
                    target_code=row.get("target_code", ""),
                    target_framework=row.get("target_framework", ""),
                    target_description=row.get("target_description", ""),
                    competency=row.get("competency"),
                    level=row.get("level"),
                )
                for row in _said_rows(self.alignments, "target_name", "target_url")
            ),
            tags=tuple(self._said("tags") or ()),
            category=self._said("category") or Category.TECHNICAL,
            level=self._said("level") or None,
            validity=validity or Validity.NEVER,
            validity_months=months,
            validity_until=until,
            apply_url=self._said("apply_url") or "",
            licence=self._said("licence") or "",
            **self._place(),
            extensions={} if self._said("drops_extensions") else self.kept_extensions,
        )

    def _place(self) -> dict[str, Any]:
        """Return the place where it is whole, else none: the database takes no half."""
        said = {name: self._said(name) for name in ("place", "latitude", "longitude")}
        is_whole = all(value not in (None, "") for value in said.values())
        return said if is_whole else {"place": "", "latitude": None, "longitude": None}

    @property
    def more_is_open(self) -> bool:
        """Whether something stands in the folded part of the form, or is wrong there."""
        return any(self.badge[name].errors or self.badge[name].value() for name in MORE)

    @property
    def speech(self) -> bloom.Speech:
        """Which verbs its description and criteria use, and the level that they speak for."""
        said = self.fields
        return bloom.speech_of(f"{said.description}\n{said.criteria_narrative}", said.language or self.issuer.language)

    @property
    def speech_level_name(self) -> str:
        level = self.speech.level
        return str(Level(level).label) if level else ""

    def sections(self) -> list["Section"]:
        """Return how far each part of the form is, in the order of the page."""
        missing = {item.field for item in self.missing}
        found = []
        for key, label, names in SECTIONS:
            rows = {"earn": self.steps, "skills": self.alignments}.get(key)
            is_wrong = self.is_bound and (
                any(self.badge[name].errors for name in names if name not in missing)
                or bool(rows is not None and any(rows.errors))
            )
            has_rows = bool({"earn": self.fields.steps, "skills": self.fields.alignments}.get(key))
            is_said = has_rows or any(
                self.badge[name].value() not in (None, "", [], False) for name in names if name not in _ALWAYS_SAID
            )
            if key == "picture":
                is_said = bool(self.picture_url)
            if is_wrong:
                state = "wrong"
            elif missing & set(names):
                state = "needed"
            else:
                state = "done" if is_said or key in _ALWAYS_DONE else "empty"
            found.append(Section(key, str(label), state))
        return found

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
        return {"purpose": Purpose.SKILL, "category": Category.TECHNICAL, "level": "", "validity": Validity.NEVER}
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
