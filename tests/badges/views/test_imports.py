"""A badge from elsewhere becomes a draft, and its page tells what became of it."""

import base64
import json

import pytest
from django.urls import reverse
from pyld import jsonld

from badges.actions.badge_classes import publish_badge_class
from badges.documents import badge_class_json
from badges.models import BadgeClass
from badgeserver.audit.models import AuditEvent
from badgeserver.openbadges.contexts import V2
from tests.badges.form_data import png_file
from tests.factories.badges import png

IMPORT = reverse("badges:import", args=["acme"])
CONTEXT = "https://w3id.org/openbadges/v2"
BADGE = {
    "@context": CONTEXT,
    "id": "https://elsewhere.example.org/badges/1",
    "type": "BadgeClass",
    "@language": "de",
    "name": "Welding",
    "description": "Welds.",
    "criteria": {"narrative": "Weld **twice**."},
    "issuer": "https://elsewhere.example.org/issuer",
    "alignment": {"targetName": "weld", "targetUrl": "https://skills.example.org/weld"},
    "tags": ["metal"],
    "extensions:Level": {"type": ["Extension", "extensions:Level"], "schema:name": "B2"},
}


def picture(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def bring(client, academy, badge):
    return client.post(IMPORT, {"source": json.dumps(badge), "issuer": str(academy.pk)})


def test_everything_of_a_badge_becomes_a_draft(as_ed, academy):
    answer = bring(as_ed, academy, {**BADGE, "image": {"id": picture(png()), "caption": "A spark"}})

    made = BadgeClass.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("badges:imported", args=["acme", made.pk]))
    assert (made.status, made.issuer, made.language) == ("DRAFT", academy, "de")
    assert (made.name, made.description, made.criteria_narrative) == ("Welding", "Welds.", "Weld **twice**.")
    assert (made.tags, made.image_alt, bool(made.image_png)) == (["metal"], "A spark", True)
    assert [skill.target_name for skill in made.alignments.all()] == ["weld"]
    assert made.extensions == {"extensions:Level": BADGE["extensions:Level"]}
    events = AuditEvent.objects.order_by("pk").values_list("type", flat=True)
    assert list(events) == ["badge_class.created", "badge_class.imported"]


def test_page_tells_what_was_taken_and_what_was_not(as_ed, academy):
    bring(as_ed, academy, {**BADGE, "image": "http://127.0.0.1:1/1.png", "slug": "x"})
    made = BadgeClass.objects.get()

    page = as_ed.get(reverse("badges:imported", args=["acme", made.pk])).text

    assert "Welding is here" in page
    assert "Your own issuer stands behind the new badge." in page
    assert "Its meaning is not said in a way that can be kept." in page  # slug
    assert "Choose a picture, PNG or SVG." in page  # the one that was named could not be fetched
    assert "extensions:Level" in page


def test_an_unknown_addition_is_exported_as_it_came(as_ed, academy, ed, now):
    """OB2-HST-01, by the draft that is published without a change."""
    bring(as_ed, academy, {**BADGE, "image": {"id": picture(png()), "caption": "A spark"}})
    made = BadgeClass.objects.get()
    publish_badge_class(badge_class=made, by=ed, at=now)
    made.refresh_from_db()

    def meaning(document):
        return jsonld.expand({**document, "@context": dict(V2)})[0]["https://w3id.org/openbadges/extensions#Level"]

    assert meaning(json.loads(badge_class_json(made))) == meaning(BADGE)


def test_additions_stay_when_the_draft_is_edited_and_go_when_they_are_not_wanted(as_ed, academy):
    bring(as_ed, academy, BADGE)
    made = BadgeClass.objects.get()
    edit = reverse("badges:edit", args=["acme", made.pk])
    sent = {
        "badge": str(made.pk),
        "issuer": str(academy.pk),
        "name": "Welding",
        "purpose": "SKILL",
        "category": "TECHNICAL",
        "validity": "NEVER",
        "language": "de",
        "act": "draft",
        **{f"{rows}-{count}_FORMS": "0" for rows in ("steps", "alignments") for count in ("TOTAL", "INITIAL")},
    }
    assert "extensions:Level" in as_ed.get(edit).text

    assert as_ed.post(edit, sent).status_code == 302
    assert set(BadgeClass.objects.get().extensions) == {"extensions:Level"}

    assert as_ed.post(edit, {**sent, "drops_extensions": "on"}).status_code == 302
    assert BadgeClass.objects.get().extensions == {}


def test_what_is_too_long_is_shortened_and_what_is_no_text_for_the_world_is_left(as_ed, academy):
    bring(
        as_ed, academy, {**BADGE, "description": "word " * 200, "criteria": {"narrative": "Ask ada@acme.example.org"}}
    )
    made = BadgeClass.objects.get()

    assert (len(made.description) <= 500, made.description[-6:], made.criteria_narrative) == (True, " word…", "")
    left = {item["what"]: item["why"] for item in AuditEvent.objects.latest("pk").details["left"]}
    assert left["Description"] == "It is shortened: 500 characters fit."
    assert left["What one must show"].startswith("Badges are public: leave out e-mail addresses")


def test_a_badge_is_imported_by_the_address_of_an_award(as_ed, academy, harbour):
    answer = as_ed.post(IMPORT, {"source": harbour.url("valid"), "issuer": str(academy.pk)})

    assert answer.status_code == 302
    made = BadgeClass.objects.get(issuer=academy)
    details = AuditEvent.objects.latest("pk").details
    assert (bool(made.name), bool(made.image), details["version"]) == (True, True, "2.0")
    assert details["source"].startswith("http://127.0.0.1")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "Paste the address of a badge or its text, or choose a file."),
        ("hello", "This is neither the address of a badge nor a badge as JSON. Paste one of them."),
        ("{", "This is no badge. The document is not well-formed JSON."),
        ("http://example.org:22/", "example.org"),
        ("http://localhost:1/", "localhost"),
        ("{}", "This cannot be read as a badge."),
        ("x" * 300_001, "This is longer than any badge. Paste only the badge itself."),
        ("a\x00b", "This text contains an invisible character. Paste it again."),
    ],
    ids=range(8),
)
def test_what_is_no_badge_is_said_beside_the_field(as_ed, academy, source, sentence):
    answer = as_ed.post(IMPORT, {"source": source, "issuer": str(academy.pk)})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert (BadgeClass.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_a_file_without_a_badge_is_said_beside_the_file(as_ed, academy):
    answer = as_ed.post(IMPORT, {"file": png_file(), "issuer": str(academy.pk)})

    assert answer.status_code == 422
    assert "This PNG carries no badge." in answer.text


def test_a_picture_that_is_none_is_left_out(as_ed, academy):
    bring(as_ed, academy, {**BADGE, "image": picture(b"no picture at all")})

    assert not BadgeClass.objects.get().image
    assert "Picture" in {item["what"] for item in AuditEvent.objects.latest("pk").details["left"]}


def test_an_issuer_of_others_cannot_stand_behind_it(as_ed, academy, elsewhere_issuer):
    answer = bring(as_ed, elsewhere_issuer, BADGE)

    assert answer.status_code == 422
    assert "Choose one of your organisation’s issuers." in answer.text


@pytest.mark.parametrize("door", ["import", "imported"])
def test_doors_open_for_editors_alone(door, request, academy, anonymous):
    bring(request.getfixturevalue("as_ada"), academy, BADGE)
    made = BadgeClass.objects.get()
    address = IMPORT if door == "import" else reverse("badges:imported", args=["acme", made.pk])
    answers = {who: request.getfixturevalue(f"as_{who}").get(address).status_code for who in ("ed", "sam", "mallory")}

    assert answers == {"ed": 200, "sam": 403, "mallory": 404}
    assert anonymous.get(address).status_code == 302


def test_a_badge_that_was_not_imported_has_no_report(as_ed, badge):
    assert as_ed.get(reverse("badges:imported", args=["acme", badge.pk])).status_code == 404


def test_list_offers_the_import(as_ed, as_sam, badge):
    address = reverse("badges:list", args=["acme"])

    assert IMPORT in as_ed.get(address).text
    assert IMPORT not in as_sam.get(address).text
