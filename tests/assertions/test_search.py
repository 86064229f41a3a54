import uuid
from datetime import timedelta

import pytest

from assertions.queries.search import Piece, Typed, badges_to_award_named, search_all
from issuers.rules import ROLE_PERMISSIONS, Permission
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import BadgeClassFactory, CompetencyFactory, FrameworkFactory
from tests.factories.issuers import DepartmentFactory, IssuerFactory, PersonFactory

EVERYTHING = set(Permission)


def found(acme, now, text: str, permissions=EVERYTHING) -> dict[str, list[str]]:
    groups = search_all(acme, Typed.read(text), permissions, at=now)
    return {group.kind: ["".join(piece.text for piece in hit.title) for hit in group.hits] for group in groups}


def test_typed_text_is_cut_into_words_and_ids():
    known = uuid.uuid4()

    assert Typed.read("  Zoë\x00  Yard ").words == ["Zoë", "Yard"]
    assert Typed.read(f"https://x.example.org/public/assertions/{known}").ids == [known]
    assert Typed.read(f"urn:uuid:{known}").words == []
    assert len(Typed.read("a b " * 400).words) == 8
    assert not Typed.read(" \x00 ")


def test_what_was_looked_for_stands_apart():
    assert Typed.read("an an(").pieces("Anna An(") == [
        Piece("An", is_match=True),
        Piece("na ", is_match=False),
        Piece("An(", is_match=True),
    ]
    assert Typed.read("ass muller").pieces("Straße Müller") == [
        Piece("Str", is_match=False),
        Piece("aß", is_match=True),
        Piece("e ", is_match=False),
        Piece("Müller", is_match=True),
    ]
    assert Typed.read("x").pieces("") == []
    assert Typed.read("").pieces("abc") == [Piece("abc", is_match=False)]


@pytest.mark.parametrize(
    ("text", "finds"),
    [("new b", True), ("BÄDGE", True), ("ew", False), ("", True), ("badge new", True), ("new plan", False)],
)
def test_acts_are_found_by_the_starts_of_words(text, finds):
    assert Typed.read(text).finds("New badge") is finds


@pytest.mark.parametrize(
    ("text", "rest"), [("award crane op", "crane op"), ("aw", ""), ("a crane", None), ("crane", None)]
)
def test_what_comes_after_the_act(text, rest):
    after = Typed.read(text).after("Award")

    assert (after and after.text) == rest if rest != "" else after is not None and after.text == ""


def test_people_are_found_best_first(acme, now):
    for number, name in enumerate(["Joanna Other", "Anna", "Annabel Lee", "Mary Anna", "Bo"]):
        PersonFactory.create(organisation=acme, name=name, email=f"{number}@x.example.org")

    assert found(acme, now, "ANNA") == {"people": ["Anna", "Annabel Lee", "Mary Anna", "Joanna Other"]}
    assert found(acme, now, "lee anna") == {"people": ["Annabel Lee"]}
    assert found(acme, now, "nobody") == {}
    assert found(acme, now, "100%_\\") == {}


@pytest.mark.parametrize("text", ["muller", "MÜLLER", "müller zoe", "zoe@mail", "Straße", "strasse"])
def test_people_and_awards_are_found_without_accents(acme, badge, now, text):
    person = PersonFactory.create(
        organisation=acme, name="Zoë Müller", job_title="Straßenwart", email="zoe@mail.example.org"
    )
    AssertionFactory.create(
        badge_class=badge, recipient_name="Zoë Müller", recipient_email="zoe@mail.example.org", narrative="strasse"
    )

    assert found(acme, now, text)["people"] == [person.name]
    assert ("awards" in found(acme, now, text)) is (text not in {"Straße", "strasse"})


def test_titles_go_before_what_else_is_known(acme, now):
    for name, title in [
        ("Bo", "Crane operator"),
        ("Mary Crane", ""),
        ("Crane", ""),
        ("Marcranel", ""),
        ("Crane B", ""),
    ]:
        PersonFactory.create(organisation=acme, name=name, job_title=title)

    assert found(acme, now, "crane")["people"] == ["Crane", "Crane B", "Mary Crane", "Marcranel", "Bo"]


def test_awards_are_found_by_words_of_person_and_badge_together(acme, academy, now):
    badge = BadgeClassFactory.create(issuer=academy, name="Führung 100%")
    AssertionFactory.create(badge_class=badge, recipient_name="Émile Roux")

    for text in ("führung emile", "roux 100%", "%"):
        assert found(acme, now, text)["awards"] == ["Émile Roux"]
    assert "awards" not in found(acme, now, "führung nobody")


def test_skills_are_found_best_first(acme, now):
    framework = FrameworkFactory.create(organisation=acme)
    for name in ("Rewelding", "Inspect welds", "Weld", "Weld pipes"):
        CompetencyFactory.create(framework=framework, name=name)

    assert found(acme, now, "wéld")["competencies"] == ["Weld", "Weld pipes", "Inspect welds", "Rewelding"]
    assert "people" not in found(acme, now, "%")
    assert "competencies" not in found(acme, now, "%")


@pytest.mark.parametrize("text", ["e", "É"])
def test_one_letter_finds_names_that_begin_with_it(acme, badge, now, text):
    for name, email in [("Élise", "x1"), ("Bea", "e2"), ("Ed", "e3")]:
        PersonFactory.create(organisation=acme, name=name, email=f"{email}@x.example.org")
        AssertionFactory.create(badge_class=badge, recipient_name=name)
    framework = FrameworkFactory.create(organisation=acme, name="Own")
    for name in ("Weld", "Éclairs"):
        CompetencyFactory.create(framework=framework, name=name)

    groups = found(acme, now, text)

    assert (groups["people"], set(groups["awards"])) == (["Ed", "Élise"], {"Ed", "Élise"})
    assert groups["competencies"] == ["Éclairs"]


def test_groups_show_some_and_count_all(acme, now):
    PersonFactory.create_batch(20, organisation=acme, name="Twin")

    group = search_all(acme, Typed.read("twin"), EVERYTHING, at=now)[0]

    assert (len(group.hits), group.total, group.has_more) == (6, 20, True)
    assert group.all_url == "/o/acme/people/?q=twin"


def test_awards_are_found_by_recipient_badge_id_and_address(acme, badge, assertion, now):
    for text in (
        "rita",
        badge.name.upper(),
        str(assertion.pk),
        f"https://x.example.org/public/assertions/{assertion.pk}",
        assertion.signed_id,
        assertion.credential_id,
    ):
        assert found(acme, now, text)["awards"] == ["Rita Castle"], text


def test_badges_are_found_in_every_state_and_by_id(acme, academy, badge, draft_badge, now):
    assert draft_badge.name in found(acme, now, draft_badge.name)["badges"]
    assert found(acme, now, str(badge.pk))["badges"] == [badge.name]
    assert [hit.state for hit in search_all(acme, Typed.read(str(draft_badge.pk)), EVERYTHING, at=now)[0].hits] == [
        "Draft"
    ]


def test_state_of_awards(acme, badge, now):
    AssertionFactory.create(
        badge_class=badge,
        recipient_name="Old Hand",
        issued_at=now - timedelta(days=9),
        expires_at=now - timedelta(days=1),
    )

    assert search_all(acme, Typed.read("old hand"), EVERYTHING, at=now)[0].hits[0].state == "Expired"


def test_nobody_finds_what_their_role_may_not_see(acme, academy, assertion, now):
    PersonFactory.create(organisation=acme, name="Rita Castle", email="rita@y.example.org")

    assert found(acme, now, "rita", ROLE_PERMISSIONS["REPORTER"]) == {}
    assert set(found(acme, now, "rita", ROLE_PERMISSIONS["AWARDER"])) == {"people", "awards"}
    assert "issuers" not in found(acme, now, "acme", ROLE_PERMISSIONS["EDITOR"])
    assert found(acme, now, "acme academy")["issuers"] == ["Acme Academy"]


def test_strangers_rows_are_not_found(acme, elsewhere, badge, assertion, now):
    PersonFactory.create(organisation=acme, name="Zoe Yard")

    for text in ("zoe", "rita", badge.name, str(assertion.pk), str(badge.pk)):
        assert found(elsewhere, now, text) == {}


@pytest.mark.parametrize("number", [1, 12])
def test_search_takes_the_same_queries_however_much_is_found(acme, academy, now, number, django_assert_num_queries):
    for at in range(number):
        badge = BadgeClassFactory.create(issuer=academy, name="Same")
        AssertionFactory.create(badge_class=badge, recipient_name="Same")
        PersonFactory.create(organisation=acme, name="Same", department=DepartmentFactory.create(organisation=acme))
        IssuerFactory.create(organisation=acme, name=f"Same {at}")

    with django_assert_num_queries(9):  # one a kind, and one more for the people and awards that are shown
        assert len(search_all(acme, Typed.read("same"), EVERYTHING, at=now)) == 4


def test_badges_to_award_are_found_by_name(acme, badge, draft_badge):
    assert badges_to_award_named(acme, Typed.read(badge.name[:4])) == [badge]
    assert badges_to_award_named(acme, Typed.read("")) == [badge]
