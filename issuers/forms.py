"""What people type in this room, and how it is put right or refused beside its field."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from badgeserver.addresses import public_url
from badgeserver.colours import parse_colour
from badgeserver.languages import LANGUAGES
from badgeserver.mail import validate_mailable
from badgeserver.openbadges.identity import normalize_email
from badgeserver.openbadges.iris import is_http_url
from badgeserver.pictures import LOGO_LIMITS, Picture, PictureRefused, accept_picture
from badgeserver.tabular import DEFAULT_LIMITS
from issuers.actions.issuers import IssuerFields
from issuers.actions.organisations import OrganisationFields
from issuers.actions.roster import COLUMNS, Layout, PersonFields
from issuers.models import Department, Issuer, Organisation, Person, Role, TokenScope
from issuers.queries import HistoryActor

MAX_LOGO_BYTES = LOGO_LIMITS.max_png_bytes
LOGO_TOO_LARGE = _("This file is larger than 2 MB. Save the logo smaller and choose it again.")
_LINKEDIN_URL = re.compile(r"https?://(?:[a-z]{1,6}\.)?linkedin\.com/company/(\d{1,20})(?:[/?#].*)?", re.IGNORECASE)
_TELEPHONE_NOISE = re.compile(r"\(0\)|[\s().\-/\u00a0\u2010-\u2015]")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class TelephoneField(forms.CharField):
    """A number as people write it, kept as E.164 (OB2-ISS-55)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}), **kwargs)

    def clean(self, value: Any) -> str:
        typed = cast(str, super().clean(value))
        if not typed:
            return ""
        number = _TELEPHONE_NOISE.sub("", typed)
        if number.startswith("00"):
            number = f"+{number[2:]}"
        if not number.startswith("+"):
            raise forms.ValidationError(
                _("Begin with + and the code of your country, such as +44 20 7946 0018 or +49 30 901820.")
            )
        if not _E164.fullmatch(number):
            raise forms.ValidationError(
                _("Write a number that can be dialled: + and 7 to 15 digits, such as +44 20 7946 0018.")
            )
        return number


class WebAddressField(forms.URLField):
    """An http(s) address as the standard takes it; `https://` is put before a bare host."""

    default_error_messages = {
        "required": _("Write the address of your website, such as https://academy.example.org."),
        "invalid": _("Write a whole web address, such as https://academy.example.org."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", max_length=500, **kwargs)

    def clean(self, value: Any) -> str:
        address = cast(str, super().clean(value))
        if address and not is_http_url(address):
            raise forms.ValidationError(
                _("Write a web address that begins with https:// or http:// and has no blanks or user name in it.")
            )
        return address


class PresentLogo:
    """What the file field shows of the logo there is: its public address, not its place in the storage."""

    def __init__(self, issuer: Issuer) -> None:
        self.name = issuer.image_media_type.replace("image/", "logo.").removesuffix("+xml")
        self.url = public_url("public:issuer-image", issuer.pk, origin=issuer.origin)


class LogoField(forms.FileField):
    """A PNG or SVG, read up to a size and made safe: `cleaned_data` has a `Picture`, False to remove it, or None."""

    widget = forms.ClearableFileInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.ClearableFileInput(
                attrs={
                    "accept": ".png,.svg,image/png,image/svg+xml",
                    "data-max-bytes": MAX_LOGO_BYTES,
                    "data-too-large": LOGO_TOO_LARGE,
                }
            ),
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return False if upload is False else None
        if (upload.size or 0) > MAX_LOGO_BYTES:
            raise forms.ValidationError(LOGO_TOO_LARGE)
        try:
            return accept_picture(upload.read(), limits=LOGO_LIMITS)
        except PictureRefused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal


class CoordinateField(forms.DecimalField):
    """Degrees north or east; as precise as a step, which is more than any place needs."""

    default_error_messages = {
        "invalid": _("Write degrees as a number, such as 52.52."),
        "min_value": _("Write a number from %(limit_value)s on."),
        "max_value": _("Write a number up to %(limit_value)s."),
    }

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, min_value=-limit, max_value=limit, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # its stubs call it an integer
        if isinstance(value, str):
            value = value.strip()[:40].removesuffix("°").replace(",", ".")
        degrees = super().to_python(value)
        if degrees is None or not degrees.is_finite() or abs(degrees) > 180:
            return degrees
        # The column has six places; -0 would be another text for the same spot.
        return round(degrees, 6) + 0


def check_place(form: forms.Form) -> None:
    """Refuse a place that is not whole: words, latitude and longitude belong together (OB2-ISS-153)."""
    names = ["place", "latitude", "longitude"]
    if any(name in form.errors for name in names):
        return
    said = {name: form.cleaned_data.get(name) not in (None, "") for name in names}
    if not any(said.values()):
        return
    sentences = {
        "place": _("Say in words what is there, such as “Training centre, Hamburg”."),
        "latitude": _("Add the latitude, or leave the place out."),
        "longitude": _("Add the longitude, or leave the place out."),
    }
    for name in names:
        if not said[name]:
            form.add_error(name, sentences[name])


class LongTextField(forms.CharField):
    """Running text up to a length, whose refusal says both lengths."""

    def __init__(self, *, max_length: int, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
        self.validators.append(
            MaxLengthValidator(max_length, _("Shorten this to %(limit_value)d characters; it has %(show_value)d."))
        )


class IssuerForm(forms.Form):
    """The profile of an issuer."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("Stands on every badge as its issuer, such as “Acme Academy”."),
        error_messages={"required": _("Write the name that stands on your badges.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    url = WebAddressField(label=_("Website"), help_text=_("Where people can read who you are."))
    email = forms.EmailField(
        label=_("Contact e-mail address"),
        max_length=254,
        error_messages={
            "required": _("Write an address of the organisation, such as badges@example.org."),
            "invalid": _("Write a whole address, such as badges@example.org."),
        },
        help_text=_(
            "Part of the published badge data, as the Open Badges standard demands. Use an address of the "
            "organisation, not of a person. Our pages do not show it."
        ),
    )
    description = LongTextField(
        label=_("About"),
        max_length=2000,
        required=False,
        help_text=_("What you stand for, in a few sentences. Shown on your public page."),
    )
    telephone = TelephoneField(
        label=_("Telephone"), required=False, help_text=_("With the country code, such as +44 20 7946 0018.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES, initial="en", help_text=_("In which your badges are written.")
    )
    image = LogoField(label=_("Logo"), help_text=_("PNG or SVG, at most 2 MB. Square logos look best."))
    image_alt = forms.CharField(
        label=_("What the logo shows"),
        max_length=300,
        required=False,
        help_text=_("For people who cannot see it, such as “A lighthouse over the word Acme”."),
    )
    place = forms.CharField(
        label=_("Place"),
        max_length=200,
        required=False,
        help_text=_("In words, such as “Harbour Academy, Hamburg”."),
    )
    latitude = CoordinateField(limit=90, label=_("Latitude"), help_text=_("Degrees north, such as 53.5445."))
    longitude = CoordinateField(limit=180, label=_("Longitude"), help_text=_("Degrees east, such as 9.9666."))
    linkedin_id = forms.CharField(
        label=_("LinkedIn company number"),
        max_length=200,
        required=False,
        help_text=_(
            "With it, badges that people add to LinkedIn carry your logo there. Open your company page as its admin: "
            "the number stands in the address, as in linkedin.com/company/1234567."
        ),
    )

    def __init__(self, *args: Any, issuer: Issuer | None = None, **kwargs: Any) -> None:
        if issuer is not None:
            kwargs["initial"] = {name: getattr(issuer, name) for name in self.base_fields if hasattr(issuer, name)}
            kwargs["initial"]["image"] = PresentLogo(issuer) if issuer.image else None
        super().__init__(*args, **kwargs)
        self.issuer = issuer
        if issuer is not None and issuer.language not in dict(LANGUAGES):
            language = cast(forms.ChoiceField, self.fields["language"])
            language.choices = [(issuer.language, issuer.language), *LANGUAGES]

    def clean_linkedin_id(self) -> str:
        typed = self.cleaned_data["linkedin_id"]
        pasted = _LINKEDIN_URL.fullmatch(typed)
        number = pasted.group(1) if pasted else typed.replace(" ", "")
        if number and not re.fullmatch(r"[0-9]{1,20}", number):
            raise forms.ValidationError(
                _("Write the number alone, such as 1234567. The name in the address of the page does not work here.")
            )
        return str(number)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        check_place(self)
        return data

    def issuer_fields(self) -> IssuerFields:
        """Return what was typed, for the action. Only of a valid form."""
        data = self.cleaned_data
        return IssuerFields(
            name=data["name"],
            url=data["url"],
            email=data["email"],
            description=data["description"],
            telephone=data["telephone"],
            language=data["language"],
            image=data["image"] if isinstance(data["image"], Picture) else None,
            remove_image=data["image"] is False,
            image_alt=data["image_alt"],
            linkedin_id=data["linkedin_id"],
            place=data["place"],
            latitude=data["latitude"],
            longitude=data["longitude"],
        )


class OrganisationForm(IssuerForm):
    """A newcomer's organisation and its first issuer, at once."""

    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=120,
        help_text=_("Your company, school or association. Only its members see this name."),
        error_messages={"required": _("Write the name of your organisation.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    field_order = ["organisation", "name"]


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        validators=[validate_mailable],
        error_messages={
            "required": _("Write the address of your colleague."),
            "invalid": _("Write a whole address, such as colleague@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "placeholder": "colleague@example.org"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.EDITOR)

    def clean_email(self) -> str:
        return normalize_email(self.cleaned_data["email"])


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.Select(attrs={"class": "input small"}))


class ApiTokenForm(forms.Form):
    """A token for a program."""

    LIFETIMES = [
        ("never", _("When it is revoked")),
        ("30", _("In 30 days")),
        ("90", _("In 90 days")),
        ("365", _("In a year")),
    ]

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Which program will use it, such as “Learning platform”."),
        error_messages={"required": _("Write which program will use the token.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=TokenScope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that the program may do.")},
    )
    expires = forms.ChoiceField(label=_("Ends"), choices=LIFETIMES, initial="never")

    def expires_at(self, at: datetime) -> datetime | None:
        """Return when the token ends, counted from `at`. Only of a valid form."""
        days = self.cleaned_data["expires"]
        return None if days == "never" else at + timedelta(days=int(days))


class DomainForm(forms.Form):
    """A domain that is to confirm the issuer."""

    name = forms.CharField(
        label=_("Domain"),
        max_length=300,
        help_text=_("Such as example.org: the domain of the issuer’s website, or one of yours that stands above it."),
        error_messages={"required": _("Write a domain, such as example.org.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
                "inputmode": "url",
                "placeholder": "example.org",
            }
        ),
    )


class HistoryFilterForm(forms.Form):
    """What part of the history to show. Unusable values are left out instead of refused: it is a link's query."""

    KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
        "badges": (_("Badges"), ("badge",)),
        "awards": (_("Awards"), ("assertion", "notice")),
        "issuers": (
            _("Issuers, keys and domains"),
            ("issuer.created", "issuer.edited", "issuer.key", "issuer.domain", "organisation"),
        ),
        "endorsements": (_("Endorsements"), ("endorsement",)),
        "staff": (_("Staff"), ("staff",)),
        "tokens": (_("Tokens"), ("issuer.token",)),
    }

    kind = forms.ChoiceField(required=False, label=_("Kind"))
    person = forms.ChoiceField(required=False, label=_("Who"))
    since = forms.DateField(required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, actors: list[HistoryActor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(name, label) for name, (label, _types) in self.KINDS.items()]
        people = [(actor.id, actor.name) for actor in actors]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input small"
        cast(forms.ChoiceField, self.fields["kind"]).choices = [("", _("Everything")), *kinds]
        cast(forms.ChoiceField, self.fields["person"]).choices = [("", _("Everybody")), *people]

    def chosen(self) -> dict[str, Any]:
        """Return the conditions for `queries.history_of`."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "types": self.KINDS[data["kind"]][1] if data.get("kind") else (),
            "actor_id": data.get("person") or "",
            "since": _start_of(data.get("since")),
            "before": before + timedelta(days=1) if (before := _start_of(data.get("until"))) else None,
        }


def _start_of(day: date | None) -> datetime | None:
    """Return when a day begins; days outside of these centuries cannot be asked of every database."""
    if day is None or not 1900 <= day.year <= 2999:
        return None
    return timezone.make_aware(datetime.combine(day, time.min))


class OrganisationLogo:
    """What the file field shows of the organisation's logo: where its members see it."""

    name = "logo.png"

    def __init__(self, organisation: Organisation) -> None:
        self.url = reverse("issuers:organisation-logo", args=[organisation.slug])


class OrganisationSettingsForm(forms.Form):
    """Name, look and rules of an organisation."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("For your people, in the workspace and in mails. Badges carry the name of their issuer."),
        error_messages={"required": _("Write the name of your organisation.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    language = forms.ChoiceField(
        label=_("Language of mails"),
        choices=settings.LANGUAGES,
        help_text=_("For people who have not chosen a language themselves."),
    )
    logo = LogoField(
        label=_("Logo"), help_text=_("PNG or SVG, at most 2 MB. Shown where an issuer has none of its own.")
    )
    accent = forms.CharField(
        label=_("Accent colour"),
        required=False,
        max_length=20,
        help_text=_("For links and buttons of public pages and mails, such as #1f6feb. Empty: ours."),
        widget=forms.TextInput(attrs={"class": "mono", "autocomplete": "off", "spellcheck": "false", "size": 9}),
    )
    four_eyes = forms.BooleanField(
        label=_("A second person approves every badge before it is published"),
        required=False,
        help_text=_("Whoever wrote a badge cannot publish it alone: owners, editors and reviewers can approve it."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        initial = {name: getattr(organisation, name) for name in ("name", "language", "accent", "four_eyes")}
        initial["logo"] = OrganisationLogo(organisation) if organisation.logo else None
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)

    def clean_accent(self) -> str:
        typed: str = self.cleaned_data["accent"]
        try:
            return parse_colour(typed) if typed else ""
        except ValueError as refused:
            raise forms.ValidationError(
                _("Write the colour as # and six digits or letters up to f, such as #1f6feb.")
            ) from refused

    def fields_said(self) -> OrganisationFields:
        """Return what was decided, for the action. Only of a valid form."""
        data = self.cleaned_data
        return OrganisationFields(
            name=data["name"],
            accent=data["accent"],
            language=data["language"],
            four_eyes=data["four_eyes"],
            logo=data["logo"] if isinstance(data["logo"], Picture) else None,
            remove_logo=data["logo"] is False,
        )


# --- People, departments and roles ------------------------------------------------------------------------------


class _OneLine(forms.CharField):
    """A text of one line: line ends and runs of blanks, which come with pasting, are one blank."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value)).split())


class PersonForm(forms.Form):
    """One person of the people list."""

    use_required_attribute = False

    name = _OneLine(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Write their name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Awards find people by it."),
        validators=[validate_mailable],
        error_messages={
            "required": _("Write their e-mail address."),
            "invalid": _("Write a whole address, such as colleague@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    department = _OneLine(
        label=_("Department"),
        required=False,
        max_length=80,
        help_text=_("Choose one, or write the name of a new one."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "departments"}),
    )
    job_role = _OneLine(
        label=_("Job role"),
        required=False,
        max_length=80,
        help_text=_("What they do, whatever their title says: badges are for roles."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "job-roles"}),
    )
    job_title = _OneLine(
        label=_("Job title"), required=False, max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        if person is not None:
            kwargs["initial"] = {
                "name": person.name,
                "email": person.email,
                "department": person.department or "",
                "job_role": person.job_role or "",
                "job_title": person.job_title,
            }
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        return normalize_email(self.cleaned_data["email"])

    def fields_said(self) -> PersonFields:
        """Return what was typed, for the action. Only of a valid form."""
        return PersonFields(**self.cleaned_data)


class GroupForm(forms.Form):
    """The name of a department or a job role."""

    use_required_attribute = False

    name = _OneLine(
        label=_("Name"),
        max_length=80,
        error_messages={"required": _("Write a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, new: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if new:
            self.fields["name"].label = new


class MergeForm(forms.Form):
    """Into which other department (or role) one is merged."""

    use_required_attribute = False

    into = forms.ModelChoiceField(
        queryset=Department.objects.none(),
        label=_("Merge into"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one of the list.")},
    )

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Any]", self.fields["into"]).queryset = others


class PeopleFileForm(forms.Form):
    """A table of people: a file, or what was pasted."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("Excel (.xlsx) or CSV, up to 20,000 people."),
        allow_empty_file=True,
        max_length=300,
        widget=forms.FileInput(
            attrs={
                "accept": ".xlsx,.xlsm,.csv,.tsv,.txt",
                "data-max-bytes": DEFAULT_LIMITS.bytes,
                "data-too-large": _("This file is larger than 10 MB. Keep only the table in it, without pictures."),
            }
        ),
    )
    text = forms.CharField(
        label=_("Or paste the table"),
        required=False,
        strip=False,
        help_text=_("Copied from a spreadsheet, headings and all."),
        error_messages={"null_characters_not_allowed": _("This is not a table. Paste text, or choose a file.")},
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "false", "class": "mono", "wrap": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and not data.get("file") and not data.get("text", "").strip():
            self.add_error("file", _("Choose a file, or paste the table below."))
        return data


class PeopleColumnsForm(forms.Form):
    """What each column of a table of people is, and in which row its headings stand."""

    heading_row = forms.IntegerField(min_value=0, max_value=10, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, guessed: Layout, headings: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guessed = guessed
        choices = [("", _("Leave out")), *COLUMNS.items()]
        self.fields["heading_row"].initial = guessed.heading_row
        for number, (field, heading) in enumerate(zip(guessed.columns, headings, strict=True)):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=field,
                label=heading or _("Column %(number)s") % {"number": number + 1},
                widget=forms.Select(attrs={"class": "input small"}),
            )

    @property
    def columns(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("column-")]

    def layout(self) -> Layout:
        """Return how the table is to be read; what cannot be used is as it was guessed. Each field stands once."""
        if not self.is_bound or not self.is_valid():
            return self._guessed
        chosen: list[str] = []
        for number in range(len(self._guessed.columns)):
            field = self.cleaned_data[f"column-{number}"]
            chosen.append("" if field in chosen else field)
        heading_row = self.cleaned_data["heading_row"]
        return Layout(chosen, self._guessed.heading_row if heading_row is None else heading_row)
