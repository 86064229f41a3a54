"""Prove domains of an issuer, and let its public addresses lie under one of them (docs/adr/0011, docs/adr/0015)."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.dns import CouldNotAsk, NoSuchRecord, lookup_txt
from badgeserver.errors import UserFacingError
from badgeserver.openbadges.domains import (
    DomainProof,
    NotADomain,
    confirmed_by_file,
    confirmed_by_record,
    domain_of,
    domain_proof,
    may_be_an_origin,
)
from badgeserver.openbadges.errors import FetchFailed, InvalidJson
from badgeserver.openbadges.fetching import Fetch, Fetched
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.outbound import fetch_any
from issuers.documents import issuer_id
from issuers.models import Domain, Issuer
from issuers.queries import forget_known_domains
from issuers.rules import proof_has_lapsed

Ask = Callable[[str], list[str]]

#: More domains than any issuer has; each is looked up every day.
MAX_DOMAINS = 10

_PROBLEM_LENGTH = 300


class DomainRefused(UserFacingError):
    """What was typed is no domain that could confirm this issuer."""

    code = "domain_refused"
    field = "name"


class DomainInUse(UserFacingError):
    """Addresses under the domain are inside badges: it can be stopped, never forgotten."""

    code = "domain_in_use"


class DomainNotReady(UserFacingError):
    """Public addresses cannot lie under this domain yet; the sentence says what is to be done first."""

    code = "domain_not_ready"


def add_domain(*, issuer: Issuer, name: str, by: User, at: datetime) -> Domain:
    """Note a domain whose owner is to confirm the issuer; nothing is proved yet.

    `name` is what somebody typed, also a whole web address. Raises `DomainRefused`.
    """
    try:
        domain_name = domain_of(name)
    except NotADomain:
        raise DomainRefused(_("Write the domain alone, such as example.org.")) from None
    if domain_name in {urlsplit(base).hostname for base in (settings.SITE_URL, *settings.FORMER_SITE_URLS)}:
        raise DomainRefused(
            _("This is the address of this server, which everybody here shares. Write a domain of your own.")
        )
    with transaction.atomic():
        locked = Issuer.objects.select_for_update().get(pk=issuer.pk)
        names = list(locked.domains.values_list("name", flat=True))
        if domain_name in names:
            raise DomainRefused(_("%(domain)s stands in the list already.") % {"domain": domain_name})
        if len(names) >= MAX_DOMAINS:
            raise DomainRefused(
                _("An issuer has at most %(number)d domains. Remove one that is not needed.") % {"number": MAX_DOMAINS}
            )
        domain = Domain.objects.create(issuer=locked, name=domain_name, created_at=at)
        _record("issuer.domain.added", domain, by=by, at=at)
    return domain


def remove_domain(*, domain: Domain, by: User, at: datetime) -> None:
    """Forget a domain: it confirms the issuer no longer. Raises `DomainInUse` when badges hold addresses under it."""
    with transaction.atomic():
        locked = Domain.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=domain.pk)
        if locked.hosting_since is not None:
            raise DomainInUse(_("Addresses under this domain are inside badges, so it stays in the list for ever."))
        _record("issuer.domain.removed", locked, by=by, at=at)
        locked.delete()
        transaction.on_commit(forget_known_domains)


# --- The proof -----------------------------------------------------------------------------------------------


class Sight(enum.Enum):
    """What one look found."""

    FOUND = enum.auto()
    ABSENT = enum.auto()  # the domain itself says that it is not there
    UNKNOWN = enum.auto()  # nobody answered, which proves nothing


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one place, and in words what was wrong there."""

    sight: Sight
    problem: str = ""


def check_domain(
    *, domain: Domain, by: User | None, at: datetime, ask: Ask = lookup_txt, fetch: Fetch = fetch_any
) -> Domain:
    """Look whether the owner of the domain confirms the issuer, by the record or by the file, and return the row.

    A proof that is missing for seven days in a row is withdrawn, and new public addresses no longer lie under the
    domain. That a server does not answer is no missing proof, until it was silent for sixty days. `ask` and `fetch` are
    the network.
    """
    proof = domain_proof(domain.name, issuer_id(domain.issuer))
    looks = {Domain.Method.DNS: _look_at_record(proof, ask)}
    if looks[Domain.Method.DNS].sight is not Sight.FOUND:
        looks[Domain.Method.FILE] = _look_at_file(proof, fetch)
    found = next((method for method, look in looks.items() if look.sight is Sight.FOUND), None)
    with transaction.atomic():
        locked = Domain.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=domain.pk)
        locked.checked_at = at
        locked.problem = "" if found else " ".join(look.problem for look in looks.values())[:_PROBLEM_LENGTH]
        if found:
            _note_found(locked, found, by=by, at=at)
        elif locked.proved_at is not None:
            locked.unseen_since = locked.unseen_since or at
            if _is_absent(locked, looks):
                locked.failing_since = locked.failing_since or at
            if proof_has_lapsed(failing_since=locked.failing_since, unseen_since=locked.unseen_since, at=at):
                _withdraw(locked, at=at)
        locked.save()
        transaction.on_commit(forget_known_domains)
    return locked


def _is_absent(domain: Domain, looks: dict[Domain.Method, Look]) -> bool:
    """Whether the place where the proof was found before says now that it is not there."""
    return looks[Domain.Method(domain.proved_by)].sight is Sight.ABSENT


def _note_found(domain: Domain, method: Domain.Method, *, by: User | None, at: datetime) -> None:
    is_news = domain.proved_at is None
    domain.proved_by, domain.failing_since, domain.unseen_since = method, None, None
    if is_news:
        domain.proved_at = at
        _record("issuer.domain.proved", domain, by=by, at=at, method=str(method.label))


def _withdraw(domain: Domain, *, at: datetime) -> None:
    domain.proved_by, domain.proved_at = "", None
    domain.failing_since = domain.failing_since or domain.unseen_since
    _record("issuer.domain.withdrawn", domain, by=None, at=at, problem=domain.problem)
    if domain.is_host:
        domain.hosted_until = at
        _record("issuer.domain.hosting_stopped", domain, by=None, at=at)


def _look_at_record(proof: DomainProof, ask: Ask) -> Look:
    try:
        texts = ask(proof.record_name)
    except NoSuchRecord:
        return Look(Sight.ABSENT, _("There is no TXT record at %(name)s.") % {"name": proof.record_name})
    except CouldNotAsk as problem:
        return Look(Sight.UNKNOWN, str(problem))
    if confirmed_by_record(texts, proof.file_line):
        return Look(Sight.FOUND)
    return Look(Sight.ABSENT, _("The TXT record at %(name)s says something else.") % {"name": proof.record_name})


def _look_at_file(proof: DomainProof, fetch: Fetch) -> Look:
    try:
        answer = fetch(proof.file_url)
    except FetchFailed as problem:
        return Look(Sight.UNKNOWN, str(problem))
    host = (urlsplit(answer.url).hostname or "").lower()
    if host != proof.domain and not host.endswith(f".{proof.domain}"):
        # Who may redirect a domain to elsewhere need not own it, and elsewhere is not the domain.
        return Look(Sight.ABSENT, _("%(url)s leads to %(host)s.") % {"url": proof.file_url, "host": host})
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Look(Sight.UNKNOWN, _("%(url)s answers %(status)d.") % {"url": proof.file_url, "status": answer.status})
    if answer.status != HTTPStatus.OK:
        return Look(Sight.ABSENT, _("There is no file at %(url)s.") % {"url": proof.file_url})
    if confirmed_by_file(answer.body, proof.file_line):
        return Look(Sight.FOUND)
    return Look(Sight.ABSENT, _("The file at %(url)s says something else.") % {"url": proof.file_url})


# --- Public addresses under the domain -----------------------------------------------------------------------


def start_hosting(*, domain: Domain, by: User, at: datetime, fetch: Fetch = fetch_any) -> Domain:
    """Let new public addresses of the issuer lie under this domain, and return its row.

    Badges and awards made from now on get ids under it; what was made before keeps its own. Another domain that the
    issuer used is stopped. The domain must be proved, must be one that validators accept as an origin, and must lead to
    this very server, which is fetched to see. Raises `DomainNotReady`.
    """
    _check_origin(domain)
    if domain.proved_at is None:
        raise DomainNotReady(_("Prove first that the domain is yours."))
    _check_leads_here(domain, fetch)
    _check_proof_stays(domain, fetch)
    with transaction.atomic():
        issuer = Issuer.objects.select_for_update().get(pk=domain.issuer_id)
        locked = Domain.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=domain.pk)
        if locked.is_host:
            return locked
        if locked.proved_at is None:
            raise DomainNotReady(_("Prove first that the domain is yours."))
        for other in issuer.domains.hosting().filter(hosted_until=None):
            _stop(other, by=by, at=at)
        locked.hosting_since, locked.hosted_until = locked.hosting_since or at, None
        locked.save(update_fields=["hosting_since", "hosted_until"])
        _record("issuer.domain.hosting_started", locked, by=by, at=at)
        transaction.on_commit(forget_known_domains)
    return locked


def stop_hosting(*, domain: Domain, by: User, at: datetime) -> Domain:
    """Let new public addresses lie under the site's own address again. What lies under the domain stays answered."""
    with transaction.atomic():
        locked = Domain.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=domain.pk)
        if locked.is_host:
            _stop(locked, by=by, at=at)
    return locked


def _stop(domain: Domain, *, by: User, at: datetime) -> None:
    domain.hosted_until = at
    domain.save(update_fields=["hosted_until"])
    _record("issuer.domain.hosting_stopped", domain, by=by, at=at)


def _check_origin(domain: Domain) -> None:
    """Refuse what validators would refuse as an origin beside the issuer's own (OB2-ISS-90)."""
    own = urlsplit(domain.issuer.origin).netloc
    if not may_be_an_origin(own):
        raise DomainNotReady(
            _(
                "This issuer’s own address is under %(own)s, which is no public name. Programs that check badges accept"
                " a second name only beside a public one."
            )
            % {"own": own}
        )
    if not may_be_an_origin(domain.name):
        raise DomainNotReady(
            _("Validators of badges accept only host names whose last part is letters. Choose another domain.")
        )


def _check_leads_here(domain: Domain, fetch: Fetch) -> None:
    address = f"https://{domain.name}{reverse('public:issuer', args=[domain.issuer_id])}"
    try:
        answer = fetch(address)
    except FetchFailed as problem:
        raise DomainNotReady(
            _("%(problem)s Point %(domain)s to this server, with a certificate, and try again.")
            % {"problem": problem, "domain": domain.name}
        ) from problem
    if answer.url != address:
        raise DomainNotReady(
            _("%(domain)s sends visitors on to %(host)s. Let it answer itself, from this server, and try again.")
            % {"domain": domain.name, "host": urlsplit(answer.url).hostname}
        )
    if answer.status != HTTPStatus.OK or _id_in(answer) != issuer_id(domain.issuer):
        raise DomainNotReady(
            _("%(domain)s answers, but not from this server. Point it here and try again.") % {"domain": domain.name}
        )


def _check_proof_stays(domain: Domain, fetch: Fetch) -> None:
    """Refuse a proof that goes with the move: the file lay on the server that answered for the domain before."""
    if domain.proved_by != Domain.Method.FILE:
        return
    proof = domain_proof(domain.name, issuer_id(domain.issuer))
    if _look_at_file(proof, fetch).sight is not Sight.FOUND:
        raise DomainNotReady(
            _(
                "The file that proves %(domain)s is not found any more since the domain leads to this server. "
                "Publish the TXT record at %(record)s in its place, look for the proof again, and try again."
            )
            % {"domain": domain.name, "record": proof.record_name}
        )


def _id_in(answer: Fetched) -> object:
    try:
        return parse_object(answer.body).get("id")
    except InvalidJson:
        return None


def _record(event: str, domain: Domain, *, by: User | None, at: datetime, **details: object) -> None:
    audit.record(
        event,
        by=by,
        at=at,
        subject=domain,
        organisation_id=domain.issuer.organisation_id,
        issuer_id=domain.issuer_id,
        details={"issuer": domain.issuer.name, **details},
    )
