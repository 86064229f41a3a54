"""The door for programs: award once, look up, revoke; and everything a program may get wrong."""

import json
import uuid
from datetime import timedelta

import pytest

from assertions.models import Assertion, AwardRequest, Notice
from badges.actions.versions import make_next_version, publish_next_version
from badges.models import Validity
from badgeserver.audit.models import AuditEvent
from issuers.models import TokenScope
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import ApiTokenFactory, IssuerFactory

SECRET = f"bdg_{'a' * 40}"
SITE = "http://badges.example.org"
RITA = {"email": "rita@mail.example.org"}


@pytest.fixture
def token(academy):
    return ApiTokenFactory.create(
        issuer=academy, secret=SECRET, scopes=[TokenScope.AWARDS_READ, TokenScope.AWARDS_WRITE]
    )


@pytest.fixture
def stranger(elsewhere_issuer):
    """A token of another organisation."""
    return ApiTokenFactory.create(issuer=elsewhere_issuer, secret=f"bdg_{'b' * 40}")


def _headers(secret=SECRET, key=""):
    return {"Authorization": f"Bearer {secret}", **({"Idempotency-Key": key} if key else {})}


def _post(client, url, body, *, secret=SECRET, key=""):
    text = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(url, text, content_type="application/json", headers=_headers(secret, key))


def _url(badge):
    return f"/api/v1/badges/{badge.pk}/assertions"


def _award(client, badge, body=RITA, **how: str):
    return _post(client, _url(badge), body, **how)


# --- Award ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("token", "frozen")
def test_smallest_award(anonymous, badge):
    response = _award(anonymous, badge)

    awarded = Assertion.objects.get()
    assert response.status_code == 201
    assert response["Location"] == f"{SITE}/public/assertions/{awarded.pk}"
    assert "Idempotent-Replayed" not in response
    assert response.json() == {
        "id": str(awarded.pk),
        "url": f"{SITE}/public/assertions/{awarded.pk}",
        "badge": str(badge.pk),
        "badge_version": 1,
        "issuer": str(badge.issuer_id),
        "email": "rita@mail.example.org",
        "name": "",
        "issued_on": "2026-03-02T09:00:00Z",
        "expires_on": None,
        "narrative": "",
        "evidence": [],
        "state": "preparing",
        "revoked_on": None,
        "revocation_reason": "",
        "declined_at": None,
    }


@pytest.mark.usefixtures("token")
def test_award_with_everything(anonymous, badge):
    response = _award(
        anonymous,
        badge,
        {
            "email": "Rita@Mail.example.org",
            "name": "Rita Castle",
            "issued_on": "2026-02-01T10:00:00+01:00",
            "expires_on": "2030-12-31T23:59:59Z",
            "narrative": "**Well** done",
            "evidence": [{"url": "https://work.example.org/1", "name": "Log"}, {"narrative": "Seen"}],
        },
    )

    assert response.status_code == 201
    document = json.loads(Assertion.objects.get().hosted_json)
    assert (document["issuedOn"], document["expires"]) == ("2026-02-01T09:00:00Z", "2030-12-31T23:59:59Z")
    assert document["evidence"] == [{"id": "https://work.example.org/1", "name": "Log"}, {"narrative": "Seen"}]


@pytest.mark.usefixtures("frozen")
def test_evidence_is_taken_and_told_with_every_field(anonymous, badge, token):
    film = {
        "url": "https://work.example.org/film",
        "name": "The film",
        "description": "How it went.",
        "narrative": "All of it, **uncut**.",
        "genre": "Film",
        "audience": "New colleagues",
    }

    response = _award(anonymous, badge, {"email": "rita@mail.example.org", "evidence": [film]})

    assert response.json()["evidence"] == [film]
    [published] = json.loads(Assertion.objects.get().hosted_json)["evidence"]
    assert published == {"id": film["url"], **{key: value for key, value in film.items() if key != "url"}}


@pytest.mark.usefixtures("frozen")
def test_award_ends_as_the_badge_says_unless_told(anonymous, badge, token):
    badge.validity, badge.validity_months = Validity.MONTHS, 12
    badge.save()

    as_badge = _award(anonymous, badge).json()
    endless = _award(anonymous, badge, {"email": "other@mail.example.org", "expires_on": None}).json()

    assert (as_badge["expires_on"], endless["expires_on"]) == ("2027-03-02T23:59:59Z", None)


def test_award_stands_in_the_history_under_the_token(anonymous, badge, token):
    _award(anonymous, badge)

    event = AuditEvent.objects.get()
    assert (event.type, event.actor_id, event.actor_name) == (
        "assertion.awarded",
        str(token.pk),
        f"{token.name} (bdg_aaaa…)",
    )


# --- Once ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("token")
def test_same_request_again_is_the_same_award(anonymous, badge):
    first = _award(anonymous, badge, key="order-1")
    again = _award(anonymous, badge, key="order-1")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again["Idempotent-Replayed"] == "true"
    assert again["Location"] == first["Location"]
    assert again.json() == first.json()
    assert (Assertion.objects.count(), Notice.objects.count()) == (1, 1)


@pytest.mark.usefixtures("token")
def test_order_of_the_members_does_not_make_another_request(anonymous, badge):
    first = _award(anonymous, badge, '{"email": "rita@mail.example.org", "name": "Rita"}', key="order-1")
    again = _award(anonymous, badge, '{"name": "Rita", "email": "rita@mail.example.org"}', key="order-1")

    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("other_badge", [False, True])
def test_same_key_for_another_award_is_refused(anonymous, badge, svg_badge, other_badge):
    _award(anonymous, badge, key="order-1")

    response = (
        _award(anonymous, svg_badge, key="order-1")
        if other_badge
        else _award(anonymous, badge, {"email": "other@mail.example.org"}, key="order-1")
    )

    assert response.status_code == 409
    assert response.json() == {
        "message": "This Idempotency-Key was used for another award. Use a new key for each award.",
        "code": "idempotency_key_reused",
        "fields": {},
    }
    assert Assertion.objects.count() == 1


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("key", ["x" * 201, "a\x7fb"])
def test_unusable_key_is_refused(anonymous, badge, key):
    response = _award(anonymous, badge, key=key)

    assert response.status_code == 400
    assert response.json()["fields"] == {
        "Idempotency-Key": ["Send a key of at most 200 printable characters, such as a UUID."]
    }


@pytest.mark.usefixtures("token")
def test_refused_request_leaves_its_key_free(anonymous, badge):
    _award(anonymous, badge, {"email": "rita"}, key="order-1")

    assert AwardRequest.objects.count() == 0
    assert _award(anonymous, badge, key="order-1").status_code == 201


@pytest.mark.usefixtures("token")
def test_duplicate_is_refused_unless_meant(anonymous, badge):
    _award(anonymous, badge)

    refused = _award(anonymous, badge, {"email": "RITA@mail.example.org"})
    meant = _award(anonymous, badge, {**RITA, "allow_duplicate": True})

    assert (refused.status_code, refused.json()["code"], list(refused.json()["fields"])) == (
        409,
        "already_awarded",
        ["email"],
    )
    assert meant.status_code == 201
    assert Assertion.objects.count() == 2


# --- Tokens --------------------------------------------------------------------------------------------------


@pytest.fixture
def refused_secrets(academy, now):
    """Secrets that open nothing, by the reason."""
    made = {"revoked": {"revoked_at": now}, "expired": {"expires_at": now - timedelta(days=1)}}
    for number, (reason, fields) in enumerate(made.items()):
        ApiTokenFactory.create(issuer=academy, secret=f"bdg_{number:040d}", **fields)
        made[reason] = f"bdg_{number:040d}"
    return {**made, "unknown": f"bdg_{'z' * 40}", "nonsense": "\x00", "empty": ""}


@pytest.mark.parametrize("reason", ["revoked", "expired", "unknown", "nonsense", "empty"])
def test_token_that_opens_nothing(anonymous, badge, assertion, refused_secrets, reason):
    before = AuditEvent.objects.count()
    for response in (
        _award(anonymous, badge, secret=refused_secrets[reason]),
        _post(anonymous, f"/api/v1/assertions/{assertion.pk}/revoke", {"reason": "x"}, secret=refused_secrets[reason]),
        anonymous.get(f"/api/v1/assertions/{assertion.pk}", headers=_headers(refused_secrets[reason])),
        anonymous.get(_url(badge), headers=_headers(refused_secrets[reason])),
    ):
        assert response.status_code == 401
        assert set(response.json()) == {"message", "code", "fields"}
    assert AuditEvent.objects.count() == before


def test_no_token_and_a_session_open_nothing(as_ada, badge):
    """The API knows tokens alone: a page in a browser cannot be tricked into using it."""
    assert as_ada.post(_url(badge), RITA, content_type="application/json").status_code == 401


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [
        (TokenScope.AWARDS_READ, [200, 200, 403, 403]),
        (TokenScope.AWARDS_WRITE, [403, 403, 201, 200]),
        (TokenScope.BADGES_READ, [403, 403, 403, 403]),
    ],
)
def test_token_may_do_what_its_scopes_say(anonymous, academy, svg_badge, assertion, scope, statuses):
    ApiTokenFactory.create(issuer=academy, secret=SECRET, scopes=[scope])

    responses = [
        anonymous.get(f"/api/v1/assertions/{assertion.pk}", headers=_headers()),
        anonymous.get(_url(svg_badge), headers=_headers()),
        _award(anonymous, svg_badge),
        _post(anonymous, f"/api/v1/assertions/{assertion.pk}/revoke", {"reason": "Wrong person"}),
    ]

    assert [response.status_code for response in responses] == statuses


def test_strangers_find_nothing(anonymous, badge, assertion, stranger):
    secret = f"bdg_{'b' * 40}"
    for response in (
        _award(anonymous, badge, secret=secret),
        anonymous.get(_url(badge), headers=_headers(secret)),
        anonymous.get(f"/api/v1/assertions/{assertion.pk}", headers=_headers(secret)),
        _post(anonymous, f"/api/v1/assertions/{assertion.pk}/revoke", {"reason": "x"}, secret=secret),
    ):
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert Assertion.objects.revoked().count() == 0


@pytest.mark.usefixtures("token")
def test_other_issuer_of_the_same_organisation_finds_nothing(anonymous, acme):
    other = BadgeClassFactory.create(issuer=IssuerFactory.create(organisation=acme))

    assert _award(anonymous, other).status_code == 404


# --- What may be wrong with a body ----------------------------------------------------------------------------


@pytest.mark.usefixtures("token", "frozen")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": "rita"}, "email"),
        ({"email": "ri\x00ta@mail.example.org"}, "email"),
        ({"email": None}, "email"),
        ({**RITA, "name": "rita@mail.example.org"}, "name"),
        ({**RITA, "narrative": "Ask rita@mail.example.org."}, "narrative"),
        ({**RITA, "evidence": [{"name": "rita@mail.example.org", "narrative": "Log"}]}, "evidence.0.name"),
        ({"email": ["rita@mail.example.org"]}, "email"),
        ({"email": f"{'x' * 250}@mail.example.org"}, "email"),
        ({**RITA, "name": "Ri\x00ta"}, "name"),
        ({**RITA, "name": "\ud800"}, "name"),
        ({**RITA, "name": "x" * 121}, "name"),
        ({**RITA, "narrative": "x" * 10_001}, "narrative"),
        ({**RITA, "narrative": "\x00"}, "narrative"),
        ({**RITA, "narrative": "*" * 9_000}, "narrative"),
        ({**RITA, "issued_on": "yesterday"}, "issued_on"),
        ({**RITA, "issued_on": "9999-12-31T23:59:59-12:00"}, "issued_on"),
        ({**RITA, "expires_on": 7}, "expires_on"),
        ({**RITA, "evidence": "x"}, "evidence"),
        ({**RITA, "evidence": [{}]}, "evidence.0.url"),
        ({**RITA, "evidence": [{"name": "Log"}]}, "evidence.0.url"),
        ({**RITA, "evidence": [{"description": "Log", "genre": "Film"}]}, "evidence.0.url"),
        ({**RITA, "evidence": [{"narrative": "x", "genre": "x" * 101}]}, "evidence.0.genre"),
        ({**RITA, "evidence": [{"narrative": "x", "audience": "ada@acme.example.org"}]}, "evidence.0.audience"),
        ({**RITA, "evidence": [{"narrative": "x", "description": ["x"]}]}, "evidence.0.description"),
        ({**RITA, "evidence": [{"url": "javascript:alert(1)"}]}, "evidence.0.url"),
        ({**RITA, "evidence": [{"url": "ftp://work.example.org"}]}, "evidence.0.url"),
        ({**RITA, "evidence": [{"url": "https://user@work.example.org"}]}, "evidence.0.url"),
        ({**RITA, "evidence": [{"url": "https://work.example.org/a b"}]}, "evidence.0.url"),
        ({**RITA, "evidence": [{"narrative": "\x00"}]}, "evidence.0.narrative"),
        ({**RITA, "allow_duplicate": "perhaps"}, "allow_duplicate"),
    ],
)
def test_unusable_values_are_named(anonymous, badge, body, field):
    response = _award(anonymous, badge, body)

    assert response.status_code == 400
    assert (response.json()["code"], list(response.json()["fields"])) == ("invalid", [field])
    assert all(sentence.endswith(".") for sentence in response.json()["fields"][field])
    assert (Assertion.objects.count(), AuditEvent.objects.count()) == (0, 0)


@pytest.mark.usefixtures("token")
def test_at_most_ten_pieces_of_evidence(anonymous, badge):
    evidence = [{"url": f"https://work.example.org/{number}"} for number in range(11)]

    response = _award(anonymous, badge, {**RITA, "evidence": evidence})

    assert (response.status_code, list(response.json()["fields"])) == (400, ["evidence"])


@pytest.mark.usefixtures("token", "frozen")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**RITA, "issued_on": "2026-03-02T09:01:01Z"}, "issued_on"),
        ({**RITA, "issued_on": "2027-03-02T09:00:00Z"}, "issued_on"),
        ({**RITA, "issued_on": "1970-01-01T00:00:00Z"}, "issued_on"),
        ({**RITA, "expires_on": "2026-03-02T08:00:00Z"}, "expires_on"),
        ({**RITA, "issued_on": "2026-01-01T08:00:00Z", "expires_on": "2026-01-01T08:00:00Z"}, "expires_on"),
        ({**RITA, "expires_on": "9999-12-31T23:59:59Z"}, "expires_on"),
    ],
)
def test_impossible_dates_are_refused(anonymous, badge, body, field):
    response = _award(anonymous, badge, body)

    assert (response.status_code, response.json()["code"]) == (409, "award_dates")
    assert list(response.json()["fields"]) == [field]
    assert Assertion.objects.count() == 0


@pytest.mark.usefixtures("token")
def test_draft_badge_is_refused(anonymous, draft_badge):
    response = _award(anonymous, draft_badge)

    assert (response.status_code, response.json()["code"]) == (409, "badge_not_published")


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"no JSON", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"null", 400),
        (b'{"email": NaN}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"email": "' + b"x" * 10 * 1024 * 1024 + b'"}', 413),
    ],
)
def test_body_that_is_no_award(anonymous, badge, body, status):
    response = _award(anonymous, badge, body)

    assert response.status_code == status
    assert set(response.json()) == {"message", "code", "fields"}
    assert Assertion.objects.count() == 0


@pytest.mark.usefixtures("token")
def test_form_data_is_no_award(anonymous, badge):
    response = anonymous.post(_url(badge), RITA, headers=_headers())

    assert response.status_code == 415


@pytest.mark.usefixtures("token")
def test_badge_that_is_not_there(anonymous):
    response = _post(anonymous, f"/api/v1/badges/{uuid.uuid4()}/assertions", RITA)

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


# --- Look up -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("token")
def test_award_can_be_looked_up(anonymous, assertion):
    response = anonymous.get(f"/api/v1/assertions/{assertion.pk}", headers=_headers())

    assert response.status_code == 200
    assert (response.json()["id"], response.json()["state"]) == (str(assertion.pk), "valid")


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    ("traits", "state"),
    [({"revoked": True}, "revoked"), ({"unfinished": True}, "preparing"), ({}, "valid")],
)
def test_state_of_an_award(anonymous, badge, traits, state):
    award = AssertionFactory.create(badge_class=badge, **traits)

    assert anonymous.get(f"/api/v1/assertions/{award.pk}", headers=_headers()).json()["state"] == state


@pytest.mark.usefixtures("token")
def test_expired_award_says_so(anonymous, badge, now):
    award = AssertionFactory.create(badge_class=badge, issued_at=now - timedelta(days=9), expires_at=now)

    assert anonymous.get(f"/api/v1/assertions/{award.pk}", headers=_headers()).json()["state"] == "expired"


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_the_same_queries_for_each_length(anonymous, badge, number, django_assert_num_queries):
    AssertionFactory.create_batch(number, badge_class=badge)
    anonymous.get(_url(badge), headers=_headers())

    with django_assert_num_queries(5):
        response = anonymous.get(_url(badge), headers=_headers())

    assert response.json()["count"] == number


@pytest.mark.usefixtures("token")
def test_list_comes_in_pages(anonymous, badge):
    AssertionFactory.create_batch(3, badge_class=badge)

    response = anonymous.get(f"{_url(badge)}?page_size=2", headers=_headers())

    assert (response.json()["count"], len(response.json()["results"])) == (3, 2)
    assert anonymous.get(f"{_url(badge)}?page=nonsense", headers=_headers()).status_code == 404


# --- Revoke --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("token")
def test_award_can_be_revoked(anonymous, assertion):
    response = _post(anonymous, f"/api/v1/assertions/{assertion.pk}/revoke", {"reason": "Wrong person"})

    assert response.status_code == 200
    assert (response.json()["state"], response.json()["revocation_reason"]) == ("revoked", "Wrong person")
    assert anonymous.get(f"/public/assertions/{assertion.pk}").status_code == 410


@pytest.mark.usefixtures("token")
def test_second_revocation_is_refused(anonymous, assertion):
    url = f"/api/v1/assertions/{assertion.pk}/revoke"
    _post(anonymous, url, {"reason": "Wrong person"})

    response = _post(anonymous, url, {"reason": "Another"})

    assert (response.status_code, response.json()["code"]) == (409, "already_revoked")


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reason": ""},
        {"reason": "  "},
        {"reason": "\x00"},
        {"reason": "x" * 501},
        {"reason": "To rita@mail.example.org."},
    ],
)
def test_revocation_needs_a_reason(anonymous, assertion, body):
    response = _post(anonymous, f"/api/v1/assertions/{assertion.pk}/revoke", body)

    assert (response.status_code, list(response.json()["fields"])) == (400, ["reason"])
    assert Assertion.objects.revoked().count() == 0


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_revoking_is_a_post(anonymous, assertion, method):
    response = getattr(anonymous, method)(f"/api/v1/assertions/{assertion.pk}/revoke", headers=_headers())

    # `HasScope` refuses methods that the view does not name, before it is known that there is no such method.
    assert response.status_code == 403
    assert Assertion.objects.revoked().count() == 0


@pytest.mark.usefixtures("token")
def test_earlier_version_is_refused_with_the_id_of_the_current_one(anonymous, assertion, badge, ed, now):
    draft = make_next_version(badge_class=badge, by=ed, at=now)
    second = publish_next_version(badge_class=draft, change_note="Stacking.", by=ed, at=now)

    response = _post(anonymous, f"/api/v1/badges/{badge.pk}/assertions", RITA)

    assert (response.status_code, response.json()["code"]) == (409, "badge_superseded")
    assert response.json()["message"] == (
        f"Version 1 of “Forklift Safety” is no longer awarded. Award version 2 in its place; its id is {second.pk}."
    )
    awarded = _post(anonymous, f"/api/v1/badges/{second.pk}/assertions", RITA)
    assert (awarded.status_code, awarded.json()["badge_version"]) == (201, 2)
