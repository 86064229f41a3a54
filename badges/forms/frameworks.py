"""What people type about frameworks and competencies, and the files that they bring."""

import re
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.actions.frameworks import CompetencyFields, FrameworkFields, LevelFields
from badges.forms.fields import RowChoiceField, TextField, WebAddressField
from badges.frameworks.items import MAX_BYTES, MAX_LEVELS, FrameworkFileRefused
from badges.frameworks.reading import refuse_size, too_large
from badges.models import Competency, Framework
from badgeserver.languages import LANGUAGES
from issuers.models import Organisation

#: So many parents fit into one list; deeper frameworks name the parent by the page that one comes from.
MAX_PARENTS = 300
_LEVEL = re.compile(r"^(\d{1,3})[.):\s–-]+(.*)$")


class FrameworkForm(forms.Form):
    """A framework, without its competencies."""

    name = TextField(
        max_length=200,
        label=gettext_lazy("Name"),
        error_messages={"required": gettext_lazy("Give the framework a name.")},
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Our warehouse skills")}),
    )
    description = TextField(
        required=False, max_length=5_000, label=gettext_lazy("What it is for"), widget=forms.Textarea(attrs={"rows": 3})
    )
    levels = TextField(
        required=False,
        max_length=8_000,
        label=gettext_lazy("Levels"),
        help_text=gettext_lazy("One a line, the lowest first. What stands after a colon explains it."),
        widget=forms.Textarea(
            attrs={
                "rows": 4,
                "placeholder": gettext_lazy("Knows about it\nDoes it with help\nDoes it alone\nTeaches it"),
            }
        ),
    )
    publisher = TextField(required=False, max_length=200, label=gettext_lazy("Published by"))
    version = TextField(required=False, max_length=60, label=gettext_lazy("Version"))
    url = WebAddressField(required=False, label=gettext_lazy("Its web page"))
    language = forms.ChoiceField(
        choices=LANGUAGES,
        label=gettext_lazy("Language"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the languages of the list.")},
    )

    def __init__(
        self, *args: Any, framework: Framework | None = None, organisation: Organisation, **kwargs: Any
    ) -> None:
        if framework is not None:
            names = ["name", "description", "publisher", "version", "url", "language"]
            kwargs["initial"] = {name: getattr(framework, name) for name in names} | {"levels": _lines(framework)}
        super().__init__(*args, **kwargs)
        if framework is None:
            issuer = organisation.issuers.by_name().first()
            self.initial["language"] = issuer.language if issuer else "en"
        language = self.initial.get("language")
        if language and language not in dict(LANGUAGES):
            cast("forms.ChoiceField", self.fields["language"]).choices = [(language, language), *LANGUAGES]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_levels(self) -> list[LevelFields]:
        """Return the levels by number; a line may begin with its own number."""
        levels: list[LevelFields] = []
        for line in filter(None, (line.strip() for line in self.cleaned_data["levels"].split("\n"))):
            match = _LEVEL.match(line)
            number = int(match[1]) if match else (levels[-1].number + 1 if levels else 1)
            name, _colon, description = (match[2] if match else line).partition(":")
            if not name.strip() or len(name.strip()) > 80:
                raise forms.ValidationError(
                    _("Keep the name of each level to 80 characters; explain it after a colon.")
                )
            if len(description.strip()) > 500:
                raise forms.ValidationError(_("Explain each level in at most 500 characters."))
            levels.append(LevelFields(number=number, name=name.strip(), description=description.strip()))
        if len({level.number for level in levels}) < len(levels):
            raise forms.ValidationError(
                _("Two levels have the same number. Leave the numbers out, or make them differ.")
            )
        if len(levels) > MAX_LEVELS:
            raise forms.ValidationError(_("Keep at most %(most)d levels.") % {"most": MAX_LEVELS})
        return levels

    @property
    def framework_fields(self) -> FrameworkFields:
        names = ["name", "description", "publisher", "version", "url", "language"]
        return FrameworkFields(**{name: self.cleaned_data[name] for name in names})


def _lines(framework: Framework) -> str:
    levels = list(framework.levels.all())
    is_plain = [level.number for level in levels] == list(range(1, len(levels) + 1))
    return "\n".join(
        f"{'' if is_plain else f'{level.number} '}{level.name}{f': {level.description}' if level.description else ''}"
        for level in levels
    )


class CompetencyForm(forms.Form):
    """One competency of a framework of one's own."""

    name = TextField(
        max_length=300, label=gettext_lazy("Skill"), error_messages={"required": gettext_lazy("Name the skill.")}
    )
    code = TextField(required=False, max_length=100, label=gettext_lazy("Code"))
    kind = TextField(
        required=False,
        max_length=60,
        label=gettext_lazy("Kind"),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Skill, knowledge, task …")}),
    )
    description = TextField(
        required=False,
        max_length=5_000,
        label=gettext_lazy("What somebody can do who has it"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    parent = RowChoiceField(
        queryset=Competency.objects.none(),
        required=False,
        label=gettext_lazy("Belongs under"),
        empty_label=gettext_lazy("Nothing: it stands at the top"),
        error_messages={"invalid_choice": gettext_lazy("Choose a skill of this framework.")},
    )
    other_names = TextField(
        required=False,
        max_length=2_000,
        label=gettext_lazy("Also called"),
        help_text=gettext_lazy("One a line. Whoever types one of these finds the skill."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, framework: Framework, competency: Competency | None = None, **kwargs: Any) -> None:
        if competency is not None:
            names = ["name", "code", "kind", "description", "other_names"]
            kwargs["initial"] = {name: getattr(competency, name) for name in names} | {"parent": competency.parent_id}
        super().__init__(*args, **kwargs)
        parents = framework.competencies.filter(retired_at=None).order_by("position", "name")
        if competency is not None:
            parents = parents.exclude(pk=competency.pk)
        field = cast("forms.ModelChoiceField[Competency]", self.fields["parent"])
        field.queryset = parents
        if parents.count() > MAX_PARENTS:
            field.widget = forms.HiddenInput()

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    @property
    def competency_fields(self) -> CompetencyFields:
        said = self.cleaned_data
        names = [" ".join(line.split()) for line in said["other_names"].split("\n")]
        return CompetencyFields(
            name=said["name"],
            code=" ".join(said["code"].split()),
            kind=" ".join(said["kind"].split()),
            description=said["description"],
            parent=said["parent"],
            other_names=[name for name in names if name],
        )


def _newer_version(obj: Framework) -> str:
    return _("A newer version of “%(name)s”") % {"name": obj}


class FrameworkFileForm(forms.Form):
    """A file of a framework: a new one, or a newer version of one that is here."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or Excel, ESCO as CSV or zip, CASE as JSON, Open Skills as JSON. At most 25 MB."),
        error_messages={
            "required": gettext_lazy("Choose the file that has the skills."),
            "empty": gettext_lazy("This file is empty. Choose the file that has the skills."),
            "max_length": gettext_lazy("The name of this file is too long. Give it a shorter one."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.json,.zip", "data-max-bytes": MAX_BYTES}),
    )
    framework = RowChoiceField(
        queryset=Framework.objects.none(),
        required=False,
        label=gettext_lazy("What it is"),
        empty_label=gettext_lazy("A framework that is new here"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of your own frameworks.")},
    )
    name = TextField(
        required=False,
        max_length=200,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Left empty, it is called what the file calls it."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["data-too-large"] = too_large()
        mine = Framework.objects.of_organisation(organisation).offered().by_name()
        field = cast("forms.ModelChoiceField[Framework]", self.fields["framework"])
        field.queryset = mine
        field.label_from_instance = _newer_version  # type: ignore[method-assign]
        if not mine.exists():
            field.widget = forms.HiddenInput()

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            refuse_size(file.size or 0)
        except FrameworkFileRefused as refusal:
            raise forms.ValidationError(refusal.message, code="file") from refusal
        return file

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())
