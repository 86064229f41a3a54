"""Drawing the pictures of badges, alone and by families that look alike."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from badges import rules
from badges.actions.badge_classes import (
    ChangedMeanwhile,
    draw_picture,
    fields_of,
    forget_pictures,
    locked_badge_class,
    refuse_endorsed,
    refuse_frozen,
    refuse_stale,
    refuse_unpublishable,
)
from badges.actions.kept_designs import keep_design
from badges.actions.versions import make_next_version
from badges.designer.compose import draw_svg
from badges.designer.icons import search_icons
from badges.designer.lettering import missing_letter
from badges.designer.raster import draw_png
from badges.designer.spec import LIMITS, STYLE_PARTS, Design, DesignRefused, in_style_of, read_design
from badges.designer.wording import describe
from badges.models import BadgeClass, DesignFamily
from badges.models import Design as DesignRow
from badges.tasks import redraw_family as redraw_family_later
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from badgeserver.pictures import LOGO_LIMITS, Picture, PictureRefused, accept_picture
from issuers.models import Issuer, Organisation

#: So many pictures are drawn while the person waits, in one act; more of them are drawn by a worker.
AT_ONCE = 12
#: So many next versions are begun by one press.
MOST_VERSIONS = 24
NAME_LIMIT = 80
PNG_SIZE = 600


class PictureNotDrawable(UserFacingError):
    """What was drawn is no picture that a badge may have; it names what to leave out."""

    code = "picture_refused"
    field = "logo"


class FamilyRefused(UserFacingError):
    """The family cannot be as it was asked for; nothing of it has changed."""

    code = "design_family_refused"


class NothingToUndo(UserFacingError):
    """The family was never changed."""

    code = "nothing_to_undo"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a design became: the picture of a badge, the same as PNG, and the design with its family's look."""

    design: Design
    picture: Picture
    png: bytes


@dataclass(frozen=True, slots=True)
class FamilyChange:
    """What came of restyling a family: which badges follow now, and which stay, for `Member.why_not`."""

    family: DesignFamily
    redrawn: list[BadgeClass]
    left: list[BadgeClass]
    waiting: int  # are drawn by a worker, one after the other


@dataclass(frozen=True, slots=True)
class Member:
    """One badge of a family: its row, whether it may follow, and why not."""

    row: DesignRow
    is_current: bool  # it looks as the family does now
    may_follow: bool
    why_not: str
    is_refused: bool = False  # it may follow, and was tried, but cannot be drawn in the look that the family has now

    @property
    def badge(self) -> BadgeClass:
        return self.row.badge_class

    @property
    def may_have_version(self) -> bool:
        """Whether its next version can have the look that it cannot have itself."""
        return rules.may_make_version(self.badge, is_awarded=bool(self.row.is_awarded))  # type: ignore[attr-defined]


# --- Reading -------------------------------------------------------------------------------------------------


def design_of(row: DesignRow) -> Design:
    """Return what a badge shows, or will once it follows: its own design in the look of its family."""
    return styled(read_design(row.spec), row.family)


def styled(design: Design, family: DesignFamily | None) -> Design:
    """Return a design in the look of a family."""
    if family is None:
        return design
    return in_style_of(design, read_design(family.spec), family.decides)


def row_of(badge_class: BadgeClass) -> DesignRow | None:
    return DesignRow.objects.select_related("family").filter(badge_class=badge_class).first()


def is_drawn(badge_class: BadgeClass, row: DesignRow | None) -> bool:
    """Whether the picture that the badge shows is the one that was drawn; else it was uploaded."""
    return row is not None and row.image_name == str(badge_class.image.name or "")


def logo_of(issuer: Issuer) -> Picture | None:
    """Return the issuer's logo, or its organisation's; None where there is none, or none that can be set in."""
    name = str(issuer.image.name or issuer.organisation.logo.name or "")
    return _logo(name) if name else None


@lru_cache(maxsize=32)
def _logo(name: str) -> Picture | None:
    # A new logo has a new name, so that what is remembered is never out of date.
    try:
        with default_storage.open(name) as file:
            return accept_picture(file.read(), limits=LOGO_LIMITS)
    except (OSError, PictureRefused):
        return None


def first_design(badge_class: BadgeClass) -> Design:
    """Return where to begin with a badge that has no design: an icon that its name brings to mind, its level."""
    words = [word for word in badge_class.name.split() if len(word) > 3]
    found = (icons[0] for word in words if (icons := search_icons(word, limit=1)))
    icon = next(found, "")
    initials = "".join(word[0] for word in badge_class.name.split() if word[0].isalnum())[:2].upper()
    if missing_letter(initials):
        initials = ""
    colours = {"colour": accent} if (accent := badge_class.issuer.organisation.accent) else {}
    return read_design(
        Design(icon=icon or ("" if initials else "award"), centre="" if icon else initials).as_json()
        | {"stars": badge_class.level or 0, "ribbon": department_of(badge_class)}
        | colours
    )


def department_of(badge_class: BadgeClass) -> str:
    """Return the one department that a badge is for, as far as a ribbon can say it; else nothing."""
    names = [department.name for department in badge_class.departments.all()]
    is_sayable = len(names) == 1 and len(names[0]) <= LIMITS["ribbon"] and not missing_letter(names[0])
    return names[0] if is_sayable else ""


def members_of(family: DesignFamily) -> list[Member]:
    """Return the badges of a family by name, each with whether it may follow; earlier versions are no members."""
    rows = (
        DesignRow.objects.filter(family=family)
        .exclude(badge_class__status=BadgeClass.Status.SUPERSEDED)
        .select_related("badge_class__issuer__organisation", "family")
        .annotate(
            is_awarded=Exists(BadgeClass.objects.filter(pk=OuterRef("badge_class"), assertions__isnull=False)),
            is_endorsed=Exists(_endorsements().filter(badge_class=OuterRef("badge_class"))),
        )
        .order_by("badge_class__name", "badge_class__pk")
    )
    return [_member(row) for row in rows]


def _endorsements() -> Any:
    """Return what stands for all to see; their table is of a room above this one."""
    related: Any = BadgeClass._meta.get_field("endorsements").related_model  # noqa: SLF001 -- Django's documented Meta API
    return related.objects.shown()


def _member(row: Any) -> Member:
    why_not = ""
    if row.is_awarded:
        why_not = _("People hold it.")
    elif row.badge_class.status == BadgeClass.Status.ARCHIVED:
        why_not = _("It is archived.")
    elif rules.is_read_before_it_changes(row.badge_class):
        why_not = _("A second person approves what everybody sees.")
    elif row.is_endorsed:
        why_not = _("It is endorsed as it stands.")
    elif not is_drawn(row.badge_class, row):
        why_not = _("Its picture was uploaded.")
    is_current = is_drawn(row.badge_class, row) and row.shown == design_of(row).as_json()
    is_refused = not why_not and not is_current and row.drawn_at >= row.family.updated_at
    return Member(row, is_current, may_follow=not why_not, why_not=why_not, is_refused=is_refused)


def badges_to_gather(organisation: Organisation) -> list[BadgeClass]:
    """Return by name the badges that a family can take in: they may change, and nobody uploaded a picture for them."""
    awarded = BadgeClass.objects.filter(pk=OuterRef("pk"), assertions__isnull=False)
    found = (
        BadgeClass.objects.of_organisation(organisation)
        .filter(status__in=[BadgeClass.Status.DRAFT, BadgeClass.Status.PUBLISHED, BadgeClass.Status.PILOT])
        .filter(design__family=None, is_template=False)
        .exclude(Exists(awarded))
        .exclude(Exists(_endorsements().filter(badge_class=OuterRef("pk"))))
        .select_related("issuer__organisation", "design")
        .prefetch_related("departments")
        .by_name()
    )
    return [
        badge
        for badge in found
        if rules.may_change(badge, is_awarded=False)
        and (not badge.image or is_drawn(badge, getattr(badge, "design", None)))
    ]


# --- One badge -----------------------------------------------------------------------------------------------


def draw(design: Design, *, issuer: Issuer, title: str = "") -> Drawing:
    """Draw a picture and let it through the same checks as an uploaded one.

    Raises `DesignRefused` for what cannot be drawn, and `PictureNotDrawable` for a logo that no badge may carry.
    """
    logo = logo_of(issuer) if design.logo else None
    svg = draw_svg(design, logo=logo, title=title)
    try:
        picture = accept_picture(svg.encode())
    except PictureRefused as refused:
        raise PictureNotDrawable(
            _("With this logo the picture cannot be used: %(why)s Leave the logo out.") % {"why": refused.sentence}
        ) from refused
    return Drawing(design, picture, draw_png(svg, size=PNG_SIZE))


def draw_badge(
    *,
    badge_class: BadgeClass,
    design: Design,
    by: User | None,
    at: datetime,
    family: DesignFamily | None = None,
    seen: datetime | None = None,
) -> BadgeClass:
    """Give a badge the picture that a design draws, in the look of `family`, and return it.

    Where the badge said nothing of its picture, or what was suggested for the one before, it says what is drawn now.
    `seen` is as in `edit_badge_class`, and so are `BadgeIsAwarded`, `NeedsApproval`, `BadgeIsEndorsed`, `WrongMoment`
    and `ChangedMeanwhile`; raises also what `draw` does. Then nothing has changed.
    """
    drawing = draw(styled(design, family), issuer=badge_class.issuer, title=badge_class.name)
    with transaction.atomic():
        locked = locked_badge_class(badge_class)
        refuse_frozen(locked)
        refuse_endorsed(locked)
        refuse_stale(locked, seen)
        _set_picture(locked, design, drawing, family=family, by=by, at=at)
        return locked


def _set_picture(
    locked: BadgeClass,
    design: Design,
    drawing: Drawing,
    *,
    family: DesignFamily | None,
    by: User | None,
    at: datetime,
) -> None:
    before = row_of(locked)
    with translation.override(locked.language or "en"):
        suggested_before = describe(read_design(before.shown)) if before else ""
        suggested = describe(drawing.design)
    changed = ["picture"]
    if locked.image_alt.strip() in {"", suggested_before} and locked.image_alt != suggested:
        locked.image_alt = suggested[:300]
        changed.append("image_alt")
    forget_pictures(locked)
    draw_picture(locked, drawing.picture, drawing.png)
    locked.updated_at = at
    locked.save(update_fields=["image", "image_png", "image_alt", "updated_at"])
    keep_design(badge_class=locked, spec=design.as_json(), shown=drawing.design.as_json(), by=by, at=at, family=family)
    if locked.status != BadgeClass.Status.DRAFT:
        refuse_unpublishable(locked)
    audit.record(
        "badge_class.edited",
        by=by,
        at=at,
        subject=locked,
        organisation_id=locked.issuer.organisation_id,
        issuer_id=locked.issuer_id,
        details={"changed": changed},
    )


# --- Families ------------------------------------------------------------------------------------------------


def make_family(
    *,
    organisation: Organisation,
    name: str,
    design: Design,
    decides: Collection[str],
    by: User | None,
    at: datetime,
    badges: Iterable[BadgeClass] = (),
) -> DesignFamily:
    """Make a family, take `badges` in, drawing each of them, and return it.

    A badge without a design begins with an icon that its name brings to mind. Raises `FamilyRefused`, or what
    `draw_badge` does; then nothing is made.
    """
    with transaction.atomic():
        family = DesignFamily(organisation=organisation, created_at=at, updated_at=at)
        family.name = _free_name(family, name)
        family.spec, family.decides = design.as_json(), _known_parts(decides)
        try:
            with transaction.atomic():
                family.save(force_insert=True)
        except IntegrityError as taken:
            raise _name_taken(name) from taken
        _record("design_family.created", family, by=by, at=at)
        for badge in badges:
            join_family(family=family, badge_class=badge, by=by, at=at)
        return family


def join_family(*, family: DesignFamily, badge_class: BadgeClass, by: User | None, at: datetime) -> BadgeClass:
    """Let a badge look like its family, draw it, and return it; its own icon, words and stars stay its own.

    Raises `FamilyRefused` for a badge of another organisation, or what `draw_badge` does.
    """
    if badge_class.issuer.organisation_id != family.organisation_id:
        raise FamilyRefused(_("A family gathers badges of your own organisation alone. Choose another badge."))
    row = row_of(badge_class)
    own = read_design(row.spec) if row else first_design(badge_class)
    try:
        return draw_badge(badge_class=badge_class, design=own, family=family, by=by, at=at)
    except DesignRefused as refused:
        raise FamilyRefused(_of_badge(badge_class, refused)) from refused


@transaction.atomic
def leave_family(*, badge_class: BadgeClass, by: User | None, at: datetime) -> BadgeClass:
    """Let a badge go its own way. It looks as it did: what the family decided becomes its own."""
    locked = locked_badge_class(badge_class)
    row = row_of(locked)
    if row is not None and row.family is not None:
        family = row.family
        row.spec, row.family = row.shown, None
        row.save(update_fields=["spec", "family"])
        _record("design_family.left", family, by=by, at=at, badge=locked.name)
    return locked


def edit_family(
    *,
    family: DesignFamily,
    name: str,
    design: Design,
    decides: Collection[str],
    by: User | None,
    at: datetime,
    seen: datetime | None = None,
) -> FamilyChange:
    """Change the look of a family: all its badges that may change are drawn anew, and follow in one act.

    More than `AT_ONCE` are drawn by a worker, who finds by `Design.shown` what is still to do. Badges that people
    hold stay as they are; `make_next_versions` goes on with them. Raises `ChangedMeanwhile` when the family is not
    the one that was `seen`, or `FamilyRefused`; then nothing has changed.
    """
    decides = _known_parts(decides)
    looks_same = design.as_json() == family.spec and decides == list(family.decides)
    changed = DesignFamily(pk=family.pk, organisation_id=family.organisation_id, spec=design.as_json(), decides=decides)
    members = [] if looks_same else members_of(family)
    followers = [member for member in members if member.may_follow]
    is_many = len(followers) > AT_ONCE
    drawings = {} if is_many else _drawings(followers, changed)
    with transaction.atomic():
        locked = DesignFamily.objects.select_for_update().select_related("organisation").get(pk=family.pk)
        if seen is not None and locked.updated_at != seen:
            raise ChangedMeanwhile(
                _("Somebody else changed this family while you had it open. Look at it first; save again to replace.")
            )
        before = locked.name
        locked.name = _free_name(locked, name)
        if not looks_same:
            locked.previous_spec, locked.previous_decides = locked.spec, locked.decides
            locked.spec, locked.decides, locked.updated_at = changed.spec, decides, at
        try:
            with transaction.atomic():
                locked.save()
        except IntegrityError as taken:
            raise _name_taken(name) from taken
        redrawn, left = _follow(followers, drawings, locked, by=by, at=at) if drawings else ([], [])
        if not looks_same:
            _record("design_family.restyled", locked, by=by, at=at, badges=len(followers))
        elif before != locked.name:
            _record("design_family.renamed", locked, by=by, at=at, before=before)
        if is_many:
            actor = str(by.pk) if by else ""
            transaction.on_commit(lambda: redraw_family_later.delay(family_id=str(locked.pk), by_id=actor))
    left += [member.badge for member in members if not member.may_follow]
    return FamilyChange(locked, redrawn, left, waiting=len(followers) if is_many else 0)


def undo_family_change(*, family: DesignFamily, by: User | None, at: datetime) -> FamilyChange:
    """Give the family the look that it had before its last change, and its badges with it. Undone again, it is back.

    Raises `NothingToUndo`.
    """
    if family.previous_spec is None:
        raise NothingToUndo(_("This family looks as it was made. There is no change to undo."))
    return edit_family(
        family=family,
        name=family.name,
        design=read_design(family.previous_spec),
        decides=family.previous_decides or [],
        seen=family.updated_at,
        by=by,
        at=at,
    )


def redraw_family(*, family: DesignFamily, by: User | None, at: datetime, most: int | None = None) -> bool:
    """Draw the badges of a family that do not look like it yet, each in an act of its own; whether more are left.

    Done again it does nothing twice: what was drawn since the family changed is left alone, and so is what was tried
    and cannot be drawn (`Member.is_refused`).
    """
    waiting = [one for one in members_of(family) if one.may_follow and not one.is_current and not one.is_refused]
    for member in waiting[:most]:
        own = read_design(member.row.spec)
        try:
            drawing = draw(styled(own, family), issuer=member.badge.issuer, title=member.badge.name)
        except UserFacingError:
            # Looked at, as far as that goes: nobody comes back for it until the family changes again.
            DesignRow.objects.filter(pk=member.row.pk, drawn_at__lt=at).update(drawn_at=at)
            continue
        with transaction.atomic():
            # In this order, and looked at again: a family that changed meanwhile has a worker of its own.
            now = DesignFamily.objects.select_for_update().filter(pk=family.pk, updated_at=family.updated_at).first()
            if now is None:
                return False
            _follow([member], {member.badge.pk: drawing}, now, by=by, at=at)
    return most is not None and len(waiting) > most


def unfinished_families() -> list[DesignFamily]:
    """Return the families that were restyled and have badges that do not follow yet, though they might."""
    drafts = [BadgeClass.Status.DRAFT, BadgeClass.Status.PUBLISHED, BadgeClass.Status.PILOT]
    stale = DesignFamily.objects.filter(
        designs__drawn_at__lt=F("updated_at"), designs__badge_class__status__in=drafts
    ).distinct()
    return [
        family
        for family in stale
        if any(one.may_follow and not one.is_current and not one.is_refused for one in members_of(family))
    ]


@transaction.atomic
def delete_family(*, family: DesignFamily, by: User | None, at: datetime) -> None:
    """Part a family. Its badges look as they did; each has its own design from now on."""
    locked = DesignFamily.objects.select_for_update().select_related("organisation").get(pk=family.pk)
    DesignRow.objects.filter(family=locked).update(spec=F("shown"), family=None)
    _record("design_family.deleted", locked, by=by, at=at)
    locked.delete()


def make_next_versions(*, family: DesignFamily, by: User | None, at: datetime) -> list[BadgeClass]:
    """Begin the next version of each badge of the family that cannot follow and looks otherwise, as drafts.

    All of them or none, `MOST_VERSIONS` at a time; a badge whose next version was begun already is passed over.
    """
    held = [member for member in members_of(family) if not member.is_current and member.may_have_version]
    begun = set(
        BadgeClass.objects.filter(
            series__in=[one.badge.series for one in held], status=BadgeClass.Status.DRAFT
        ).values_list("series", flat=True)
    )
    made = []
    with transaction.atomic():
        for member in [one for one in held if one.badge.series not in begun][:MOST_VERSIONS]:
            own = read_design(member.row.spec)
            try:
                drawing = draw(styled(own, family), issuer=member.badge.issuer, title=member.badge.name)
            except DesignRefused as refused:
                raise FamilyRefused(_of_badge(member.badge, refused)) from refused
            fields = replace(fields_of(member.badge), picture=drawing.picture)
            draft = make_next_version(badge_class=member.badge, fields=fields, by=by, at=at)
            keep_design(
                badge_class=draft, spec=own.as_json(), shown=drawing.design.as_json(), by=by, at=at, family=family
            )
            made.append(draft)
    return made


def _drawings(members: Sequence[Member], family: DesignFamily) -> dict[Any, Drawing]:
    """Draw before the transaction: it takes longer than locks should be held."""
    found = {}
    for member in members:
        try:
            own = read_design(member.row.spec)
            found[member.badge.pk] = draw(styled(own, family), issuer=member.badge.issuer, title=member.badge.name)
        except (DesignRefused, PictureNotDrawable) as refused:
            raise FamilyRefused(_of_badge(member.badge, refused)) from refused
    return found


def _follow(
    members: Sequence[Member],
    drawings: dict[Any, Drawing],
    family: DesignFamily,
    *,
    by: User | None,
    at: datetime,
) -> tuple[list[BadgeClass], list[BadgeClass]]:
    """Set the pictures; a badge that was awarded, changed hands or got another picture meanwhile is left as it is."""
    redrawn, left = [], []
    for member in members:
        locked = locked_badge_class(member.badge)
        row = row_of(locked)
        try:
            refuse_frozen(locked)
            refuse_endorsed(locked)
        except UserFacingError:
            left.append(locked)
            continue
        is_same = row is not None and row.spec == member.row.spec and row.family_id == family.pk
        if not is_same or not is_drawn(locked, row):
            left.append(locked)
            continue
        _set_picture(locked, read_design(member.row.spec), drawings[locked.pk], family=family, by=by, at=at)
        redrawn.append(locked)
    return redrawn, left


def _known_parts(decides: Collection[str]) -> list[str]:
    parts = [part for part in STYLE_PARTS if part in decides]
    if not parts:
        raise FamilyRefused(_("Choose at least one thing that is the same for the whole family."), field="decides")
    return parts


def _free_name(family: DesignFamily, name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise FamilyRefused(_("Give the family a name, such as “Safety”."), field="name")
    if len(name) > NAME_LIMIT:
        raise FamilyRefused(_("Shorten the name to %(most)d characters.") % {"most": NAME_LIMIT}, field="name")
    others = DesignFamily.objects.filter(organisation=family.organisation_id, name__iexact=name)
    if others.exclude(pk=family.pk).exists():
        raise _name_taken(name)
    return name


def _name_taken(name: str) -> FamilyRefused:
    return FamilyRefused(
        _("Another family is called “%(name)s” already. Choose another name.") % {"name": name[:NAME_LIMIT]},
        field="name",
    )


def _of_badge(badge: BadgeClass, refused: UserFacingError) -> str:
    return _("“%(badge)s” cannot look like this: %(why)s") % {"badge": badge, "why": refused.message}


def _record(type: str, family: DesignFamily, *, by: User | None, at: datetime, **details: object) -> None:  # noqa: A002 -- the word of the trail
    audit.record(
        type, by=by, at=at, subject=family, organisation_id=family.organisation_id, issuer_id=None, details=details
    )
