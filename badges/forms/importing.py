"""A badge description from elsewhere, on its way into a draft."""

import base64
import binascii
import re
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.actions.badge_classes import AlignmentFields, BadgeFields
from badges.actions.imports import ImportReport, LeftBehind
from badges.forms.badge import MAX_TAG_LENGTH, MAX_TAGS, BadgeForm
from badges.forms.fields import MAX_PICTURE_BYTES, IssuerChoice
from badges.forms.rows import MAX_ALIGNMENTS, AlignmentForm
from badgeserver.openbadges.descriptions import Description, NotADescription, read_description
from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.fetching import Fetch
from badgeserver.pictures import Picture, PictureRefused, accept_picture, rasterize
from issuers.models import Issuer, Organisation

MAX_TEXT = 300_000
#: A picture with a badge inside may be larger than a picture.
MAX_FILE_BYTES = 2 * MAX_PICTURE_BYTES

_DATA_URI = re.compile(r"data:image/(?:png|svg\+xml);base64,", re.IGNORECASE)


#: What the standard calls things, in the words of the form.
_NAMES = {
    "issuer": gettext_lazy("Issuer"),
    "related": gettext_lazy("Versions and translations"),
    "version": gettext_lazy("Version"),
    "endorsement": gettext_lazy("Endorsements"),
    "image": gettext_lazy("Picture"),
    "image.author": gettext_lazy("Who drew it"),
    "@language": gettext_lazy("Language"),
}


class ImportForm(forms.Form):
    """An address, a text or a file that describes a badge, and the issuer that will stand behind the new one."""

    use_required_attribute = False

    source = forms.CharField(
        required=False,
        max_length=MAX_TEXT,
        label=gettext_lazy("Address or text"),
        help_text=gettext_lazy("The link to a badge or to somebody’s award of it, or the badge as JSON."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "placeholder": "https://"}),
        error_messages={
            "null_characters_not_allowed": gettext_lazy("This text contains an invisible character. Paste it again."),
            "max_length": gettext_lazy("This is longer than any badge. Paste only the badge itself."),
        },
    )
    file = forms.FileField(
        required=False,
        label=gettext_lazy("Or a file"),
        help_text=gettext_lazy("A badge picture (PNG or SVG) with an award inside, or a JSON file."),
        widget=forms.FileInput(attrs={"accept": ".png,.svg,.json,.jws,.txt,image/png,image/svg+xml"}),
        error_messages={"empty": gettext_lazy("This file is empty. Choose another one.")},
    )
    issuer = IssuerChoice(
        queryset=Issuer.objects.none(),
        empty_label=None,
        label=gettext_lazy("Issuer"),
        help_text=gettext_lazy("Who will stand behind the new badge."),
    )

    def __init__(self, *args: Any, organisation: Organisation, fetch: Fetch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fetch = fetch
        self.description: Description | None = None
        self.fields["source"].widget.attrs.pop("maxlength", None)
        issuers = cast("forms.ModelChoiceField[Issuer]", self.fields["issuer"])
        issuers.queryset = organisation.issuers.by_name()
        self.has_several_issuers = len(issuers.queryset) > 1
        if not self.has_several_issuers:
            issuers.widget = forms.HiddenInput()
            self.initial.setdefault("issuer", issuers.queryset[0])

    def clean_file(self) -> "UploadedFile[Any] | None":
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file and (file.size or 0) > MAX_FILE_BYTES:
            raise forms.ValidationError(_("This file is larger than 4 MB, which no badge is. Choose another one."))
        return file

    def clean(self) -> dict[str, Any]:
        """Read what was brought; nothing of it is believed, and nothing is kept yet."""
        data = self.cleaned_data
        file, text = data.get("file"), (data.get("source") or "").strip()
        if self.errors:
            return data
        if not file and not text:
            self.add_error("source", _("Paste the address of a badge or its text, or choose a file."))
            return data
        try:
            self.description = read_description(file.read() if file else text, fetch=self._fetch)
        except NotADescription as refused:
            self.add_error("file" if file else "source", str(refused))
        return data

    def draft(self) -> tuple[BadgeFields, ImportReport]:
        """Return what the new badge says, and what was taken and what was not. Only of a valid form."""
        assert self.description is not None  # noqa: S101 -- a valid form has one
        return _Draft(self.description, self._fetch).made()


class _Draft:
    """A description as the badge form would take it: what the form refuses is left behind, with its sentence."""

    def __init__(self, description: Description, fetch: Fetch) -> None:
        self._said, self._fetch = description, fetch
        self._left = [
            LeftBehind(what=str(_NAMES.get(item.what, item.what)), why=item.why) for item in description.left_out
        ]
        self._taken: list[str] = []

    def made(self) -> tuple[BadgeFields, ImportReport]:
        said = self._said
        picture = self._picture()
        image_alt = self._text("image_alt", said.image_caption) if picture else ""
        place = self._text("place", said.place)
        fields = BadgeFields(
            name=self._text("name", said.name),
            description=self._text("description", said.description),
            language=said.language,
            picture=picture,
            image_alt=image_alt,
            image_author=self._text("image_author", said.image_author) if picture else "",
            criteria_narrative=self._text("criteria_narrative", said.criteria_narrative),
            criteria_url=self._text("criteria_url", said.criteria_url),
            tags=self._tags(),
            alignments=self._alignments(),
            apply_url=self._text("apply_url", said.apply_url),
            licence=said.licence,
            place=place,
            latitude=_degrees(said.latitude) if place else None,
            longitude=_degrees(said.longitude) if place else None,
            extensions=said.extensions,
        )
        if said.language:
            self._taken.append(_("Language"))
        if said.licence:
            self._taken.append(_("Licence"))
        self._taken += list(said.extensions)
        return fields, ImportReport(source=said.source, version=said.version, taken=self._taken, left=self._left)

    def _leave(self, what: str, why: str) -> None:
        self._left.append(LeftBehind(what=what, why=why))

    def _text(self, name: str, text: str) -> str:
        """Take a text through the field of the form; one that is only too long is cut where a word ends."""
        if not text:
            return ""
        field = BadgeForm.base_fields[name]
        label = str(field.label)
        limit = getattr(field, "max_length", None)
        if limit and len(text) > limit and not isinstance(field, forms.URLField):
            text = f"{text[: limit - 1].rsplit(' ', 1)[0]}…"
            self._leave(label, _("It is shortened: %(limit)d characters fit.") % {"limit": limit})
        try:
            taken = str(field.clean(text))
        except forms.ValidationError as refused:
            self._leave(label, refused.messages[0])
            return ""
        self._taken.append(label)
        return taken

    def _tags(self) -> list[str]:
        tags = list(dict.fromkeys(" ".join(tag.split()).lstrip("#") for tag in self._said.tags))
        fitting = [tag for tag in tags if tag and len(tag) <= MAX_TAG_LENGTH and "," not in tag][:MAX_TAGS]
        try:
            BadgeForm.base_fields["tags"].clean(", ".join(fitting))
        except forms.ValidationError as refused:
            self._leave(_("Tags"), refused.messages[0])
            return []
        if len(fitting) < len(tags):
            sentence = _("%(most)d tags of up to %(length)d characters fit.")
            self._leave(_("Tags"), sentence % {"most": MAX_TAGS, "length": MAX_TAG_LENGTH})
        if fitting:
            self._taken.append(_("Tags"))
        return fitting

    def _alignments(self) -> list[AlignmentFields]:
        found: list[AlignmentFields] = []
        for skill in self._said.skills[:MAX_ALIGNMENTS]:
            said = {
                "target_name": skill.name,
                "target_url": skill.url,
                "target_framework": skill.framework,
                "target_code": skill.code,
                "target_description": skill.description,
            }
            try:
                taken: dict[str, Any] = {
                    name: str(AlignmentForm.base_fields[name].clean(text)) for name, text in said.items()
                }
            except forms.ValidationError as refused:
                self._leave(_("Skill “%(name)s”") % {"name": skill.name[:60]}, refused.messages[0])
                continue
            found.append(AlignmentFields(**taken))
        if len(self._said.skills) > MAX_ALIGNMENTS:
            self._leave(_("Skills"), _("%(most)d skills fit.") % {"most": MAX_ALIGNMENTS})
        if found:
            self._taken.append(_("Skills"))
        return found

    def _picture(self) -> Picture | None:
        """Fetch, check and scrub the picture; an SVG must also be drawable."""
        if not self._said.image:
            return None
        try:
            picture = accept_picture(self._picture_data())
            if picture.extension == "svg":
                rasterize(picture.data, size=64)
        except PictureRefused as refused:
            self._leave(_("Picture"), refused.sentence)
        except (FetchFailed, _NoPicture) as refused:
            self._leave(_("Picture"), str(refused))
        else:
            self._taken.append(_("Picture"))
            return picture
        return None

    def _picture_data(self) -> bytes:
        image = self._said.image
        if match := _DATA_URI.match(image):
            try:
                return base64.b64decode(image[match.end() :], validate=True)
            except (binascii.Error, ValueError) as error:
                raise _NoPicture(_("The picture inside the badge is broken.")) from error
        answer = self._fetch(image)
        if answer.status != 200:
            sentence = _("There is no picture at its address: it answers %(status)d.")
            raise _NoPicture(sentence % {"status": answer.status})
        return answer.body


class _NoPicture(Exception):
    """There is nothing that could be a picture; the message says why."""


def _degrees(value: float | None) -> Decimal | None:
    return None if value is None else round(Decimal(repr(value)), 6)
