"""Every field that takes a file leads to a door that says how much it takes, and what is more is refused in words."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import Resolver404, resolve

from assertions.models import Receipt
from badges.models import BadgeClass, FrameworkImport, Plan
from badgeserver.uploads import limit_of
from issuers.models import Issuer, Organisation, Person
from tests.house.routes import all_routes

MB: Final = 1024 * 1024
#: All doors that take files: how much, in which field, and the beginning of what is said when it is more.
DOORS: Final[dict[str, tuple[int, str, str]]] = {
    "issuers:new-organisation": (2 * MB, "image", "This file is larger than 2 MB. Save the logo smaller"),
    "issuers:create": (2 * MB, "image", "This file is larger than 2 MB. Save the logo smaller"),
    "issuers:edit": (2 * MB, "image", "This file is larger than 2 MB. Save the logo smaller"),
    "issuers:settings": (2 * MB, "logo", "This file is larger than 2 MB. Save the logo smaller"),
    "issuers:import-people": (10 * MB, "file", "This file is larger than 10 MB. Keep only the table in it"),
    "badges:create": (2 * MB, "picture", "This file is larger than 2 MB. Make the picture smaller"),
    "badges:edit": (2 * MB, "picture", "This file is larger than 2 MB. Make the picture smaller"),
    "badges:preview": (2 * MB, "picture", ""),  # shows the badge without it
    "badges:check": (2 * MB, "picture", ""),  # asked about one field alone
    "badges:coach-fix": (2 * MB, "picture", ""),
    "badges:keep-picture": (2 * MB, "picture", "This file is larger than 2 MB. Make the picture smaller"),
    "badges:import": (4 * MB, "file", "This file is larger than 4 MB, which no badge is."),
    "badges:new-plan": (20 * MB, "file", "This file is larger than 20 MB. Keep only the table in it"),
    "badges:import-framework": (25 * MB, "file", "This file is larger than 25 MB. Bring the table of skills alone"),
    "assertions:verify": (4 * MB, "file", "This file is larger than 4 MB. A picture with a badge inside is smaller"),
    "assertions:import": (4 * MB, "file", "This file is larger than 4 MB. A picture with a badge inside is smaller"),
    "api:verify": (8 * MB, "file", "The request is larger than 8 MB, which no badge is."),
}
SAYING: Final = sorted(name for name, (_limit, _field, sentence) in DOORS.items() if sentence)


def limit_at(url: str) -> int:
    request = RequestFactory().post(url)
    try:
        request.resolver_match = resolve(url)
    except Resolver404:
        return 0
    return limit_of(request)


def test_every_door_that_takes_files_stands_here(ids):
    limits = {route.name: limit_at(route.url(ids)) for route in all_routes()}
    assert {name: limit for name, limit in limits.items() if limit} == {
        name: limit for name, (limit, _field, _sentence) in DOORS.items()
    }


def test_every_field_for_a_file_leads_to_a_door_that_takes_it(as_ada, ids):
    found: set[str] = set()
    for route in all_routes():
        url = route.url(ids)
        answer = as_ada.get(url)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for attributes, inside in re.findall(r"<form\b([^>]*)>(.*?)</form>", answer.content.decode(), re.DOTALL):
            inputs = [tag for tag in re.findall(r"<input\b[^>]*>", inside) if 'type="file"' in tag]
            if not inputs:
                continue
            assert 'enctype="multipart/form-data"' in attributes, f"{route.name} sends the name of the file alone."
            action = re.search(r'\baction="([^"]*)"', attributes)
            asked = [match for tag in inputs for match in re.findall(r'\bhx-post="([^"]*)"', tag)]
            takers = [urlsplit(target).path for target in [action[1] if action else url, *asked]]
            assert [target for target in takers if not limit_at(target)] == [], (
                f"{route.name} shows a field for a file."
            )
            found.add(route.name)
    # The walk sees the forms. These answer others' forms; and the badge is held already, so its form is closed.
    without = {"badges:preview", "badges:check", "badges:coach-fix", "badges:keep-picture", "badges:edit", "api:verify"}
    assert found == set(DOORS) - without


def held() -> list[Any]:
    """Everything that a file could have changed."""
    models = [Organisation, Issuer, Person, BadgeClass, Plan, FrameworkImport, Receipt]
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("name", SAYING)
def test_file_that_is_too_large_is_refused_beside_its_field(name, as_ada, ids):
    limit, field, sentence = DOORS[name]
    url = next(route for route in all_routes() if route.name == name).url(ids)
    before = held()
    words = {"name": "Typed before", "description": "Typed too", "text": "Typed as well", "badge": ""}
    answer = as_ada.post(url, {**words, field: SimpleUploadedFile("large.png", b"\x89PNG\r\n\x1a\n" + b"x" * limit)})
    page = answer.content.decode().replace("&#x27;", "'")
    assert (answer.status_code, sentence in page) == (413 if name == "api:verify" else 422, True)
    if name.startswith("issuers:") or name in {"badges:create", "badges:edit"}:
        assert ("Typed before" in page) or ("Typed as well" in page)
    assert held() == before
