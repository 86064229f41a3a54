import base64
import io
import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from assertions.actions.revoke import revoke_assertion
from assertions.actions.verify import (
    AWARD_STEPS,
    MAX_BYTES,
    Finding,
    NothingToCompare,
    StepState,
    belongs_to,
    check_award,
    check_award_step,
    check_presented,
    fetch_own,
)
from assertions.documents import assertion_url
from assertions.models import Assertion, BakedImage
from badgeserver.addresses import public_url
from badgeserver.openbadges import FetchFailed, Verdict, bake
from badgeserver.openbadges.jws import sign
from badgeserver.openbadges.keys import generate_private_key
from badgeserver.openbadges.verification import CheckCode
from tests.conftest import award
from tests.factories.badges import SVG, png

ELSEWHERE = {
    "@context": "https://w3id.org/openbadges/v2",
    "type": "Assertion",
    "id": "https://badges.example.net/1",
    "verification": {"type": "HostedBadge"},
}
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def at(now):
    return now + timedelta(days=1)


@pytest.fixture
def revoked(assertion, sam, now) -> Assertion:
    return revoke_assertion(assertion=assertion, reason="Awarded by mistake", by=sam, at=now)


def states(findings):
    return {step.code: step.state for step in findings.steps}


def baked(assertion, form=BakedImage.Form.PNG):
    with assertion.baked_images.get(form=form).file.open() as file:
        return file.read()


def tampered(jws, old, new):
    head, payload, signature = jws.split(".")
    changed = base64.urlsafe_b64decode(payload + "==").replace(old, new)
    return f"{head}.{base64.urlsafe_b64encode(changed).rstrip(b'=').decode()}.{signature}"


def legacy_picture(address):
    """A PNG as Open Badges 1.0 baked it: a tEXt chunk with an address (OB2-BAK-31)."""
    chunk = PngInfo()
    chunk.add_text("openbadges", address)
    data = io.BytesIO()
    Image.new("RGB", (90, 90)).save(data, "PNG", pnginfo=chunk)
    return data.getvalue()


# --- One award -----------------------------------------------------------------------------------------------


def test_check_award_passes_every_step(assertion, at):
    findings = check_award(assertion_id=assertion.pk, at=at)
    assert states(findings) == dict.fromkeys(AWARD_STEPS, StepState.PASSED)
    assert (findings.verdict, findings.checked_at) == (Verdict.VALID, at)


def test_check_award_step_says_what_the_whole_check_says(assertion, at):
    whole = check_award(assertion_id=assertion.pk, at=at)
    assert tuple(check_award_step(assertion_id=assertion.pk, code=code, at=at) for code in AWARD_STEPS) == whole.steps


def test_check_award_reads_each_document_once(assertion, at, django_assert_num_queries):
    # Award; badge with steps and alignments; profile with its key. Then the signature: itself, key, badge, profile.
    with django_assert_num_queries(13):
        check_award(assertion_id=assertion.pk, at=at)


def test_check_award_finds_a_revocation(revoked, at):
    findings = check_award(assertion_id=revoked.pk, at=at)
    assert findings.verdict is Verdict.REVOKED
    assert states(findings) == {
        CheckCode.HOSTED: StepState.PASSED,
        CheckCode.SIGNATURE: StepState.SKIPPED,
        CheckCode.STRUCTURE: StepState.SKIPPED,
        CheckCode.REVOCATION: StepState.FAILED,
        CheckCode.EXPIRY: StepState.SKIPPED,
        CheckCode.ISSUER: StepState.SKIPPED,
    }
    sentence = "The issuer has revoked this badge. The reason given: “Awarded by mistake”"
    assert findings.steps[3].sentence == sentence


def test_check_award_finds_an_expiry(svg_badge, sam, now, django_capture_on_commit_callbacks, at):
    svg_badge.validity, svg_badge.validity_months = "MONTHS", 1
    svg_badge.save()
    made = award(svg_badge, "x@example.org", by=sam, at=now, capture=django_capture_on_commit_callbacks)
    assert check_award(assertion_id=made.pk, at=at).verdict is Verdict.VALID
    findings = check_award(assertion_id=made.pk, at=now + timedelta(days=40))
    assert findings.verdict is Verdict.EXPIRED
    assert states(findings)[CheckCode.EXPIRY] is StepState.FAILED


def test_check_award_is_valid_before_it_is_signed(assertion, at):
    Assertion.objects.filter(pk=assertion.pk).update(finished_at=None, jws="")
    findings = check_award(assertion_id=assertion.pk, at=at)
    assert findings.verdict is Verdict.VALID
    assert states(findings)[CheckCode.SIGNATURE] is StepState.SKIPPED


def test_check_award_finds_a_signature_of_somebody_else(assertion, at):
    forged = sign(assertion.signed_json.encode(), generate_private_key())
    Assertion.objects.filter(pk=assertion.pk).update(jws=forged)
    findings = check_award(assertion_id=assertion.pk, at=at)
    assert findings.verdict is Verdict.INVALID
    assert states(findings)[CheckCode.SIGNATURE] is StepState.FAILED


# --- The network that ends at our door -----------------------------------------------------------------------


def test_fetch_own_answers_as_the_world_is_answered(assertion, anonymous):
    fetched = fetch_own(assertion_url(assertion))
    answer = anonymous.get(f"/public/assertions/{assertion.pk}")
    assert (fetched.status, fetched.content_type, fetched.body) == (200, answer["Content-Type"], answer.content)


def test_fetch_own_tells_of_what_is_not_there(db):
    assert fetch_own(public_url("public:assertion", NOBODY)).status == 404
    assert fetch_own(f"{public_url('public:assertion', NOBODY)}/nowhere").status == 404


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example.net/public/assertions/1",
        "http://badges.example.org.evil.example.net/public/assertions/1",
        "http://badges.example.org@evil.example.net/",
        "http://badges.example.org",
        "file:///etc/passwd",
        "",
    ],
)
def test_fetch_own_asks_nobody_else(url):
    with pytest.raises(FetchFailed):
        fetch_own(url)


def test_fetch_own_opens_no_private_page():
    with pytest.raises(FetchFailed):
        fetch_own("http://badges.example.org/verify/")


# --- What strangers bring ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        "{url}",
        "  {url}\n",
        "<{url}>",
        "{url}.json",
        "{url}.jws",
        "{url}/image.png",
        "{url}?utm_source=mail",
        "https://badges.example.org/public/assertions/{pk}",
        "badges.example.org/public/assertions/{pk}",
        "http://badges.example.org/verify/{pk}/",
        "{pk}",
        "urn:uuid:{signed}",
        "{hosted_json}",
        "{signed_json}",
        "{jws}",
    ],
)
def test_presented_award_is_found(assertion, at, form):
    source = form.format(
        url=assertion_url(assertion),
        pk=assertion.pk,
        signed=assertion.signed_uuid,
        hosted_json=assertion.hosted_json,
        signed_json=assertion.signed_json,
        jws=assertion.jws,
    )
    answer = check_presented(source=source, at=at)
    assert (answer.finding, answer.assertion, answer.differs) == (Finding.CHECKED, assertion, False)
    assert answer.findings.verdict is Verdict.VALID


def test_presented_signature_may_be_broken_over_lines(assertion, at):
    lines = "\n".join(assertion.jws[start : start + 60] for start in range(0, len(assertion.jws), 60))
    assert check_presented(source=lines, at=at).findings.verdict is Verdict.VALID


def test_presented_picture_is_enough(assertion, at):
    answer = check_presented(source=baked(assertion), at=at)
    assert (answer.finding, answer.assertion) == (Finding.CHECKED, assertion)
    assert answer.findings.verdict is Verdict.VALID


def test_presented_svg_is_enough(svg_badge, rita, sam, now, at, django_capture_on_commit_callbacks):
    made = award(svg_badge, rita.email, by=sam, at=now, capture=django_capture_on_commit_callbacks)
    answer = check_presented(source=baked(made, BakedImage.Form.SVG), at=at)
    assert (answer.assertion, answer.findings.verdict) == (made, Verdict.VALID)


def test_presented_picture_of_a_revoked_award(assertion, sam, now, at):
    picture = baked(assertion)
    revoke_assertion(assertion=assertion, reason="Awarded by mistake", by=sam, at=now)
    answer = check_presented(source=picture, at=at)
    assert answer.findings.verdict is Verdict.REVOKED
    assert "Awarded by mistake" in next(s.sentence for s in answer.findings.steps if s.code is CheckCode.REVOCATION)


def test_presented_signature_that_was_changed_is_not_genuine(assertion, at):
    forged = tampered(assertion.jws, b"2026-03-02", b"2020-03-02")
    answer = check_presented(source=forged, at=at)
    assert (answer.finding, answer.is_forged, answer.assertion) == (Finding.CHECKED, True, assertion)
    assert states(answer.findings)[CheckCode.SIGNATURE] is StepState.FAILED


def test_presented_picture_with_a_changed_signature_is_not_genuine(assertion, at):
    picture = bake(png(), tampered(assertion.jws, b"2026-03-02", b"2020-03-02"))
    assert check_presented(source=picture, at=at).is_forged


def test_presented_signature_of_another_key_is_not_genuine(assertion, at):
    forged = sign(assertion.signed_json.encode(), generate_private_key())
    assert check_presented(source=forged, at=at).is_forged


def test_presented_badge_of_a_stranger_who_names_our_award(assertion, at):
    document = json.loads(assertion.signed_json)
    document["verification"]["creator"] = "https://evil.example.net/key"
    forged = sign(json.dumps(document).encode(), generate_private_key())
    answer = check_presented(source=forged, at=at)
    assert (answer.finding, answer.host) == (Finding.ELSEWHERE, "evil.example.net")
    assert (answer.assertion, answer.differs) == (assertion, True)


@pytest.mark.parametrize("name", ["hosted_json", "signed_json"])
def test_presented_json_that_was_changed_is_told_from_the_genuine_award(assertion, at, name):
    changed = json.loads(getattr(assertion, name)) | {"narrative": "The best of all"}
    answer = check_presented(source=json.dumps(changed), at=at)
    assert (answer.assertion, answer.differs) == (assertion, True)
    assert answer.findings.verdict is Verdict.VALID


def test_presented_picture_with_changed_json_is_told_from_the_genuine_award(assertion, at):
    changed = json.loads(assertion.hosted_json) | {"narrative": "The best of all"}
    answer = check_presented(source=bake(png(), json.dumps(changed)), at=at)
    assert (answer.assertion, answer.differs) == (assertion, True)


@pytest.mark.parametrize("changes", [{}, {"narrative": "The best of all"}])
def test_presented_hosted_badge_in_a_signature_is_compared_too(assertion, at, changes):
    forged = sign(json.dumps(json.loads(assertion.hosted_json) | changes).encode(), generate_private_key())
    for source in (forged, forged.encode(), bake(png(), forged)):
        answer = check_presented(source=source, at=at)
        assert (answer.assertion, answer.differs) == (assertion, bool(changes))


def test_presented_old_picture_with_an_address_inside(assertion, at):
    answer = check_presented(source=legacy_picture(assertion_url(assertion)), at=at)
    assert (answer.assertion, answer.differs) == (assertion, False)


def test_presented_picture_of_an_award_that_never_was(assertion, at):
    unknown = json.loads(assertion.hosted_json) | {"id": public_url("public:assertion", NOBODY)}
    assert check_presented(source=bake(png(), json.dumps(unknown)), at=at).finding is Finding.NOT_FOUND


@pytest.mark.parametrize("creator", ["https://[bad", "", 7, {"id": "https://["}])
def test_presented_signature_with_a_broken_creator(assertion, at, creator):
    document = json.loads(assertion.signed_json) | {"badge": "https://[worse"}
    document["verification"]["creator"] = creator
    forged = sign(json.dumps(document).encode(), generate_private_key())
    assert check_presented(source=forged, at=at).finding is Finding.ELSEWHERE


@pytest.mark.parametrize(
    ("source", "host"),
    [
        ("https://badges.example.net/assertions/1", "badges.example.net"),
        (json.dumps(ELSEWHERE), "badges.example.net"),
    ],
)
def test_presented_badge_of_another_server_is_not_judged(db, at, source, host):
    answer = check_presented(source=source, at=at)
    assert (answer.finding, answer.host, answer.findings) == (Finding.ELSEWHERE, host, None)


@pytest.mark.parametrize(
    "source",
    [
        NOBODY,
        f"urn:uuid:{NOBODY}",
        f"http://badges.example.org/public/assertions/{NOBODY}",
        "http://badges.example.org/nowhere",
        "badges.example.org/public/assertions/cut-sh",
    ],
)
def test_presented_address_without_an_award(db, at, source):
    assert check_presented(source=source, at=at).finding is Finding.NOT_FOUND


def test_presented_address_of_a_badge_is_explained(badge, at):
    answer = check_presented(source=public_url("public:badge", badge.pk), at=at)
    assert answer.finding is Finding.NO_BADGE
    assert answer.sentence.startswith("This link describes a badge, or its issuer.")


@pytest.mark.parametrize(
    ("source", "finding", "sentence"),
    [
        (png(), Finding.NO_BADGE, "This PNG carries no badge."),
        (SVG, Finding.NO_BADGE, "This SVG carries no badge."),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, Finding.NO_BADGE, None),
        (b"%PDF-1.7", Finding.NO_BADGE, "This is neither a badge nor the address of one."),
        (b"\xff\xfe\x00", Finding.NO_BADGE, "This file is neither a PNG or SVG image nor a badge as text."),
        (b"", Finding.NO_BADGE, None),
        ("hello", Finding.NO_BADGE, "This is neither a badge nor the address of one."),
        ("\x00", Finding.NO_BADGE, None),
        ("{", Finding.NO_BADGE, None),
        ("[" * 100_000, Finding.NO_BADGE, None),
        ("{}", Finding.NO_BADGE, None),
        ("eyJhbGciOiJub25lIn0.e30.", Finding.NO_BADGE, None),
        ("a" * (MAX_BYTES + 1), Finding.NO_BADGE, "This is larger than 4 MB, which no badge of ours is."),
        ("http://[::1", Finding.NO_BADGE, None),
        ("http://badges.example.org/\x00", Finding.NOT_FOUND, None),
        ("http://badges.example.org/public/assertions/%00", Finding.NOT_FOUND, None),
    ],
)
def test_presented_nonsense_is_answered(db, at, source, finding, sentence):
    answer = check_presented(source=source, at=at)
    assert (answer.finding, answer.findings) == (finding, None)
    if sentence:
        assert answer.sentence == sentence


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(source=st.one_of(st.text(max_size=300), st.binary(max_size=300)))
def test_presented_anything_is_answered(db, at, source):
    assert check_presented(source=source, at=at).finding in set(Finding)


# --- Whose it is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["rita@mail.example.org", " Rita@Mail.Example.ORG "])
def test_award_belongs_to_its_recipient(assertion, email):
    assert belongs_to(assertion=assertion, email=email) is True


@pytest.mark.parametrize("email", ["rita@example.org", "rita+x@mail.example.org", "r@mail.example.org"])
def test_award_belongs_to_nobody_else(assertion, email):
    assert belongs_to(assertion=assertion, email=email) is False


@pytest.mark.parametrize(
    "email", ["", "rita", "rita@", "@", "a" * 400 + "@example.org", "rita\x00@example.org", "\x00"]
)
def test_what_is_no_address_is_not_compared(assertion, email):
    with pytest.raises(NothingToCompare):
        belongs_to(assertion=assertion, email=email)


def test_revoked_award_belongs_to_nobody(revoked, rita):
    with pytest.raises(NothingToCompare):
        belongs_to(assertion=revoked, email=rita.email)
