"""The fields of this room: texts for the world, addresses, pictures, and rows of the organisation."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from badgeserver.markdown import MarkdownRefused, check_markdown, holds_address
from badgeserver.openbadges.iris import is_http_url
from badgeserver.pictures import Picture, PictureRefused, accept_picture
from issuers.models import Organisation

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

    def to_python(self, value: Any) -> Any:
        # Browsers send other line ends than programs: one text, however it came, so that nothing seems to have changed.
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text

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


class RowsChoiceField(forms.ModelMultipleChoiceField):
    """Some of the organisation's rows; see `RowChoiceField`."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except forms.ValidationError as refused:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from refused


class BadgeChoice(Needed, RowChoiceField):
    default_error_messages = {"invalid_choice": gettext_lazy("Choose one of your organisation’s badges.")}


class IssuerChoice(RowChoiceField):
    default_error_messages = {
        "invalid_choice": gettext_lazy("Choose one of your organisation’s issuers."),
        "required": gettext_lazy("Choose who issues this badge."),
    }


def check_while_typing(form: forms.BaseForm, organisation: Organisation) -> None:
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
