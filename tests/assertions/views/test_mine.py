from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from assertions.models import Assertion
from tests.factories.accounts import EmailAddressFactory, UserFactory
from tests.factories.assertions import AssertionFactory

URL = "/my/badges/"


@pytest.fixture
def page(assertion):
    return reverse("assertions:my-badge", args=[assertion.pk])


@pytest.fixture
def name(assertion):
    return reverse("assertions:my-name", args=[assertion.pk])


def _shown():
    return Assertion.objects.get().name_shown_at is not None


def test_my_badges_from_everywhere(as_rita, rita, assertion, svg_badge):
    EmailAddressFactory.create(user=rita, email="Rita@Home.example.org", primary=False)
    AssertionFactory.create(badge_class=svg_badge, recipient_email="rita@home.example.org")
    AssertionFactory.create(badge_class=svg_badge, recipient_email="other@home.example.org")

    response = as_rita.get(URL)

    assert sorted(line.assertion.badge_class.name for line, _upgrade in response.context["lines"]) == [
        "First Aid",
        "Forklift Safety",
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_my_badges_take_the_same_queries_for_each_length(as_rita, badge, number, django_assert_num_queries):
    AssertionFactory.create_batch(number, badge_class=badge, recipient_email="rita@mail.example.org")
    as_rita.get(URL)

    with django_assert_num_queries(7):
        as_rita.get(URL)


def test_one_of_my_badges_takes_six_queries(as_rita, assertion, django_assert_num_queries):
    url = reverse("assertions:my-badge", args=[assertion.pk])
    as_rita.get(url)

    with django_assert_num_queries(6):
        as_rita.get(url)


def test_no_badges_yet_names_the_address_and_says_what_to_do(as_rita):
    text = as_rita.get(URL).text

    assert "Nothing was awarded to rita@mail.example.org so far." in text
    assert f'href="{reverse("account_email")}"' in text


def test_address_that_is_not_proved_shows_nothing(client, badge):
    newcomer = UserFactory.create(email="new@mail.example.org", address=None)
    EmailAddressFactory.create(user=newcomer, verified=False)
    AssertionFactory.create(badge_class=badge, recipient_email="new@mail.example.org")
    client.force_login(newcomer)

    text = client.get(URL).text
    assert "Confirm your address first" in text
    assert "Forklift" not in text


def test_my_badge_offers_everything(as_rita, assertion, page):
    text = as_rita.get(page).text

    assert f"http://badges.example.org/public/assertions/{assertion.pk}" in text
    assert f"/public/assertions/{assertion.pk}/image.png" in text
    linkedin = urlsplit(as_rita.get(page).context["linkedin_url"])
    assert linkedin.hostname == "www.linkedin.com"
    assert parse_qs(linkedin.query)["name"] == ["Forklift Safety"]
    assert parse_qs(linkedin.query)["certUrl"] == [f"http://badges.example.org/public/assertions/{assertion.pk}"]


def test_revoked_badge_offers_nothing_but_the_reason(as_rita, assertion, page, now):
    Assertion.objects.update(revoked_at=now, revocation_reason="Wrong person")

    text = as_rita.get(page).text
    assert "Wrong person" in text
    for words in ("LinkedIn", "image.png", "Show my name"):
        assert words not in text


def test_badge_that_is_being_signed_says_so(as_rita, badge):
    award = AssertionFactory.create(badge_class=badge, recipient_email="rita@mail.example.org", unfinished=True)

    assert "is being signed" in as_rita.get(reverse("assertions:my-badge", args=[award.pk])).text


def test_badges_of_others_are_not_found(as_ada, as_mallory, anonymous, assertion, page, name):
    """Not even by the owner of the organisation that awarded them."""
    for client in (as_ada, as_mallory):
        assert client.get(page).status_code == 404
        assert client.post(name, {"shown": "yes"}).status_code == 404
    assert anonymous.get(page).url == f"/accounts/login/?next={page}"
    assert anonymous.post(name, {"shown": "yes"}).status_code == 302
    assert not _shown()


def test_name_is_shown_and_hidden_again(as_rita, anonymous, assertion, page, name):
    def public() -> str:
        return anonymous.get(f"/public/assertions/{assertion.pk}", headers={"Accept": "text/html"}).text

    assert "Rita Castle" not in public()

    response = as_rita.post(name, {"shown": "yes"})
    assert response.url == page
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "Your name now stands on the public page."
    ]
    assert "Rita Castle" in public()
    assert "Hide my name" in as_rita.get(page).text

    as_rita.post(name, {"shown": "no"})
    assert "Rita Castle" not in public()
    assert "Show my name" in as_rita.get(page).text


def test_name_refuses_get(as_rita, name):
    assert as_rita.get(name, {"shown": "yes"}).status_code == 405
    assert not _shown()


@pytest.mark.parametrize("shown", ["", "perhaps", "\x00"])
def test_name_is_shown_for_a_clear_yes_alone(as_rita, name, shown):
    as_rita.post(name, {"shown": shown})

    assert not _shown()


def test_staff_find_their_way_back(as_ada, acme):
    assert 'href="/o/acme/"' in as_ada.get(URL).text
