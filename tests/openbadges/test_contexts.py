"""The term tables stand for what the published contexts say."""

import pytest
from jsonschema import Draft4Validator
from pyld import jsonld

from badgeserver.openbadges import contexts

OBI = "https://w3id.org/openbadges#"
SCHEMA = "http://schema.org/"
DATE = "http://www.w3.org/2001/XMLSchema#dateTime"


def expanded(terms, member, value):
    """What PyLD makes of one member under a table of terms; no network is there to ask."""
    found = jsonld.expand({"@context": dict(terms), "@id": "https://x.example/", member: value})[0]
    return {key: values for key, values in found.items() if key != "@id"}


@pytest.mark.parametrize(
    ("member", "iri"),
    [
        # Each spelling as in the published context of November 2020, the oddities among them first (OB2-ISS-04).
        ("targetFramework", f"{SCHEMA}educationalFramework"),
        ("targetDescription", f"{SCHEMA}targetDescription"),
        ("revokedAssertions", f"{OBI}revoked"),
        ("identity", f"{OBI}identityHash"),
        ("tags", f"{SCHEMA}keywords"),
        ("startsWith", "http://purl.org/dqm-vocabulary/v1/dqm#startsWith"),
        ("targetCode", f"{OBI}targetCode"),
        ("publicKeyPem", "https://w3id.org/security#publicKeyPem"),
        ("uid", f"{OBI}uid"),
        ("version", f"{SCHEMA}version"),
    ],
)
def test_texts_of_version_2(member, iri):
    assert expanded(contexts.V2, member, "words") == {iri: [{"@value": "words"}]}


@pytest.mark.parametrize(
    ("member", "iri"),
    [
        ("verification", f"{OBI}verify"),
        ("endorsement", "https://w3id.org/credentials#credential"),
        ("claim", "https://w3id.org/credentials#claim"),
        ("related", "http://purl.org/dc/terms/relation"),
        ("creator", "http://purl.org/dc/terms/creator"),
        ("owner", "https://w3id.org/security#owner"),
        ("image", f"{SCHEMA}image"),
        ("issuer", f"{OBI}issuer"),
    ],
)
def test_links_of_version_2(member, iri):
    assert expanded(contexts.V2, member, "https://y.example/") == {iri: [{"@id": "https://y.example/"}]}


def test_dates_and_booleans_of_version_2():
    assert expanded(contexts.V2, "issuedOn", "x") == {f"{OBI}issueDate": [{"@type": DATE, "@value": "x"}]}
    assert expanded(contexts.V2, "expires", "x")["https://w3id.org/security#expiration"][0]["@type"] == DATE
    assert expanded(contexts.V2, "hashed", True)[f"{OBI}hashed"][0]["@value"] is True


@pytest.mark.parametrize(
    ("written", "iri"),
    [
        ("hosted", f"{OBI}HostedBadge"),
        ("signed", f"{OBI}SignedBadge"),
        ("Endorsement", "https://w3id.org/credentials#Credential"),
        ("CryptographicKey", "https://w3id.org/security#Key"),
        ("AlignmentObject", f"{SCHEMA}AlignmentObject"),
        ("Extension", f"{OBI}Extension"),
        ("extensions:ApplyLink", "https://w3id.org/openbadges/extensions#ApplyLink"),
    ],
)
def test_types_of_version_2(written, iri):
    assert expanded(contexts.V2, "type", written) == {"@type": [iri]}


def test_every_term_of_both_versions_is_well_formed():
    for terms in (contexts.V1, contexts.V2):
        for member in terms:
            if member not in {"id", "type"}:
                assert len(expanded(terms, member, "https://y.example/")) == 1, member


def test_words_of_version_1_mean_what_they_mean_in_version_2():
    for member in contexts.V1.keys() & contexts.PROPERTIES.keys():
        found = expanded(contexts.V1, member, "https://y.example/")
        assert found == expanded(contexts.V2, member, "https://y.example/"), member


@pytest.mark.parametrize(
    ("address", "terms"),
    [
        ("https://w3id.org/openbadges/v2", contexts.V2),
        ("https://openbadgespec.org/v2/context.json", contexts.V2),
        ("https://w3id.org/openbadges/v1", contexts.V1),
        (
            "https://w3id.org/openbadges/extensions/applyLinkExtension/context.json",
            contexts.EXTENSIONS["extensions:ApplyLink"].terms,
        ),
        (
            "https://openbadgespec.org/extensions/geoCoordinatesExtension/context.json",
            contexts.EXTENSIONS["extensions:GeoCoordinates"].terms,
        ),
        (
            "http://purl.imsglobal.org/spec/ob-accred/v1p0/context/",
            contexts.EXTENSIONS["extensions:IssuerAccreditation"].terms,
        ),
        (
            "https://badges.example.org/public/extensions/apply-link/context",
            contexts.EXTENSIONS["extensions:ApplyLink"].terms,
        ),
        (
            "https://badges.example.org/public/extensions/licenseExtension/context?v=2",
            contexts.EXTENSIONS["extensions:LicenseExtension"].terms,
        ),
        ("https://w3id.org/openbadges/v2/", None),
        ("https://w3id.org/openbadges/extensions/nothing/context.json", None),
        ("https://badges.example.org/public/extensions/nothing/context", None),
        ("https://example.org/context", None),
    ],
)
def test_contexts_are_known_by_their_address(address, terms):
    assert contexts.terms_at(address) is terms


@pytest.mark.parametrize("other", [None, 3, {}, [], ["https://w3id.org/openbadges/v2"]])
def test_what_is_no_address_is_no_context(other):
    assert (contexts.is_v1(other), contexts.is_v2(other), contexts.extension_of(other)) == (False, False, None)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("extensions:ApplyLink", "extensions:ApplyLink"),
        ("https://w3id.org/openbadges/extensions#ApplyLink", "extensions:ApplyLink"),
    ],
)
def test_extensions_are_known_by_their_type(written, name):
    assert contexts.extension_of(written).name == name
    assert contexts.extension_of(written).iri == "https://w3id.org/openbadges/extensions#ApplyLink"


@pytest.mark.parametrize("written", ["ApplyLink", "Extension", "extensions:applyLink", "cc:License"])
def test_other_types_are_no_known_extensions(written):
    assert contexts.extension_of(written) is None


@pytest.mark.parametrize("extension", contexts.EXTENSIONS.values(), ids=lambda extension: extension.name)
def test_extensions_have_sound_terms_and_schemas(extension):
    Draft4Validator.check_schema(dict(extension.schema))
    for word in extension.schema["properties"]:
        if word not in {"id", "type", "narrative", "name", "publicKey"}:
            assert word in extension.terms, word
    for word in extension.terms:
        assert len(expanded(extension.terms, word, "https://y.example/")) == 1, word


def test_words_of_extensions_are_the_published_ones():
    apply_link = contexts.EXTENSIONS["extensions:ApplyLink"].terms
    place = contexts.EXTENSIONS["extensions:GeoCoordinates"].terms
    accessibility = contexts.EXTENSIONS["extensions:Accessibility"].terms

    assert apply_link["url"] == "https://w3id.org/openbadges/extensions#applyLink"
    assert place["latitude"] == f"{SCHEMA}latitude"
    assert accessibility["url"] == "https://w3id.org/openbadges/extensions##accessibility"
    assert accessibility["accessibilityAPI"] == "https://schema.org/accessibilityAPI"
