"""Endorse issuers, badges and awards, answer the endorsements of others, and bring in those from elsewhere."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit

from django.db import models, transaction
from django.utils.translation import gettext as _

from assertions import documents, tasks
from assertions.actions.own_documents import fetch_own, is_own
from assertions.models import Assertion, Endorsement, EndorsementNotice
from assertions.sharing import endorsements as endorsed
from assertions.sharing.endorsements import Subject, kind_of, organisation_of, subject_name
from badges.models import BadgeClass
from badges.queries import was_edited_since
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from badgeserver.markdown import MarkdownRefused, check_markdown, holds_address
from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.fetching import Answers, Fetch
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.report import EndorsementReport, Form, Outcome, Verdict
from badgeserver.openbadges.verification import verify_endorsement
from badgeserver.outbound import Budget, fetcher
from issuers.documents import current_origin
from issuers.models import Issuer, Organisation, Role

#: Characters of what an endorser says: a few paragraphs.
COMMENT_LIMIT = 2_000

#: What is kept of texts and addresses that come from elsewhere.
FOREIGN_COMMENT_LIMIT, NAME_LIMIT, URL_LIMIT, PROBLEM_LIMIT = 5_000, 200, 1_000, 500


class NotEndorsable(UserFacingError):
    """It is a draft, an award that no longer holds, or the endorser's own."""

    code = "not_endorsable"
    field = "subject"


class AlreadyEndorsed(UserFacingError):
    """The issuer has endorsed it before, or was asked not to."""

    code = "already_endorsed"


class CommentRefused(UserFacingError):
    """What is said cannot be shown to the world."""

    code = "comment_refused"
    field = "comment"


class AnsweredBefore(UserFacingError):
    """Somebody else was quicker, or the endorser took it back."""

    code = "endorsement_answered"


class SaysSomethingElse(UserFacingError):
    """The badge was edited after it was endorsed: the endorser has not read what it says now."""

    code = "endorsed_something_else"


class AlreadyTakenBack(UserFacingError):
    """The endorsement was taken back before; its first reason stands."""

    code = "endorsement_taken_back"


class NotGenuine(UserFacingError):
    """What was brought is no endorsement that holds, or it could not be checked."""

    code = "endorsement_not_genuine"
    field = "source"


class NotYours(UserFacingError):
    """It endorses something that does not belong to this organisation."""

    code = "endorsement_not_yours"
    field = "source"


class AlreadyImported(UserFacingError):
    """The very same endorsement is here."""

    code = "endorsement_already_imported"
    field = "source"


# --- Give and take back --------------------------------------------------------------------------------------


def give_endorsement(*, endorser: Issuer, subject: Subject, comment: str, by: User, at: datetime) -> Endorsement:
    """Say publicly, in the name of an issuer, that one stands up for an issuer, a badge or an award.

    Within one organisation it is shown at once; else it waits for the other side's answer, whose owners are mailed.
    Its document is final (OB2-ISS-140). Raises `NotEndorsable`, `AlreadyEndorsed` or `CommentRefused`.
    """
    _check_comment(comment)
    with transaction.atomic():
        return _give(endorser, _locked_subject(subject), comment.strip(), by=by, at=at)


def _give(endorser: Issuer, subject: Subject, comment: str, *, by: User, at: datetime) -> Endorsement:
    _check_endorsable(endorser, subject, at=at)
    earlier = Endorsement.objects.filter(endorser=endorser, **{_column(subject): subject})
    if earlier.filter(revoked_at=None).exists():
        raise _endorsed_before(endorser, subject)
    if any(not _was_edited_since(one) for one in earlier.filter(status=Endorsement.Status.DECLINED)):
        raise AlreadyEndorsed(
            _("They have declined an endorsement of %(endorser)s for this before. Ask them first.")
            % {"endorser": endorser.name}
        )
    organisation = organisation_of(subject)
    is_own = organisation.pk == endorser.organisation_id
    endorsement = Endorsement(
        endorser=endorser,
        origin=current_origin(endorser),
        comment=comment,
        issued_at=at.replace(microsecond=0),
        status=Endorsement.Status.ACCEPTED if is_own else Endorsement.Status.PENDING,
        decided_at=at if is_own else None,
        decided_by=by if is_own else None,
        created_at=at,
        created_by=by,
        **{_column(subject): subject},
    )
    endorsement.hosted_json = documents.endorsement_json(endorsement)
    endorsement.save(force_insert=True)
    _refresh_award(endorsement)
    _record("given", endorsement, by=by, at=at, organisation=endorser.organisation)
    if not is_own:
        # Whose account it was is not the other side's to know.
        _record("received", endorsement, by=None, at=at, organisation=organisation)
        _owe_mails(endorsement, organisation, at=at)
    return endorsement


@transaction.atomic
def revoke_endorsement(*, endorsement: Endorsement, reason: str, by: User, at: datetime) -> Endorsement:
    """Take an endorsement back that was given here, and return it: from now on its address answers 410.

    `reason` is shown to everybody who looks it up. Raises `AlreadyTakenBack`.
    """
    locked = _locked(endorsement)
    if locked.revoked_at is not None:
        raise AlreadyTakenBack(_("This endorsement was taken back before. The first reason stands."))
    locked.revoked_at, locked.revocation_reason = at, reason
    locked.save(update_fields=["revoked_at", "revocation_reason"])
    _refresh_award(locked)
    # Nobody is asked to answer what is gone.
    locked.notices.filter(handed_over_at=None).delete()
    giver, receiver = cast("Issuer", locked.endorser).organisation, organisation_of(locked.subject)
    _record("revoked", locked, by=by, at=at, organisation=giver, reason=reason)
    if receiver != giver:
        _record("revoked", locked, by=None, at=at, organisation=receiver, reason=reason)
    return locked


# --- Answer --------------------------------------------------------------------------------------------------


def accept_endorsement(*, endorsement: Endorsement, by: User, at: datetime) -> Endorsement:
    """Show an endorsement that was waiting. Raises `AnsweredBefore` or `SaysSomethingElse`."""
    return _answer(endorsement, (Endorsement.Status.PENDING,), Endorsement.Status.ACCEPTED, "accepted", by=by, at=at)


def decline_endorsement(*, endorsement: Endorsement, by: User, at: datetime) -> Endorsement:
    """Do not show an endorsement that was waiting; its endorser cannot give it again. Raises `AnsweredBefore`."""
    return _answer(endorsement, (Endorsement.Status.PENDING,), Endorsement.Status.DECLINED, "declined", by=by, at=at)


def reopen_endorsement(*, endorsement: Endorsement, by: User, at: datetime) -> Endorsement:
    """Let an endorsement that was accepted or declined wait for an answer again. Raises `AnsweredBefore`."""
    if endorsement.endorser_id is None:
        raise AnsweredBefore(_("You brought this endorsement here yourself. Hide it, if it is not to be shown."))
    answered = (Endorsement.Status.ACCEPTED, Endorsement.Status.DECLINED)
    return _answer(endorsement, answered, Endorsement.Status.PENDING, "reopened", by=by, at=at)


def hide_endorsement(*, endorsement: Endorsement, by: User, at: datetime) -> Endorsement:
    """Show an endorsement no longer. Raises `AnsweredBefore`."""
    return _answer(endorsement, (Endorsement.Status.ACCEPTED,), Endorsement.Status.DECLINED, "hidden", by=by, at=at)


def show_endorsement(*, endorsement: Endorsement, by: User, at: datetime) -> Endorsement:
    """Show an endorsement that was declined or hidden. Raises `AnsweredBefore` or `SaysSomethingElse`."""
    return _answer(endorsement, (Endorsement.Status.DECLINED,), Endorsement.Status.ACCEPTED, "accepted", by=by, at=at)


@transaction.atomic
def _answer(
    endorsement: Endorsement, before: Sequence[str], after: Endorsement.Status, event: str, *, by: User, at: datetime
) -> Endorsement:
    if endorsement.badge_class is not None:
        _locked_subject(endorsement.badge_class)  # nobody edits it meanwhile
    locked = _locked(endorsement)
    if locked.revoked_at is not None:
        raise AnsweredBefore(_("This endorsement was taken back by who gave it."))
    if locked.status not in before:
        raise AnsweredBefore(_("Somebody else has answered this endorsement. This is how it stands now."))
    if after == Endorsement.Status.ACCEPTED:
        _refuse_edited(locked)
    locked.status, locked.decided_at, locked.decided_by = after, at, by
    locked.save(update_fields=["status", "decided_at", "decided_by"])
    _refresh_award(locked)
    _record(event, locked, by=by, at=at, organisation=organisation_of(locked.subject))
    return locked


def _refuse_edited(endorsement: Endorsement) -> None:
    if _was_edited_since(endorsement):
        raise SaysSomethingElse(
            _("“%(badge)s” was edited after it was endorsed. Ask the endorser to take this back and endorse it anew.")
            % {"badge": subject_name(endorsement.subject)}
        )


def _was_edited_since(endorsement: Endorsement) -> bool:
    """Whether it is about a badge that its endorser has not read as it is now."""
    badge_class = endorsement.badge_class
    return badge_class is not None and was_edited_since(badge_class, endorsement.created_at)


# --- From elsewhere ------------------------------------------------------------------------------------------


def network() -> Fetch:
    """Return what one look at an endorsement may ask: this server's own documents, and the world within limits."""
    return fetcher(Budget(), own=fetch_own)


def import_endorsement(*, organisation: Organisation, source: str, fetch: Fetch, by: User, at: datetime) -> Endorsement:
    """Bring an endorsement in that was given elsewhere, by its address or as a signed text, and show it.

    It is verified first (OB2-ISS-141), must endorse something of this organisation, and is kept as it came; its
    endorser is who its own Profile says. `fetch` is the network. Raises `NotGenuine`, `NotYours` or
    `AlreadyImported`. Must not run inside a transaction: others wait for nobody's server.
    """
    answers = Answers(fetch)
    report = verify_endorsement(source.strip(), fetch=answers.fetch, now=at)
    if report.verdict is not Verdict.VALID:
        raise NotGenuine(_why_not(report))
    if is_own(report.id):
        raise NotGenuine(_("This endorsement was given on this server: it arrives here by itself."))
    subject = endorsed.subject_at(report.endorsed_id, is_exact=True)
    if subject is None or organisation_of(subject) != organisation:
        raise NotYours(
            _("It endorses %(id)s, which does not belong to your organisation.") % {"id": report.endorsed_id}
        )
    if len(report.id) > URL_LIMIT:
        raise NotGenuine(_("The address of this endorsement is too long to be kept."))
    with transaction.atomic():
        locked = _locked_subject(subject)
        column = {_column(locked): locked}
        if Endorsement.objects.from_elsewhere().filter(source_url=report.id, **column).exists():
            raise AlreadyImported(_("This endorsement is here already. You find it among those received."))
        endorsement = Endorsement(
            source_url=report.id,
            status=Endorsement.Status.ACCEPTED,
            decided_at=at,
            decided_by=by,
            created_at=at,
            created_by=by,
            **column,
        )
        _take_over(endorsement, report, _as_it_came(report, source, answers), at=at)
        endorsement.save(force_insert=True)
        _refresh_award(endorsement)
        _record("imported", endorsement, by=by, at=at, organisation=organisation)
    return endorsement


def recheck_endorsement(*, endorsement: Endorsement, fetch: Fetch, at: datetime) -> Endorsement:
    """Look again whether an endorsement from elsewhere holds, and show what it says now.

    One that no longer holds is hidden; one that cannot be reached is kept with the date of its last good look. When
    others speak now, or say something else than what was accepted, it waits for an answer to that.
    """
    answers = Answers(fetch)
    source = endorsement.source_json if endorsement.is_signed else endorsement.source_url
    report = verify_endorsement(source, fetch=answers.fetch, now=at)
    verdict, problem = report.verdict, _why_not(report)
    if verdict is Verdict.VALID and endorsed.subject_at(report.endorsed_id, is_exact=True) != endorsement.subject:
        verdict, problem = Verdict.INVALID, _("It endorses something else now.")
    with transaction.atomic():
        locked = _locked(endorsement)
        held, accepted = locked.holds, _said(locked)
        if verdict is Verdict.UNKNOWN:
            locked.problem = problem[:PROBLEM_LIMIT]
        elif verdict is Verdict.VALID:
            _take_over(locked, report, _as_it_came(report, source, answers), at=at)
            _ask_again(locked, accepted, at=at)
        else:
            locked.holds, locked.checked_at, locked.problem = False, at, problem[:PROBLEM_LIMIT]
        locked.save()
        _refresh_award(locked)
        if locked.holds != held:
            event = "holds_again" if locked.holds else "failed"
            organisation = organisation_of(locked.subject)
            _record(event, locked, by=None, at=at, organisation=organisation, problem=locked.problem)
    return locked


def _said(endorsement: Endorsement) -> tuple[str, str, str]:
    """Return who says what: that is what people accepted."""
    return endorsement.endorser_name, endorsement.endorser_url, endorsement.comment


def _ask_again(endorsement: Endorsement, accepted: tuple[str, str, str], *, at: datetime) -> None:
    if endorsement.status == Endorsement.Status.ACCEPTED and _said(endorsement) != accepted:
        endorsement.status, endorsement.decided_at, endorsement.decided_by = Endorsement.Status.PENDING, None, None
        _record("changed", endorsement, by=None, at=at, organisation=organisation_of(endorsement.subject))


def recheck_endorsements(*, at: datetime) -> int:
    """Queue a look at every endorsement from elsewhere; return how many there are."""
    due = list(Endorsement.objects.from_elsewhere().filter(created_at__lt=at).values_list("pk", flat=True))
    for endorsement_id in due:
        tasks.recheck_endorsement.delay(endorsement_id=str(endorsement_id))
    return len(due)


def _take_over(endorsement: Endorsement, report: EndorsementReport, original: str, *, at: datetime) -> None:
    """Keep what a verification has proved, so that it fits into columns and on pages."""
    name = _clean(report.endorser_name, NAME_LIMIT)
    # A Profile may call itself what it likes, and name any website: people are led to where it proves to be.
    is_theirs = _host_of(report.endorser_url) == _host_of(report.endorser_id)
    address = report.endorser_url if is_theirs else report.endorser_id
    endorsement.comment = _clean(report.comment, FOREIGN_COMMENT_LIMIT)
    endorsement.endorser_name = _host_of(report.endorser_id) if not name or holds_address(name) else name
    endorsement.endorser_url = address if is_http_url(address) and len(address) <= URL_LIMIT else ""
    endorsement.issued_at = report.issued_on or at
    endorsement.source_json = original
    endorsement.checked_at, endorsement.holds, endorsement.problem = at, True, ""


def _host_of(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.") if is_http_url(address) else ""


def _as_it_came(report: EndorsementReport, source: str, answers: Answers) -> str:
    """Return the signed text, or the document as its address answered: unknown members included (OB2-HST-01)."""
    if report.form is Form.SIGNED:
        return "".join(source.split())
    try:
        text = answers.fetch(report.id).body.decode("utf-8-sig").strip()
    except (FetchFailed, UnicodeDecodeError):
        text = ""
    return text if text.startswith("{") else json.dumps(dict(report.document or {}), ensure_ascii=False)


def _clean(text: str, limit: int) -> str:
    """Leave out what no database and no page can hold."""
    kept = text.encode("utf-8", "ignore").decode()
    return "".join(sign for sign in kept if sign.isprintable() or sign == "\n").strip()[:limit]


def _why_not(report: EndorsementReport) -> str:
    """Say what a report says against an endorsement, in one or two sentences; “” when nothing does."""
    weighty = next((check for check in report.checks if check.verdict is report.verdict), None)
    if weighty is None or weighty.outcome is Outcome.PASSED:
        return ""
    return f"{report.summary} {weighty.sentence}"


# --- What all of them need -----------------------------------------------------------------------------------


def _check_comment(comment: str) -> None:
    if len(comment) > COMMENT_LIMIT:
        raise CommentRefused(
            _("Shorten this to %(limit)s characters; it has %(length)s.")
            % {"limit": f"{COMMENT_LIMIT:,}", "length": f"{len(comment):,}"}
        )
    try:
        check_markdown(comment)
    except MarkdownRefused as refused:
        raise CommentRefused(refused.sentence) from refused
    if holds_address(comment):
        raise CommentRefused(_("Endorsements are public: leave out e-mail addresses, and link to a page instead."))


def _check_endorsable(endorser: Issuer, subject: Subject, *, at: datetime) -> None:
    if isinstance(subject, BadgeClass) and subject.status != BadgeClass.Status.PUBLISHED:
        raise NotEndorsable(_("Only badges that can be earned are endorsed; this one is not published any more."))
    if isinstance(subject, Assertion) and (subject.revoked_at is not None or subject.is_expired(at)):
        raise NotEndorsable(_("This award no longer holds. Only awards that hold are endorsed."))
    issuer = subject if isinstance(subject, Issuer) else subject.issuer
    if issuer == endorser:
        raise NotEndorsable(
            _("%(endorser)s stands behind this already. An endorsement comes from another issuer.")
            % {"endorser": endorser.name}
        )


def _endorsed_before(endorser: Issuer, subject: Subject) -> AlreadyEndorsed:
    return AlreadyEndorsed(
        _("%(endorser)s has endorsed “%(subject)s” already. Take that back first to say it in other words.")
        % {"endorser": endorser.name, "subject": subject_name(subject)}
    )


_LOCKED: dict[type[models.Model], Callable[[], "models.QuerySet[models.Model]"]] = {
    Issuer: lambda: Issuer.objects.select_related("organisation"),
    BadgeClass: lambda: BadgeClass.objects.select_related("issuer__organisation"),
    Assertion: lambda: Assertion.objects.select_related("badge_class", "issuer__organisation"),
}


def _locked_subject(subject: Subject) -> Subject:
    """Return what is endorsed as it is now; others who endorse it wait."""
    rows = _LOCKED[type(subject)]().select_for_update(of=("self",), no_key=True)
    return rows.get(pk=subject.pk)  # type: ignore[return-value]  # the table says which of the three


def _locked(endorsement: Endorsement) -> Endorsement:
    rows = endorsed.with_parts(Endorsement.objects.select_for_update(of=("self",)))
    return rows.get(pk=endorsement.pk)


def _column(subject: Subject) -> str:
    return {Issuer: "issuer", BadgeClass: "badge_class", Assertion: "assertion"}[type(subject)]


def _refresh_award(endorsement: Endorsement) -> None:
    """Name the endorsements in the hosted form of an endorsed award; the signed form stays as it was signed.

    The award is locked before its endorsements are read: of two answers at once, the second sees the first.
    """
    if endorsement.assertion_id is None:
        return
    assertion = Assertion.objects.select_for_update(of=("self",)).get(pk=endorsement.assertion_id)
    if assertion.erased_at is not None:
        return  # its recipient declined it, and nothing is left of it
    assertion.hosted_json = documents.hosted_json_with_endorsements(assertion)
    assertion.save(update_fields=["hosted_json"])


def _owe_mails(endorsement: Endorsement, organisation: Organisation, *, at: datetime) -> None:
    owners = organisation.memberships.filter(role=Role.OWNER).values_list("user_id", flat=True)
    owed = [
        EndorsementNotice.objects.create(endorsement=endorsement, recipient_id=owner, queued_at=at).pk
        for owner in owners
    ]
    transaction.on_commit(lambda: _queue_mails(owed), robust=True)


def _queue_mails(notice_ids: list[int]) -> None:
    for notice_id in notice_ids:
        tasks.send_endorsement_notice.delay(notice_id=notice_id)


def _record(
    event: str,
    endorsement: Endorsement,
    *,
    by: User | None,
    at: datetime,
    organisation: Organisation,
    **details: object,
) -> None:
    subject, endorser = endorsement.subject, endorsement.endorser
    about = subject if isinstance(subject, Issuer) else subject.issuer
    if endorser is not None and endorser.organisation_id == organisation.pk:
        about = endorser
    audit.record(
        f"endorsement.{event}",
        by=by,
        at=at,
        subject=endorsement,
        organisation_id=organisation.pk,
        issuer_id=about.pk,
        details={
            "endorser": endorser.name if endorser else endorsement.endorser_name,
            "kind": kind_of(subject),
            "endorsed": subject_name(subject),
            **details,
        },
    )
