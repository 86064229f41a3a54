from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse

from assertions.actions.endorsements import accept_endorsement, give_endorsement
from assertions.models import Assertion, Endorsement
from tests.assertions.guild import guild_on_this_machine
from tests.factories.assertions import EndorsementFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import IssuerFactory, MembershipFactory, OrganisationFactory

SITE = "http://badges.example.org"
WORDS = "We hire for **this**."


@pytest.fixture
def given(badge, ada, elsewhere_issuer, mallory, now) -> Endorsement:
    """Elsewhere School has endorsed Forklift Safety; Acme has not answered yet."""
    return give_endorsement(endorser=elsewhere_issuer, subject=badge, comment=WORDS, by=mallory, at=now)


def url(name: str, *args: object, organisation: str = "acme") -> str:
    return reverse(f"assertions:{name}", args=[organisation, *args])


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def status_of(endorsement: Endorsement) -> str:
    endorsement.refresh_from_db()
    return endorsement.status


# --- The lists -----------------------------------------------------------------------------------------------


def test_what_waits_comes_first_with_its_words(as_ed, given):
    page = as_ed.get(url("endorsements"))

    assert page.status_code == 200
    assert "We hire for <strong>this</strong>." in page.text
    assert "Accept and show" in page.text
    assert [(tab["label"], tab["count"], tab["current"]) for tab in page.context["tabs"]] == [
        ("Waiting", 1, True),
        ("Shown", 0, False),
        ("Not shown", 0, False),
        ("Given", 0, False),
    ]


def test_whoever_has_none_is_told_what_to_do(as_ed, academy):
    page = as_ed.get(url("endorsements"))

    assert "Nobody has endorsed anything yet" in page.text


@pytest.mark.parametrize(
    ("view", "sentence"),
    [
        ("waiting", "Nothing waits for you"),
        ("shown", "No endorsement is shown"),
        ("not-shown", "Nothing is hidden"),
        ("given", "You have not endorsed anybody"),
    ],
)
def test_empty_lists_say_what_would_be_there(view, sentence, as_ed, as_mallory, badge, elsewhere_issuer, academy):
    EndorsementFactory.create(badge_class=badge, endorser=elsewhere_issuer, accepted=view != "shown")
    if view == "given":
        assert sentence in as_ed.get(f"{url('endorsements')}?view=given").text
    else:
        assert sentence in as_mallory.get(f"{url('endorsements', organisation='elsewhere')}?view={view}").text


def test_lists_are_separate(as_ed, as_mallory, badge, elsewhere_issuer, now):
    EndorsementFactory.create(badge_class=badge, endorser=elsewhere_issuer, accepted=True, comment="Shown words")
    EndorsementFactory.create(badge_class=badge, status="DECLINED", comment="Declined words")
    EndorsementFactory.create(
        badge_class=badge, elsewhere=True, holds=False, problem="Whoever gave it took it back.", comment="Lost words"
    )

    def words(client, organisation: str, view: str) -> list[str]:
        page = client.get(f"{url('endorsements', organisation=organisation)}?view={view}")
        return sorted(line.endorsement.comment for line in page.context["lines"])

    assert words(as_ed, "acme", "shown") == ["Shown words"]
    assert words(as_ed, "acme", "not-shown") == ["Declined words", "Lost words"]
    assert words(as_ed, "acme", "waiting") == []
    assert words(as_mallory, "elsewhere", "given") == ["Shown words"]
    assert words(as_mallory, "elsewhere", "shown") == []


@pytest.mark.parametrize("view", ["waiting", "given"])
def test_list_asks_the_same_for_one_and_for_three(view, as_ed, academy, badge, now, django_assert_num_queries):
    def make() -> None:
        other = BadgeClassFactory.create()
        if view == "waiting":
            EndorsementFactory.create(badge_class=BadgeClassFactory.create(issuer=academy))
        else:
            EndorsementFactory.create(badge_class=other, endorser=academy)

    make()
    with django_assert_num_queries(9):
        as_ed.get(f"{url('endorsements')}?view={view}")
    make()
    make()
    with django_assert_num_queries(9):
        as_ed.get(f"{url('endorsements')}?view={view}")


def test_overview_says_that_an_answer_is_waited_for(as_ed, given):
    page = as_ed.get(url("overview"))

    assert "One endorsement waits for your answer" in " ".join(page.text.split())


# --- Give ----------------------------------------------------------------------------------------------------


def post(client, badge, issuer, *, organisation: str = "elsewhere", **changes: object):
    body = {"subject": f"{SITE}/public/badges/{badge.pk}", "endorser": issuer.pk, "comment": WORDS, **changes}
    return client.post(url("endorse", organisation=organisation), body)


def test_editor_endorses(as_mallory, badge, ada, elsewhere_issuer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = post(as_mallory, badge, elsewhere_issuer)

    assert response.url == f"{url('endorsements', organisation='elsewhere')}?view=given"
    assert told(response) == [
        "Endorsed. The other side is asked by mail; as soon as they accept, it is shown on its public page."
    ]
    assert [(one.badge_class, one.endorser, one.comment) for one in Endorsement.objects.all()] == [
        (badge, elsewhere_issuer, WORDS)
    ]
    assert [message.to for message in mail.outbox] == [["ada@acme.example.org"]]


def test_endorsing_at_home_says_that_it_is_shown(as_ed, acme, badge, academy):
    board = IssuerFactory.create(organisation=acme, name="Acme Safety Board")

    assert told(post(as_ed, badge, board, organisation="acme")) == ["Endorsed. It is shown on its public page now."]


def test_page_asks_for_an_address_first(as_mallory, elsewhere_issuer):
    page = as_mallory.get(url("endorse", organisation="elsewhere"))

    assert (page.status_code, "Public address" in page.text, "form-errors" in page.text) == (200, True, False)


@pytest.mark.parametrize("tail", ["", "/", "/image", "?utm=x", "#top"])
@pytest.mark.parametrize("base", [SITE, "badges.example.org"])
def test_page_finds_what_the_address_stands_for(tail, base, as_mallory, badge, elsewhere_issuer):
    page = as_mallory.get(
        url("endorse", organisation="elsewhere"), {"subject": f" {base}/public/badges/{badge.pk}{tail} "}
    )

    assert page.context["card"].subject == badge


@pytest.mark.parametrize("thing", ["academy", "assertion", "signed"])
def test_page_knows_issuers_and_awards(thing, request, as_mallory, assertion, academy, elsewhere_issuer):
    address, name = {
        "academy": (f"{SITE}/public/issuers/{academy.pk}", "Acme Academy"),
        "assertion": (f"{SITE}/public/assertions/{assertion.pk}.json", "Forklift Safety"),
        "signed": (f"urn:uuid:{assertion.signed_uuid}", "Forklift Safety"),
    }[thing]

    page = as_mallory.get(url("endorse", organisation="elsewhere"), {"subject": address})

    assert page.context["card"].name == name
    assert "rita@" not in page.text
    assert "Rita" not in page.text


@pytest.mark.parametrize(
    "address",
    [
        "https://other.example.org/public/badges/{badge}",
        f"{SITE}/public/badges/{{draft}}",
        f"{SITE}/o/acme/badges/{{badge}}/",
        f"{SITE}/public/endorsements/{{badge}}",
        f"{SITE}/nothing",
        f"{SITE}/healthz",
        "urn:uuid:nothing",
        "http://[::1",
        "x",
    ],
)
def test_address_of_nothing_is_refused(address, as_mallory, badge, draft_badge, elsewhere_issuer):
    page = as_mallory.get(
        url("endorse", organisation="elsewhere"),
        {"subject": address.format(badge=badge.pk, draft=draft_badge.pk)},
    )

    assert page.status_code == 200
    assert "There is no issuer, badge or award at this address." in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"comment": ""}, "Say why you endorse it"),
        ({"comment": "x" * 2_001}, "This text has 2,001 characters"),
        ({"comment": "ada@acme.example.org"}, "leave out e-mail addresses"),
        ({"comment": "\x00"}, "invisible control characters"),
        ({"endorser": ""}, "Choose the issuer in whose name you speak."),
        ({"endorser": "academy"}, "Choose one of your issuers."),
        ({"subject": ""}, "Paste the public address"),
        ({"subject": "\x00"}, "This is no address of this server."),
    ],
)
def test_invalid_endorsement_says_why(changes, sentence, as_mallory, badge, academy, elsewhere_issuer):
    if changes.get("endorser") == "academy":
        changes = {"endorser": academy.pk}

    response = post(as_mallory, badge, elsewhere_issuer, **changes)

    assert (response.status_code, Endorsement.objects.count()) == (422, 0)
    assert sentence in response.text


def test_nobody_can_choose_the_issuer_that_stands_behind_it(as_ed, acme, badge, academy):
    response = post(as_ed, badge, academy, organisation="acme")
    assert (response.status_code, "You stand behind this already." in response.text) == (422, True)

    board = IssuerFactory.create(organisation=acme, name="Acme Safety Board")
    response = post(as_ed, badge, academy, organisation="acme")
    assert (response.status_code, "Choose one of your issuers." in response.text) == (422, True)
    assert list(response.context["form"].issuers) == [board]


def test_what_may_not_be_endorsed_is_said(as_mallory, assertion, elsewhere_issuer, now):
    Assertion.objects.update(revoked_at=now, revocation_reason="A slip.")

    response = post(as_mallory, assertion, elsewhere_issuer, subject=f"{SITE}/public/assertions/{assertion.pk}")

    assert (response.status_code, "This award no longer holds." in response.text) == (422, True)


def test_strangers_do_not_endorse(anonymous, as_mallory, as_sam, badge, academy):
    assert post(anonymous, badge, academy, organisation="acme").status_code == 302
    assert post(as_mallory, badge, academy, organisation="acme").status_code == 404
    assert post(as_sam, badge, academy, organisation="acme").status_code == 403
    assert Endorsement.objects.count() == 0


def test_preview_shows_what_is_typed(as_mallory, elsewhere_issuer):
    page = as_mallory.post(
        url("endorse-preview", organisation="elsewhere"), {"comment": WORDS, "endorser": elsewhere_issuer.pk}
    )

    assert "We hire for <strong>this</strong>." in page.text
    assert "Elsewhere School" in page.text
    assert "<html" not in page.text


# --- From a public page --------------------------------------------------------------------------------------


def test_public_page_leads_into_the_only_workspace(as_ed, badge):
    response = as_ed.get(reverse("assertions:endorse-this"), {"subject": f"{SITE}/public/badges/{badge.pk}"})

    assert response.url == (
        f"/o/acme/endorsements/new/?subject=http%3A%2F%2Fbadges.example.org%2Fpublic%2Fbadges%2F{badge.pk}"
    )


def test_who_works_for_two_is_asked(as_ed, ed):
    other = OrganisationFactory.create(name="Beacon", slug="beacon")
    MembershipFactory.create(organisation=other, user=ed, role="OWNER")

    page = as_ed.get(reverse("assertions:endorse-this"), {"subject": "x"})

    assert [one.name for one, _address in page.context["choices"]] == ["Acme", "Beacon"]


def test_who_may_not_is_told_whom_to_ask(as_rita, as_sam):
    for client in [as_rita, as_sam]:
        page = client.get(reverse("assertions:endorse-this"))
        assert (page.status_code, "Ask an owner to make you an editor" in page.text) == (200, True)


def test_strangers_sign_in_first(anonymous):
    assert anonymous.get(reverse("assertions:endorse-this")).status_code == 302


# --- Answer --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "act", "after", "undo"),
    [
        ("PENDING", "accept", "ACCEPTED", "reopen"),
        ("PENDING", "decline", "DECLINED", "reopen"),
        ("DECLINED", "reopen", "PENDING", ""),
        ("ACCEPTED", "reopen", "PENDING", ""),
        ("ACCEPTED", "hide", "DECLINED", "show"),
        ("DECLINED", "show", "ACCEPTED", "hide"),
    ],
)
def test_editor_answers_and_can_undo_it(before, act, after, undo, as_ed, given):
    Endorsement.objects.update(status=before)

    response = as_ed.post(url(f"{act}-endorsement", given.pk))

    assert response.status_code == 302
    assert status_of(given) == after
    tags = [message.extra_tags for message in get_messages(response.wsgi_request)]
    assert tags == [f"undo:{url(f'{undo}-endorsement', given.pk)}" if undo else ""]


ACTS = ["accept", "decline", "reopen", "hide", "show"]


@pytest.mark.parametrize("act", ACTS)
def test_answers_are_guarded(act, given, anonymous, as_mallory, as_sam, as_ed):
    address = url(f"{act}-endorsement", given.pk)

    assert as_ed.get(address).status_code == 405
    assert anonymous.post(address).url.startswith("/accounts/login/")
    assert as_mallory.post(address).status_code == 404
    # It is theirs, but as givers: they do not answer themselves.
    assert as_mallory.post(address.replace("/acme/", "/elsewhere/")).status_code == 404
    assert as_sam.post(address).status_code == 403
    assert status_of(given) == "PENDING"


def test_answer_that_comes_too_late_says_so(as_ed, ada, given, now):
    accept_endorsement(endorsement=given, by=ada, at=now)

    response = as_ed.post(url("decline-endorsement", given.pk))

    assert told(response) == ["Somebody else has answered this endorsement. This is how it stands now."]
    assert status_of(given) == "ACCEPTED"


# --- Take back -----------------------------------------------------------------------------------------------


def test_giver_takes_back(as_mallory, given):
    address = url("take-back-endorsement", given.pk, organisation="elsewhere")
    assert "It cannot be undone." in as_mallory.get(address).text

    response = as_mallory.post(address, {"reason": "A slip."})

    given.refresh_from_db()
    assert (response.status_code, given.revocation_reason) == (302, "A slip.")
    assert "This endorsement was taken back before." in as_mallory.get(address).text
    assert as_mallory.post(address, {"reason": "Again."}).status_code == 422


@pytest.mark.parametrize(
    ("reason", "sentence"), [("", "Give a reason"), ("x" * 501, "Shorten this to 500"), ("\x00", "invisible")]
)
def test_taking_back_needs_a_reason(reason, sentence, as_mallory, given):
    response = as_mallory.post(url("take-back-endorsement", given.pk, organisation="elsewhere"), {"reason": reason})

    given.refresh_from_db()
    assert (response.status_code, given.revoked_at) == (422, None)
    assert sentence in response.text


def test_only_givers_take_back(anonymous, as_ed, as_mallory, as_sam, given):
    address = url("take-back-endorsement", given.pk)

    assert anonymous.post(address).status_code == 302
    assert [client.post(address, {"reason": "x"}).status_code for client in (as_ed, as_mallory, as_sam)] == [
        404,
        404,
        403,
    ]
    given.refresh_from_db()
    assert given.revoked_at is None


# --- From elsewhere ------------------------------------------------------------------------------------------


def test_import_verifies_first(as_ed, badge, loopback, settings):
    settings.OUTBOUND_ALLOW_LOOPBACK = True
    with guild_on_this_machine(f"{SITE}/public/badges/{badge.pk}") as guild:
        response = as_ed.post(url("import-endorsement"), {"source": guild.address})

    assert (response.status_code, told(response)) == (
        302,
        ["Verified and imported. It is shown now; it is looked at again every day."],
    )
    assert [one.endorser_name for one in Endorsement.objects.shown()] == ["Guild of Drivers"]
    assert "Verified on" in as_ed.get(f"{url('endorsements')}?view=shown").text


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "Paste the address of the endorsement"),
        ("\x00", "This is no address and no signed text."),
        ("x" * 200_001, "This is too long to be an endorsement."),
        ("http://127.0.0.1/endorsement", "This endorsement could not be checked completely."),
        ("rubbish", "This endorsement"),
    ],
)
def test_import_says_what_is_wrong(source, sentence, as_ed, academy, loopback):
    response = as_ed.post(url("import-endorsement"), {"source": source})

    assert (response.status_code, Endorsement.objects.count()) == (422, 0)
    assert sentence in response.text


def test_import_is_guarded(anonymous, as_ed, as_mallory, as_sam, academy):
    address = url("import-endorsement")

    assert as_ed.get(address).status_code == 200
    assert [client.post(address, {"source": "x"}).status_code for client in (anonymous, as_mallory, as_sam)] == [
        302,
        404,
        403,
    ]


# --- Ask, and look again -------------------------------------------------------------------------------------


def test_list_has_a_link_to_send_to_whom_one_asks(as_ed, as_mallory, academy):
    (asked,) = as_ed.get(f"{url('endorsements')}?view=shown").context["links_to_ask"]

    subject = urlencode({"subject": f"{SITE}/public/issuers/{academy.pk}"})
    assert asked == (academy, f"{SITE}/endorse/?{subject}")
    led = as_mallory.get(asked[1].removeprefix(SITE))
    assert led.url == f"{url('endorse', organisation='elsewhere')}?{subject}"


def imported(as_ed, guild) -> Endorsement:
    as_ed.post(url("import-endorsement"), {"source": guild.address})
    return Endorsement.objects.get()


@pytest.mark.parametrize(
    ("happens", "sentence", "view"),
    [
        ("nothing", "It still holds.", "shown"),
        ("gone", "It does not hold any more, so it is not shown.", "not-shown"),
        ("away", "It could not be looked at now, and stays as it is.", "shown"),
        ("changed", "It says something else now, so it waits for your answer.", "waiting"),
    ],
)
def test_looking_again_says_what_was_found(as_ed, badge, loopback, settings, happens, sentence, view):
    settings.OUTBOUND_ALLOW_LOOPBACK = True
    with guild_on_this_machine(f"{SITE}/public/badges/{badge.pk}") as guild:
        found = imported(as_ed, guild)
        if happens == "gone":
            guild.gone.add(guild.address)
        elif happens == "changed":
            guild.endorsement["claim"]["endorsementComment"] = "Said otherwise."
        if happens != "away":
            response = as_ed.post(url("recheck-endorsement", found.pk))
    if happens == "away":
        response = as_ed.post(url("recheck-endorsement", found.pk))

    assert told(response)[-1].startswith(sentence)
    assert response.url == f"{url('endorsements')}?view={view}"


def test_only_what_came_from_elsewhere_is_looked_at_again(as_ed, given, as_mallory, badge):
    foreign = EndorsementFactory.create(badge_class=badge, elsewhere=True)

    assert as_ed.post(url("recheck-endorsement", given.pk)).status_code == 404
    assert as_mallory.post(url("recheck-endorsement", foreign.pk, organisation="elsewhere")).status_code == 404
