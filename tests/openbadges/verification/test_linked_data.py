"""Whatever spelling JSON-LD allows, the same badge is read."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld

from badgeserver.openbadges import contexts, serialize
from badgeserver.openbadges.contexts import PREFIXES, PROPERTIES
from badgeserver.openbadges.errors import InvalidJson
from badgeserver.openbadges.verification import CheckCode, Verdict, verify
from badgeserver.openbadges.verification import linked_data as ld
from tests.openbadges.verification.world import BADGE, HOSTED, ISSUER, NOW, REVOCATIONS, SIGNED, World

V2 = "https://w3id.org/openbadges/v2"
OBI = "https://w3id.org/openbadges#"


def read(members, context=V2):
    return ld.analysed({"@context": context, **members}).document


def by_pyld(document):
    """The same document, read by PyLD although it may be plain."""
    without = {key: value for key, value in document.items() if key != "@context"}
    return ld.analysed(without, contexts.V2).document


# --- both ways agree ---

NAMES = st.sampled_from(
    (
        *PROPERTIES,
        *("id", "type", "@language", "verify", "hosted", "obi", "slug", "@id", "@type", "@value", "@list", "@set"),
        *("extensions:Foo", "https://x.example/y", "validation"),
    )
)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=3)
    | st.sampled_from(["https://a.example/1", SIGNED, "obi:x", "schema:", "http:x", "Assertion", "hosted", "email"])
    | st.sampled_from(["Extension", "mailto:x", "id", "data:image/png,x", "en-US", "@type", "_:b0"])
)
TREES = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


@given(st.dictionaries(NAMES, TREES, max_size=6))
def test_what_is_read_directly_is_what_pyld_reads(members):
    try:
        direct = ld._plain_document({"@context": V2, **members})
    except ld._NotPlain:
        direct = None
    try:
        read_by_pyld = by_pyld(members)
    except InvalidJson:
        read_by_pyld = None

    assert direct is None or direct == read_by_pyld


@given(st.lists(TREES, max_size=3) | TREES, TREES)
def test_no_document_raises_anything_else(context, value):
    try:
        found = ld.analysed({"@context": context, "id": "https://x.example/", "badge": value, "x": value})
    except (InvalidJson, ld.TooMuch):
        return
    assert isinstance(found.document, dict)


def test_our_own_documents_are_read_directly(private_key, monkeypatch):
    monkeypatch.setattr(jsonld, "expand", None)
    world = World(private_key)
    for document in [*world.documents.values(), world.signed]:
        if isinstance(document, dict) and document["type"] != "RevocationList":
            assert read(document) == {key: value for key, value in document.items() if key != "@context"} | {
                key: value[0] for key, value in document.items() if isinstance(value, list) and len(value) == 1
            }


# --- spellings ---


def full(document):
    """Every member under its full IRI, every value in a list, as the expanded form of JSON-LD has it."""
    return jsonld.expand({**document, "@context": dict(contexts.V2)})[0]


def prefixed(value):
    """Members under abbreviated IRIs."""
    if isinstance(value, list):
        return [prefixed(item) for item in value]
    if not isinstance(value, dict):
        return value
    short = {}
    for key, item in value.items():
        iri = PROPERTIES.get(key, key)
        prefix = next((name for name, long in PREFIXES.items() if iri.startswith(long)), None)
        short[iri if prefix is None else f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}"] = prefixed(item)
    return short


def typed(document):
    """Values with their types said, which abbreviated members lose."""
    document = prefixed(document)
    for key in ("obi:issueDate", "sec:expiration"):
        if key in document:
            document[key] = {"@type": "xsd:dateTime", "@value": document[key]}
    return document


def aliased(document):
    changed = {"@id" if key == "id" else "@type" if key == "type" else key: value for key, value in document.items()}
    if "verification" in changed:
        kind = {"HostedBadge": "hosted", "SignedBadge": "signed"}[changed["verification"]["type"]]
        changed["verify"] = {**changed.pop("verification"), "type": [kind]}
    return changed


def listed(document):
    return {key: value if key.startswith("@") or key == "id" else [value] for key, value in document.items()}


def ours(document):
    """All words defined within the document, under names of its own."""
    names = {name: f"my-{name}" for name in ("recipient", "badge", "verification", "issuedOn", "criteria", "issuer")}
    own = {mine: contexts.V2[name] for name, mine in names.items()}
    changed = {names.get(key, key): value for key, value in document.items()}
    return {**changed, "@context": [V2, own]}


SPELLINGS = {
    "full IRIs": lambda document: {"@context": V2, **full(document)},
    "full IRIs without context": full,
    "prefixes": lambda document: {**typed(document), "@context": V2},
    "aliases": aliased,
    "lists": listed,
    "words of its own": ours,
    "a context in a list": lambda document: {**document, "@context": [V2]},
    "an unknown context besides": lambda document: {**document, "@context": [V2, "https://unknown.example/context"]},
    "an unknown context before": lambda document: {**document, "@context": ["https://unknown.example/", V2], "slug": 1},
    "the old address of the context": lambda document: {**document, "@context": "http://w3id.org/openbadges/v2"},
    "words that mean nothing": lambda document: {**document, "slug": "x", "createdBy": {"name": "y"}},
    "a context of all its own": lambda document: {**document, "@context": {"@vocab": OBI, **dict(SMALL)}},
}
SMALL = {
    name: contexts.V2[name]
    for name in (
        *("id", "type", "obi", "schema", "sec", "name", "description", "email", "url", "image", "expires", "issuedOn"),
        *("hashed", "recipient", "badge", "verification", "identity", "issuer", "criteria", "related", "publicKey"),
        *("revocationList", "owner", "publicKeyPem", "creator", "CryptographicKey"),
    )
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("signed", [False, True])
def test_every_spelling_is_understood(spelling, signed, world, verified):
    change = SPELLINGS[spelling]
    for address, document in list(world.documents.items()):
        if isinstance(document, dict) and address != REVOCATIONS:
            world.documents[address] = change(document)
    world.signed = change(world.signed)
    report = verified(world.jws if signed else HOSTED, recipient="rita@example.org")

    assert report.verdict is Verdict.VALID, [check for check in report.checks if check.outcome != "PASSED"]
    assert (report.badge["name"], report.issuer["name"]) == ("Robotics", "Acme Academy")
    assert report.assertion["verification"]["type"] == ("SignedBadge" if signed else "HostedBadge")


@given(st.data())
def test_mixed_spellings_keep_the_verdict(private_key, data):
    world = World(private_key)
    world.documents[HOSTED]["evidence"] = [{"id": "https://e.example/1", "name": "One"}, {"narrative": "Two"}]
    expired = data.draw(st.booleans())
    world.documents[HOSTED]["expires"] = "2025-01-01T00:00:00Z" if expired else "2027-01-01T00:00:00Z"
    for address in (HOSTED, BADGE, ISSUER):
        world.documents[address] = SPELLINGS[data.draw(st.sampled_from(sorted(SPELLINGS)))](world.documents[address])
    report = verify(HOSTED, fetch=world.fetch, now=NOW)

    assert report.verdict is (Verdict.EXPIRED if expired else Verdict.VALID)


def test_a_word_that_the_document_redefines_means_what_it_says(world, verified):
    world.documents[HOSTED]["@context"] = [V2, {"badge": "https://elsewhere.example/badge"}]

    assert verified(HOSTED).verdict is Verdict.INVALID


def test_an_unknown_context_is_told_to_experts(world, verified):
    world.documents[HOSTED]["@context"] = [V2, "https://unknown.example/context"]
    check = verified(HOSTED).check(CheckCode.STRUCTURE)

    assert check.detail == "Not known here, and therefore left out: https://unknown.example/context"


def test_texts_in_a_language_of_their_own_are_refused_as_everywhere(world, verified):
    world.documents[BADGE]["@context"] = [V2, {"@language": "en"}]

    assert verified(HOSTED).verdict is Verdict.INVALID


def test_the_language_of_a_document_is_kept():
    assert read({"name": "x", "@language": "EN-us"}) == {"name": "x", "@language": "en-us"}
    assert by_pyld({"name": "x", "@language": "EN-us"}) == {"name": "x", "@language": "en-us"}


def test_two_members_with_one_meaning_are_two_values(world, verified):
    world.documents[HOSTED]["verify"] = {"type": "signed"}

    assert verified(HOSTED).verdict is Verdict.INVALID


def test_revoked_and_revoked_assertions_are_told_apart():
    revocations = {
        "revokedAssertions": [SIGNED, {"id": "https://x.example/1", "revoked": False}],
        "type": "RevocationList",
    }
    for found in (read(revocations), by_pyld(revocations)):
        assert found["revokedAssertions"] == [SIGNED, {"id": "https://x.example/1", "revoked": False}]
        assert "revoked" not in found
    for found in (read({"revoked": True, "name": "x"}), by_pyld({"revoked": True, "name": "x"})):
        assert (found["revoked"], "revokedAssertions" in found) == (True, False)


def test_lists_that_keep_their_order_stay_apart():
    assert read({"name": {"@list": ["a", "b"]}}) == {"name": {"@list": ["a", "b"]}}


def test_names_are_short_where_they_can_be():
    found = read({"schema:location": "x", "https://x.example/y": "z", "obi:unknown": 1, "type": ["x:Y", "BadgeClass"]})

    assert found == {
        "schema:location": "x",
        "https://x.example/y": "z",
        "obi:unknown": 1,
        "type": ["x:Y", "BadgeClass"],
    }


@pytest.mark.parametrize(
    "members",
    [
        {"id": 5, "name": "x"},
        {"type": 3},
        {"name": {"@value": {}}},
        {"name": "x", "@language": 3},
        {},
        {"id": "https://x.example/"},
        {"@graph": [{"id": "https://x.example/1", "name": "a"}, {"id": "https://x.example/2", "name": "b"}]},
    ],
)
def test_what_is_no_linked_data_is_refused(members):
    with pytest.raises(InvalidJson):
        read(members)


@pytest.mark.parametrize(
    "context",
    [
        3,
        [V2, 3],
        [V2, ["x"]],
        [V2, {"name": 3}],
        [V2, {"a": "b:x", "b": "a:x"}],
        [V2, {"@vocab": 3}],
        [V2, {"@version": 7}],
    ],
)
def test_a_broken_context_is_refused(context):
    with pytest.raises(InvalidJson):
        read({"name": "x"}, context)


def test_what_pyld_itself_stumbles_over_is_refused():
    with pytest.raises(InvalidJson, match="no sound linked data"):
        read({"type": ":"}, [V2, {"@base": "@set"}])


def test_nobody_is_asked_even_if_a_context_came_through():
    with pytest.raises(InvalidJson, match="no sound linked data"):
        ld._expanded({"@context": ["https://evil.example/context"], "name": "x"})


def test_words_that_may_be_keywords_one_day_are_ignored():
    own = {
        "@future": "https://x.example/",
        "word": {"@id": "@later"},
        "back": {"@reverse": "@id"},
        "fine": "https://x.example/fine",
    }

    assert read({"name": "x", "word": "y", "fine": "z"}, [V2, own]) == {"name": "x", "https://x.example/fine": "z"}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"name": "x", "image": "@future"}, {"name": "x", "image": []}),
        ({"name": "x", "@included": {"name": "y"}}, {"name": "x"}),
        ({"name": "x", "id": "@future"}, {"name": "x"}),
        ({"recipient": {"@type": "id", "identity": "x"}}, {"recipient": {"type": "id", "identity": "x"}}),
        ({"name": "x", "evidence": {"@language": "en"}}, {"name": "x"}),
        ({"name": "x", "badge": "obi:y"}, {"name": "x", "badge": f"{OBI}y"}),
        ({"name": "x", "type": "https://x.example/Y"}, {"name": "x", "type": "https://x.example/Y"}),
    ],
)
def test_oddities_are_read_as_json_ld_has_them(members, expected):
    assert read(members) == by_pyld(members) == expected


def test_values_that_are_no_nodes_stay_what_they_are():
    assert ld.in_words_of({"https://x.example/word": ["bare"]}, {"word": "https://x.example/word"}) == {"word": "bare"}


def test_a_context_may_be_taken_back():
    assert read({"name": "x", "image": {"@context": None, "name": "not a word any more"}}) == {"name": "x", "image": {}}


@pytest.mark.parametrize(
    "context",
    [
        [V2, {f"term{number}": "https://x.example/" for number in range(10_000)}],
        [V2, {"name": "https://x.example/" + "x" * 9_000}],
        [V2, {"@import": "https://evil.example/context"}],
        [V2, {"name": {"@id": "https://x.example/", "@context": "https://evil.example/context"}}],
        [V2, {"name": {"@id": "https://x.example/", "@context": {"name": None}}}],
        [V2, *[{"x": "https://x.example/"}] * 100],
    ],
)
def test_a_context_that_is_too_clever_leaves_the_question_open(context, world, verified):
    world.documents[HOSTED]["@context"] = context
    report = verified(HOSTED)

    assert report.verdict is Verdict.UNKNOWN
    assert report.check(CheckCode.HOSTED).sentence == "The award could not be examined."


def test_large_documents_are_read_or_left_within_seconds(world, verified):
    entries = [f"urn:uuid:a953081a-4bbd-4927-9653-{number:012}" for number in range(20_000)]
    started = time.monotonic()
    world.documents[REVOCATIONS]["revokedAssertions"] = [*entries, SIGNED]
    assert verified(world.jws).verdict is Verdict.REVOKED

    world.documents[REVOCATIONS]["@context"] = [V2, {"x": "https://x.example/"}]
    report = verified(world.jws)
    assert (report.verdict, report.check(CheckCode.REVOCATION).outcome) == (Verdict.UNKNOWN, "UNKNOWN")

    world.documents[REVOCATIONS]["revokedAssertions"] = [*entries[:9_000], SIGNED]
    assert verified(world.jws).verdict is Verdict.REVOKED
    assert time.monotonic() - started < 20


def test_deeply_nested_definitions_are_quick(world, verified):
    world.documents[HOSTED]["evidence"] = [
        {"@context": {f"w{number}": "https://x.example/"}, f"w{number}": "x"} for number in range(60)
    ]
    started = time.monotonic()

    assert verified(HOSTED).verdict is Verdict.VALID
    assert time.monotonic() - started < 10


def test_no_context_is_ever_asked_for(world, verified):
    world.documents[HOSTED]["@context"] = ["https://evil.example/1", V2, "https://evil.example/2"]
    world.documents[HOSTED]["evidence"] = {"@context": "https://evil.example/3", "narrative": "x"}
    verified(HOSTED)

    assert not any("evil" in address for address in world.fetched)


def test_what_is_not_understood_is_kept_as_it_was_written(world, verified):
    world.documents[BADGE]["slug"] = {"deep": [1, None]}
    world.documents[BADGE]["extensions:Unknown"] = {"@context": "https://x.example/", "type": ["Extension", "x:Y"]}
    report = verified(HOSTED)

    assert report.verdict is Verdict.VALID
    assert report.published["badge"] == world.documents[BADGE]
    assert serialize(report.published["assertion"]) == serialize(world.documents[HOSTED])
    assert json.loads(json.dumps(report.published["issuer"])) == world.documents[ISSUER]
