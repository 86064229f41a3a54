"""The table of OB2-ISS-160, and what every public door has in common."""

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from rest_framework.exceptions import Throttled

from badgeserver.api.public import (
    HTML,
    JSON,
    JSON_LD,
    PublicView,
    document,
    is_link_preview,
    page,
    picture,
    preferred_form,
)

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        # The table itself.
        ("", JSON_LD),
        ("*/*", JSON_LD),
        ("application/ld+json", JSON_LD),
        ("application/json", JSON),
        ("application/ld+json, application/json, image/png, image/svg+xml", JSON_LD),
        ("text/html, application/json;q=0.9", HTML),
        (FIREFOX, HTML),
        (CHROMIUM, HTML),
        # Its edges.
        ("text/html", HTML),
        ("text/*", HTML),
        ("text/html, application/ld+json", JSON_LD),
        ("text/html, application/json", JSON),
        ("text/html;q=0.5, */*;q=0.1", HTML),
        ("text/html;q=0.5, */*", JSON_LD),
        ("text/html;q=0", JSON_LD),
        ("application/json, application/ld+json", JSON_LD),
        ("application/json, application/ld+json;q=0.5", JSON),
        ("application/json;q=0.5, application/ld+json", JSON_LD),
        ("application/json, text/plain, */*", JSON),
        ("application/json;charset=utf-8", JSON),
        ("application/*", JSON_LD),
        ('application/ld+json;profile="https://www.w3.org/ns/json-ld#compacted"', JSON_LD),
        ("image/png", JSON_LD),
        ("nonsense", JSON_LD),
        (",;q=,", JSON_LD),
        ("text/html;q=nan, */*;q=0.1", JSON_LD),
        ("TEXT/HTML", HTML),
    ],
)
def test_preferred_form_follows_the_table(accept, form):
    assert preferred_form(accept) == form


class Doors(PublicView):
    """Stands for every public door."""

    def get(self, request):
        kind = request.GET.get("kind", "document")
        if kind == "missing":
            raise Http404("There is no badge at this address")
        if kind == "throttled":
            raise Throttled(wait=9)
        if kind == "page":
            return page(request, "<p>Page")
        if kind == "svg":
            return picture(request, b"<svg/>", media_type="image/svg+xml", filename="a.svg")
        if kind == "gone":
            return document(request, "{}", status=410, cache="no-store")
        return document(request, '{"id":"é"}', form=preferred_form(request.headers.get("Accept", "")))


def ask(kind="document", method="get", **headers: str) -> HttpResponse:
    request = getattr(RequestFactory(), method)(f"/public/x?kind={kind}", headers=headers)
    return Doors.as_view()(request)


@pytest.mark.parametrize("kind", ["document", "page", "svg", "gone", "missing", "throttled"])
@pytest.mark.parametrize("method", ["get", "head", "options", "post"])
def test_every_answer_may_be_read_by_every_site(kind, method):
    response = ask(kind, method, Origin="https://viewer.example.org")

    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.has_header("Access-Control-Allow-Credentials")
    assert response.cookies == {}


def test_options_answers_a_preflight():
    response = ask(method="options", **{"Access-Control-Request-Method": "GET"})

    assert (response.status_code, response.content, response["Allow"]) == (204, b"", "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_refused(method):
    response = ask(method=method)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("kind", ["document", "page", "svg", "gone", "missing"])
def test_head_is_get_without_its_body(kind):
    get, head = ask(kind), ask(kind, "head")

    assert head.content == b""
    assert head["Content-Length"] == str(len(get.content))
    assert (head.status_code, head.get("ETag"), head["Content-Type"]) == (
        get.status_code,
        get.get("ETag"),
        get["Content-Type"],
    )


def test_unchanged_document_is_not_sent_again():
    first = ask()

    again = ask(**{"If-None-Match": first["ETag"]})
    other_form = ask(Accept="application/json", **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Access-Control-Allow-Origin"] == "*"
    assert (other_form.status_code, other_form["Content-Type"]) == (200, JSON)


@pytest.mark.parametrize(
    ("kind", "status", "cache", "vary"),
    [
        ("document", 200, "public, max-age=60", "Accept, User-Agent"),
        ("page", 200, "public, no-cache", "Accept, User-Agent, Accept-Language"),
        ("svg", 200, "public, max-age=60", None),
        ("gone", 410, "no-store", "Accept, User-Agent"),
        ("missing", 404, "no-store", "Accept, User-Agent"),
        ("throttled", 429, "no-store", None),
    ],
)
def test_caches_are_told_how_long_and_by_what(kind, status, cache, vary):
    response = ask(kind)

    assert (response.status_code, response["Cache-Control"], response.get("Vary")) == (status, cache, vary)


def test_gone_is_never_answered_as_unchanged():
    assert ask("gone", **{"If-None-Match": "*"}).status_code == 410


@pytest.mark.parametrize("accept", [FIREFOX, "application/xml", "*/*", "image/webp"])
def test_no_accept_header_is_unacceptable(accept):
    assert ask(Accept=accept).status_code == 200


def test_query_format_of_rest_framework_means_nothing_here():
    request = RequestFactory().get("/public/x?format=api")

    assert Doors.as_view()(request).status_code == 200


def test_svg_is_served_into_a_sandbox():
    response = ask("svg")

    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    )
    assert response["Content-Disposition"] == 'inline; filename="a.svg"'


def test_missing_thing_is_said_to_programs_as_json():
    response = ask("missing", Accept="application/ld+json")

    assert response["Content-Type"] == "application/json"
    assert response.content.decode() == (
        '{"message": "There is no badge at this address", "code": "not_found", "fields": {}}'
    )


def test_missing_thing_is_said_to_people_on_a_page_that_helps():
    response = ask("missing", Accept=FIREFOX)

    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>There is no badge at this address</h1>" in response.content.decode()
    assert "Ask the person who holds the badge" in response.content.decode()


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
        "python-requests/2.32.3",
        "Apache-HttpClient/4.5.14 (Java/17)",
        "curl/8.5.0",
        "",
    ],
)
def test_browsers_and_programs_are_no_link_previews(agent):
    assert is_link_preview(agent) is False
