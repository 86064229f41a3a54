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
    """One event for a reader. The sentence has no person in it: who acted stands beside it (`event.acted_by`)."""

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
    "organisation.edited": Saying(_lazy("Changed the settings of %(subject)s"), "sliders-horizontal"),
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
    # People
    "person.added": Saying(_lazy("Put somebody on the people list"), "user-plus"),
    "person.edited": Saying(_lazy("Changed somebody on the people list"), "user-pen"),
    "person.removed": Saying(_lazy("Took somebody off the people list"), "user-minus", "warn"),
    "person.restored": Saying(_lazy("Put somebody back on the people list"), "undo-2"),
    "person.imported": Saying(
        _lazy("Imported people: %(added)s new, %(changed)s changed, %(unchanged)s as they were"), "users", "good"
    ),
    "department.added": Saying(_lazy("Added the department “%(subject)s”"), "network"),
    "department.renamed": Saying(_lazy("Renamed the department “%(before)s” to “%(subject)s”"), "network"),
    "department.merged": Saying(_lazy("Merged the department “%(before)s” into “%(subject)s”"), "merge"),
    "department.removed": Saying(_lazy("Removed the department “%(subject)s”"), "network", "warn"),
    "department.restored": Saying(_lazy("Took the removal of the department “%(subject)s” back"), "undo-2"),
    "job_role.added": Saying(_lazy("Added the job role “%(subject)s”"), "briefcase"),
    "job_role.renamed": Saying(_lazy("Renamed the job role “%(before)s” to “%(subject)s”"), "briefcase"),
    "job_role.merged": Saying(_lazy("Merged the job role “%(before)s” into “%(subject)s”"), "merge"),
    "job_role.removed": Saying(_lazy("Removed the job role “%(subject)s”"), "briefcase", "warn"),
    "job_role.restored": Saying(_lazy("Took the removal of the job role “%(subject)s” back"), "undo-2"),
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
    "plan.brought": Saying(_lazy("Brought the plan “%(subject)s” with %(rows)s rows"), "table-2"),
    "plan.read": Saying(_lazy("Changed how the plan “%(subject)s” is read"), "table-2"),
    "plan.drafted": Saying(_lazy("Made %(count)s drafts of the plan “%(subject)s”"), "sparkles", "good"),
    "plan.undone": Saying(_lazy("Deleted %(count)s drafts of the plan “%(subject)s” again"), "undo-2", "warn"),
    "plan.forgotten": Saying(_lazy("Forgot the plan “%(subject)s”"), "trash-2", "warn"),
    "plan.restored": Saying(_lazy("Brought the plan “%(subject)s” back"), "undo-2"),
    "badge_class.hint.dismissed": Saying(_lazy("Put a hint about “%(subject)s” away"), "lightbulb"),
    "badge_class.hint.restored": Saying(_lazy("Took a hint about “%(subject)s” back"), "lightbulb"),
    "badge_class.planned": Saying(_lazy("Changed the planning of “%(subject)s”"), "route"),
    "badge_class.holders.invited": Saying(
        _lazy("Invited %(people)s holders of “%(subject)s” to earn version %(version)s"), "mail"
    ),
    "badge_class.review.asked": Saying(_lazy("Asked for a review of “%(subject)s”"), "eye"),
    "badge_class.review.approved": Saying(_lazy("Approved “%(subject)s”"), "badge-check", "good"),
    "badge_class.review.changes_asked": Saying(_lazy("Asked for changes of “%(subject)s”"), "message-square", "warn"),
    "badge_class.review.withdrawn": Saying(_lazy("Took the question for a review of “%(subject)s” back"), "undo-2"),
    "badge_class.pilot.started": Saying(
        _lazy("Started a pilot of “%(subject)s” with a test group of %(testers)s"), "flask-conical", "good"
    ),
    "badge_class.pilot.changed": Saying(_lazy("Changed the pilot of “%(subject)s”"), "flask-conical"),
    "badge_class.pilot.survey_sent": Saying(_lazy("Sent the survey about “%(subject)s” to %(people)s people"), "mail"),
    "badge_class.pilot.reminded": Saying(_lazy("Reminded %(people)s people of the survey about “%(subject)s”"), "mail"),
    "badge_class.successor.named": Saying(
        _lazy("Said that “%(successor)s” takes the place of “%(subject)s”"), "replace"
    ),
    "badge_class.successor.removed": Saying(_lazy("Said that no badge takes the place of “%(subject)s”"), "replace"),
    "badge_class.still_fits": Saying(
        _lazy("Looked at “%(subject)s” again: it still fits, next look on %(review_by)s"), "calendar-check", "good"
    ),
    "badge_class.template.made": Saying(_lazy("Made the template “%(subject)s”"), "layout-template"),
    "design_family.created": Saying(_lazy("Made the family of designs “%(subject)s”"), "layers", "good"),
    "design_family.restyled": Saying(_lazy("Gave the family “%(subject)s” another look"), "palette"),
    "design_family.renamed": Saying(_lazy("Renamed the family “%(before)s” to “%(subject)s”"), "layers"),
    "design_family.left": Saying(_lazy("Took “%(badge)s” out of the family “%(subject)s”"), "layers"),
    "design_family.deleted": Saying(_lazy("Parted the family “%(subject)s”"), "ungroup", "warn"),
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
    # Frameworks
    "framework.created": Saying(_lazy("Created the framework “%(subject)s”"), "list-tree", "good"),
    "framework.edited": Saying(_lazy("Changed what is said about the framework “%(subject)s”"), "list-tree"),
    "framework.archived": Saying(_lazy("Archived the framework “%(subject)s”"), "archive"),
    "framework.restored": Saying(_lazy("Took the framework “%(subject)s” out of the archive"), "archive-restore"),
    "framework.imported": Saying(
        _lazy("Imported “%(subject)s”: %(new)s skills new, %(changed)s changed, %(retired)s retired"), "import", "good"
    ),
    "framework.levels.set": Saying(_lazy("Set the levels of the framework “%(subject)s”"), "list-ordered"),
    "framework.competency.added": Saying(_lazy("Added the skill “%(subject)s” to %(framework)s"), "list-plus"),
    "framework.competency.edited": Saying(_lazy("Changed the skill “%(subject)s” of %(framework)s"), "pencil"),
    "framework.competency.retired": Saying(_lazy("Retired the skill “%(subject)s” of %(framework)s"), "archive"),
    "framework.competency.unretired": Saying(
        _lazy("Took the skill “%(subject)s” of %(framework)s back into use"), "undo-2"
    ),
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
    "applied": _lazy("how it is used at work"),
    "useful_for": _lazy("why it matters, and in which roles"),
    "purpose": _lazy("purpose"),
    "basis": _lazy("basis"),
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


@says("badge_class.pilot.ended", icon="flask-conical", tone="good")
def _pilot_ended(event: AuditEvent) -> str:
    said = {
        "PUBLISH": _("Ended the pilot of “%(subject)s”: published for everybody"),
        "CHANGE": _("Ended the pilot of “%(subject)s”: to be changed first"),
        "DROP": _("Ended the pilot of “%(subject)s”: dropped"),
    }
    decision = str(event.details.get("decision", ""))
    return said.get(decision, _("Ended the pilot of “%(subject)s”")) % {"subject": event.subject_name}
