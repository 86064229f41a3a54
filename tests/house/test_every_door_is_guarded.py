"""Who gets through which door: every address of the site stands here, with who may and what it does.

An address that is new must be written down here before the tests pass again.
"""

import re
from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.issuers import ApiTokenFactory
from tests.house.routes import Route, all_routes

OWNER: Final = {"ada"}
EDITORS: Final = {"ada", "ed"}
REVIEWERS: Final = {"ada", "ed", "rex"}
AWARDERS: Final = {"ada", "ed", "sam"}
SEERS: Final = {"ada", "ed", "sam", "rex"}
EVERYBODY: Final = {"ada", "ed", "sam", "rex", "nora"}

#: Doors of an organisation that only show something: who of its members may look.
READS = {
    "issuers:list": OWNER,
    "issuers:detail": OWNER,
    "issuers:tokens": OWNER,
    "issuers:keys": OWNER,
    "issuers:domain": OWNER,
    "assertions:key-copies": OWNER,
    "issuers:staff": OWNER,
    "issuers:history": OWNER,
    "issuers:groups": EDITORS,
    "issuers:organisation-logo": OWNER,
    "badges:list": EVERYBODY,
    "badges:kept-picture": EDITORS,
    "badges:detail": EVERYBODY,
    "badges:coach": EVERYBODY,
    "badges:picture": EVERYBODY,
    "badges:thumbnail": EVERYBODY,
    "badges:confirm-delete": EDITORS,
    "badges:designs": EDITORS,
    "badges:design-picture": EDITORS,
    "badges:design-icons": EDITORS,
    "badges:family-progress": EDITORS,
    "badges:languages": EDITORS,
    "badges:imported": EDITORS,
    "badges:plans": EDITORS,
    "badges:plan-template": EDITORS,
    "badges:programme-table": EDITORS,
    "badges:plan": EDITORS,
    "badges:plan-done": EDITORS,
    "badges:plan-table": EDITORS,
    "badges:compare": EVERYBODY,
    "badges:confirm-archive": EDITORS,
    "badges:reviews": EVERYBODY,
    "badges:pilot": SEERS,
    "badges:pilot-csv": SEERS,
    "badges:templates": EVERYBODY,
    "badges:ladders": EVERYBODY,
    "badges:frameworks": EVERYBODY,
    "badges:framework": EVERYBODY,
    "badges:competency": EVERYBODY,
    "badges:search-competencies": EDITORS,
    "badges:framework-import": EDITORS,
    "assertions:overview": EVERYBODY,
    "assertions:choose-badge": AWARDERS,
    "assertions:list": SEERS,
    "assertions:detail": SEERS,
    "assertions:progress": SEERS,
    "assertions:people": SEERS,
    "assertions:person": SEERS,
    "assertions:search": EVERYBODY,
    "assertions:endorsements": EDITORS,
    "assertions:reports": EDITORS,
}
#: Doors of an organisation that show a form and take it.
FORMS = {
    "issuers:create": OWNER,
    "issuers:edit": OWNER,
    "issuers:replace-key": OWNER,
    "issuers:domains": OWNER,
    "issuers:settings": OWNER,
    "issuers:domain-addresses": OWNER,
    "issuers:add-person": EDITORS,
    "issuers:edit-person": EDITORS,
    "issuers:import-people": EDITORS,
    "issuers:group": EDITORS,
    "assertions:report-key": OWNER,
    "badges:create": EDITORS,
    "badges:edit": EDITORS,
    "badges:design": EDITORS,
    "badges:new-design": EDITORS,
    "badges:new-family": EDITORS,
    "badges:family": EDITORS,
    "badges:part-family": EDITORS,
    "badges:import": EDITORS,
    "badges:new-plan": EDITORS,
    "badges:plan-row": EDITORS,
    "badges:translate": EDITORS,
    "badges:remove-language": EDITORS,
    "badges:make-framework": EDITORS,
    "badges:edit-framework": EDITORS,
    "badges:import-framework": EDITORS,
    "badges:add-competency": EDITORS,
    "badges:edit-competency": EDITORS,
    "badges:correct": EDITORS,
    "badges:review": REVIEWERS,
    "badges:ask-review": EDITORS,
    "badges:start-pilot": EDITORS,
    "badges:planning": EDITORS,
    "assertions:publish-version": EDITORS,
    "assertions:invite-holders": EDITORS,
    "assertions:award": AWARDERS,
    "assertions:revoke": AWARDERS,
    "assertions:endorse": EDITORS,
    "assertions:import-endorsement": EDITORS,
    "assertions:take-back-endorsement": EDITORS,
    "assertions:close-report": EDITORS,
}
#: Doors of an organisation that act: POST alone.
ACTS = {
    "issuers:create-token": OWNER,
    "issuers:revoke-token": OWNER,
    "issuers:add-domain-again": OWNER,
    "issuers:check-domain": OWNER,
    "issuers:remove-domain": OWNER,
    "issuers:stop-domain-addresses": OWNER,
    "issuers:invite": OWNER,
    "issuers:resend-invitation": OWNER,
    "issuers:withdraw-invitation": OWNER,
    "issuers:change-role": OWNER,
    "issuers:remove-member": OWNER,
    "issuers:restore-member": OWNER,
    "issuers:remove-person": EDITORS,
    "issuers:restore-person": EDITORS,
    "issuers:add-group": EDITORS,
    "issuers:merge-group": EDITORS,
    "issuers:remove-group": EDITORS,
    "issuers:restore-group": EDITORS,
    "issuers:preview-look": OWNER,
    "badges:preview": EDITORS,
    "badges:check": EDITORS,
    "badges:coach-fix": EDITORS,
    "badges:dismiss-hint": EDITORS,
    "badges:restore-hint": EDITORS,
    "badges:keep-picture": EDITORS,
    "badges:preview-design": EDITORS,
    "badges:preview-family": EDITORS,
    "badges:undo-family": EDITORS,
    "badges:join-family": EDITORS,
    "badges:leave-family": EDITORS,
    "badges:family-versions": EDITORS,
    "badges:publish": EDITORS,
    "badges:archive": EDITORS,
    "badges:restore": EDITORS,
    "badges:copy": EDITORS,
    "badges:new-version": EDITORS,
    "badges:archive-framework": EDITORS,
    "badges:restore-framework": EDITORS,
    "badges:refresh-drafts": EDITORS,
    "badges:retire-competency": EDITORS,
    "badges:unretire-competency": EDITORS,
    "badges:make-badge-for": EDITORS,
    "badges:apply-framework-import": EDITORS,
    "badges:reread-framework-import": EDITORS,
    "badges:discard-framework-import": EDITORS,
    "badges:successor": EDITORS,
    "badges:still-fits": EDITORS,
    "badges:withdraw-review": EDITORS,
    "badges:send-survey": EDITORS,
    "badges:remind-pilot": EDITORS,
    "badges:end-pilot": EDITORS,
    "badges:make-template": EDITORS,
    "badges:use-template": EDITORS,
    "badges:use-starting": EDITORS,
    "badges:delete": EDITORS,
    "badges:plan-columns": EDITORS,
    "badges:plan-drafts": EDITORS,
    "badges:undo-plan": EDITORS,
    "badges:undo-planning": EDITORS,
    "badges:remove-plan": EDITORS,
    "badges:restore-plan": EDITORS,
    "assertions:send-again": AWARDERS,
    "assertions:restore": AWARDERS,
    "assertions:endorse-preview": EDITORS,
    "assertions:accept-endorsement": EDITORS,
    "assertions:decline-endorsement": EDITORS,
    "assertions:recheck-endorsement": EDITORS,
    "assertions:reopen-endorsement": EDITORS,
    "assertions:hide-endorsement": EDITORS,
    "assertions:show-endorsement": EDITORS,
    "assertions:award-preview": AWARDERS,
    "assertions:award-people": AWARDERS,
    "assertions:reopen-report": EDITORS,
}
#: Doors of a person: for everybody who is signed in, each to their own.
PERSONAL = {
    "issuers:new-organisation",
    "assertions:mine",
    "assertions:import",
    "assertions:endorse-this",
    "account-home",
    "account-profile",
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "socialaccount_connections",
}
#: The same, for things that belong to one person: 404 for everybody else, who is signed in or not.
PERSONAL_READS = {
    "assertions:my-badge",
    "assertions:my-picture",
    "account-remove-address",
    "assertions:import-receipt",
    "assertions:imported",
    "assertions:imported-file",
}
PERSONAL_ACTS = {
    "assertions:my-name",
    "assertions:check-imported",
    "assertions:remove-imported",
    "assertions:restore-imported",
    "assertions:undo-decline",
    "assertions:my-mails",
    "account-columns",
}
#: Of these each has their own: there is nobody else's to find.
OWN_ACTS = {"account-columns"}
PERSONAL_FORMS = {"assertions:decline"}
PERSONAL_THINGS = {"mfa_remove_webauthn", "mfa_edit_webauthn"}
#: Doors for everybody, signed in or not.
OPEN = {
    "healthz",
    "issuers:domain-allowed",
    "api-schema",
    "api-docs",
    "assertions:home",
    "assertions:verify",
    "assertions:verify-award",
    "assertions:verify-step",
    "assertions:receipt",
    "assertions:receipt-picture",
    # Whoever holds the signed link of a mail; what they may do with it stands in the tests of its pages.
    "assertions:decline-by-link",
    "assertions:mails",
    "badges:survey",
    "assertions:report-award",
    "assertions:report-badge",
    "assertions:report-issuer",
    "issuers:accept-invitation",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_reset_password",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "mfa_authenticate",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "openid_connect_login",
    "openid_connect_callback",
    "mfa_login_webauthn",
    "accounts/social/login/cancelled/",
    "accounts/social/login/error/",
    "accounts/social/signup/",
    "accounts/social/connections/",
    # Of the embedded mode alone.
    "styleguide",
    "mailbox",
    "mailbox-message",
    "mailbox-html",
    "mailbox-picture",
}
OPEN_ACTS = {"assertions:verify-recipient"}
#: Takes a POST without a CSRF token, because no cookie is looked at: nothing of anybody's is changed by it, or the
#: signed link itself is the proof.
EXEMPT = {
    "assertions:verify",
    "assertions:verify-recipient",
    "assertions:decline-by-link",
    "assertions:mails",
    "badges:survey",
    "assertions:report-award",
    "assertions:report-badge",
    "assertions:report-issuer",
    "api:verify",
}
#: The world: no cookie, no session.
WORLD = {
    "issuers:brand-style",
    "public:issuer",
    "public:issuer-image",
    "public:key",
    "public:revocations",
    "public:badge",
    "public:badge-image",
    "public:badge-card",
    "public:badge-language",
    "public:extension-context",
    "public:extension-schema",
    "public:badge-changes",
    "public:framework",
    "public:competency",
    "public:assertion",
    "public:assertion-json",
    "public:assertion-jws",
    "public:assertion-image",
    "public:assertion-png",
    "public:assertion-svg",
    "public:assertion-card",
    "public:endorsement",
    "public:assertion-vc-jwt",
    "public:assertion-svg-v3",
    "public:v3-achievement",
    "public:v3-issuer",
    "public:v3-key",
    "public:v3-jwks",
    "public:v3-did",
    "public:v3-revocations",
    "public:v3-status",
    "site-jwks",
    "public:issuer-generation",
    "public:badge-generation",
}
#: Programs.
API_READS = {"api:badges", "api:badge", "api:badge-assertions", "api:assertion"}
API_ACTS = {"api:badge-assertions", "api:assertion-revoke", "api:assertion-restore"}
#: The same without a token: a receipt is all that it leaves behind.
OPEN_API = {"api:verify"}

GUARDED = {**READS, **FORMS, **ACTS}
#: A session is begun and ended by reading too; nothing else is written by it.
SESSION = re.compile(r'"?django_session"?')
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


def routes_of(*groups: "set[str] | dict[str, set[str]]") -> list[Route]:
    names = set().union(*groups)
    return [route for route in all_routes() if route.name in names]


def told_to_sign_in(response) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith(reverse("account_login"))


def test_every_address_stands_in_one_of_the_lists():
    lists = [
        set(READS),
        set(FORMS),
        set(ACTS),
        PERSONAL,
        PERSONAL_READS,
        PERSONAL_ACTS,
        PERSONAL_FORMS,
        PERSONAL_THINGS,
        OPEN,
        OPEN_ACTS,
        WORLD,
        API_READS | API_ACTS | OPEN_API,
    ]
    known = sorted(name for names in lists for name in names)
    assert known == sorted(route.name for route in all_routes())


def test_every_address_of_an_organisation_is_guarded():
    assert {route.name for route in all_routes() if route.pattern.startswith("o/")} == set(GUARDED)


def test_strangers_are_sent_to_sign_in(anonymous, ids):
    let_in = []
    for route in routes_of(GUARDED, PERSONAL, PERSONAL_READS, PERSONAL_ACTS, PERSONAL_FORMS, PERSONAL_THINGS):
        is_act = route.name in {*ACTS, *PERSONAL_ACTS}
        if not is_act and not told_to_sign_in(anonymous.get(route.url(ids))):
            let_in.append(("GET", route.name))
        if route.name not in READS and route.name not in PERSONAL_READS:
            answer = anonymous.post(route.url(ids))
            # allauth takes POST at a few addresses for GET alone.
            if not told_to_sign_in(answer) and answer.status_code != 405:
                let_in.append(("POST", route.name))
    assert let_in == []


def test_members_of_another_organisation_find_nothing(as_mallory, ids):
    found = []
    for route in routes_of(GUARDED, PERSONAL_READS, PERSONAL_ACTS, PERSONAL_FORMS, PERSONAL_THINGS):
        methods = {"GET", "POST"}
        if route.name in OWN_ACTS:
            continue
        if route.name in READS or route.name in PERSONAL_READS:
            methods = {"GET"}
        if route.name in ACTS or route.name in PERSONAL_ACTS:
            methods = {"POST"}
        for method in sorted(methods):
            status = as_mallory.generic(method, route.url(ids)).status_code
            if status != 404:
                found.append((method, route.name, status))
    # allauth asks for the password again before it looks for a passkey that is not there.
    assert [one for one in found if one[1] not in PERSONAL_THINGS] == []


def test_own_organisation_opens_no_rows_of_another(as_mallory, mallory, elsewhere, elsewhere_issuer, ids):
    """The address names Elsewhere, where Mallory may everything, and Acme's rows."""
    ids |= {"organisation": elsewhere.slug}
    rows = ["<uuid:issuer>", "<uuid:badge>", "<uuid:assertion>", "<uuid:person>", "<uuid:membership>"]
    rows += ["<uuid:invitation>", "<uuid:endorsement>", "<uuid:report>", "<uuid:group>", "<uuid:plan>", "<uuid:family>"]
    rows += ["<uuid:framework>", "<uuid:competency>", "<uuid:framework_import>"]
    found = []
    for route in routes_of(GUARDED):
        if any(row in route.pattern for row in rows):
            method = "POST" if route.name in ACTS else "GET"
            status = as_mallory.generic(method, route.url(ids)).status_code
            if status != 404:
                found.append((method, route.name, status))
    assert found == []


def test_own_issuer_opens_no_rows_of_another(as_mallory, mallory, elsewhere, elsewhere_issuer, ids):
    """The address names Mallory's own organisation and issuer, and below it Acme's keys, domains and tokens."""
    ids |= {"organisation": elsewhere.slug, "issuer": elsewhere_issuer.pk}
    rows = ["<uuid:key>", "<uuid:domain>", "<uuid:token>"]
    found, asked = [], 0
    for route in routes_of(GUARDED):
        if any(row in route.pattern for row in rows):
            methods = {"POST"} if route.name in ACTS else {"GET"} if route.name in READS else {"GET", "POST"}
            statuses = {as_mallory.generic(method, route.url(ids)).status_code for method in methods}
            asked += 1
            found += [(route.name, statuses)] if statuses != {404} else []
    assert (found, asked >= 8) == ([], True)


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_each_role_gets_through_its_own_doors_alone(who, request, ids):
    client: Client = request.getfixturevalue(f"as_{who}")
    wrong = []
    for route in routes_of(GUARDED):
        may = who in GUARDED[route.name]
        if route.name not in ACTS:
            status = client.get(route.url(ids)).status_code
            # 409: an awarded badge is not edited any more, which is said on a page. 404: no picture is kept.
            expected = {200, 409} | ({404} if route.name == "badges:kept-picture" else set()) if may else {403}
            if status not in expected:
                wrong.append(("GET", route.name, status))
        if route.name not in READS and not may and client.post(route.url(ids)).status_code != 403:
            wrong.append(("POST", route.name))
    assert wrong == []


def test_doors_that_act_refuse_to_be_read(as_ada, ids):
    wrong = []
    for route in routes_of(ACTS, PERSONAL_ACTS, OPEN_ACTS):
        for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH"]:
            status = as_ada.generic(method, route.url(ids)).status_code
            if status != 405:
                wrong.append((method, route.name, status))
    assert wrong == []


def test_doors_that_show_take_nothing_else(as_ada, ids):
    wrong = []
    for route in routes_of(READS, FORMS):
        for method in ["PUT", "DELETE", "PATCH", *(["POST"] if route.name in READS else [])]:
            status = as_ada.generic(method, route.url(ids)).status_code
            if status != 405:
                wrong.append((method, route.name, status))
    assert wrong == []


def test_other_sites_cannot_make_a_browser_act(ada, ids):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    wrong = []
    names = (
        {route.name for route in all_routes()}
        - WORLD
        - API_READS
        - API_ACTS
        - {"healthz", "api-schema", "api-docs", "issuers:domain-allowed"}
    )
    for route in routes_of(names):
        if "oidc" in route.pattern:  # the company’s answer: its own `state` proves where it comes from
            continue
        refused = client.post(route.url(ids)).status_code == 403
        if refused is (route.name in EXEMPT):
            wrong.append(route.name)
    assert wrong == []


def test_reading_never_writes(as_ada, as_rita, anonymous, ids):
    wrote = []
    for client in [as_ada, as_rita, anonymous]:
        for route in routes_of({route.name for route in all_routes()} - API_READS - API_ACTS):
            with CaptureQueriesContext(connection) as queries:
                client.get(route.url(ids), HTTP_ACCEPT="text/html")
                client.get(route.url(ids), HTTP_HX_REQUEST="true")
            statements = [query["sql"][:200] for query in queries]
            wrote += [(route.name, sql) for sql in statements if WRITES.match(sql) and not SESSION.search(sql)]
    assert wrote == []


def test_checking_a_badge_leaves_nothing_but_its_receipt(anonymous, assertion):
    verify, recipient = reverse("assertions:verify"), reverse("assertions:verify-recipient", args=[assertion.pk])
    with CaptureQueriesContext(connection) as queries:
        answers = [
            anonymous.post(verify, {"badge": str(assertion.pk)}),
            anonymous.post(verify, {"badge": assertion.jws}),
            anonymous.post(reverse("api:verify"), {"badge": assertion.jws}, content_type="application/json"),
            anonymous.post(recipient, {"email": assertion.recipient_email}),
        ]
    assert [answer.status_code for answer in answers] == [303, 303, 200, 200]
    written = {query["sql"].split('"')[1] for query in queries if WRITES.match(query["sql"])}
    assert written == {"assertions_receipt"}
    assert [dict(answer.cookies) for answer in answers] == [{}, {}, {}, {}]


def test_world_gets_no_cookie_and_wakes_no_session(as_ada, anonymous, ids):
    wrong = []
    for route in routes_of(WORLD):
        for accept in ["text/html", "application/ld+json"]:
            with CaptureQueriesContext(connection) as queries:
                # Who is signed in is not asked either.
                answers = [client.get(route.url(ids), HTTP_ACCEPT=accept) for client in (as_ada, anonymous)]
            if any(answer.cookies for answer in answers) or answers[0].content != answers[1].content:
                wrong.append(route.name)
            if any(SESSION.search(query["sql"]) or "accounts_user" in query["sql"] for query in queries):
                wrong.append((route.name, accept))
    assert wrong == []


def test_every_page_has_a_policy_and_cannot_be_framed(as_ada, anonymous, ids):
    wrong = []
    for route in all_routes():
        for client in [as_ada, anonymous]:
            for url in [route.url(ids), f"{route.url(ids)}nowhere"]:
                answer = client.get(url, HTTP_ACCEPT="text/html")
                policy = answer.headers.get("Content-Security-Policy", "")
                is_page = answer.headers.get("Content-Type", "").startswith("text/html")
                is_framed_by_us = route.name == "mailbox-html" and "frame-ancestors 'self'" in policy
                if is_page and "frame-ancestors 'none'" not in policy and not is_framed_by_us:
                    wrong.append((url, answer.status_code))
    assert wrong == []


def test_programs_without_a_token_get_nothing(client, ids):
    for route in routes_of(API_READS, API_ACTS):
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]:
            answer = client.generic(method, route.url(ids), content_type="application/json")
            assert (route.name, method, answer.status_code) == (route.name, method, 401)


def test_signing_in_opens_no_door_for_programs(as_ada, ids):
    for route in routes_of(API_READS, API_ACTS):
        assert as_ada.get(route.url(ids)).status_code == 401


def test_tokens_of_another_issuer_find_nothing(client, elsewhere_issuer, ids):
    token = ApiTokenFactory.create(issuer=elsewhere_issuer, secret="bdg_elsewhere")
    headers = {"authorization": "Bearer bdg_elsewhere", "idempotency-key": "a-key"}
    body = {"email": "rita@mail.example.org", "reason": "Taken over."}
    for route in routes_of(API_READS - {"api:badges"}):
        assert client.get(route.url(ids), headers=headers).status_code == 404
    for route in routes_of(API_ACTS):
        answer = client.post(route.url(ids), body, content_type="application/json", headers=headers)
        assert (route.name, answer.status_code) == (route.name, 404)
    assert client.get(reverse("api:badges"), headers=headers).json()["results"] == []
    assert token.issuer.badge_classes.count() == 0
