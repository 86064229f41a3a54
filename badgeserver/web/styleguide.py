"""The living style guide: every token and every component as pages use them. There in the embedded mode alone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from badgeserver.colours import contrast
from badgeserver.web.tables import Column, TablePage
from badgeserver.web.tables import Table as LongTable

_COLOUR = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
_SIZE = re.compile(r"--([a-z0-9-]+): (\.?[0-9][^;]*|clamp\([^;]*\));")

#: What is written on what, and so how well it must be told apart (WCAG 2.2, 1.4.3 and 1.4.11).
_PAIRS = [
    ("Accent", [("accent", "paper"), ("accent-hover", "paper"), ("accent-ink", "accent"), ("accent-soft", "")]),
    ("Meanings", [("good", "good-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"), ("ink-2", "neutral-soft")]),
    ("Grounds", [("paper", ""), ("surface", ""), ("raised", ""), ("sunken", "")]),
    ("Inks", [("ink", "paper"), ("ink-2", "paper"), ("ink-3", "paper")]),
    ("Lines", [("line", ""), ("line-2", ""), ("line-control", "surface")]),
]

#: The chapters in their order: group, then name, title and icon.
CHAPTERS = [
    ("Foundations", "colour", "Colour", "palette"),
    ("Foundations", "type", "Type", "type"),
    ("Foundations", "space", "Space, depth, motion", "ruler"),
    ("Acting", "buttons", "Buttons", "mouse-pointer-click"),
    ("Acting", "fields", "Fields", "text-cursor-input"),
    ("Acting", "forms", "Whole forms", "clipboard-list"),
    ("Finding", "navigation", "Navigation", "compass"),
    ("Finding", "tables", "Tables", "table-2"),
    ("Badges", "badges", "Tiles and heroes", "hexagon"),
    ("Badges", "verdicts", "Verdicts and checks", "badge-check"),
    ("Telling", "feedback", "Feedback", "message-square"),
    ("Telling", "overlays", "Dialogs and toasts", "app-window"),
    ("Telling", "facts", "Facts and figures", "chart-no-axes-column"),
    ("Telling", "people", "People and histories", "users"),
]


@dataclass(frozen=True, slots=True)
class Swatch:
    """One colour in both themes; `ratio` is the contrast with its ground, as “7.4 / 9.1”, or nothing."""

    name: str
    light: str
    dark: str
    on: str
    on_light: str
    on_dark: str
    light_ratio: float
    dark_ratio: float

    @property
    def is_enough(self) -> bool:
        """Whether both themes keep what is asked: 3 for edges of controls, 4.5 for everything that is read."""
        return min(self.light_ratio, self.dark_ratio) >= (3 if self.name == "line-control" else 4.5)


@lru_cache(maxsize=1)
def tokens() -> str:
    """Return the style sheet that names every colour and size of the product."""
    return (settings.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8").split("@media", 1)[0]


def palette() -> list[tuple[str, list[Swatch]]]:
    """Return the colours as the style sheet has them, with the contrast they have where they are used."""
    colours = {name: (light, dark) for name, light, dark in _COLOUR.findall(tokens())}
    return [(group, [_swatch(colours, name, on) for name, on in pairs]) for group, pairs in _PAIRS]


def _swatch(colours: dict[str, tuple[str, str]], name: str, on: str) -> Swatch:
    light, dark = colours[name]
    on_light, on_dark = colours[on] if on else ("", "")
    ratios = (contrast(light, on_light), contrast(dark, on_dark)) if on else (0.0, 0.0)
    return Swatch(name, light, dark, on, on_light, on_dark, *ratios)


def sizes(*beginnings: str) -> list[tuple[str, str]]:
    """Return the names and values of the sizes whose names begin so."""
    found = []
    for name, value in _SIZE.findall(tokens()):
        if name.startswith(beginnings):
            found.append((name, re.sub(r"^\.", "0.", value)))
    return found


class SampleForm(forms.Form):
    """One field of each kind that pages use."""

    use_required_attribute = False

    name = forms.CharField(max_length=120, label="Name", help_text="As it will stand on the badge.")
    email = forms.EmailField(label="E-mail address", error_messages={"required": "Type a whole e-mail address."})
    page = forms.URLField(required=False, label="Page about it", assume_scheme="https")
    story = forms.CharField(required=False, label="What they did", widget=forms.Textarea(attrs={"rows": 3}))
    months = forms.IntegerField(required=False, min_value=1, label="Valid for months")
    day = forms.DateField(required=False, label="Day of the award", widget=forms.DateInput(attrs={"type": "date"}))
    category = forms.ChoiceField(
        label="Category", choices=[("t", "Technical skill"), ("d", "Durable skill"), ("v", "Values")]
    )
    colour = forms.CharField(
        required=False, label="Accent colour", widget=forms.TextInput(attrs={"type": "color"}), initial="#2f4bd6"
    )
    code = forms.CharField(
        label="Code from the mail", widget=forms.TextInput(attrs={"class": "code", "inputmode": "numeric"})
    )
    fixed = forms.CharField(label="Address of the badge", disabled=True, initial="badges.example.org/first-aid")
    picture = forms.FileField(required=False, label="Picture", help_text="PNG or SVG, square, up to 2 MB.")
    shown = forms.BooleanField(
        required=False, label="Show my name to everybody", help_text="You can hide it again at any time."
    )
    expiry = forms.ChoiceField(
        label="How long does it hold?",
        widget=forms.RadioSelect(attrs={"class": "cards"}),
        choices=[("badge", "As the badge says"), ("day", "Until another day"), ("never", "Without end")],
        initial="badge",
    )
    people = forms.MultipleChoiceField(
        required=False,
        label="For whom?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("yard", "Yard"), ("office", "Office"), ("night", "Night shift")],
        initial=["yard"],
    )


class StepForm(forms.Form):
    """A row of the sample formset."""

    text = forms.CharField(label="What has to be done")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show everything; a POST is what “Undo” and the sample forms send, and changes nothing."""
    if request.method == "POST":
        messages.success(request, "Undone. (Nothing was done, either: this is the style guide.)")
        return redirect("styleguide")
    steps = forms.formset_factory(StepForm, extra=0, can_order=True, can_delete=True)
    context = {
        "nav": {"items": [_chapter(*chapter) for chapter in CHAPTERS], "home_url": reverse("styleguide")},
        "chapters": [(name, title, f"styleguide/{name}.html") for _group, name, title, _icon in CHAPTERS],
        "glance": [f"img/styleguide/{name}.svg" for name in ("first-aid", "crane", "mentor")],
        "palette": palette(),
        "scale": list(reversed(sizes("step-"))),
        "spaces": [(name, value, round(float(value.removesuffix("rem")) * 16)) for name, value in sizes("s-")],
        "radii": sizes("radius"),
        "durations": sizes("quick", "calm"),
        "form": SampleForm(),
        "wrong": SampleForm({"name": "First Aid", "email": "rita", "months": "0", "expiry": "badge", "category": "t"}),
        "steps": steps(initial=[{"text": "Take the two-day course"}, {"text": "Show it in the yard"}], prefix="steps"),
        **_samples(request),
    }
    return render(request, "styleguide/styleguide.html", context)


def _chapter(group: str, name: str, title: str, icon: str) -> dict[str, Any]:
    return {"group": group, "label": title, "icon": icon, "url": f"#{name}", "current": False}


def _samples(request: HttpRequest) -> dict[str, Any]:
    """Return what fills the components: invented people of a harbour."""
    at = datetime(2026, 3, 2, 9, 40, tzinfo=UTC)
    people = [
        ("Rita Lindqvist", "Crane Operator", 6, "Valid", "good"),
        ("Sam Okafor", "Shift Lead", 4, "Expires soon", "warn"),
        ("Noor Haddad", "Dispatcher", 3, "Valid", "good"),
        ("Tomás Rey", "Rigger", 1, "Revoked", "bad"),
    ]
    columns = (
        Column("person", "Person", str, order=("name",), is_always_shown=True),
        Column("role", "Role", str, order=("role",)),
        Column("badges", "Badges", str, order=("badges",), is_number=True),
        Column("state", "State", str),
    )
    table = LongTable("styleguide", columns=columns, sort="person")
    page = Paginator(range(20_000), 50).get_page(request.GET.get("page"))
    return {
        "at": at,
        "people": people,
        "table": TablePage(
            table, page, people, table.sort_of(request), dict.fromkeys(["person", "role", "badges", "state"], True)
        ),
        "page": page,
        "tabs": [
            {"label": "All", "url": "#navigation", "current": True, "count": 24},
            {"label": "Published", "url": "#navigation", "count": 18},
            {"label": "Drafts", "url": "#navigation", "count": 6},
        ],
        "crumbs": [{"label": "Badges", "url": "#navigation"}, {"label": "Forklift Safety", "url": "#navigation"}],
        "facts": [
            {"label": "Issuer", "value": "Harbour Academy", "note": "badges.example.org confirms it", "tone": "good"},
            {"label": "Awarded", "value": "2 March 2026"},
            {"label": "Holds until", "value": "2 March 2028", "note": "Ends in 58 days", "tone": "warn"},
        ],
        "events": [
            {"sentence": "Awarded to Rita Lindqvist", "at": at, "by": "Sam Okafor", "icon": "award", "tone": "good"},
            {"sentence": "Mail handed over", "at": at - timedelta(minutes=2), "icon": "mail", "tone": "neutral"},
            {
                "sentence": "Revoked: awarded by mistake",
                "at": at - timedelta(days=3),
                "by": "Ada Brandt",
                "icon": "ban",
                "tone": "bad",
            },
        ],
        "told": [
            Message(constants.SUCCESS, "Badge published. It can be awarded now."),
            Message(constants.SUCCESS, "Badge archived.", extra_tags=f"undo:{reverse('styleguide')}"),
            Message(constants.WARNING, "86 people were told, 3 have no address."),
            Message(constants.ERROR, "The mail server refused this address."),
        ],
    }
