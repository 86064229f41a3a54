"""Keys are replaced and given up, and what the validators say of badges from before and after."""

import json
import urllib.error
import urllib.request
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from assertions.actions.award import AwardFields, award_badge
from assertions.actions.keys import report_key_compromised
from assertions.models import Assertion
from badgeserver.openbadges.baking import unbake
from badgeserver.openbadges.fetching import Fetched
from badgeserver.openbadges.jws import sign
from badgeserver.openbadges.report import Verdict
from badgeserver.openbadges.verification import verify
from issuers.actions.signing_keys import rotate_signing_key
from issuers.documents import private_key
from issuers.models import SigningKey
from tests.conformance.judge import judge_independently

pytestmark = [pytest.mark.conformance, pytest.mark.django_db(transaction=True)]

NOW = datetime.now(tz=UTC).replace(microsecond=0)  # validators ask the clock themselves


@pytest.fixture(autouse=True)
def world(live_server, settings) -> str:
    """The product served on this machine, where its ids say it is; there before the cast is made."""
    settings.SITE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def make_award(svg_badge, ada) -> Callable[[str], Assertion]:
    """Award to somebody; its work is done when this returns."""

    def award(email: str) -> Assertion:
        fields = AwardFields(badge_class=svg_badge, email=email, issued_at=NOW - timedelta(days=3))
        return Assertion.objects.get(pk=award_badge(fields=fields, by=ada, at=NOW).pk)

    return award


def ask(url: str) -> Fetched:
    """Fetch as strangers do, whatever the status."""
    request = urllib.request.Request(url, headers={"Accept": "application/ld+json"})  # noqa: S310 -- this machine
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 -- this machine
            return Fetched(url, answer.status, answer.headers.get("Content-Type", ""), answer.read())
    except urllib.error.HTTPError as refusal:
        return Fetched(url, refusal.code, refusal.headers.get("Content-Type", ""), refusal.read())


def ours(source: str | bytes) -> Verdict:
    return verify(source, fetch=ask, now=NOW).verdict


def forms(world: str, assertion: Assertion) -> dict[str, str | bytes]:
    """Everything that the holder of an award can bring."""
    address = f"{world}/public/assertions/{assertion.pk}"
    return {
        "hosted": address,
        "jws": assertion.jws,
        "png": ask(f"{address}/image.png").body,
        "svg": ask(f"{address}/image.svg").body,
    }


def everybody_says(judge, assertion: Assertion, source: str | bytes) -> tuple[bool, list[str], bool, Verdict]:
    """The official family with its complaints, the independent library, and our own verifier."""
    verdict = judge(source)
    brought = assertion.hosted_json if isinstance(source, str) and source.startswith("http") else source
    return verdict.valid, verdict.complaints, judge_independently(brought).valid, ours(source)


def test_every_generation_stays_valid_and_tampering_is_refused(judge, world, make_award, svg_badge, ada):
    awards = [make_award("first@mail.example.org")]
    for name in ("second", "third"):
        rotate_signing_key(issuer=svg_badge.issuer, by=ada, at=NOW)
        awards.append(make_award(f"{name}@mail.example.org"))

    assert [award.signing_key.generation for award in awards] == [1, 2, 3]
    assert [json.loads(award.signed_json)["badge"].partition("/badges/")[2] for award in awards] == [
        f"{svg_badge.pk}",
        f"{svg_badge.pk}/generations/2",
        f"{svg_badge.pk}/generations/3",
    ]
    for award in awards:
        for form, source in forms(world, award).items():
            said = everybody_says(judge, award, source)
            assert (award.signing_key.generation, form, *said) == (
                *(award.signing_key.generation, form),
                *(True, [], True, Verdict.VALID),
            )
        forged = tampered(award.jws)
        assert (judge(forged).refused, judge_independently(forged).valid, ours(forged)) == (
            *(True, False),
            Verdict.INVALID,
        )


def test_a_badge_cannot_be_passed_off_as_one_of_another_generation(judge, make_award, svg_badge, ada):
    """Signed with key 2, but naming the badge, and so the profile, of key 1."""
    make_award("first@mail.example.org")
    rotate_signing_key(issuer=svg_badge.issuer, by=ada, at=NOW)
    jws = make_award("second@mail.example.org").jws
    document = payload(jws)
    document["badge"] = str(document["badge"]).partition("/generations/")[0]

    assert judge(resigned(jws, document)).refused


@pytest.mark.parametrize("generation", [1, 2])
def test_documents_of_each_generation_are_valid(judge, world, svg_badge, ada, generation):
    rotate_signing_key(issuer=svg_badge.issuer, by=ada, at=NOW)
    tail = "" if generation == 1 else f"/generations/{generation}"

    badge = judge(f"{world}/public/badges/{svg_badge.pk}{tail}")
    issuer = judge(f"{world}/public/issuers/{svg_badge.issuer_id}{tail}")

    assert (badge.valid, badge.complaints, issuer.valid, issuer.complaints) == (True, [], True, [])


@pytest.mark.parametrize("rotated_before", [False, True])
def test_compromise_makes_old_copies_invalid_and_new_ones_valid(
    judge, world, make_award, svg_badge, ada, rotated_before
):
    """Of the issuer's first key, in use or retired; a badge of another key is not touched."""
    award = make_award("first@mail.example.org")
    other = None
    if rotated_before:
        rotate_signing_key(issuer=svg_badge.issuer, by=ada, at=NOW)
        other = make_award("second@mail.example.org")
    before = forms(world, award)
    stolen = award.signing_key

    report_key_compromised(key=stolen, note="On a lost laptop.", tell_holders=True, by=ada, at=NOW)

    award.refresh_from_db()
    assert (award.signing_key.generation, award.finished_at is not None) == (2, True)
    for form in ("jws", "png", "svg"):
        said = (judge(before[form]).refused, judge_independently(before[form]).valid, ours(before[form]))
        assert (form, *said[:2]) == (form, True, False)
        assert said[2] in {Verdict.INVALID, Verdict.REVOKED}
    for form, source in forms(world, award).items():
        assert (form, *everybody_says(judge, award, source)) == (form, True, [], True, Verdict.VALID)
    assert unbake(ask(f"{world}/public/assertions/{award.pk}/image.png").body) == award.jws
    if other is not None:
        other.refresh_from_db()
        assert everybody_says(judge, other, other.jws) == (True, [], True, Verdict.VALID)


def test_what_a_thief_signs_is_refused_everywhere(judge, make_award, svg_badge, ada):
    """With the private key of a withdrawn generation: an award that this server never made."""
    award = make_award("first@mail.example.org")
    stolen = award.signing_key
    rotate_signing_key(issuer=svg_badge.issuer, by=ada, at=NOW)
    report_key_compromised(key=stolen, note="On a lost laptop.", tell_holders=False, by=ada, at=NOW)
    document = payload(award.jws)
    document["id"] = "urn:uuid:1f5d6b5e-9d5b-4c0a-9f1d-3f0f7d7f0a11"

    forged = resigned(award.jws, document, key=stolen)

    assert (judge(forged).refused, judge_independently(forged).valid) == (True, False)
    assert ours(forged) in {Verdict.INVALID, Verdict.REVOKED}


def test_compromised_generation_is_gone_and_its_profile_lists_no_key(judge, world, make_award, svg_badge, ada):
    award = make_award("first@mail.example.org")
    key = award.signing_key
    report_key_compromised(key=key, note="On a lost laptop.", tell_holders=False, by=ada, at=NOW)

    gone = ask(f"{world}/public/issuers/{svg_badge.issuer_id}/keys/{key.kid}")
    profile = json.loads(ask(f"{world}/public/issuers/{svg_badge.issuer_id}").body)
    revoked = json.loads(ask(profile["revocationList"]).body)["revokedAssertions"]

    assert (gone.status, sorted(json.loads(gone.body))) == (
        410,
        ["@context", "id", "revocationReason", "revoked", "type"],
    )
    assert "publicKey" not in profile
    assert revoked[0]["id"] == f"urn:uuid:{award.signed_uuid}"
    assert len(revoked) == 2
    assert judge(f"{world}/public/issuers/{svg_badge.issuer_id}").complaints == []


def payload(jws: str) -> dict[str, object]:
    body = jws.split(".")[1]
    document: dict[str, object] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return document


def resigned(jws: str, document: dict[str, object], *, key: SigningKey | None = None) -> str:
    """Sign another text with the real private key: of the award whose JWS this is, or of `key`."""
    signer = key or Assertion.objects.get(jws=jws).signing_key
    return sign(json.dumps(document).encode(), private_key(signer))


def tampered(jws: str) -> str:
    header, _payload, signature = jws.split(".")
    document = payload(jws) | {"narrative": "Passed with 100 of 100 points."}
    return f"{header}.{urlsafe_b64encode(json.dumps(document).encode()).rstrip(b'=').decode()}.{signature}"
