"""The audit trail in words: event type -> sentence for people.

To make a new event readable, add a line to `SAYINGS`, or, where its details change the sentence, a function marked
`@says`. A type that nobody described still reads as words.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from badgeserver.audit.models import AuditEvent

Text = str | Promise
Words = Callable[[AuditEvent], str]


@dataclass(frozen=True, slots=True)
class Description:
    """One event for a reader. The sentence has no person in it: who acted stands beside it (`event.actor_name`)."""

    sentence: str
    icon: str  # a lucide name
    tone: str = ""  # good, warn, bad or nothing


@dataclass(frozen=True, slots=True)
class Saying:
    """How one event type is said: words with `%(subject)s` and the event's details, or a function."""

    words: Text | Words
    icon: str = "circle"
    tone: str = ""


#: Every event type that has words of its own; further ones are marked `@says` below.
SAYINGS: dict[str, Saying] = {
    # Organisations and issuers
    "organisation.created": Saying(_lazy("Created the organisation %(subject)s"), "building-2", "good"),
    "issuer.created": Saying(_lazy("Created the issuer %(subject)s"), "building-2", "good"),
    "issuer.key.created": Saying(_lazy("Made the signing key %(subject)s of %(issuer)s"), "key-round"),
    "issuer.key.replaced": Saying(
        _lazy("Replaced the signing key of %(issuer)s: it signs with %(subject)s now"), "key-round"
    ),
    "issuer.key.compromised": Saying(
        _lazy("Reported the signing key %(subject)s of %(issuer)s as stolen: %(note)s"), "shield-alert", "bad"
    ),
    "issuer.domain.added": Saying(_lazy("Added the domain %(subject)s of %(issuer)s"), "globe"),
    "issuer.domain.proved": Saying(
        _lazy("%(subject)s confirms %(issuer)s: its proof was found (%(method)s)"), "badge-check", "good"
    ),
    "issuer.domain.withdrawn": Saying(
        _lazy("%(subject)s no longer confirms %(issuer)s: its proof was missing for too long"), "badge-alert", "bad"
    ),
    "issuer.domain.removed": Saying(_lazy("Removed the domain %(subject)s of %(issuer)s"), "globe", "warn"),
    "issuer.domain.hosting_started": Saying(
        _lazy("Put new public addresses of %(issuer)s under %(subject)s"), "link", "good"
    ),
    "issuer.domain.hosting_stopped": Saying(
        _lazy("Stopped making public addresses of %(issuer)s under %(subject)s"), "unlink"
    ),
    "issuer.token.created": Saying(_lazy("Made the token %(subject)s (%(prefix)s…) of %(issuer)s"), "key-square"),
    "issuer.token.revoked": Saying(
        _lazy("Revoked the token %(subject)s (%(prefix)s…) of %(issuer)s"), "key-square", "warn"
    ),
    # Accounts
    "account.renamed": Saying(_lazy("Changed their own name"), "user-pen"),
    "account.password.forgotten": Saying(_lazy("Removed the password of their account"), "key-round"),
    # Badges
    "badge_class.created": Saying(_lazy("Created the badge “%(subject)s”"), "hexagon"),
    "badge_class.published": Saying(_lazy("Published the badge “%(subject)s”"), "hexagon", "good"),
    "badge_class.archived": Saying(_lazy("Archived the badge “%(subject)s”"), "archive"),
    "badge_class.restored": Saying(_lazy("Took the badge “%(subject)s” out of the archive"), "archive-restore"),
    "badge_class.copied": Saying(_lazy("Copied a badge to the new draft “%(subject)s”"), "copy"),
    "badge_class.imported": Saying(_lazy("Imported the badge “%(subject)s”"), "import", "good"),
    "badge_class.translation.added": Saying(_lazy("Said “%(subject)s” in %(language_name)s"), "languages", "good"),
    "badge_class.translation.changed": Saying(_lazy("Changed “%(subject)s” in %(language_name)s"), "languages"),
    "badge_class.translation.removed": Saying(
        _lazy("Took %(language_name)s away from “%(subject)s”"), "languages", "warn"
    ),
    "badge_class.deleted": Saying(_lazy("Deleted the badge “%(subject)s”"), "trash-2", "warn"),
    "badge_class.version.started": Saying(_lazy("Began version %(version)s of “%(subject)s”"), "git-branch-plus"),
    "badge_class.version.published": Saying(
        _lazy("Published version %(version)s of “%(subject)s”: %(change_note)s"), "hexagon", "good"
    ),
    "badge_class.version.discarded": Saying(
        _lazy("Discarded the draft of version %(version)s of “%(subject)s”"), "trash-2", "warn"
    ),
    "badge_class.corrected": Saying(_lazy("Corrected the badge “%(subject)s”: %(note)s"), "spell-check"),
    "badge_class.holders.invited": Saying(
        _lazy("Invited %(people)s holders of “%(subject)s” to earn version %(version)s"), "mail"
    ),
    # Awards
    "assertion.awarded": Saying(_lazy("Awarded “%(badge)s”"), "award", "good"),
    "assertion.name.shown": Saying(_lazy("Agreed to show the name on an award of “%(badge)s”"), "eye"),
    "assertion.name.hidden": Saying(_lazy("Hid the name on an award of “%(badge)s”"), "eye-off"),
    "assertion.decline.undone": Saying(_lazy("Took an award of “%(badge)s” after all"), "undo-2", "good"),
    "assertion.erased": Saying(
        _lazy("Deleted what the declined award of “%(badge)s” said of its recipient"), "eraser", ""
    ),
    "assertion.declined": Saying(_lazy("Declined an award of “%(badge)s”"), "circle-slash", "warn"),
    "assertion.mails.stopped": Saying(_lazy("Stopped the mails from %(issuer)s"), "mail-x", ""),
    "assertion.mails.resumed": Saying(_lazy("Wants mails from %(issuer)s again"), "mail", ""),
    # Reports of visitors
    "problem_report.received": Saying(_lazy("A visitor reported a problem about “%(about)s”"), "flag", "warn"),
    "problem_report.closed": Saying(_lazy("Closed a report about “%(about)s”"), "check", "good"),
    "problem_report.reopened": Saying(_lazy("Opened a report about “%(about)s” again"), "undo-2", ""),
    "assertion.restored": Saying(_lazy("Took the revocation of an award of “%(badge)s” back"), "undo-2", "good"),
    "assertion.notice.queued_again": Saying(_lazy("Sent the mail about an award of “%(badge)s” again"), "mail"),
}


def says(event_type: str, *, icon: str, tone: str = "") -> Callable[[Words], Words]:
    """Mark the function that puts one event type into words."""

    def mark(words: Words) -> Words:
        SAYINGS[event_type] = Saying(words, icon, tone)
        return words

    return mark


def describe(event: AuditEvent) -> Description:
    """Return the event in words. Details that are missing leave a gap, never an error: the trail outlives its code."""
    saying = SAYINGS.get(event.type)
    if saying is None:
        return Description(_spelled_out(event), "circle")
    sentence = saying.words(event) if callable(saying.words) else str(saying.words) % _Values(event)
    return Description(" ".join(sentence.split()), saying.icon, saying.tone)


class _Values(dict[str, object]):
    """The details of an event by name, its subject as `subject`, and “…” for what was not recorded."""

    def __init__(self, event: AuditEvent) -> None:
        super().__init__({**event.details, "subject": event.subject_name})

    def __missing__(self, name: str) -> str:
        return "…"


def _spelled_out(event: AuditEvent) -> str:
    """Read `subject[.part].past_tense` aloud: “assertion.notice.queued_again” is “Assertion notice queued again”."""
    words = event.type.replace(".", " ").replace("_", " ").strip().capitalize()
    return f"{words}: {event.subject_name}" if event.subject_name else words


# --- Sentences that depend on the details -----------------------------------------------------------------------

_FIELD_WORDS: dict[str, Text] = {
    "name": _lazy("name"),
    "url": _lazy("website"),
    "email": _lazy("contact address"),
    "description": _lazy("description"),
    "telephone": _lazy("telephone"),
    "language": _lazy("language"),
    "image": _lazy("picture"),
    "image_alt": _lazy("words for the picture"),
    "linkedin_id": _lazy("LinkedIn number"),
    "picture": _lazy("picture"),
    "steps": _lazy("how to earn it"),
    "alignments": _lazy("skills"),
    "criteria_narrative": _lazy("criteria"),
    "criteria_url": _lazy("criteria page"),
    "learned": _lazy("what is learned"),
    "assessed": _lazy("how it is assessed"),
    "tags": _lazy("tags"),
    "category": _lazy("category"),
    "level": _lazy("level"),
    "validity": _lazy("validity"),
    "validity_months": _lazy("validity"),
    "validity_until": _lazy("validity"),
}


@says("issuer.edited", icon="pencil")
def _issuer_edited(event: AuditEvent) -> str:
    before = event.details.get("name_before")
    if before:
        return _("Renamed the issuer %(before)s to %(subject)s%(rest)s") % {
            "before": before,
            "subject": event.subject_name,
            "rest": _and_changed([name for name in _changed(event) if name != "name"]),
        }
    return _("Changed the issuer %(subject)s: %(fields)s") % {
        "subject": event.subject_name,
        "fields": _listed(_changed(event)),
    }


@says("badge_class.edited", icon="pencil")
def _badge_class_edited(event: AuditEvent) -> str:
    fields = _listed(_changed(event))
    if not fields:
        return _("Saved the badge “%(subject)s” unchanged") % {"subject": event.subject_name}
    return _("Changed the badge “%(subject)s”: %(fields)s") % {"subject": event.subject_name, "fields": fields}


@says("assertion.revoked", icon="ban", tone="bad")
def _assertion_revoked(event: AuditEvent) -> str:
    reason = str(event.details.get("reason") or "")
    sentence = _("Revoked an award of “%(badge)s”") % _Values(event)
    return f"{sentence}: {reason}" if reason else sentence


@says("staff.invited", icon="user-plus")
def _staff_invited(event: AuditEvent) -> str:
    return _("Invited %(email)s as %(role)s") % _staff_values(event)


@says("staff.invitation.sent_again", icon="mail")
def _invitation_sent_again(event: AuditEvent) -> str:
    return _("Sent the invitation of %(email)s as %(role)s again") % _staff_values(event)


@says("staff.invitation.withdrawn", icon="user-x")
def _invitation_withdrawn(event: AuditEvent) -> str:
    return _("Withdrew the invitation of %(email)s as %(role)s") % _staff_values(event)


@says("staff.joined", icon="user-check", tone="good")
def _staff_joined(event: AuditEvent) -> str:
    return _("Accepted the invitation and joined as %(role)s") % _staff_values(event)


@says("staff.role_changed", icon="user-cog")
def _staff_role_changed(event: AuditEvent) -> str:
    return _("Made %(person)s %(role)s, before %(role_before)s") % _staff_values(event)


@says("staff.removed", icon="user-minus", tone="warn")
def _staff_removed(event: AuditEvent) -> str:
    return _("Removed %(person)s (%(role)s) from the staff") % _staff_values(event)


@says("staff.restored", icon="undo-2")
def _staff_restored(event: AuditEvent) -> str:
    return _("Took the removal of %(person)s (%(role)s) back") % _staff_values(event)


def _staff_values(event: AuditEvent) -> _Values:
    values = _Values(event)
    for name in ("role", "role_before"):
        if name in values:
            values[name] = str(values[name]).capitalize()  # the code OWNER reads as “Owner”
    return values


def _changed(event: AuditEvent) -> list[str]:
    names = event.details.get("changed")
    return [str(name) for name in names] if isinstance(names, list) else []


def _and_changed(names: list[str]) -> str:
    listed = _listed(names)
    return _(", and changed %(fields)s") % {"fields": listed} if listed else ""


def _listed(names: Iterable[str]) -> str:
    """Return the names of fields in words, each once: “website, telephone”."""
    words = dict.fromkeys(str(_FIELD_WORDS.get(name, name.replace("_", " "))) for name in names)
    return ", ".join(words)


# --- Endorsements -----------------------------------------------------------------------------------------------


def _endorsement(words: Text) -> Words:
    """Return the words about an endorsement, with what is endorsed as `%(thing)s`."""

    def say(event: AuditEvent) -> str:
        values = _Values(event)
        things = {"issuer": _("the issuer %(endorsed)s"), "award": _("an award of “%(endorsed)s”")}
        values["thing"] = things.get(str(values["kind"]), _("the badge “%(endorsed)s”")) % values
        return str(words) % values

    return say


SAYINGS |= {
    f"endorsement.{event}": Saying(_endorsement(words), icon, tone)
    for event, words, icon, tone in [
        ("given", _lazy("%(endorser)s endorsed %(thing)s"), "handshake", "good"),
        ("received", _lazy("Received an endorsement of %(thing)s by %(endorser)s"), "handshake", ""),
        ("imported", _lazy("Imported the endorsement of %(thing)s by %(endorser)s"), "handshake", "good"),
        ("accepted", _lazy("Shows the endorsement of %(thing)s by %(endorser)s"), "eye", "good"),
        ("declined", _lazy("Declined the endorsement of %(thing)s by %(endorser)s"), "x", ""),
        ("hidden", _lazy("Hid the endorsement of %(thing)s by %(endorser)s"), "eye-off", ""),
        ("reopened", _lazy("Took the answer to the endorsement of %(thing)s by %(endorser)s back"), "undo-2", ""),
        ("revoked", _lazy("%(endorser)s took the endorsement of %(thing)s back: %(reason)s"), "ban", "warn"),
        (
            "failed",
            _lazy("The endorsement of %(thing)s by %(endorser)s no longer holds, and is hidden: %(problem)s"),
            "shield-x",
            "bad",
        ),
        (
            "changed",
            _lazy("The endorsement of %(thing)s by %(endorser)s says something else now, and waits for your answer"),
            "clock-alert",
            "warn",
        ),
        ("holds_again", _lazy("The endorsement of %(thing)s by %(endorser)s holds again"), "shield-check", "good"),
    ]
}
