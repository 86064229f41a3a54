"""Verifying an Open Badges 3.0 credential of any issuer: the same report as for 2.0, from other documents.

Nothing in a credential lies at an address of its own, so the signature and whose key made it carry everything.
"""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from urllib.parse import unquote_to_bytes, urlsplit

from badgeserver.openbadges import baking
from badgeserver.openbadges.errors import BakingError, FetchFailed, InvalidJson, InvalidSignature
from badgeserver.openbadges.fetching import Answers, Fetch
from badgeserver.openbadges.identity import matches, normalize_email
from badgeserver.openbadges.iris import authority, is_data_image, is_http_url
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.jws import looks_like_jws
from badgeserver.openbadges.moments import parse_datetime
from badgeserver.openbadges.obstacles import Obstacle, could_not_fetch, obstacle_of_status
from badgeserver.openbadges.report import CHECKS, Check, CheckCode, Form, Outcome, Report, Verdict, verdict_of
from badgeserver.openbadges.v3.jwk import did_web_url
from badgeserver.openbadges.v3.proof import (
    ALGORITHMS,
    SignedCredential,
    claim_problems,
    read_credential,
    verify_signature,
)
from badgeserver.openbadges.v3.verification.facts import facts_of, in_words_of_2
from badgeserver.openbadges.v3.verification.keys import FoundKey, KeyFinder
from badgeserver.openbadges.v3.verification.reading import Document, id_of, object_of, objects_of, text_of
from badgeserver.openbadges.v3.verification.status import check_status
from badgeserver.openbadges.v3.verification.structure import credential_problems, dates_of, is_badge
from badgeserver.openbadges.vocabulary import Standard

__all__ = ["CredentialVerification", "is_credential", "verify_credential"]

CLOCK_LEEWAY = timedelta(minutes=5)
"""How far two servers' clocks may differ before a badge counts as dated in the future."""

_KNOWN_ALGORITHMS = frozenset(
    {"EdDSA", "Ed25519", "ES384", "ES512", "ES256K", "RS384", "RS512", "PS256", "PS384", "PS512"}
)
_EMBEDDED = "This badge is sealed with an embedded proof (Data Integrity), which cannot be checked here."
_UNSIGNED = "This is the text of a badge without its signature. Bring the signed file or image."


class CredentialVerification:
    """One verification, step by step; nothing is fetched before a step asks for it, and nothing twice."""

    def __init__(self, source: str | bytes, *, fetch: Fetch, now: datetime, recipient: str | None = None) -> None:
        """Take an address, a JWT, JSON, or an image; ``recipient`` is an identity to compare, if any."""
        self.now = now
        self._answers = Answers(fetch)
        self._recipient = recipient
        self._credential: SignedCredential | None = None
        self._document: Document | None = None
        self._problem: Check | None = None
        self._checks: dict[CheckCode, Check] = {}
        self._steps: dict[CheckCode, Callable[[], Check]] = {
            CheckCode.SIGNATURE: self._signature,
            CheckCode.KEY: self._key_step,
            CheckCode.STRUCTURE: self._structure,
            CheckCode.CRITERIA: self._criteria,
            CheckCode.PICTURE: self._picture_step,
            CheckCode.ISSUER: self._issuer_step,
            CheckCode.REVOCATION: self._revocation,
            CheckCode.EXPIRY: self._expiry,
            CheckCode.RECIPIENT: self._recipient_step,
        }
        self._read(source)

    @property
    def steps(self) -> tuple[CheckCode, ...]:
        """The steps that this credential needs, in the order of CHECKS."""
        if self._document is None:
            return (CheckCode.STRUCTURE,)
        left_out = {CheckCode.RECIPIENT} if self._recipient is None else set()
        return tuple(code for code in CHECKS if code in self._steps and code not in left_out)

    def check(self, code: CheckCode) -> Check:
        """The outcome of one of ``steps``, computed on first asking."""
        if code not in self._checks:
            self._checks[code] = self._steps[code]()
        return self._checks[code]

    def report(self) -> Report:
        """All steps and what they say together."""
        checks = tuple(self.check(code) for code in self.steps)
        verdict, asked = verdict_of(checks), self._answers.asked
        if self._document is None:
            return Report(
                checks=checks,
                verdict=verdict,
                checked_at=self.now,
                assertion=None,
                badge=None,
                issuer=None,
                fetched=asked,
            )
        assertion, badge, issuer = in_words_of_2(self._document)
        image, image_type = self._picture
        return Report(
            checks=checks,
            verdict=verdict,
            checked_at=self.now,
            assertion=assertion,
            badge=badge,
            issuer=issuer,
            version=str(Standard.V3),
            form=Form.SIGNED,
            facts=facts_of(self._document, image=image, image_type=image_type),
            fetched=asked,
            published={"assertion": self._document},
        )

    def _read(self, source: str | bytes) -> None:
        """Take apart what was brought; an address may answer with any of the rest."""
        try:
            text = _text_in(source)
            if is_http_url(text):
                answer = self._answers.fetch(text)
                obstacle = obstacle_of_status(answer.status)
                if obstacle is not None:
                    self._problem = _not_there(obstacle, answer.url, f"{text}: {answer.status}")
                    return
                text = _text_in(answer.body)
            if looks_like_jws(text):
                self._credential = read_credential(text)
                document = self._credential.document
            else:
                document = parse_object(text)
        except (BakingError, InvalidJson, InvalidSignature) as error:
            self._problem = Check.failed(CheckCode.STRUCTURE, str(error))
        except FetchFailed as error:
            sentence = could_not_fetch("badge", error.obstacle, error.host or urlsplit(text).hostname or "")
            self._problem = Check.unknown(CheckCode.STRUCTURE, sentence, f"{text}: {error}", obstacle=error.obstacle)
        else:
            self._document = document if is_badge(document) else None

    @property
    def _whole(self) -> Document:
        return self._document or {}

    @property
    def _issuer_id(self) -> str:
        return id_of(self._whole.get("issuer"))

    @cached_property
    def _found_key(self) -> FoundKey:
        if self._credential is None:
            return FoundKey(None, Check.unknown(CheckCode.KEY, "Not checked, because the badge is not signed."))
        return KeyFinder(self._answers).find(self._credential, self._issuer_id)

    def _signature(self) -> Check:
        code = CheckCode.SIGNATURE
        if self._credential is None:
            return Check.unknown(code, _EMBEDDED if self._whole.get("proof") else _UNSIGNED)
        algorithm = self._credential.header.get("alg")
        if algorithm not in ALGORITHMS:
            detail = f"alg: {str(algorithm)[:50]}"
            if isinstance(algorithm, str) and algorithm in _KNOWN_ALGORITHMS:
                return Check.unknown(code, "The badge is signed with a method that cannot be checked here.", detail)
            return Check.failed(code, "The badge is not signed with a method that proves anything.", detail)
        key = self._found_key
        if key.key is None:
            sentence = "Not checked, because the issuer’s key is not at hand."
            return Check.unknown(code, sentence, key.check.detail, obstacle=key.check.obstacle)
        try:
            verify_signature(self._credential, key.key)
        except InvalidSignature as error:
            return Check.failed(code, str(error))
        return Check.passed(
            code, "The signature matches: nothing was changed since the issuer signed it.", str(algorithm)
        )

    def _key_step(self) -> Check:
        if self._credential is None and self._whole.get("proof"):
            return Check.unknown(CheckCode.KEY, _EMBEDDED)
        return self._found_key.check

    def _structure(self) -> Check:
        code = CheckCode.STRUCTURE
        if self._document is None:
            return self._problem or Check.failed(code, "This is a credential, but not a badge.")
        problems = credential_problems(self._document)
        if self._credential is not None:
            problems += claim_problems(self._credential)
        if problems:
            return Check.failed(code, problems[0], " ".join(problems[1:]))
        return Check.passed(code, "Everything that belongs to a badge is there.")

    def _criteria(self) -> Check:
        code = CheckCode.CRITERIA
        criteria = object_of(self._achievement, "criteria")
        if text_of(criteria, "narrative").strip():
            return Check.passed(code, "The badge says in words what had to be done.")
        if is_http_url(criteria.get("id")):
            return Check.passed(code, "The badge names a page that says what had to be done.", text_of(criteria, "id"))
        return Check.failed(code, "The badge does not say what had to be done.")

    @property
    def _achievement(self) -> Document:
        return object_of(object_of(self._whole, "credentialSubject"), "achievement")

    @cached_property
    def _picture(self) -> tuple[bytes, str]:
        """The picture and its media type; empty when there is none that can be had."""
        address = id_of(self._achievement.get("image"))
        body = b""
        if is_data_image(address):
            body = _data_of(address)
        elif is_http_url(address):
            try:
                answer = self._answers.fetch(address)
            except FetchFailed:
                return b"", ""
            body = answer.body if answer.status == HTTPStatus.OK else b""
        kind = baking.sniff(body)
        return (body, {"png": "image/png", "svg": "image/svg+xml"}[kind]) if kind else (b"", "")

    def _picture_step(self) -> Check:
        code = CheckCode.PICTURE
        address = id_of(self._achievement.get("image"))
        if not address:
            return Check.passed(code, "The badge has no picture, which this kind of badge need not have.")
        if self._picture[0]:
            return Check.passed(code, "The badge’s picture is there.")
        if is_http_url(address):
            what, host = "picture of the badge", urlsplit(address).hostname or ""
            try:
                status = self._answers.fetch(address).status
            except FetchFailed as error:
                sentence = could_not_fetch(what, error.obstacle, error.host or host)
                return Check.unknown(code, sentence, f"{address}: {error}", obstacle=error.obstacle)
            obstacle = obstacle_of_status(status)
            if obstacle in (Obstacle.NOT_FOUND, Obstacle.TAKEN_AWAY):
                sentence = "There is no picture at the address that the badge gives."
                return Check.failed(code, sentence, f"{address}: {status}", obstacle=obstacle)
            if obstacle is not None:
                sentence = could_not_fetch(what, obstacle, host)
                return Check.unknown(code, sentence, f"{address}: {status}", obstacle=obstacle)
        sentence = "What is given as the badge’s picture is not a PNG or SVG image."
        return Check.failed(code, sentence, address[:200], obstacle=Obstacle.NOT_A_PICTURE)

    def _issuer_step(self) -> Check:
        code = CheckCode.ISSUER
        key = self._found_key.check
        name = text_of(object_of(self._whole, "issuer"), "name") or "The issuer"
        host = authority(self._issuer_id if is_http_url(self._issuer_id) else did_web_url(self._issuer_id))
        if self._credential is None or not host:
            sentence = "Not checked, because the badge does not prove where it comes from."
            return Check.unknown(code, sentence, self._issuer_id[:200])
        if key.outcome is Outcome.PASSED:
            return Check.passed(code, f"{name} signs its badges from {host}.", self._issuer_id)
        if key.outcome is Outcome.FAILED:
            sentence = f"Nothing shows that this badge comes from {host}, which it names."
            return Check.failed(code, sentence, key.sentence, obstacle=key.obstacle)
        sentence = f"It could not be checked that this badge comes from {host}."
        return Check.unknown(code, sentence, key.detail, obstacle=key.obstacle)

    def _revocation(self) -> Check:
        return check_status(self._whole, answers=self._answers, now=self.now)

    def _expiry(self) -> Check:
        code = CheckCode.EXPIRY
        starts_as, ends_as = dates_of(self._whole)
        starts, ends = parse_datetime(starts_as), parse_datetime(ends_as)
        if starts is None or (ends is None and ends_as is not None):
            return Check.unknown(code, "Not checked, because the award’s dates cannot be read.")
        if starts > self.now + CLOCK_LEEWAY:
            return Check.failed(code, f"The badge is dated in the future: {_day(starts)}.")
        if ends is None:
            return Check.passed(code, "The badge does not expire.")
        if self.now > ends:
            return Check.failed(code, f"The badge expired on {_day(ends)}.", verdict=Verdict.EXPIRED)
        return Check.passed(code, f"The badge is valid until {_day(ends)}.")

    def _recipient_step(self) -> Check:
        code = CheckCode.RECIPIENT
        subject, identity = object_of(self._whole, "credentialSubject"), self._recipient or ""
        known = [
            {"identity": item.get("identityHash"), "hashed": item.get("hashed"), "salt": item.get("salt")}
            for item in objects_of(subject, "identifier")
        ]
        own = text_of(subject, "id")
        if own == identity.strip() or own == f"mailto:{normalize_email(identity)}":
            return Check.passed(code, "The badge was awarded to the person you named.")
        if not known and not own.startswith("mailto:"):
            return Check.unknown(code, "The badge names its holder by a pseudonym, which nobody can compare.")
        # All are compared, so that the time taken does not tell which of them matched.
        compared = [matches(item, identity) for item in known]
        if any(compared):
            return Check.passed(code, "The badge was awarded to the person you named.")
        return Check.failed(code, "The badge was awarded to somebody else than the person you named.")


def verify_credential(source: str | bytes, *, fetch: Fetch, now: datetime, recipient: str | None = None) -> Report:
    """Everything there is to say about an Open Badges 3.0 credential; never raises, whatever is brought or fetched.

    ``fetch`` may raise FetchFailed; ``now`` needs a time zone; ``recipient`` adds the step that compares an identity.
    """
    return CredentialVerification(source, fetch=fetch, now=now, recipient=recipient).report()


def is_credential(text: str) -> bool:
    """Whether a JWT or a JSON text is a badge of Open Badges 3.0; says nothing about its worth."""
    text = text.strip()
    try:
        document = read_credential(text).document if looks_like_jws(text) else parse_object(text)
    except (InvalidJson, InvalidSignature):
        return False
    return is_badge(document)


def _text_in(source: str | bytes) -> str:
    if isinstance(source, str):
        return source.strip()
    if baking.sniff(source) is not None:
        return baking.unbake(source, standard=Standard.V3).strip()
    return source.decode("utf-8-sig", "replace").strip()


def _not_there(obstacle: Obstacle, url: str, detail: str) -> Check:
    if obstacle in (Obstacle.NOT_FOUND, Obstacle.TAKEN_AWAY):
        return Check.failed(CheckCode.STRUCTURE, "There is no badge at this address.", detail, obstacle=obstacle)
    sentence = could_not_fetch("badge", obstacle, urlsplit(url).hostname or "")
    return Check.unknown(CheckCode.STRUCTURE, sentence, detail, obstacle=obstacle)


def _data_of(address: str) -> bytes:
    head, _comma, data = address.partition(",")
    raw = unquote_to_bytes(data)
    if not head.endswith(";base64"):
        return raw
    try:
        return base64.b64decode(raw, validate=True)
    except binascii.Error:
        return b""


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B} {moment.year}"
