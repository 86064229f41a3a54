"""What fuzzing has found, each once, so that it is never found again."""

import json
from datetime import UTC, datetime

import pytest

from badgeserver.openbadges import CONTEXT_V2, CheckCode, Outcome, bake, verify
from badgeserver.openbadges.baking import unbake
from badgeserver.openbadges.errors import FetchFailed, InvalidJson, NothingBaked
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.pictures import accept_picture
from tests.fuzz import hostile
from tests.fuzz.mutators import chunk
from tests.fuzz.promises import read_linked_data
from tests.fuzz.seeds import HOSTED_TEXT

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", [b"", b" \n", b"\x1d\x1d", "\u2003".encode()])
def test_a_place_for_a_badge_without_one_is_no_badge_png(text):
    with pytest.raises(NothingBaked):
        unbake(hostile.png(chunk(b"iTXt", b"openbadges\0\0\0\0\0" + text)))


@pytest.mark.parametrize("blank", ["", " ", "&#9;"])
def test_a_place_for_a_badge_without_one_is_no_badge_svg(blank):
    with pytest.raises(NothingBaked):
        unbake(hostile.svg(f'<o:assertion xmlns:o="http://openbadges.org" verify="{blank}"/>'))


@pytest.mark.parametrize(
    "before",
    [
        "\ufeff",
        f"<?a <!-- {'x' * 300} --?>",
        f"<!-- {'x' * 300} --><!-- y -->\n<?a <!-- ?><!-- z -->",
        f"<?a --> <!-- ?>{' ' * 300}",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_picture_baked_twice_stays_the_same(before, encoding):
    drawing = hostile.svg(before=before).decode()
    data = drawing.removeprefix("\ufeff").encode() if encoding == "utf-8" else f"\ufeff{drawing}".encode(encoding)

    baked = bake(data, HOSTED_TEXT)

    assert bake(baked, HOSTED_TEXT) == baked


@pytest.mark.parametrize("root", [' fill="red"', ' style="isolation:isolate" fill="red" role="img"'])
def test_a_drawing_cleaned_twice_stays_the_same(root):
    once = accept_picture(hostile.svg(root=root)).data

    assert accept_picture(once).data == once


def test_only_referring_attributes_refer():
    drawing = hostile.svg('<rect xml:space="url(#a)" width="url(#a)" fill="url(#a)"/>')

    assert b'<rect fill="url(#a)"/>' in accept_picture(drawing).data


@pytest.mark.parametrize("number", [b"1e400", b"-1e400", b"9" * 41, b"-" + b"9" * 400])
def test_numbers_that_others_cannot_hold_are_refused(number):
    with pytest.raises(InvalidJson, match="too large"):
        parse_object(b'{"a":' + number + b"}")


@pytest.mark.parametrize("algorithm", [{"a": 1}, ["RS256"], None, 1, "none", "HS256"])
def test_a_credential_may_name_any_nonsense_as_its_method(algorithm):
    claims = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": "urn:uuid:5c1b2f0e-6c0b-4a0e-9a1e-1d8a0b7c9e11",
        "issuer": "https://badges.example.org/1",
        "credentialSubject": {"type": "AchievementSubject", "achievement": {"id": "x", "type": "Achievement"}},
    }

    report = verify(hostile.jws({"alg": algorithm}, json.dumps(claims).encode()), fetch=nobody, now=NOW)

    outcomes = {check.code: check.outcome for check in report.checks}
    assert outcomes[CheckCode.SIGNATURE] is Outcome.FAILED


def test_revoked_beside_revoked_assertions_means_the_same_read_directly_and_by_json_ld():
    document = {"@context": CONTEXT_V2, "type": "RevocationList", "revokedAssertions": [[]], "revoked": "x"}

    read_linked_data(json.dumps(document).encode())


def nobody(url: str) -> None:
    raise FetchFailed(url)
