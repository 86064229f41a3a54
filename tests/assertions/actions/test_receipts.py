import base64
import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from assertions.actions.brought import Brought, bring
from assertions.actions.examine import examine_badge
from assertions.actions.receipts import (
    MOST_ATTEMPTS,
    check_at_once,
    check_receipt,
    open_receipt,
    queue_unfinished_receipts,
)
from assertions.actions.revoke import revoke_assertion
from assertions.documents import assertion_url
from assertions.models import BakedImage, Receipt
from assertions.sharing.stored_report import Conclusion
from badgeserver.addresses import public_url
from badgeserver.openbadges import bake
from badgeserver.openbadges.jws import sign
from badgeserver.openbadges.keys import generate_private_key
from tests.conftest import award
from tests.factories.badges import SVG, png
from tests.foreign import HOLDER

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def at(now):
    return now + timedelta(days=1)


@pytest.fixture
def check(at):
    """Bring something of this server, or nothing at all, and return the finished receipt."""

    def act(source, recipient=""):
        how = {"file": source} if isinstance(source, bytes) else {"text": source}
        receipt = open_receipt(brought=bring(**how, recipient=recipient), at=at)
        assert receipt.finished_at == at
        return receipt

    return act


def conclusion(receipt):
    return receipt.report["conclusion"]


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


# --- Badges of this server -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        "{url}",
        "{url}.json",
        "{url}.jws",
        "{url}.vc.jwt",
        "{url}/image.png",
        "{url}?utm_source=mail",
        "https://badges.example.org/public/assertions/{pk}",
        "badges.example.org/public/assertions/{pk}",
        "http://badges.example.org/verify/{pk}/",
        "http://badges.example.org/my/badges/{pk}/",
        "{pk}",
        "urn:uuid:{signed}",
        "urn:uuid:{credential}",
        "{hosted_json}",
        "{signed_json}",
        "{jws}",
        "{jwt}",
    ],
)
def test_award_is_found_and_valid(assertion, check, form):
    source = form.format(
        url=assertion_url(assertion),
        pk=assertion.pk,
        signed=assertion.signed_uuid,
        credential=assertion.credential_uuid,
        hosted_json=assertion.hosted_json,
        signed_json=assertion.signed_json,
        jws=assertion.jws,
        jwt=assertion.credential_jwt,
    )
    receipt = check(source)
    assert (receipt.assertion, conclusion(receipt), receipt.report["differs"]) == (assertion, "VALID", False)
    assert (receipt.report["ours"], receipt.report["again"]) == (True, assertion_url(assertion))


def test_picture_is_enough(assertion, check):
    receipt = check(baked(assertion))
    assert (receipt.assertion, conclusion(receipt)) == (assertion, "VALID")


def test_svg_is_enough(svg_badge, rita, sam, now, check, django_capture_on_commit_callbacks):
    made = award(svg_badge, rita.email, by=sam, at=now, capture=django_capture_on_commit_callbacks)
    receipt = check(baked(made, BakedImage.Form.SVG))
    assert (receipt.assertion, conclusion(receipt)) == (made, "VALID")


def test_old_picture_with_an_address_inside(assertion, check):
    assert check(legacy_picture(assertion_url(assertion))).assertion == assertion


def test_expired_award_is_genuine(svg_badge, sam, now, check, django_capture_on_commit_callbacks):
    svg_badge.validity, svg_badge.validity_months = "MONTHS", 1
    svg_badge.save()
    made = award(svg_badge, "x@example.org", by=sam, at=now, capture=django_capture_on_commit_callbacks)
    receipt = open_receipt(brought=bring(text=made.jws), at=now + timedelta(days=40))
    assert conclusion(receipt) == "EXPIRED"


def test_picture_of_a_revoked_award(assertion, sam, now, check):
    pictures = [baked(assertion), assertion_url(assertion), assertion.jws]
    revoke_assertion(assertion=assertion, reason="Awarded by mistake", by=sam, at=now)
    for source in pictures:
        receipt = check(source)
        assert conclusion(receipt) == "REVOKED"
        assert receipt.report["badge"]["name"] == "Forklift Safety"
        assert receipt.report["award"]["issued_on"]


def test_recipient_is_compared(assertion, rita, check):
    assert conclusion(check(assertion.jws, rita.email)) == "VALID"
    assert conclusion(check(assertion.jws, "max@example.org")) == "SOMEBODY_ELSES"


def test_changed_signature_is_a_forgery(assertion, check):
    forged = tampered(assertion.jws, b"2026-03-02", b"2020-03-02")
    for source in (forged, bake(png(), forged)):
        receipt = check(source)
        assert (conclusion(receipt), receipt.assertion, receipt.report["again"]) == ("FORGED", assertion, "")


def test_signature_of_another_key_is_a_forgery(assertion, check):
    assert conclusion(check(sign(assertion.signed_json.encode(), generate_private_key()))) == "FORGED"


@pytest.mark.parametrize("name", ["hosted_json", "signed_json"])
def test_changed_json_is_told_from_the_award(assertion, check, name):
    changed = json.loads(getattr(assertion, name)) | {"narrative": "The best of all"}
    for source in (json.dumps(changed), *([bake(png(), json.dumps(changed))] if name == "hosted_json" else [])):
        receipt = check(source)
        assert (receipt.assertion, conclusion(receipt)) == (assertion, "DIFFERS")
        assert [(one["member"], one["brought"]) for one in receipt.report["differences"]] == [
            ("narrative", "The best of all")
        ]


def test_changed_recipient_is_told_without_its_value(assertion, check):
    recipient = {"type": "email", "hashed": False, "identity": "max@example.org"}
    receipt = check(json.dumps(json.loads(assertion.hosted_json) | {"recipient": recipient}))
    assert receipt.report["differences"] == [{"member": "recipient", "brought": "", "published": ""}]
    assert "max" not in json.dumps(receipt.report)


def test_domain_that_confirms_the_issuer_is_named(assertion, academy, check, now):
    academy.domains.create(name="academy.example.org", created_at=now, proved_by="DNS", proved_at=now)
    assert check(assertion_url(assertion)).report["issuer"]["confirmed_by"] == "academy.example.org"


@pytest.mark.parametrize(
    "source",
    [
        NOBODY,
        f"urn:uuid:{NOBODY}",
        f"http://badges.example.org/public/assertions/{NOBODY}",
        "http://badges.example.org/nowhere",
        "badges.example.org/public/assertions/cut-sh",
        "http://badges.example.org/verify/",
        "http://badges.example.org/public/assertions/%00",
    ],
)
def test_address_without_an_award(db, check, source):
    receipt = check(source)
    assert (conclusion(receipt), receipt.assertion) == ("NOT_FOUND", None)


def test_address_of_a_badge_is_no_award(badge, check):
    assert conclusion(check(public_url("public:badge", badge.pk))) == "NO_BADGE"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (png(), "This PNG carries no badge."),
        (SVG, "This SVG carries no badge."),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, None),
        (b"%PDF-1.7", "This is neither a badge nor the address of one."),
        (b"\xff\xfe\x00", "This file is neither a PNG or SVG image nor a badge as text."),
        ("hello", "This is neither a badge nor the address of one."),
        ("{", None),
        ("[" * 100_000, None),
        ("{}", None),
        ("eyJhbGciOiJub25lIn0.e30.", None),
        ("http://[::1", None),
    ],
)
def test_nonsense_is_answered(db, check, source, sentence):
    receipt = check(source)
    assert conclusion(receipt) in {"NO_BADGE", "UNKNOWN", "NOT_FOUND"}
    if sentence:
        assert receipt.report["checks"][0]["sentence"] == sentence


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(source=st.one_of(st.text(min_size=1, max_size=300), st.binary(min_size=1, max_size=300)))
def test_anything_is_answered(db, at, source):
    receipt = open_receipt(brought=Brought(source=source), at=at)
    assert receipt.finished_at is None or conclusion(receipt) in set(Conclusion)


# --- Badges of other issuers ---------------------------------------------------------------------------------


def test_badge_of_another_issuer_waits_for_the_worker(harbour, at, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as queued:
        receipt = open_receipt(brought=bring(text=harbour.url("valid"), recipient=HOLDER), at=at)
    assert (receipt.finished_at, len(queued), harbour.asked) == (None, 1, [])
    queued[0]()
    receipt.refresh_from_db()
    assert (conclusion(receipt), receipt.attempts, bytes(receipt.source)) == ("VALID", 1, b"")
    assert receipt.report["checks"][-1]["code"] == "RECIPIENT"


def test_checking_twice_is_checking_once(harbour, at):
    receipt = open_receipt(brought=bring(text=harbour.url("valid")), at=at)
    first = check_receipt(receipt=receipt, at=at)
    asked = len(harbour.asked)
    second = check_receipt(receipt=receipt, at=at + timedelta(hours=1))
    assert (second.finished_at, second.report, len(harbour.asked)) == (at, first.report, asked)


def test_check_that_is_killed_again_and_again_is_given_up(harbour, at):
    receipt = open_receipt(brought=bring(text=harbour.url("valid")), at=at)
    Receipt.objects.update(attempts=MOST_ATTEMPTS)  # as many workers were killed in the middle of it
    given_up = check_receipt(receipt=receipt, at=at)
    assert (conclusion(given_up), given_up.verdict, given_up.finished_at) == ("GAVE_UP", "UNKNOWN", at)
    assert (bytes(given_up.source), harbour.asked) == (b"", [])


def test_check_whose_key_is_gone_is_given_up(harbour, at, settings):
    receipt = open_receipt(brought=bring(text=harbour.url("valid")), at=at)
    settings.KEY_ENCRYPTION_KEYS = ["QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="]
    assert conclusion(check_receipt(receipt=receipt, at=at)) == "GAVE_UP"


def test_unfinished_checks_are_queued_again(harbour, at, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        receipt = open_receipt(brought=bring(text=harbour.url("valid")), at=at)  # and the queue is lost
    assert queue_unfinished_receipts(queued_before=at - timedelta(minutes=1), at=at) == 0
    later = at + timedelta(minutes=2)
    assert queue_unfinished_receipts(queued_before=at + timedelta(minutes=1), at=later) == 1
    receipt.refresh_from_db()
    assert (conclusion(receipt), receipt.queued_at) == ("VALID", later)
    assert queue_unfinished_receipts(queued_before=later + timedelta(minutes=1), at=later) == 0


def test_progress_is_told_before_each_address(harbour, at):
    told = []
    examine_badge(brought=bring(text=harbour.url("valid")), at=at, tell=lambda host, asked: told.append((host, asked)))
    assert told == [("127.0.0.1", number) for number in range(len(harbour.asked))]


def test_checking_at_once_needs_no_worker(harbour, at):
    receipt = check_at_once(brought=bring(text=harbour.signed()), at=at)
    assert (conclusion(receipt), receipt.finished_at, bool(receipt.picture)) == ("VALID", at, True)


def test_slow_server_costs_no_more_than_the_budget(harbour, at, monkeypatch):
    monkeypatch.setattr("assertions.actions.examine.TOTAL_SECONDS", 0.5)
    harbour.patience.clear()
    receipt = check_at_once(brought=bring(text=harbour.url("valid")), at=at)
    assert conclusion(receipt) == "UNKNOWN"
    assert receipt.report["asked"] == [{"url": harbour.url("valid"), "status": None, "obstacle": "TOO_SLOW"}]


def test_issuer_with_hundreds_of_documents_is_cut_short(harbour, at):
    evidence = [f"{harbour.origin}/endorsements/{number}" for number in range(300)]
    harbour.publish("/valid", harbour.award("valid", endorsement=evidence))
    check_at_once(brought=bring(text=harbour.url("valid")), at=at)
    assert len(harbour.asked) <= 25


def test_receipt_of_a_foreign_award_that_names_ours_is_not_ours(assertion, harbour, at):
    receipt = check_at_once(brought=bring(text=harbour.signed(id=f"urn:uuid:{assertion.signed_uuid}")), at=at)
    assert (receipt.assertion, receipt.report["ours"]) == (assertion, False)


def test_unknown_names_of_badges_are_nobodys(harbour, at):
    receipt = check_at_once(brought=bring(text=harbour.signed(id=f"urn:uuid:{uuid4()}")), at=at)
    assert receipt.assertion is None
