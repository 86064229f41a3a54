import dns.rcode
import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from badgeserver import outbound
from issuers.documents import issuer_id
from issuers.models import Domain
from tests.badgeserver.test_dns import records
from tests.factories.issuers import DomainFactory
from tests.issuers.actions.test_domains import names  # noqa: F401 -- a fixture


@pytest.fixture
def domain(academy) -> Domain:
    made: Domain = DomainFactory.create(issuer=academy, name="example.org", proved_at=None, proved_by="")
    return made


@pytest.fixture
def address(acme, academy):
    return reverse("issuers:domains", args=[acme.slug, academy.pk])


@pytest.fixture
def url(acme, domain):
    def of(name: str) -> str:
        return reverse(f"issuers:{name}", args=[acme.slug, domain.issuer_id, domain.pk])

    return of


def test_list_without_domains_says_what_to_do(as_ada, address):
    assert "No domain yet" in as_ada.get(address).content.decode()


def test_list_takes_the_same_queries_with_1_and_3_domains(as_ada, domain, address, academy, django_assert_num_queries):
    with django_assert_num_queries(6):
        as_ada.get(address)
    DomainFactory.create_batch(2, issuer=academy)
    with django_assert_num_queries(6):
        as_ada.get(address)


def test_adding_leads_to_what_is_to_be_published(as_ada, address, academy):
    response = as_ada.post(address, {"name": "https://example.org/"}, follow=True)
    text = response.content.decode()

    assert Domain.objects.get().name == "example.org"
    assert 'value="_openbadges.example.org"' in text
    assert f'value="openbadges-issuer={issuer_id(academy)}"' in text
    assert 'value="https://example.org/.well-known/openbadges-issuer.txt"' in text
    assert f'value="{issuer_id(academy)}"' in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write a domain, such as example.org."),
        ("localhost", "Write the domain alone, such as example.org."),
        ("a\x00.org", "Null characters are not allowed."),
        ("badges.example.org", "This is the address of this server"),
        ("x" * 301, "at most 300 characters"),
    ],
)
def test_adding_refuses_beside_the_field(as_ada, address, typed, sentence):
    response = as_ada.post(address, {"name": typed})

    assert response.status_code == 422
    assert sentence in response.context["form"].errors["name"][0]
    assert Domain.objects.count() == 0


def test_checking_finds_the_proof(as_ada, url, domain, names):  # noqa: F811
    names.reply = records(f'"openbadges-issuer={issuer_id(domain.issuer)}"')

    response = as_ada.post(url("check-domain"), follow=True)

    assert response.redirect_chain == [(url("domain"), 302)]
    assert "<strong>example.org confirms this issuer</strong>" in response.content.decode()


def test_checking_says_what_is_wrong(as_ada, url, domain, names, monkeypatch):  # noqa: F811
    """The website is asked for at a public address, which this machine is not."""
    names.reply = records(code=dns.rcode.NXDOMAIN)
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", 443))])

    text = as_ada.post(url("check-domain"), follow=True).content.decode()

    assert "There is no TXT record at _openbadges.example.org." in text
    assert "example.org" in text


def test_page_warns_before_a_proof_is_withdrawn(as_ada, url, domain, now):
    Domain.objects.update(proved_at=now, proved_by="DNS", failing_since=now, problem="There is no TXT record.")

    text = as_ada.get(url("domain")).content.decode()

    assert "The proof has been missing since 2 March 2026." in text
    assert "before 9 March 2026" in text


def test_page_says_that_a_proof_was_withdrawn(as_ada, url, domain, now):
    Domain.objects.update(failing_since=now, checked_at=now, problem="There is no TXT record.")

    assert "The proof was withdrawn:" in as_ada.get(url("domain")).content.decode()


def test_page_says_when_the_domain_has_no_say(as_ada, acme, academy):
    other = DomainFactory.create(issuer=academy, name="example.net")

    text = as_ada.get(reverse("issuers:domain", args=[acme.slug, academy.pk, other.pk])).content.decode()

    assert "is not under this domain" in text


def test_removing_takes_it_away(as_ada, url, address):
    response = as_ada.post(url("remove-domain"), follow=True)

    assert response.redirect_chain == [(address, 302)]
    assert Domain.objects.count() == 0


def test_removal_is_undone_and_finds_the_proof_again(as_ada, url, domain, names, acme, academy):  # noqa: F811
    Domain.objects.update(proved_at=domain.created_at, proved_by="DNS")
    removed = as_ada.post(url("remove-domain"))
    (told,) = get_messages(removed.wsgi_request)
    undo = reverse("issuers:add-domain-again", args=[acme.slug, academy.pk, "example.org"])
    assert (str(told), told.extra_tags) == ("example.org is removed.", f"undo:{undo}")
    names.reply = records(f'"openbadges-issuer={issuer_id(academy)}"')

    as_ada.post(undo)

    again = Domain.objects.get()
    assert (again.name, again.proved_by) == ("example.org", "DNS")


def test_undoing_a_removal_twice_says_that_it_is_there(as_ada, domain, acme, academy, address):
    response = as_ada.post(reverse("issuers:add-domain-again", args=[acme.slug, academy.pk, "example.org"]))

    assert (response.status_code, response.url) == (302, address)
    assert [str(told) for told in get_messages(response.wsgi_request)] == ["example.org stands in the list already."]
    assert Domain.objects.count() == 1


def test_first_domain_is_that_of_the_website(as_ada, address, academy):
    academy.url = "https://www.acme.example/academy"
    academy.save(update_fields=["url"])

    assert 'value="acme.example"' in as_ada.get(address).text


def test_page_has_a_text_to_pass_on_until_the_proof_is_found(as_ada, url, domain, academy, now):
    waiting = as_ada.get(url("domain"))
    Domain.objects.update(proved_at=now, proved_by="DNS")
    proved = as_ada.get(url("domain"))

    text = waiting.context["request_text"]
    assert all(
        said in text
        for said in (
            academy.name,
            "_openbadges.example.org",
            f"openbadges-issuer={issuer_id(academy)}",
            "https://example.org/.well-known/openbadges-issuer.txt",
        )
    )
    assert ["Pass this on" in page.text for page in (waiting, proved)] == [True, False]


def test_removing_is_refused_once_badges_lie_there(as_ada, url, domain, now):
    Domain.objects.update(proved_at=now, proved_by="DNS", hosting_since=now)

    response = as_ada.post(url("remove-domain"), follow=True)

    assert "stays in the list for ever" in response.content.decode()
    assert Domain.objects.count() == 1


def test_using_it_says_what_must_be_so_first(as_ada, url, academy):
    page = as_ada.get(url("domain-addresses")).content.decode()
    refused = as_ada.post(url("domain-addresses"))

    assert f"https://example.org/public/issuers/{academy.pk}" in page
    assert refused.status_code == 422
    assert "Prove first that the domain is yours." in refused.content.decode()


def test_stopping_says_where_new_addresses_lie(as_ada, url, domain, now):
    Domain.objects.update(proved_at=now, proved_by="DNS", hosting_since=now)

    response = as_ada.post(url("stop-domain-addresses"), follow=True)

    assert "New badges and awards get addresses under badges.example.org." in response.content.decode()
    assert Domain.objects.get().is_host is False
