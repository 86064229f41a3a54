import re
from pathlib import Path

import pytest
from django.utils.translation import override
from lucide.templatetags.lucide import lucide

from badgeserver.audit.describe import SAYINGS, Description, describe
from badgeserver.audit.models import AuditEvent

ROOT = Path(__file__).parents[3]


def said(event_type, subject="Forklift", **details: object) -> str:
    return describe(AuditEvent(type=event_type, subject_name=subject, details=details)).sentence


@pytest.mark.parametrize(
    ("event", "details", "sentence"),
    [
        ("organisation.created", {}, "Created the organisation Forklift"),
        ("issuer.key.created", {"issuer": "Acme"}, "Made the signing key Forklift of Acme"),
        ("issuer.edited", {"changed": ["url", "image"]}, "Changed the issuer Forklift: website, picture"),
        ("issuer.edited", {"changed": ["name"], "name_before": "Truck"}, "Renamed the issuer Truck to Forklift"),
        (
            "issuer.edited",
            {"changed": ["name", "telephone"], "name_before": "Truck"},
            "Renamed the issuer Truck to Forklift, and changed telephone",
        ),
        ("badge_class.published", {}, "Published the badge “Forklift”"),
        ("badge_class.edited", {"changed": ["validity", "validity_months"]}, "Changed the badge “Forklift”: validity"),
        ("badge_class.edited", {"changed": []}, "Saved the badge “Forklift” unchanged"),
        ("assertion.awarded", {"badge": "Forklift"}, "Awarded “Forklift”"),
        (
            "assertion.revoked",
            {"badge": "Forklift", "reason": "A mistake"},
            "Revoked an award of “Forklift”: A mistake",
        ),
        ("staff.invited", {"email": "jo@example.org", "role": "EDITOR"}, "Invited jo@example.org as Editor"),
        (
            "staff.role_changed",
            {"person": "Ed", "role": "OWNER", "role_before": "EDITOR"},
            "Made Ed Owner, before Editor",
        ),
        ("staff.removed", {"person": "Ed", "role": "EDITOR"}, "Removed Ed (Editor) from the staff"),
    ],
)
def test_describe_says_what_happened(event, details, sentence):
    assert said(event, **details) == sentence


def test_describe_reads_an_unknown_type_aloud():
    assert said("pathway.step.moved_up") == "Pathway step moved up: Forklift"
    assert said("pathway.archived", subject="") == "Pathway archived"


@pytest.mark.parametrize("event_type", sorted(SAYINGS))
def test_describe_survives_missing_details(event_type):
    description = describe(AuditEvent(type=event_type, subject_name="", details={}))

    assert isinstance(description, Description)
    assert description.sentence


@pytest.mark.parametrize(
    "details", [{"changed": "name"}, {"changed": [1, None]}, {"reason": ["%s"], "badge": "100 %s %(x)s"}]
)
def test_describe_survives_strange_details(details):
    for event_type in SAYINGS:
        assert said(event_type, "50 % off %(subject)s", **details)


@pytest.mark.parametrize("icon", sorted({saying.icon for saying in SAYINGS.values()}))
def test_icon_exists(icon):
    assert lucide(icon).startswith("<svg")


def test_every_event_that_the_code_records_has_words():
    """Adding an event means adding its words: `badgeserver/audit/describe.py`."""
    pattern = re.compile(r"record\(\s*(?:type=)?\(?((?:\s*\"[a-z_.]+\"(?:\s+if[^,]+?\s+else\s+)?)+)", re.DOTALL)
    recorded = {
        event
        for room in ("issuers", "badges", "assertions", "badgeserver/accounts")
        for path in (ROOT / room).rglob("*.py")
        for call in pattern.findall(path.read_text(encoding="utf-8"))
        for event in re.findall(r"\"([a-z_]+\.[a-z_.]+)\"", call)
    }

    assert recorded - set(SAYINGS) == set()
    assert {"issuer.created", "staff.invited", "staff.invitation.sent_again"} <= recorded


@pytest.mark.parametrize(
    ("actor", "english", "german"),
    [
        ({"actor_id": "7", "actor_name": "The system"}, "The system", "The system"),
        ({"actor_name": "The recipient"}, "The recipient", "Empfänger"),
        ({}, "The system", "Das System"),
    ],
)
def test_only_those_with_an_account_act_under_a_name(actor, english, german):
    event = AuditEvent(type="assertion.declined", **actor)

    assert event.acted_by == english
    with override("de"):
        assert event.acted_by == german
