"""Check a badge that was issued here through the very documents that the world gets.

Whatever a stranger brings (a link, a signature, JSON, a picture) is never believed; nothing is fetched from other
servers. Nothing here writes.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _

from assertions.models import Assertion
from assertions.sharing.award import award_of_any_id
from badgeserver.addresses import public_url
from badgeserver.errors import UserFacingError
from badgeserver.openbadges import baking
from badgeserver.openbadges.errors import FetchFailed, InvalidJson
from badgeserver.openbadges.identity import matches
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.jws import looks_like_jws, peek
from badgeserver.openbadges.verification import Check, CheckCode, Fetched, Outcome, Verdict, Verification
from badgeserver.openbadges.verification.members import iri_of, object_of
from badgeserver.openbadges.verification.report import verdict_of
from badgeserver.openbadges.verification.source import Presented, read_source

#: What may be brought: our pictures have at most 2 MB, and a baked badge adds little.
MAX_BYTES = 4 * 1024 * 1024

_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)


class NothingToCompare(UserFacingError):
    """The text is no e-mail address, or there is no award to compare it with."""

    code = "nothing_to_compare"
    field = "email"


# --- The steps of an award -----------------------------------------------------------------------------------


class StepState(StrEnum):
    """How a step of a check is shown (templates/components/check_step.html)."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a check: what was looked at, how it went, and the detail for those who want it."""

    code: CheckCode
    state: StepState
    sentence: str
    detail: str
    verdict: Verdict

    @property
    def title(self) -> str:
        return step_title(self.code)


@dataclass(frozen=True, slots=True)
class Findings:
    """All steps and what they say together, at one moment (OB2-HST-11)."""

    steps: tuple[Step, ...]
    checked_at: datetime

    @property
    def verdict(self) -> Verdict:
        return verdict_of(
            Check(step.code, Outcome.PASSED, "", "", step.verdict)
            for step in self.steps
            if step.state is not StepState.SKIPPED
        )


#: The steps of an award that was issued here, in the order in which they are shown.
AWARD_STEPS = (
    CheckCode.HOSTED,
    CheckCode.SIGNATURE,
    CheckCode.STRUCTURE,
    CheckCode.REVOCATION,
    CheckCode.EXPIRY,
    CheckCode.ISSUER,
)


def step_title(code: CheckCode) -> str:
    """Return what a step looks at, in words that hold however it goes."""
    return {
        CheckCode.HOSTED: _("Its own address"),
        CheckCode.SIGNATURE: _("Signature"),
        CheckCode.STRUCTURE: _("Completeness"),
        CheckCode.REVOCATION: _("Revocation"),
        CheckCode.EXPIRY: _("Dates"),
        CheckCode.ISSUER: _("Issuer"),
        CheckCode.RECIPIENT: _("Recipient"),
    }[code]


def check_award(*, assertion_id: UUID, at: datetime) -> Findings:
    """Run all steps for an award; each document is fetched once."""
    verification = _verification(assertion_id, at)
    steps = [_award_step(verification, assertion_id, code, at) for code in AWARD_STEPS]
    return Findings(tuple(steps), checked_at=at)


def check_award_step(*, assertion_id: UUID, code: CheckCode, at: datetime) -> Step:
    """Run one step alone, for a page that shows them one after the other."""
    return _award_step(_verification(assertion_id, at), assertion_id, code, at)


def _verification(assertion_id: UUID, at: datetime) -> Verification:
    return Verification(public_url("public:assertion", assertion_id), fetch=fetch_own, now=at)


def _award_step(verification: Verification, assertion_id: UUID, code: CheckCode, at: datetime) -> Step:
    if code is CheckCode.SIGNATURE:
        return _signature_step(assertion_id, at)
    step = _shown(verification.check(code))
    if step.state is StepState.UNKNOWN and verification.check(CheckCode.REVOCATION).verdict is Verdict.REVOKED:
        return replace(step, state=StepState.SKIPPED)
    return step


def _signature_step(assertion_id: UUID, at: datetime) -> Step:
    """Check the signed form, which lies at an address of its own; a revoked or new award shows none."""
    address = public_url("public:assertion-jws", assertion_id)
    answer = fetch_own(address)
    if answer.status != HTTPStatus.OK:
        sentence = (
            _("Not checked: a revoked badge is not handed out any more.")
            if answer.status == HTTPStatus.GONE
            else _("Not checked yet: the signed copy is being made. The address above proves the badge already.")
        )
        return Step(CheckCode.SIGNATURE, StepState.SKIPPED, sentence, address, Verdict.VALID)
    signed = Verification(answer.body, fetch=fetch_own, now=at)
    step = _shown(signed.check(CheckCode.SIGNATURE))
    return replace(step, detail=step.detail or address)


def _shown(check: Check) -> Step:
    state = {
        Outcome.PASSED: StepState.PASSED,
        Outcome.FAILED: StepState.FAILED,
        Outcome.UNKNOWN: StepState.UNKNOWN,
    }[check.outcome]
    sentence, detail = check.sentence, check.detail
    if check.verdict is Verdict.REVOKED and detail:
        sentence, detail = (
            _("The issuer has revoked this badge. The reason given: “%(reason)s”") % {"reason": detail},
            "",
        )
    return Step(check.code, state, sentence, detail, check.verdict)


# --- The network that ends at our own door -------------------------------------------------------------------


def fetch_own(url: str) -> Fetched:
    """Answer as this server would answer the world, without a network (`verification.Fetch`).

    Raises `FetchFailed` for every address that is not a public document of this server.
    """
    match = own_route(url)
    if match is None:
        if not _is_own(url):
            raise FetchFailed(_("This server does not ask other servers yet."))
        return Fetched(url=url, status=HTTPStatus.NOT_FOUND, content_type="", body=b"")
    if "public" not in match.namespaces:
        raise FetchFailed(_("This is not the address of a public document."))
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = urlsplit(url).path
    request.META = {
        "REQUEST_METHOD": "GET",
        "SERVER_NAME": settings.SITE_HOST,
        "SERVER_PORT": "443",
        "HTTP_ACCEPT": "application/ld+json, application/json;q=0.9, */*;q=0.1",
    }
    response = match.func(request, *match.args, **match.kwargs)
    content_type = response.headers.get("Content-Type", "")
    return Fetched(url=url, status=response.status_code, content_type=content_type, body=bytes(response.content))


def own_route(url: str) -> ResolverMatch | None:
    """Return where an address of this server leads, or None when it leads nowhere or elsewhere."""
    if not _is_own(url):
        return None
    try:
        return resolve(urlsplit(url[len(settings.SITE_URL) :]).path)
    except (Resolver404, ValueError):
        return None


def _is_own(url: str) -> bool:
    return url.startswith(f"{settings.SITE_URL}/")


# --- What strangers bring ------------------------------------------------------------------------------------


class Finding(StrEnum):
    """What somebody's badge turned out to be."""

    CHECKED = "checked"  # issued here, or said to be: the findings tell
    ELSEWHERE = "elsewhere"  # a badge of another server
    NOT_FOUND = "not_found"  # names this server, which knows no such award
    NO_BADGE = "no_badge"  # nothing that could be checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to “is this genuine?”. `assertion` is the award that was named, whatever was brought."""

    finding: Finding
    sentence: str = ""
    findings: Findings | None = None
    assertion: Assertion | None = None
    host: str = ""
    differs: bool = False

    @property
    def is_forged(self) -> bool:
        """It names this server, and what was brought is not what was issued."""
        return self.findings is not None and self.findings.verdict is Verdict.INVALID


def check_presented(*, source: str | bytes, at: datetime) -> Answer:
    """Say what a stranger's link, signature, JSON or picture is worth; never raises, whatever is brought."""
    if len(source) > MAX_BYTES:
        return Answer(finding=Finding.NO_BADGE, sentence=_("This is larger than 4 MB, which no badge of ours is."))
    source = _tidied(source)
    if isinstance(source, str) and (named := _UUID.fullmatch(source)):
        return _about(award_of_any_id(UUID(named[1])), at)
    if isinstance(source, str) and _is_own(source):
        return _about_route(own_route(source), at)
    presented = read_source(source)
    if presented.problem is not None:
        return Answer(finding=Finding.NO_BADGE, sentence=presented.problem.sentence)
    if presented.url:
        return _about_hosted(presented.url, source, at)
    return _about_signed(presented, source, at)


def _tidied(source: str | bytes) -> str | bytes:
    """Take what people paste as they mean it: a link in quotes or without https, a signature over several lines."""
    if isinstance(source, bytes):
        return source
    text = source.strip().strip("<>\"'").strip()
    if not text.startswith("{"):
        text = "".join(text.split())
    host = urlsplit(settings.SITE_URL).netloc
    bare = re.sub(r"^https?://", "", text, flags=re.IGNORECASE)
    if bare[: len(host) + 1].lower() == f"{host}/".lower():
        return settings.SITE_URL + bare[len(host) :]
    return text


def _about_route(match: ResolverMatch | None, at: datetime) -> Answer:
    """Answer about an address of this server: of an award's page, picture, document or check."""
    name = match.kwargs.get("assertion") if match else None
    if isinstance(name, UUID):
        return _about(award_of_any_id(name), at)
    if match is not None and match.url_name in {"badge", "badge-image", "issuer", "issuer-image"}:
        return Answer(
            finding=Finding.NO_BADGE,
            sentence=_("This link describes a badge, or its issuer. Paste the link of the award that somebody holds."),
        )
    return Answer(finding=Finding.NOT_FOUND)


def _about(assertion: Assertion | None, at: datetime, *, differs: bool = False) -> Answer:
    if assertion is None:
        return Answer(finding=Finding.NOT_FOUND)
    findings = check_award(assertion_id=assertion.pk, at=at)
    return Answer(finding=Finding.CHECKED, findings=findings, assertion=assertion, differs=differs)


def _about_hosted(url: str, source: str | bytes, at: datetime) -> Answer:
    """A hosted badge is worth what its address says; what was brought is compared with it (OB2-VER-12)."""
    if not _is_own(url):
        return _elsewhere(url)
    answer = _about_route(own_route(url), at)
    if answer.assertion is None:
        return answer
    brought = _json_of(source)
    return replace(answer, differs=brought is not None and brought != _parsed(answer.assertion.hosted_json))


def _about_signed(presented: Presented, source: str | bytes, at: datetime) -> Answer:
    payload = dict(presented.payload or {})
    named = _UUID.fullmatch(iri_of(payload.get("id")))
    assertion = award_of_any_id(UUID(named[1])) if named else None
    creator = iri_of(object_of(payload, "verification").get("creator"))
    address = creator or iri_of(payload.get("badge"))
    if not _is_own(address):
        # A forger may name our award and a key of his own: then it is not ours, and that is said with the award.
        return replace(_elsewhere(address), assertion=assertion, differs=assertion is not None)
    if presented.unsigned:
        return _about(
            assertion, at, differs=assertion is not None and _json_of(source) != _parsed(assertion.signed_json)
        )
    report = Verification(source, fetch=fetch_own, now=at).report()
    steps = tuple(_shown(check) for check in report.checks)
    if report.verdict is Verdict.REVOKED:
        steps = tuple(replace(step, state=_skipped(step)) for step in steps)
    return Answer(
        finding=Finding.CHECKED,
        findings=Findings(steps, checked_at=at),
        assertion=assertion,
        differs=report.verdict is Verdict.INVALID,
    )


def _skipped(step: Step) -> StepState:
    return StepState.SKIPPED if step.state is StepState.UNKNOWN else step.state


def _elsewhere(address: str) -> Answer:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = ""
    return Answer(finding=Finding.ELSEWHERE, host=host)


def _json_of(source: str | bytes) -> dict[str, object] | None:
    """Return the document that `read_source` understood, in a picture, signed or by itself; None for an address."""
    if isinstance(source, bytes):
        source = baking.unbake(source) if baking.sniff(source) is not None else source.decode("utf-8-sig")
    text = source.strip()
    return _parsed(peek(text)[1] if looks_like_jws(text) else text)


def _parsed(text: str | bytes) -> dict[str, object] | None:
    try:
        return parse_object(text)
    except InvalidJson:
        return None


# --- Whose badge it is ---------------------------------------------------------------------------------------


def belongs_to(*, assertion: Assertion, email: str) -> bool:
    """Whether the award was made to this address, compared with the published hash (OB2-VER-17).

    Raises `NothingToCompare` for what is no address, and for a revoked award. The address is neither kept nor told.
    """
    if assertion.revoked_at is not None:
        raise NothingToCompare(_("This badge was revoked. Whoever it was awarded to does not hold it any more."))
    candidate = email.strip()
    try:
        validate_email(candidate)
    except ValidationError:
        raise NothingToCompare(_("Type a whole e-mail address, such as name@example.org.")) from None
    recipient = (_parsed(assertion.hosted_json) or {}).get("recipient")
    return isinstance(recipient, dict) and matches(recipient, candidate)
