"""What pages show of the coach: hints with the places that they lead to, and what they press into the form."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.core.files.base import File
from django.db.models import Prefetch, prefetch_related_objects
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from badges.actions.badge_classes import unsaved_badge_class
from badges.actions.designs import design_of, is_drawn, logo_of
from badges.designer.legibility import findings
from badges.designer.spec import Design, DesignRefused, read_design
from badges.forms import BadgeForms
from badges.insights.coach import (
    LEAST_CONTRAST,
    LEAST_FILLED,
    LEAST_SIDE,
    Coaching,
    Hint,
    coach,
)
from badges.insights.coach_facts import facts_of
from badges.models import BadgeClass
from badges.models import Design as DesignRow
from badges.queries import parts
from badgeserver.pictures import Picture
from badgeserver.pictures.legibility import Look, look_of
from issuers.models import Issuer, Organisation

#: The page of a fix, and the part of it.
_PAGES = {
    "planning": ("badges:planning", "#id_next_level"),
    "design": ("badges:design", ""),
    "languages": ("badges:languages", ""),
    "pilot": ("badges:start-pilot", ""),
}
#: What the act of a form is called that presses a fix.
FIX = "fix-"
_REMEMBERED = 24 * 3600

Remarks = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HintLine:
    """A hint on a page: where its field is, and where its fix or its badge leads."""

    hint: Hint
    target: str = ""  # the id of an element of the badge form
    page_url: str = ""  # of a fix that is a page
    twin_url: str = ""

    @property
    def has_press(self) -> bool:
        """Whether its fix puts something into the form."""
        return bool(self.hint.fix and self.hint.fix.changes)


@dataclass(frozen=True, slots=True)
class CoachView:
    """The coach of one badge, ready for a template. `lines` are the open hints, `shown` the first of them."""

    badge: BadgeClass
    coaching: Coaching
    lines: list[HintLine]
    dismissed: list[HintLine]
    is_saved: bool

    @property
    def shown(self) -> list[HintLine]:
        return self.lines[:3]

    @property
    def further(self) -> list[HintLine]:
        return self.lines[3:]

    @property
    def missing(self) -> list[HintLine]:
        return [line for line in self.lines if line.hint.tone == "missing"]

    @property
    def better(self) -> list[HintLine]:
        return [line for line in self.lines if line.hint.tone == "better"]


# --- Saved badges ----------------------------------------------------------------------------------------------


def coaching_of(badge: BadgeClass) -> CoachView:
    """Return the coach of a saved badge; `issuer.organisation` is read."""
    return coachings_of([badge], organisation=badge.issuer.organisation)[0]


def coachings_of(badges: Sequence[BadgeClass], *, organisation: Organisation) -> list[CoachView]:
    """Return the coach of each badge, in the same queries for one and for many.

    Steps, skills and languages are read where they are prefetched (`queries.parts`), else loaded here.
    """
    prefetch_related_objects(badges, *parts(), Prefetch("design", DesignRow.objects.select_related("family")))
    today = timezone.localdate()
    facts = facts_of(badges, organisation=organisation, today=today)
    views = []
    for badge in badges:
        row = getattr(badge, "design", None)  # most pictures are uploaded
        drawn = is_drawn(badge, row)
        remarks = _drawn_remarks(badge.issuer, row) if drawn and row else _saved_remarks(badge)
        known = replace(facts[badge.pk], has_picture=bool(badge.image), is_drawn=drawn, picture_remarks=remarks)
        steps, skills = list(badge.earning_steps.all()), list(badge.alignments.all())
        found = coach(badge, steps, skills, known, dismissed=badge.coach_dismissed)
        views.append(view_of(badge, found, organisation, is_saved=True))
    return views


# --- The form ----------------------------------------------------------------------------------------------------


def coaching_of_form(forms: BadgeForms) -> CoachView:
    """Return the coach of what a form says now, finished or not."""
    badge, steps, alignments = unsaved_badge_class(forms.fields, issuer=forms.issuer, like=forms.badge_class)
    facts = facts_of([badge], organisation=forms.organisation, today=forms.at.date())[badge.pk]
    saved = forms.badge_class
    remarks, drawn = _form_remarks(forms)
    known = replace(
        facts,
        has_picture=forms.picture is not None or bool(saved and saved.image),
        picture_remarks=remarks,
        is_drawn=drawn,
    )
    found = coach(badge, steps, alignments, known, dismissed=saved.coach_dismissed if saved else ())
    return view_of(badge, found, forms.organisation, is_saved=saved is not None)


def pressed(forms: BadgeForms, key: str) -> Mapping[str, str]:
    """Return what the fix of a hint puts into a form, field by field; nothing for a hint that is not there now."""
    hint = coaching_of_form(forms).coaching.hint(key)
    return dict(hint.fix.changes) if hint is not None and hint.fix is not None else {}


def with_changes(data: QueryDict, changes: Mapping[str, str]) -> QueryDict:
    """Return what a form sent, with other values."""
    changed = data.copy()
    for name, value in changes.items():
        changed[name] = value
    return changed


# --- Pictures ----------------------------------------------------------------------------------------------------


def _form_remarks(forms: BadgeForms) -> tuple[Remarks, bool]:
    """Return what is to be said about the picture of a form, and whether it was drawn here."""
    if forms.picture is not None:
        return _kept_remarks(forms, forms.picture)
    if forms.badge_class is None:
        return (), False
    row = DesignRow.objects.select_related("family").filter(badge_class=forms.badge_class).first()
    if row is not None and is_drawn(forms.badge_class, row):
        return _drawn_remarks(forms.issuer, row), True
    return _saved_remarks(forms.badge_class), False


def _kept_remarks(forms: BadgeForms, picture: Picture) -> tuple[Remarks, bool]:
    kept = forms.kept_design
    if kept is not None:
        try:
            return _remarks_of(read_design(kept["shown"]), forms.issuer), True
        except (DesignRefused, KeyError):
            return (), True
    if picture.extension != "png":  # an SVG is measured once it is saved and drawn as pixels
        return (), False
    return _pixel_remarks(_remembered(hashlib.sha256(picture.data).hexdigest(), picture.data)), False


def _drawn_remarks(issuer: Issuer, row: DesignRow) -> Remarks:
    return _remarks_of(design_of(row), issuer)


def _remarks_of(design: Design, issuer: Issuer) -> Remarks:
    found = findings(design, logo=logo_of(issuer) if design.logo else None)
    return tuple((one.sentence, one.why) for one in found)


def _saved_remarks(badge: BadgeClass) -> Remarks:
    """Measure an uploaded picture once; the name of a file is never used for another picture."""
    name = str(badge.image_png.name or "")
    if not name:
        return ()
    look = cache.get(f"look:{name}")
    if look is None:
        try:
            with badge.image_png.open("rb") as file:
                look = _remembered(name, file)
        except OSError:
            return ()
    return _pixel_remarks(look)


def _remembered(name: str, data: "bytes | File[bytes]") -> Look | None:
    key = f"look:{name}"
    look: Look | None = cache.get(key)
    if look is None:
        look = look_of(data if isinstance(data, bytes) else data.read())
        cache.set(key, look, _REMEMBERED)
    return look


def _pixel_remarks(look: Look | None) -> Remarks:
    if look is None:
        return ()
    said = []
    if look.contrast < LEAST_CONTRAST:
        said.append(
            (
                _("In a list the picture is one patch: its parts are nearly equally bright."),
                _("At 64 pixels the contrast inside it is %(ratio).1f to 1; a sign needs 3 to 1 to be seen (WCAG 2.2).")
                % {"ratio": look.contrast},
            )
        )
    if look.side < LEAST_SIDE:
        said.append(
            (
                _("The picture is small: %(side)d pixels. On a screen of today it looks blurred.")
                % {"side": look.side},
                _("Profiles show badges at 200 pixels and more; 400 is a good size."),
            )
        )
    if not look.is_square:
        said.append(
            (
                _("The picture is %(width)d by %(height)d pixels. Make it square.")
                % {"width": look.width, "height": look.height},
                _("Badges are shown in a square everywhere: of another shape the edges are cut, or it becomes small."),
            )
        )
    elif look.filled < LEAST_FILLED:
        said.append(
            (
                _("Much of the picture is empty: the badge fills %(share)d %% of it.")
                % {"share": round(100 * look.filled)},
                _("In a list it is smaller than its neighbours. Cut the empty edge off."),
            )
        )
    return tuple(said)


# --- Places ------------------------------------------------------------------------------------------------------


def view_of(badge: BadgeClass, coaching: Coaching, organisation: Organisation, *, is_saved: bool) -> CoachView:
    """Say of each hint where it leads."""

    def line(hint: Hint) -> HintLine:
        page = hint.fix.page if hint.fix else ""
        twin = reverse("badges:detail", args=[organisation.slug, hint.link.badge]) if hint.link else ""
        return HintLine(hint, target_of(hint.field), _page_url(page, badge, organisation, is_saved=is_saved), twin)

    lines = [line(hint) for hint in coaching.hints]
    return CoachView(badge, coaching, lines, [line(hint) for hint in coaching.dismissed], is_saved)


def target_of(field: str) -> str:
    """Return the id of the element that a field is edited in, or "" where that is another page."""
    if field == "planning":
        return ""
    return {"steps": "id_steps-0-text", "skills": "alignments-0-search"}.get(field, f"id_{field}")


def _page_url(page: str, badge: BadgeClass, organisation: Organisation, *, is_saved: bool) -> str:
    if page not in _PAGES:
        return ""
    name, part = _PAGES[page]
    if not is_saved:
        return reverse("badges:new-design", args=[organisation.slug]) if page == "design" else ""
    return f"{reverse(name, args=[organisation.slug, badge.pk])}{part}"
