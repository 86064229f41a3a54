"""What people choose in the designer of badges, for one badge and for a family."""

import json
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.actions.designs import NAME_LIMIT, styled
from badges.designer.spec import (
    BANNERS,
    FILLS,
    FRAMES,
    LIMITS,
    SHAPES,
    STYLE_PART_NAMES,
    STYLE_PARTS,
    Design,
    DesignRefused,
    read_design,
)
from badges.forms.fields import TextField
from badges.models import DesignFamily
from badgeserver.colours import parse_colour
from badgeserver.errors import UserFacingError
from issuers.models import Organisation

#: What one press may change at once is no more than this.
MOST_JSON = 6_000


class SwatchSelect(forms.RadioSelect):
    """Choices as small drawings; the page draws them (`designs/_swatches.html`)."""

    template_name = "designs/_swatches.html"
    option_template_name = "designs/_swatches.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "swatches", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Say also which field it is, so that the page knows what to draw differently in each."""
        return {**super().get_context(name, value, attrs), "field_name": name, "picture_path": self.picture_path}

    picture_path = ""


class ColourField(TextField):
    """A colour, chosen or typed."""

    default_error_messages = {
        "required": gettext_lazy("Choose a colour."),
        "colour": gettext_lazy("This is not a colour. Write it as # and six letters or digits, such as #1f6f5c."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.ColorInput(), **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return parse_colour(text[:20])
        except ValueError as wrong:
            raise forms.ValidationError(self.error_messages["colour"], code="colour") from wrong


def _text(name: str, label: Any, help_text: Any = "") -> TextField:
    return TextField(
        required=False,
        label=label,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-limit": LIMITS[name]}),
    )


class DesignForm(forms.Form):
    """One design, field by field as `badges.designer.spec.Design` has them."""

    use_required_attribute = False
    default_renderer = None

    shape = forms.ChoiceField(choices=list(SHAPES.items()), widget=SwatchSelect, label=gettext_lazy("Shape"))
    frame = forms.ChoiceField(choices=list(FRAMES.items()), widget=SwatchSelect, label=gettext_lazy("Frame"))
    fill = forms.ChoiceField(choices=list(FILLS.items()), widget=SwatchSelect, label=gettext_lazy("Ground"))
    colour = ColourField(label=gettext_lazy("Ground"))
    colour_two = ColourField(label=gettext_lazy("Second ground"))
    frame_colour = ColourField(label=gettext_lazy("Frame"))
    icon_colour = ColourField(label=gettext_lazy("Icon"))
    text_colour = ColourField(label=gettext_lazy("Words"))
    banner_colour = ColourField(label=gettext_lazy("Banner"))
    banner_text_colour = ColourField(label=gettext_lazy("Words on the banner"))
    stars_colour = ColourField(label=gettext_lazy("Stars"))
    ribbon_colour = ColourField(label=gettext_lazy("Ribbon"))
    icon = TextField(
        required=False,
        label=gettext_lazy("Icon"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Its name, such as “award”. Leave it empty for none."),
    )
    icon_size = forms.IntegerField(
        label=gettext_lazy("Size"),
        widget=forms.NumberInput(attrs={"type": "range", "min": 20, "max": 70, "step": 1}),
        error_messages={"invalid": gettext_lazy("Choose a size between 20 and 70.")},
    )
    centre = _text("centre", gettext_lazy("Signs instead of an icon"), gettext_lazy("One to four, such as “5S”."))
    top = _text("top", gettext_lazy("Along the top"))
    bottom = _text("bottom", gettext_lazy("Along the bottom"))
    banner_style = forms.ChoiceField(choices=list(BANNERS.items()), widget=SwatchSelect, label=gettext_lazy("Banner"))
    banner = _text("banner", gettext_lazy("On the banner"))
    stars = forms.TypedChoiceField(
        coerce=int,
        choices=[(str(number), str(number)) for number in range(6)],
        widget=forms.RadioSelect(attrs={"class": "stars"}),
        label=gettext_lazy("Stars"),
    )
    ribbon = _text("ribbon", gettext_lazy("Department on a ribbon"), gettext_lazy("Leave it empty for none."))
    logo = forms.BooleanField(required=False, label=gettext_lazy("Set the issuer’s logo in"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        organisation: Organisation,
        design: Design,
        picture_path: str,
        family: DesignFamily | None = None,
        in_family: bool = True,
    ) -> None:
        """`design` is what it begins with, `picture_path` where swatches are drawn; `in_family` asks for a family."""
        merged = _with_pressed(data) if data is not None else None
        super().__init__(merged, initial=design.as_json(), auto_id="id_%s")
        self.organisation, self.first = organisation, design
        self.family_now = family
        for field in self.fields.values():
            if isinstance(field.widget, SwatchSelect):
                field.widget.picture_path = picture_path
        if in_family:
            choice = forms.ModelChoiceField(
                queryset=organisation.design_families.by_name(),
                required=False,
                empty_label=_("No family"),
                label=_("Family"),
                initial=family,
                error_messages={"invalid_choice": _("Choose one of your families.")},
                help_text=_("Badges of a family look alike: change the family, and all follow."),
            )
            self.fields["family"] = choice

    @property
    def deciding_family(self) -> DesignFamily | None:
        """The family, for templates: there `form.family` is the field."""
        return self.family

    @property
    def family(self) -> DesignFamily | None:
        """The family that was chosen, or the one there is; None for no family."""
        if "family" not in self.fields or not self.is_bound:
            return self.family_now
        self.is_valid()
        return cast("DesignFamily | None", self.cleaned_data.get("family"))

    def clean(self) -> dict[str, Any]:
        """Let the designer say what is wrong with the whole."""
        data = super().clean() or self.cleaned_data
        said = {name: data[name] for name in self._design_fields if name in data}
        try:
            read_design(said)
        except DesignRefused as refused:
            for field, sentence in refused.problems.items():
                self.add_error(field if field in self.fields else None, sentence)
        return data

    @cached_property
    def design(self) -> Design:
        """What was chosen; what is wrong counts as not chosen, so that something can always be drawn."""
        if not self.is_bound:
            return self.first
        self.is_valid()
        said = {name: self.cleaned_data[name] for name in self._design_fields if name in self.cleaned_data}
        for name in self.errors:
            said.pop(name, None)
        try:
            return read_design({**self.first.as_json(), **said})
        except DesignRefused as refused:
            kept = {name: value for name, value in said.items() if name not in refused.problems}
            blank = {name: "" for name in refused.problems if name in LIMITS or name == "icon"}
            return read_design({**kept, **blank})

    @property
    def shown(self) -> Design:
        """What is drawn: the design in the look of its family."""
        return styled(self.design, self.family)

    @property
    def decided(self) -> set[str]:
        """The fields that the family decides."""
        family = self.family
        return {name for part in (family.decides if family else ()) for name in STYLE_PARTS.get(part, ())}

    def refuse(self, problem: UserFacingError) -> None:
        """Put a refusal where its author sees it."""
        if isinstance(problem, DesignRefused):
            for field, sentence in problem.problems.items():
                self.add_error(field if field in self.fields else None, sentence)
        else:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)

    @property
    def _design_fields(self) -> list[str]:
        return [name for name in self.fields if name in Design.__dataclass_fields__]


class FamilyForm(DesignForm):
    """A family: its name, its look, and which parts of the look are the same for all."""

    name = TextField(
        max_length=NAME_LIMIT,
        label=gettext_lazy("Name"),
        error_messages={"required": gettext_lazy("Give the family a name, such as “Safety”.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    decides = forms.MultipleChoiceField(
        choices=list(STYLE_PART_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("The same for all of its badges"),
        error_messages={"required": gettext_lazy("Choose at least one thing that is the same for the whole family.")},
    )

    def __init__(self, *args: Any, name: str = "", decides: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, in_family=False, **kwargs)
        style = {field for fields in STYLE_PARTS.values() for field in fields}
        for field in [name for name in self._design_fields if name not in style]:
            del self.fields[field]  # what each badge has for itself
        self.initial.update(name=name, decides=list(STYLE_PARTS) if decides is None else decides)

    @property
    def parts(self) -> list[str]:
        """Which parts the family decides, as far as they were chosen."""
        if not self.is_bound:
            return list(self.initial["decides"])
        self.is_valid()
        return list(self.cleaned_data.get("decides") or [])


def _with_pressed(data: Mapping[str, Any]) -> Any:
    """Return what was sent, with what one button changes: a palette, a fix, or a design to start from."""
    copied: Any = data.copy()  # type: ignore[attr-defined]
    pressed = str(data.get("become", ""))
    if pressed and len(pressed) <= MOST_JSON:
        try:
            changes = json.loads(pressed)
        except (ValueError, RecursionError):
            return copied
        for name, value in changes.items() if isinstance(changes, dict) else ():
            if name == "logo" and not value:
                copied.pop("logo", None)
            elif isinstance(value, str | int) and name in Design.__dataclass_fields__:
                copied[name] = str(value)
    return copied
