"""The demo organisation as machines read it: each document fits its schema, and JSON-LD loses none of its words."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone
from pyld import jsonld

from assertions.management.demo.loader import load
from assertions.models import Assertion, Endorsement
from badges.models import BadgeClass
from badgeserver.openbadges import contexts
from badgeserver.openbadges.vocabulary import CONTEXT_V2
from issuers.models import Issuer, SigningKey

SCHEMAS = Path(__file__).parent.parent / "samples/schema"
SCHEMA_OF = {
    "Assertion": "assertion",
    "BadgeClass": "badgeclass",
    "CryptographicKey": "cryptographickey",
    "Endorsement": "endorsement",
    "Issuer": "issuer",
    "RevocationList": "revocationlist",
}


@pytest.fixture
def published(db) -> dict[str, dict[str, Any]]:
    """Every document of the demo by its address, as anybody gets it; no worker has signed or baked anything yet."""
    load(now=timezone.now())
    client = Client()
    return {path: _served(client, path) for path in _paths()}


def _paths() -> Iterator[str]:
    for issuer in Issuer.objects.all():
        yield f"/public/issuers/{issuer.pk}"
        yield f"/public/issuers/{issuer.pk}/revocations"
    for key in SigningKey.objects.all():
        yield f"/public/issuers/{key.issuer_id}/keys/{key.kid}"
    for badge in BadgeClass.objects.public().prefetch_related("translations"):
        yield f"/public/badges/{badge.pk}"
        for translation in badge.translations.all():
            yield f"/public/badges/{badge.pk}/languages/{translation.language}"
    for endorsement in Endorsement.objects.exclude(hosted_json=""):
        yield f"/public/endorsements/{endorsement.pk}"
    for assertion in Assertion.objects.public():
        yield f"/public/assertions/{assertion.pk}"


def _served(client: Client, path: str) -> dict[str, Any]:
    response = client.get(path, headers={"accept": "application/ld+json"})
    document: dict[str, Any] = json.loads(response.content)
    assert response.status_code == (410 if document.get("revoked") else 200), path
    return document


def _schema_of(document: dict[str, Any]) -> str:
    name = SCHEMA_OF[document["type"]]
    return f"ob2-{name}-revoked" if document.get("revoked") else f"ob2-{name}"


def test_documents_fit_their_schema_and_json_ld_loses_none_of_their_words(published):
    """OB2-ISS-02: what no context explains would silently vanish for whoever reads it properly."""
    schemas = {path.name.split(".")[0]: json.loads(path.read_text()) for path in SCHEMAS.iterdir()}
    options = {"documentLoader": _loader(Client())}
    broken, lost = {}, {}
    for path, document in published.items():
        validator = jsonschema.Draft7Validator(schemas[_schema_of(document)])
        if problems := [problem.message for problem in validator.iter_errors(document)]:
            broken[path] = problems
        if missing := _lost(document, CONTEXT_V2, options):
            lost[path] = sorted(missing)

    assert (broken, lost) == ({}, {})
    assert {document["type"] for document in published.values()} == set(SCHEMA_OF)


def _loader(client: Client) -> Callable[[str, object], dict[str, Any]]:
    """Contexts of extensions come from us, as they do for everybody."""

    def load_context(url: str, options: object) -> dict[str, Any]:
        words = contexts.V2 if url == CONTEXT_V2 else client.get(urlsplit(url).path).json()["@context"]
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": dict(words)}}

    return load_context


def _lost(node: dict[str, Any], context: object, options: dict[str, object]) -> set[str]:
    """The words that are gone when somebody reads and rewrites a document with its context."""
    again = jsonld.compact(jsonld.expand({**node, "@context": context}, options), context, options)
    lost = _words(node) - _words(again)
    for extension in (one for one in node.values() if isinstance(one, dict) and "@context" in one):
        lost |= _lost(extension, [CONTEXT_V2, extension["@context"]], options)
    return lost


def _words(value: object, *, below: str = "") -> set[str]:
    """The members of a document and of what is in it, by their path; lists count as what is in them.

    An extension has a context, and so words, of its own: only its name counts here.
    """
    if isinstance(value, list):
        return {word for item in value for word in _words(item, below=below)}
    if not isinstance(value, dict) or (below and ":" in below):
        return set()
    found = set()
    for name, inner in value.items():
        if name != "@context":
            found |= {f"{below}{name}", *_words(inner, below=f"{below}{name}/")}
    return found
