"""The badge in another language, text by text beside the original."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.actions.translations import TranslationFields
from badges.forms.fields import MarkdownField, TextField
from badges.models import BadgeClass, BadgeTranslation
from badges.models.wording import TRANSLATED
from badgeserver.languages import is_right_to_left, language_name


@dataclass(frozen=True, slots=True)
class Pair:
    """One text: what the original says, and the field for what this language says."""

    original: str
    field: forms.BoundField

    @property
    def is_missing(self) -> bool:
        return not (self.field.value() or "").strip()


class TranslationForm(forms.Form):
    """Name and description are needed; the rest may wait. What the original leaves out is not asked for."""

    use_required_attribute = False

    name = TextField(
        max_length=120,
        label=gettext_lazy("Name"),
        error_messages={"required": gettext_lazy("Say its name in this language, even if it stays the same.")},
    )
    description = TextField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=gettext_lazy("Description"),
        error_messages={"required": gettext_lazy("Say in this language what its holder can do.")},
    )
    image_alt = TextField(required=False, max_length=300, label=gettext_lazy("The picture in words"))
    criteria_narrative = MarkdownField(label=gettext_lazy("What one must show"), rows=5)
    learned = MarkdownField(label=gettext_lazy("What is learned"))
    applied = MarkdownField(label=gettext_lazy("How it is used at work"))
    assessed = MarkdownField(label=gettext_lazy("How it is assessed"))
    useful_for = MarkdownField(label=gettext_lazy("Why it matters, and in which roles"))

    def __init__(
        self,
        *args: Any,
        badge_class: BadgeClass,
        language: str,
        words: BadgeTranslation | None,
        asks_for_note: bool,
        **kwargs: Any,
    ) -> None:
        """Make the form; `asks_for_note` where people hold the badge and have read these words."""
        said = words.steps if words else []
        initial = {name: getattr(words, name) for name in TRANSLATED} if words else {}
        initial |= {f"step_{number}": text for number, text in enumerate(said)}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.originals = {name: str(getattr(badge_class, name)) for name in TRANSLATED}
        self.steps = [step.text for step in badge_class.earning_steps.all()]
        for name in [name for name, original in self.originals.items() if not original]:
            # Kept where it was said before: an original may lose a text for a while.
            if not initial.get(name):
                del self.fields[name]
        for number, text in enumerate(self.steps):
            self.fields[f"step_{number}"] = TextField(
                required=False, max_length=300, label=_("Step %(number)d") % {"number": number + 1}
            )
            self.originals[f"step_{number}"] = text
        for field in self.fields.values():
            field.widget.attrs |= {"lang": language, "dir": "rtl" if is_right_to_left(language) else "ltr"}
        if asks_for_note:
            self.fields["note"] = TextField(
                required=False,
                max_length=300,
                label=_("Why do its words change?"),
                help_text=_("Needed when you change what is already said: people hold this badge, and can read why."),
                widget=forms.TextInput(
                    attrs={"placeholder": _("Better %(language)s") % {"language": language_name(language)}}
                ),
            )

    def pairs(self) -> Iterator[Pair]:
        """Yield each text beside its original, in the order of the page: the steps follow the criteria."""
        order = ["name", "description", "image_alt", "criteria_narrative"]
        order += [f"step_{number}" for number in range(len(self.steps))]
        order += ["learned", "applied", "assessed", "useful_for"]
        for name in order:
            if name in self.fields:
                yield Pair(self.originals[name], self[name])

    @property
    def note(self) -> forms.BoundField | None:
        return self["note"] if "note" in self.fields else None

    @property
    def note_text(self) -> str:
        return str(self.cleaned_data.get("note", ""))

    @property
    def words(self) -> TranslationFields:
        """What was said; what is wrong counts as not said, so that a preview can always be drawn."""
        self.is_valid()
        data = self.cleaned_data
        texts = {name: str(data.get(name, "")) for name in TRANSLATED}
        steps = [str(data.get(f"step_{number}", "")) for number in range(len(self.steps))]
        return TranslationFields(**texts, steps=steps)
