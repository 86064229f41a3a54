import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assertions.actions.award import AwardFields, award_badge
from assertions.actions.recipient import show_name
from assertions.actions.revoke import revoke_assertion
from assertions.models import Assertion

HTMX = {"hx-request": "true"}
NOBODY = "00000000-0000-4000-8000-000000000000"
VERIFY = "/verify/"


def url(name, assertion, *args: str):
    return reverse(f"assertions:{name}", args=[assertion.pk, *args])


@pytest.fixture
def revoked(assertion, sam, now) -> Assertion:
    return revoke_assertion(assertion=assertion, reason="Awarded by mistake", by=sam, at=now)


def said(answer):
    """The words of an answer without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- The checks of an award ----------------------------------------------------------------------------------


def test_check_page_runs_everything_without_javascript(assertion, anonymous):
    answer = anonymous.get(url("verify-award", assertion))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    words = said(answer)
    assert "This badge is valid." in words
    assert "The signature matches: nothing was changed since it was signed." in words
    assert words.count("Completeness") == 1  # waiting for JavaScript
    assert "Complete and well-formed" in words


def test_check_page_sets_no_cookie(assertion, as_rita):
    answer = as_rita.get(url("verify-award", assertion))
    assert dict(answer.cookies) == {}
    assert "Cookie" not in answer["Vary"]


def test_check_page_names_only_who_agreed(assertion, rita, anonymous, now):
    assert rita.name not in said(anonymous.get(url("verify-award", assertion)))
    show_name(assertion=assertion, shown=True, by=rita, at=now)
    answer = anonymous.get(url("verify-award", assertion))
    assert f"to {rita.name} by Acme Academy" in said(answer)
    assert rita.email not in answer.content.decode()


def test_check_page_of_a_revoked_award_says_why(revoked, anonymous):
    words = said(anonymous.get(url("verify-award", revoked)))
    assert "This badge has been revoked." in words
    assert "The reason given: “Awarded by mistake”" in words


def test_check_page_of_no_award_is_not_found(anonymous, db):
    assert anonymous.get(f"/verify/{NOBODY}/").status_code == 404


def test_check_page_refuses_post(assertion, anonymous):
    assert anonymous.post(url("verify-award", assertion)).status_code == 405


def test_checks_run_one_after_the_other(assertion, anonymous):
    """Follow the steps as HTMX does: each answer asks for the next one."""
    answer = anonymous.get(url("verify-award", assertion), headers=HTMX)
    asked = []
    while found := re.search(r'hx-get="([^"]+)"', answer.content.decode()):
        asked.append(found[1])
        answer = anonymous.get(found[1], headers=HTMX)
        assert answer.status_code == 200
    codes = [path.rstrip("/").rsplit("/", 1)[-1] for path in asked]
    assert codes == ["HOSTED", "SIGNATURE", "STRUCTURE", "ISSUER", "REVOCATION", "EXPIRY"]
    assert "This badge is valid." in said(answer)
    assert 'hx-swap-oob="innerHTML:#check-verdict"' in answer.content.decode()


def test_run_is_only_a_part_of_the_page(assertion, anonymous):
    answer = anonymous.get(url("verify-award", assertion), headers=HTMX)
    assert "<html" not in answer.content.decode()


def test_step_without_htmx_leads_to_the_page(assertion, anonymous):
    answer = anonymous.get(url("verify-step", assertion, "HOSTED"))
    assert (answer.status_code, answer["Location"]) == (302, url("verify-award", assertion))


@pytest.mark.parametrize("code", ["RECIPIENT", "NOTHING", "hosted"])
def test_unknown_step_is_not_found(assertion, anonymous, code):
    assert anonymous.get(url("verify-step", assertion, code), headers=HTMX).status_code == 404


# --- Whose it is ---------------------------------------------------------------------------------------------


def compare(client, assertion, email, **headers: str):
    return client.post(url("verify-recipient", assertion), {"email": email}, headers=headers)


def test_compare_says_yes(assertion, rita, anonymous):
    answer = compare(anonymous, assertion, rita.email)
    assert answer.status_code == 200
    assert "Yes. This badge was awarded to that address." in said(answer)
    assert rita.email not in answer.content.decode()
    assert dict(answer.cookies) == {}


def test_compare_says_no(assertion, anonymous):
    answer = compare(anonymous, assertion, "someone@example.org")
    assert "No. This badge was awarded to another address." in said(answer)
    assert "someone@example.org" not in answer.content.decode()


def test_compare_answers_htmx_with_the_answer_alone(assertion, rita, anonymous):
    answer = compare(anonymous, assertion, rita.email, **HTMX)
    assert said(answer) == "Yes. This badge was awarded to that address."


def test_compare_works_without_a_csrf_token(assertion, rita):
    assert compare(Client(enforce_csrf_checks=True), assertion, rita.email).status_code == 200


@pytest.mark.parametrize("email", ["", "rita", "rita\x00@example.org"])
def test_compare_refuses_what_is_no_address(assertion, anonymous, email):
    answer = compare(anonymous, assertion, email, **HTMX)
    assert answer.status_code == 422
    assert said(answer) == "Type a whole e-mail address, such as name@example.org."


def test_compare_refuses_a_revoked_award(revoked, rita, anonymous):
    answer = compare(anonymous, revoked, rita.email, **HTMX)
    assert answer.status_code == 422
    assert said(answer).startswith("This badge was revoked.")


def test_compare_refuses_get(assertion, anonymous):
    assert anonymous.get(url("verify-recipient", assertion)).status_code == 405


def test_compare_of_no_award_is_not_found(anonymous, db):
    assert anonymous.post(f"/verify/{NOBODY}/recipient/", {"email": "a@example.org"}).status_code == 404


def test_compare_is_refused_after_ten_tries(assertion, rita, anonymous, frozen):
    statuses = [compare(anonymous, assertion, f"try{n}@example.org").status_code for n in range(11)]
    assert statuses == [200] * 10 + [429]
    answer = compare(anonymous, assertion, rita.email, **HTMX)
    assert answer.status_code == 429
    assert said(answer) == "That was often in a short time. Wait 60 seconds, then try again."
    frozen.shift(timedelta(seconds=61))
    assert compare(anonymous, assertion, rita.email).status_code == 200


def test_compare_counts_each_award_by_itself(assertion, svg_badge, sam, now, anonymous, frozen):
    other = award_badge(fields=AwardFields(badge_class=svg_badge, email="o@example.org", issued_at=now), by=sam, at=now)
    for number in range(10):
        compare(anonymous, assertion, f"try{number}@example.org")
    assert compare(anonymous, other, "o@example.org").status_code == 200


def test_compare_writes_nothing(assertion, anonymous, django_assert_num_queries):
    with django_assert_num_queries(1):
        compare(anonymous, assertion, "someone@example.org")


# --- The page that takes a badge -----------------------------------------------------------------------------


def test_verify_page_asks_for_a_badge(anonymous, db):
    answer = anonymous.get(VERIFY)
    assert (answer.status_code, dict(answer.cookies), answer["Cache-Control"]) == (200, {}, "no-store")
    assert "Is this badge genuine?" in said(answer)


def test_verify_page_asks_no_table(anonymous, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        anonymous.get(VERIFY)
