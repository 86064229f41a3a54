import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assertions.documents import assertion_url
from assertions.models import Receipt
from badgeserver.api.parsers import MAX_BADGE_BODY_BYTES
from tests.foreign import HOLDER

URL = "/api/v1/verify"


def post(client, **body: object):
    return client.post(URL, body, content_type="application/json")


def test_valid_badge_of_another_issuer(harbour, client):
    answer = post(client, badge=harbour.url("valid"), recipient=HOLDER)
    assert (answer.status_code, answer["Cache-Control"], dict(answer.cookies)) == (200, "no-store", {})
    body = answer.json()
    assert (body["verdict"], body["conclusion"], body["version"], body["form"]) == ("VALID", "VALID", "2.0", "hosted")
    assert body["summary"] == "This badge is genuine and valid."
    assert [check["code"] for check in body["checks"]] == [
        "HOSTED",
        "STRUCTURE",
        "CRITERIA",
        "PICTURE",
        "ISSUER",
        "REVOCATION",
        "EXPIRY",
        "RECIPIENT",
    ]
    assert {check["outcome"] for check in body["checks"]} == {"PASSED"}
    assert (body["badge"]["name"], body["issuer"]["name"]) == ("Crane Signals", "Harbour Institute")
    assert body["award"]["issued_on"] == "2024-05-01T12:00:00Z"
    receipt = Receipt.objects.get()
    assert body["receipt"] == f"http://badges.example.org{reverse('assertions:receipt', args=[receipt.pk])}"
    assert "Crane Signals" in client.get(reverse("assertions:receipt", args=[receipt.pk])).text
    assert HOLDER not in answer.content.decode()


@pytest.mark.parametrize(
    ("what", "verdict", "conclusion"),
    [
        (lambda harbour: harbour.signed(), "VALID", "VALID"),
        (lambda harbour: json.dumps(harbour.award("valid")), "VALID", "VALID"),
        (lambda harbour: harbour.url("expired"), "EXPIRED", "EXPIRED"),
        (lambda harbour: harbour.url("revoked"), "REVOKED", "REVOKED"),
        (lambda harbour: harbour.tampered(), "INVALID", "FORGED"),
        (lambda _harbour: "http://127.0.0.1:9/", "UNKNOWN", "UNKNOWN"),
        (lambda _harbour: "hello", "INVALID", "NO_BADGE"),
    ],
)
def test_every_verdict_is_an_answer(harbour, client, what, verdict, conclusion):
    answer = post(client, badge=what(harbour))
    assert (answer.status_code, answer.json()["verdict"], answer.json()["conclusion"]) == (200, verdict, conclusion)


def test_file_is_taken_as_a_form(harbour, client):
    answer = client.post(
        URL, {"file": SimpleUploadedFile("badge.png", harbour.baked()), "recipient": "max@example.org"}
    )
    assert answer.json()["conclusion"] == "SOMEBODY_ELSES"


def test_own_award_is_judged_too(assertion, client):
    assert post(client, badge=assertion_url(assertion)).json()["verdict"] == "VALID"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "badge"),
        ({"badge": ""}, "badge"),
        ({"badge": None}, "badge"),
        ({"badge": 7}, "badge"),
        ({"badge": ["x"]}, "badge"),
        ({"badge": {"id": "x"}}, "badge"),
        ({"badge": "x", "recipient": "rita"}, "recipient"),
        ({"badge": "x", "recipient": {"a": 1}}, "recipient"),
        ([], "badge"),
        ("x", "badge"),
    ],
)
def test_what_is_no_request_says_why(client, db, body, field):
    answer = client.post(URL, json.dumps(body), content_type="application/json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert Receipt.objects.count() == 0


def test_other_kinds_of_bodies_are_refused(client, db):
    assert client.post(URL, "badge=x", content_type="application/x-www-form-urlencoded").status_code == 415
    assert client.post(URL, "{", content_type="application/json").status_code == 400
    assert client.post(URL, " " * (MAX_BADGE_BODY_BYTES + 1), content_type="application/json").status_code == 413
    large = client.post(URL, {"badge": "x"}, CONTENT_LENGTH=str(MAX_BADGE_BODY_BYTES + 1))
    assert large.status_code == 413


def test_empty_file_says_what_to_do(client, db):
    answer = client.post(URL, {"file": SimpleUploadedFile("badge.png", b"")})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["file"])


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_other_methods_are_refused(client, db, method):
    assert getattr(client, method)(URL).status_code == 405


def test_pages_of_others_cannot_use_it(client, db):
    answer = client.post(URL, {"badge": "x"}, content_type="application/json", headers={"origin": "https://a.example"})
    assert "Access-Control-Allow-Origin" not in answer
    asked = client.options(URL, headers={"origin": "https://a.example", "access-control-request-method": "POST"})
    assert "Access-Control-Allow-Origin" not in asked


def test_page_and_api_count_in_one(client, anonymous, db, frozen):
    for number in range(30):
        answer = post(client, badge="hello") if number % 2 else anonymous.post("/verify/", {"badge": "hello"})
        assert answer.status_code == (200 if number % 2 else 422)
    refused = post(client, badge="hello")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert anonymous.post("/verify/", {"badge": "hello"}).status_code == 429


def test_description_knows_it(client, db):
    schema = client.get("/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi+json"}).json()
    described = schema["paths"]["/api/v1/verify"]["post"]
    assert set(described["requestBody"]["content"]) == {"application/json", "multipart/form-data"}
    assert set(described["responses"]) == {"200", "400", "413", "415", "429"}
    assert "security" not in described or {} in described["security"]
