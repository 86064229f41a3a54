"""What people bring as a plan, and what they correct in it."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.actions.plans import MAX_CELL
from badges.forms.fields import IssuerChoice
from badges.models import Basis, Category, Level, Purpose, Visibility
from badges.plans import cells
from badges.plans.columns import FIELDS
from badges.plans.drafts import PlannedRow
from badges.plans.reading import MAX_BYTES, Brought, read_file, read_text
from badgeserver.tabular import TableRefused, clean_cell
from issuers.models import Issuer, Organisation

TOO_LARGE = gettext_lazy("This file is larger than 20 MB. Keep only the table in it, without pictures.")


class BringPlanForm(forms.Form):
    """A file or a pasted table, and the issuer that will stand behind the badges."""

    use_required_attribute = False

    file = forms.FileField(
        required=False,
        max_length=200,
        label=gettext_lazy("A file"),
        help_text=gettext_lazy("Word (.docx), Excel (.xlsx) or CSV, up to 20 MB. Every table in it is found."),
        widget=forms.FileInput(
            attrs={
                "accept": ".docx,.docm,.xlsx,.xlsm,.csv,.tsv,.txt,.md,.html",
                "data-max-bytes": MAX_BYTES,
                "data-too-large": TOO_LARGE,
            }
        ),
        error_messages={
            "empty": gettext_lazy("This file is empty. Choose the one that has the plan."),
            "invalid": gettext_lazy("The file did not arrive. Choose it again."),
            "max_length": gettext_lazy("The name of this file is too long. Give it a shorter one."),
        },
    )
    text = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("Or paste the table"),
        help_text=gettext_lazy("Copied from Word, Excel, Google Docs or Sheets, or a web page; Markdown too."),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        error_messages={
            "null_characters_not_allowed": gettext_lazy("This text contains an invisible character. Paste it again.")
        },
    )
    html = forms.CharField(required=False, widget=forms.HiddenInput())  # what the clipboard had beside the text
    issuer = IssuerChoice(
        queryset=Issuer.objects.none(),
        empty_label=None,
        label=gettext_lazy("Issuer"),
        help_text=gettext_lazy("Who will stand behind the badges that do not name another one."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brought: Brought | None = None
        issuers = cast("forms.ModelChoiceField[Issuer]", self.fields["issuer"])
        issuers.queryset = organisation.issuers.by_name()
        if len(issuers.queryset) <= 1:
            issuers.widget = forms.HiddenInput()
            self.initial.setdefault("issuer", issuers.queryset.first())

    def clean_file(self) -> "UploadedFile[Any] | None":
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file and (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def clean(self) -> dict[str, Any]:
        """Read what was brought; nothing is kept yet."""
        data = self.cleaned_data
        file, text = data.get("file"), data.get("text") or ""
        if self.errors:
            return data
        if not file and not text.strip():
            self.add_error("file", _("Choose the file that has the plan, or paste its table below."))
            return data
        try:
            self.brought = read_file(file.read()) if file else read_text(text, html=data.get("html") or "")
        except TableRefused as refusal:
            self.add_error("file" if file else "text", refusal.message)
        return data

    @property
    def plan_name(self) -> str:
        file = self.cleaned_data.get("file")
        return clean_cell(file.name) if file else _("Pasted table")


_CHOICES: dict[str, Iterable[tuple[str, Any]]] = {
    "level": [(str(one.value), format_lazy("{} {}", one.value, one.label)) for one in Level],
    "category": Category.choices,
    "purpose": Purpose.choices,
    "basis": Basis.choices,
    "internal": [(Visibility.INTERNAL, gettext_lazy("Yes, internal only")), (Visibility.PUBLIC, gettext_lazy("No"))],
}
#: How what stands in a cell is understood as one of these.
_MEANT: dict[str, Callable[[str], object]] = {
    "level": cells.level,
    "category": cells.category,
    "purpose": cells.purpose,
    "basis": cells.basis,
}
_LONG = {"description", "steps", "criteria", "learned", "assessed", "applied", "useful_for", "alignments"}


class PlanRowForm(forms.Form):
    """One row of a plan, as its cells would say it; what is too long or unknown is told beside it, not refused."""

    use_required_attribute = False

    def __init__(self, *args: Any, row: PlannedRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._row = row
        for key, field in FIELDS.items():
            self.fields[key] = self._field(key, label=str(field.label), help_text=str(field.help))
            said = row.said.get(key, "")
            self.initial[key] = str(_MEANT[key](said) or said) if key in _MEANT else said

    def _field(self, key: str, **more: Any) -> forms.Field:
        said = self._row.said.get(key, "")
        said = str(_MEANT[key](said) or said) if key in _MEANT else said
        more |= {"required": False, "max_length": MAX_CELL, "error_messages": {
            "max_length": _("This is far too long for a badge. Shorten it."),
            "null_characters_not_allowed": _("This text contains an invisible character. Type it again."),
        }}  # fmt: skip
        attrs = {"id": f"row-{self._row.position}-{key}"}
        if key in _CHOICES:
            choices = [("", "–"), *_CHOICES[key]]
            if said and said not in dict(choices):
                choices.insert(1, (said, f"“{said[:60]}”"))
            return forms.CharField(widget=forms.Select(choices=choices, attrs=attrs), **more)
        if key in _LONG:
            return forms.CharField(strip=False, widget=forms.Textarea(attrs=attrs | {"rows": 3}), **more)
        return forms.CharField(widget=forms.TextInput(attrs=attrs), **more)

    @property
    def changes(self) -> dict[str, str]:
        """What was typed, field by field, without what is as it was. Only of a valid form."""
        texts = {key: clean_cell(self.cleaned_data[key]) for key in FIELDS if key in self.data}
        return {key: text for key, text in texts.items() if text != clean_cell(self.initial[key])}
