"""Search over everything of an organisation: people, badges, awards, issuers, skills and plans."""

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, TextField, Value, When, Window
from django.db.models.functions import Concat
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assertions.models import Assertion
from assertions.queries.awards import called
from assertions.queries.state import STATE_TONES, AwardState
from badges.models import BadgeClass, Competency, Framework, Plan
from badges.queries import thumbnail_url
from badgeserver.searching import having, plain, rank_by_title, searchable
from badgeserver.tabular import folded
from issuers.models import Issuer, Organisation, Person
from issuers.rules import Permission

LIMIT = 6
#: Who pastes a page of text looks for nothing.
MOST_WORDS = 8

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it is what was looked for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: where it is, and how it is shown."""

    title: list[Piece]
    url: str
    icon: str
    line: list[Piece] = field(default_factory=list)
    picture_url: str = ""
    avatar: str = ""  # of whom to show the initials
    state: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One kind of thing: the best hits, how many there are, and where all of them stand."""

    kind: str
    label: str
    hits: list[Hit]
    total: int
    all_url: str = ""

    @property
    def has_more(self) -> bool:
        return self.total > len(self.hits) and bool(self.all_url)


@dataclass(frozen=True, slots=True)
class Typed:
    """What is looked for: the text, its words, and the ids in it (of a pasted public address, say)."""

    text: str
    words: list[str]
    ids: list[uuid.UUID]

    @classmethod
    def read(cls, text: str) -> "Typed":
        text = " ".join(text.replace("\x00", "").split())[:200]
        ids = [uuid.UUID(found) for found in _UUID.findall(text)][:5]
        return cls(text, [] if ids else text.split()[:MOST_WORDS], ids)

    def __bool__(self) -> bool:
        return bool(self.words or self.ids)

    @property
    def plain(self) -> list[str]:
        """The words as search columns have them; none where nothing but punctuation was typed."""
        return [] if self.ids else searchable(self.text).split()[:MOST_WORDS]

    @property
    def is_letter(self) -> bool:
        """Whether so little was typed that it stands in nearly every row: then names that begin with it are meant."""
        return sum(map(len, self.plain)) == 1

    def after(self, word: str) -> "Typed | None":
        """Return what comes after a first word that begins like `word`: “aw crane” after “Award” is “crane”."""
        if not self.words or len(self.words[0]) < 2 or not folded(word).startswith(folded(self.words[0])):
            return None
        return Typed(" ".join(self.words[1:]), self.words[1:], [])

    def pieces(self, text: str) -> list[Piece]:
        """Return the text in pieces, with what was looked for apart, whatever its case and accents."""
        words = sorted((re.escape(word) for word in map(plain, self.words) if word), key=len, reverse=True)
        if not words or not text:
            return [Piece(text, is_match=False)] if text else []
        folded_text, places = _with_places(text)
        pieces, done = [], 0
        for match in re.finditer("|".join(words), folded_text):
            start, end = places[match.start()], places[match.end()]
            if start < done or start == end:
                continue  # inside one letter, as the second s of ß
            pieces += [Piece(text[done:start], is_match=False), Piece(text[start:end], is_match=True)]
            done = end
        return [piece for piece in [*pieces, Piece(text[done:], is_match=False)] if piece.text]

    def finds(self, *texts: str) -> bool:
        """Whether each word stands at the start of a word of these texts, whatever its case and accents."""
        starts = [word for text in texts for word in folded(text).split()]
        return all(any(start.startswith(part) for start in starts) for part in folded(self.text).split())


def _with_places(text: str) -> tuple[str, list[int]]:
    """Return the text without case and accents, and where in `text` each of its letters, and its end, stands."""
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    letters = [(letter, at) for at, one in enumerate(text) for letter in plain(one)]
    return "".join(letter for letter, _at in letters), [*(at for _letter, at in letters), len(text)]


def search_all(
    organisation: Organisation, typed: Typed, permissions: Iterable[Permission], *, at: datetime
) -> list[Found]:
    """Return what was found, kind by kind, as far as the permissions go, with at most two queries a kind."""
    may = set(permissions)
    kinds: list[tuple[Permission, Callable[[Organisation, Typed], Found | None]]] = [
        (Permission.SEE_AWARDS, _people),
        (Permission.SEE_BADGES, _badges),
        (Permission.SEE_AWARDS, lambda organisation, typed: _awards(organisation, typed, at=at)),
        (Permission.EDIT_BADGES, _competencies),
        (Permission.EDIT_BADGES, _frameworks),
        (Permission.EDIT_BADGES, _plans),
        (Permission.EDIT_ISSUERS, _issuers),
    ]
    if not typed:
        return []
    found = [look(organisation, typed) for permission, look in kinds if permission in may]
    return [one for one in found if one is not None and one.hits]


def badges_to_award_named(organisation: Organisation, typed: Typed, *, limit: int = 4) -> list[BadgeClass]:
    """Return the badges that can be awarded and are called like this, the best first."""
    badges = BadgeClass.objects.of_organisation(organisation).awardable()
    return list(_ranked(_matching(badges, typed, "name"), typed, "name").order_by("rank", "name", "pk")[:limit])


def _people(organisation: Organisation, typed: Typed) -> Found | None:
    people = Person.objects.filter(organisation=organisation).select_related("department")
    if not typed.plain and not typed.ids:
        return None
    found = people.filter(pk__in=typed.ids) if typed.ids else people.filter(having(typed.plain))
    if typed.is_letter:
        rows, total = _first_of_many(people, typed, "contains", by=["name", "pk"])
    else:
        rows, total = _best_of_many(found, people, rank_by_title(typed.plain), then=["name", "pk"])
    hits = [
        Hit(
            typed.pieces(person.name),
            reverse("assertions:person", args=[organisation.slug, person.pk]),
            "user",
            typed.pieces(" · ".join(filter(None, [person.job_title, str(person.department or ""), person.email]))),
            avatar=person.name,
        )
        for person in rows
    ]
    return Found("people", _("People"), hits, total, _all("assertions:people", organisation, typed))


def _badges(organisation: Organisation, typed: Typed) -> Found | None:
    badges = BadgeClass.objects.of_organisation(organisation).current().select_related("issuer")
    found = _matching(badges, typed, "name", "description", "issuer__name") if typed.words else badges
    if typed.ids:
        found = found.filter(Q(pk__in=typed.ids) | Q(series__in=typed.ids))
    rows, total = _best(found, typed, "name", then=["name", "pk"])
    hits = [
        Hit(
            typed.pieces(badge.name),
            reverse("badges:detail", args=[organisation.slug, badge.pk]),
            "hexagon",
            typed.pieces(badge.issuer.name),
            picture_url=thumbnail_url(badge, organisation),
            state="" if badge.status == BadgeClass.Status.PUBLISHED else str(badge.get_status_display()),
            tone="info" if badge.status == BadgeClass.Status.PILOT else "neutral",
        )
        for badge in rows
    ]
    return Found("badges", _("Badges"), hits, total, _all("badges:list", organisation, typed))


def _awards(organisation: Organisation, typed: Typed, *, at: datetime) -> Found | None:
    awards = (
        Assertion.objects.of_organisation(organisation)
        .select_related("badge_class")
        .only(
            *("recipient_name", "recipient_key", "issued_at", "expires_at", "revoked_at", "declined_at"),
            *("badge_class__name", "badge_class__image", "badge_class__image_png"),
        )
    )
    found = called(awards, organisation, typed.words)
    if typed.ids:
        found = awards.filter(Q(pk__in=typed.ids) | Q(signed_uuid__in=typed.ids) | Q(credential_uuid__in=typed.ids))
    if typed.is_letter:
        rows, total = _first_of_many(awards, typed, "contains", by=["-issued_at", "pk"])
    else:
        rows, total = _best_of_many(found, awards, rank_by_title(typed.plain), then=["-issued_at", "pk"])
    hits = []
    for award in rows:
        state = _state(award, at=at)
        day = date_format(timezone.localtime(award.issued_at), _("j M Y"))
        who = award.recipient_name or award.recipient_key
        hits.append(
            Hit(
                typed.pieces(who),
                reverse("assertions:detail", args=[organisation.slug, award.pk]),
                "award",
                typed.pieces(f"{award.badge_class.name} · {day}"),
                picture_url=thumbnail_url(award.badge_class, organisation),
                state="" if state is AwardState.VALID else str(state.label),
                tone=STATE_TONES[state],
            )
        )
    return Found("awards", _("Awards"), hits, total, _all("assertions:list", organisation, typed))


def _state(award: Assertion, *, at: datetime) -> AwardState:
    """Return the state as far as it can be told of the award alone: nobody looks for “expires soon” here."""
    if award.declined_at:
        return AwardState.DECLINED
    if award.revoked_at:
        return AwardState.REVOKED
    return AwardState.EXPIRED if award.is_expired(at) else AwardState.VALID


def _competencies(organisation: Organisation, typed: Typed) -> Found | None:
    if not typed.plain:
        return None
    skills = Competency.objects.filter(framework__organisation=organisation, retired_at=None)
    whole = " ".join(typed.plain)
    # In their search column the name stands first, and each other name on a line of its own.
    rank = Case(
        When(search__startswith=f"\n{whole}\n", then=Value(0)),
        When(search__startswith=f"\n{whole}", then=Value(1)),
        When(Q(search__contains=f"\n{whole}") | Q(search__contains=f" {whole}"), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    shown = skills.select_related("framework").only("name", "framework__name")
    if typed.is_letter:
        rows, total = _first_of_many(shown, typed, "startswith", by=["name", "pk"])
    else:
        rows, total = _best_of_many(skills.filter(having(typed.plain)), shown, rank, then=["name", "pk"])
    hits = [
        Hit(typed.pieces(one.name), url, "target", typed.pieces(one.framework.name))
        for one in rows
        if (url := address_of("badges:framework", organisation.slug, one.framework_id))
    ]
    return Found("competencies", _("Skills"), hits, total)


def _frameworks(organisation: Organisation, typed: Typed) -> Found | None:
    if not typed.words:
        return None
    found = _matching(Framework.objects.filter(organisation=organisation, archived_at=None), typed, "name", "publisher")
    rows, total = _best(found, typed, "name", then=["name", "pk"])
    hits = [
        Hit(typed.pieces(one.name), url, "library", typed.pieces(one.publisher))
        for one in rows
        if (url := address_of("badges:framework", organisation.slug, one.pk))
    ]
    return Found("frameworks", _("Frameworks"), hits, total)


def _plans(organisation: Organisation, typed: Typed) -> Found | None:
    if not typed.words:
        return None
    found = _matching(Plan.objects.filter(organisation=organisation).defer("tables"), typed, "name")
    rows, total = _best(found, typed, "name", then=["-created_at", "pk"])
    hits = [
        Hit(typed.pieces(one.name), url, "table-properties", typed.pieces(str(one.get_kind_display())))
        for one in rows
        if (url := address_of("badges:plan", organisation.slug, one.pk))
    ]
    return Found("plans", _("Plans"), hits, total)


def _issuers(organisation: Organisation, typed: Typed) -> Found | None:
    issuers = Issuer.objects.filter(organisation=organisation)
    found = _matching(issuers, typed, "name", "url") if typed.words else issuers.filter(pk__in=typed.ids)
    rows, total = _best(found, typed, "name", then=["name", "pk"])
    hits = [
        Hit(
            typed.pieces(issuer.name),
            reverse("issuers:detail", args=[organisation.slug, issuer.pk]),
            "building-2",
            typed.pieces(issuer.url),
        )
        for issuer in rows
    ]
    return Found("issuers", _("Issuers"), hits, total)


def _matching(rows: "QuerySet[Any, Any]", typed: Typed, *names: str) -> "QuerySet[Any, Any]":
    """Return the rows that have every word anywhere in one of these columns: for tables that hold few."""
    spaced = [part for name in names for part in (F(name), Value(" "))]
    rows = rows.alias(all_of_it=Concat(*spaced, output_field=TextField()) if len(names) > 1 else F(names[0]))
    for word in typed.words:
        rows = rows.filter(all_of_it__icontains=word)
    return rows


def _ranked(rows: "QuerySet[Any, Any]", typed: Typed, name: str) -> "QuerySet[Any, Any]":
    """Add `rank`: the whole text, its beginning, the beginning of a word, anywhere, and lastly in another column."""
    ways = [("istartswith", typed.text), ("icontains", f" {typed.text}")]
    if len(typed.text) > 2:
        ways = [("iexact", typed.text), *ways, ("icontains", typed.text)]
    whens = [When(**{f"{name}__{way}": text}, then=Value(rank)) for rank, (way, text) in enumerate(ways)]
    return rows.annotate(rank=Case(*whens, default=Value(len(ways)), output_field=IntegerField()))


def _best(
    rows: "QuerySet[Any, Any]", typed: Typed, name: str, *, then: Sequence[str], limit: int = LIMIT
) -> tuple[list[Any], int]:
    """Return the best rows and how many there are, in one query."""
    counted = _ranked(rows, typed, name).annotate(total=Window(Count("pk")))
    found = list(counted.order_by("rank", *then)[:limit])
    return found, found[0].total if found else 0


def _best_of_many(
    found: "QuerySet[Any, Any]", shown: "QuerySet[Any, Any]", rank: Case, *, then: Sequence[str]
) -> tuple[list[Any], int]:
    """Return the best of rows that may be tens of thousands, as `shown` has them, and how many were found.

    They are chosen from ids alone: whole rows would be carried to the sort and dropped there.
    """
    counted = found.annotate(rank=rank, total=Window(Count("pk"))).order_by("rank", *then)
    chosen = list(counted.values_list("pk", "total")[:LIMIT])
    rows = shown.in_bulk([pk for pk, _total in chosen])
    return [rows[pk] for pk, _total in chosen if pk in rows], chosen[0][1] if chosen else 0


def _first_of_many(shown: "QuerySet[Any, Any]", typed: Typed, way: str, *, by: Sequence[str]) -> tuple[list[Any], int]:
    """Return the first rows whose title begins with one letter, as if there were no more: nothing is counted.

    `way` is how the line of the title is found in the search column. In the order of an index the database stops at
    the last row that is shown.
    """
    begins = shown.filter(**{f"search__{way}": f"\n{typed.plain[0]}"})
    chosen = list(begins.order_by(*by).values_list("pk", flat=True)[:LIMIT])
    rows = shown.in_bulk(chosen)
    return [rows[pk] for pk in chosen if pk in rows], len(chosen)


def _all(name: str, organisation: Organisation, typed: Typed) -> str:
    """Return where a list shows everything that was found; lists know no ids."""
    return reverse(name, args=[organisation.slug], query={"q": typed.text}) if typed.words else ""


def address_of(name: str, *args: object) -> str:
    """Return the address, or "" where there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
