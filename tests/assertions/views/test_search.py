import pytest

from tests.factories.issuers import PersonFactory

URL = "/o/acme/search/"
PALETTE = {"HX-Request": "true", "HX-Target": "palette-results"}


def kinds(response) -> list[str]:
    return [group.kind for group in response.context["groups"]]


def said(response, kind: str) -> list[str]:
    groups = {group.kind: group for group in response.context["groups"]}
    return ["".join(piece.text for piece in hit.title) for hit in groups[kind].hits]


def test_page_shows_acts_and_places_before_anything_is_typed(as_ada, acme, academy):
    response = as_ada.get(URL)

    assert (response.status_code, kinds(response)) == (200, ["acts", "places"])
    assert said(response, "acts")[:2] == ["New badge", "Award a badge"]
    assert "Departments and roles" in said(response, "places")
    assert 'href="/o/acme/people/new/"' in response.text


def test_acts_and_places_go_as_far_as_the_role(as_nora, as_sam, acme, academy):
    assert "acts" not in kinds(as_nora.get(URL))
    assert said(as_sam.get(URL), "acts") == ["Award a badge"]
    assert "Settings" not in said(as_sam.get(URL), "places")


@pytest.mark.parametrize(("text", "place"), [("ladd", "Ladders"), ("levels", "Ladders"), ("templ", "Templates")])
def test_ladders_and_templates_are_found(as_nora, academy, text, place):
    assert said(as_nora.get(URL, {"q": text}), "places") == [place]


def test_award_and_a_name_offers_to_award_that_badge(as_sam, badge):
    response = as_sam.get(URL, {"q": f"award {badge.name[:5]}"})

    assert said(response, "acts") == [f"Award “{badge.name}”"]
    assert f'href="/o/acme/badges/{badge.pk}/award/"' in response.text


def test_palette_gets_options(as_ada, acme, academy):
    PersonFactory.create(organisation=acme, name="Zoe <Yard>")

    response = as_ada.get(URL, {"q": "zoe"}, headers=PALETTE)

    assert "<html" not in response.text
    assert response.text.count('role="option"') == 1
    assert "<mark>Zoe</mark> &lt;Yard&gt;" in response.text
    assert 'data-said="1 result"' in response.text


def test_nothing_found_says_so(as_ada, academy):
    assert "Nothing is called “zzz” here." in as_ada.get(URL, {"q": "zzz"}, headers=PALETTE).text
    assert "Nothing found" in as_ada.get(URL, {"q": "zzz"}).text


@pytest.mark.parametrize(
    "text", ["\x00", "a\x00b", "%", "x" * 5000, "'\"<script>", "00000000-0000-0000-0000-000000000000"]
)
def test_odd_texts_are_searched_like_others(as_ada, academy, text):
    assert as_ada.get(URL, {"q": text}).status_code == 200


def test_reporters_find_no_names(as_nora, as_mallory, assertion):
    assert "Rita" not in as_nora.get(URL, {"q": "rita"}).text
    assert as_mallory.get(URL, {"q": "rita"}).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_search_page_takes_the_same_queries(as_ada, acme, academy, number, django_assert_num_queries):
    PersonFactory.create_batch(number, organisation=acme, name="Same")
    as_ada.get(URL)

    with django_assert_num_queries(11):
        as_ada.get(URL, {"q": "same"})
