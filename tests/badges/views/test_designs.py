"""The designer: its page, the live preview, the drawings, and the way into the badge form and back."""

import html
import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.urls import reverse

from badges.actions.badge_classes import copy_badge_class
from badges.actions.designs import draw_badge, is_drawn, make_family, row_of
from badges.designer.spec import Design, read_design
from badges.models import BadgeClass, DesignFamily, PlanRow
from badges.models import Design as DesignRow
from badgeserver.pictures import accept_picture
from tests.badges.form_data import png_file, sent
from tests.factories.badges import BadgeClassFactory, PlanFactory

NEW = reverse("badges:new-design", args=["acme"])
PREVIEW = reverse("badges:preview-design", args=["acme"])
PICTURE = reverse("badges:design-picture", args=["acme"])
ICONS = reverse("badges:design-icons", args=["acme"])
ANCHOR = read_design({"icon": "anchor", "colour": "#14532d", "icon_colour": "#ffffff"})
HX = {"HTTP_HX_REQUEST": "true"}


def said(design=ANCHOR, **changes: object):
    """Return what a browser sends of a design."""
    data = {name: value for name, value in design.as_json().items() if name != "logo" or value}
    return {**data, "act": "save", **changes}


def _address(badge):
    return reverse("badges:design", args=["acme", badge.pk])


def _told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def _bytes(field):
    with field.open("rb") as file:
        return file.read()


# --- One badge -----------------------------------------------------------------------------------------------


def test_the_designer_begins_with_what_the_badge_says(as_ed, draft_badge):
    BadgeClass.objects.filter(pk=draft_badge.pk).update(level=4)

    page = as_ed.get(_address(draft_badge))

    assert page.status_code == 200
    assert page.context["form"].design.stars == 4
    assert "The picture was uploaded." in page.text


def test_the_designer_draws_and_leads_back_to_the_badge(as_ed, draft_badge):
    response = as_ed.post(_address(draft_badge), said())

    drawn = BadgeClass.objects.get(pk=draft_badge.pk)
    assert (response.status_code, response.url) == (302, reverse("badges:detail", args=["acme", drawn.pk]))
    assert (_told(response), row_of(drawn).spec) == (["Picture drawn."], ANCHOR.as_json())
    assert "The picture was uploaded." not in as_ed.get(_address(drawn)).text


def test_a_preview_without_javascript_changes_nothing(as_ed, draft_badge):
    page = as_ed.post(_address(draft_badge), said(act="preview", colour="#9b2c1f"))

    assert (page.status_code, page.context["form"].design.colour) == (200, "#9b2c1f")
    assert DesignRow.objects.count() == 0


def test_a_pressed_palette_changes_the_colours_and_nothing_else(as_ed, draft_badge):
    page = as_ed.post(
        _address(draft_badge), said(act="", become=json.dumps({"colour": "#5b2150"}), top="Watch", banner="Deck")
    )

    design = page.context["form"].design
    assert (design.colour, design.top, design.banner, design.icon) == ("#5b2150", "Watch", "Deck", "anchor")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"icon": "no-such-icon"}, "icon"),
        ({"icon": "\x00"}, "icon"),
        ({"colour": "red\x00"}, "colour"),
        ({"colour": "url(evil)"}, "colour"),
        ({"banner": "x" * 31}, "banner"),
        ({"top": "x" * 100_000}, "top"),
        ({"shape": "banana"}, "shape"),
        ({"stars": "99"}, "stars"),
        ({"icon_size": "huge"}, "icon_size"),
        ({"centre": "ABCDE"}, "centre"),
        ({"family": "00000000-0000-4000-8000-000000000000"}, "family"),
        ({"family": "nonsense"}, "family"),
    ],
)
def test_what_cannot_be_drawn_is_said_beside_its_field_and_nothing_is_lost(as_ed, draft_badge, changes, field):
    before = draft_badge.image.name

    page = as_ed.post(_address(draft_badge), said(bottom="Harbour", **changes))

    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert 'value="Harbour"' in page.text
    assert (BadgeClass.objects.get(pk=draft_badge.pk).image.name, DesignRow.objects.count()) == (before, 0)


def test_two_editors_of_one_badge_lose_nothing(as_ed, as_ada, draft_badge):
    seen = draft_badge.updated_at.isoformat()
    as_ed.post(_address(draft_badge), said(seen=seen))

    page = as_ada.post(_address(draft_badge), said(seen=seen, bottom="Mine"))
    again = as_ada.post(_address(draft_badge), said(seen="", bottom="Mine"))

    assert page.status_code == 422
    assert "Somebody else saved this badge while you had it open." in page.text
    assert ('value="Mine"' in page.text, again.status_code) == (True, 302)


def test_what_people_hold_is_not_drawn_anew(as_ed, badge, assertion):
    before = badge.image.name

    assert as_ed.get(_address(badge)).status_code == 409
    page = as_ed.post(_address(badge), said())

    assert (page.status_code, BadgeClass.objects.get(pk=badge.pk).image.name) == (422, before)
    assert "People hold" in page.text


def test_a_logo_that_is_a_bomb_is_left_out(as_ed, draft_badge, academy):
    academy.image.save("logo.svg", ContentFile(b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><svg>&a;</svg>"))

    page = as_ed.post(_address(draft_badge), said(act="preview", logo="on"))

    assert page.status_code == 200
    assert "has no logo yet" in page.text


def test_an_uploaded_picture_takes_the_drawn_ones_place(as_ed, academy, draft_badge):
    as_ed.post(_address(draft_badge), said())
    as_ed.post(reverse("badges:edit", args=["acme", draft_badge.pk]), sent(academy, act="draft", picture=png_file()))

    badge = BadgeClass.objects.get(pk=draft_badge.pk)
    assert is_drawn(badge, row_of(badge)) is False
    assert "The picture was uploaded." in as_ed.get(_address(badge)).text


def test_the_designer_asks_the_database_the_same_for_many_families(
    as_ed, acme, draft_badge, ed, now, django_assert_max_num_queries
):
    as_ed.get(_address(draft_badge))
    for number in range(3):
        make_family(organisation=acme, name=f"F{number}", design=ANCHOR, decides=["shape"], by=ed, at=now)
    with django_assert_max_num_queries(40) as few:
        as_ed.get(_address(draft_badge))
    for number in range(3, 30):
        make_family(organisation=acme, name=f"F{number}", design=ANCHOR, decides=["shape"], by=ed, at=now)
    with django_assert_max_num_queries(40) as many:
        as_ed.get(_address(draft_badge))

    assert len(many) == len(few)


# --- The preview ---------------------------------------------------------------------------------------------


def test_the_preview_brings_the_picture_along(as_ed, academy):
    answer = as_ed.post(PREVIEW, said(), **HX)

    assert answer.status_code == 200
    assert answer.text.count("data:image/svg+xml;base64,") == 1
    assert "<html" not in answer.text


def test_the_preview_says_what_is_hard_to_read_and_how_to_mend_it(as_ed, academy):
    answer = as_ed.post(PREVIEW, said(icon_colour="#14532d"), **HX)

    colours = re.search(r'id="findings-colours" hx-swap-oob="true">(.*?)</ul></div>', answer.text, re.DOTALL)[1]
    pressed = json.loads(html.unescape(re.search(r'name="become" value="([^"]*)"', colours)[1]))
    assert pressed["icon_colour"] != "#14532d"


def test_the_preview_draws_what_it_can_of_what_is_wrong(as_ed, academy):
    answer = as_ed.post(PREVIEW, said(icon="no-such-icon", banner="x" * 50), **HX)

    assert (answer.status_code, answer.text.count("data:image/svg+xml;base64,")) == (200, 1)
    for group in ["icon", "words"]:
        assert re.search(rf'id="findings-{group}" hx-swap-oob="true"><ul><li class="finding bad"', answer.text)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"badge": "nonsense"},
        {"become": "{"},
        {"become": "[" * 5000},
        {"become": '{"colour": {}, "icon": null, "stars": 2}'},
        {"issuer": "\x00"},
        {"top": "\x00"},
    ],
)
def test_the_preview_survives_nonsense(as_ed, academy, data):
    assert as_ed.post(PREVIEW, {**said(), **data}, **HX).status_code == 200
    assert as_ed.post(PREVIEW, data, **HX).status_code == 200


def test_the_preview_of_a_badge_of_others_is_not_there(as_ed, academy, elsewhere_issuer):
    foreign = BadgeClassFactory.create(issuer=elsewhere_issuer, draft=True)

    assert as_ed.post(PREVIEW, said(badge=str(foreign.pk)), **HX).status_code == 404


# --- Drawings by address -------------------------------------------------------------------------------------


def test_an_address_draws_what_it_says_for_ever(as_ed):
    answer = as_ed.get(PICTURE, {"icon": "anchor", "colour": "#14532d"})

    assert (answer["Content-Type"], "immutable" in answer["Cache-Control"]) == ("image/svg+xml", True)
    assert "sandbox" in answer["Content-Security-Policy"]
    assert accept_picture(answer.content).extension == "svg"


@pytest.mark.parametrize("size", [600, 1200])
def test_a_picture_is_taken_home_as_png(as_ed, size):
    answer = as_ed.get(PICTURE, {"icon": "anchor", "size": size, "name": "Ankerwache & Co"})

    picture = accept_picture(answer.content)
    assert (picture.extension, picture.width, picture.height) == ("png", size, size)
    assert answer["Content-Disposition"] == 'attachment; filename="ankerwache-co.png"'


@pytest.mark.parametrize("query", [{"icon": "no-such-icon"}, {"colour": "\x00"}, {"swatch": "shape", "shape": "x"}])
def test_an_address_that_draws_nothing_is_not_there(as_ed, query):
    assert as_ed.get(PICTURE, query).status_code == 404


def test_every_choice_has_its_small_drawing(as_ed, draft_badge):
    page = as_ed.get(_address(draft_badge)).text

    addresses = {url.replace("&amp;", "&") for url in re.findall(r'src="([^"]*swatch=[^"]*)"', page)}
    assert len(addresses) > 10
    assert {as_ed.get(url).status_code for url in addresses} == {200}


def test_icons_are_found_by_a_word_and_the_chosen_one_stays(as_ed):
    answer = as_ed.get(ICONS, {"q": "anchor", "icon": "award"})

    names = re.findall(r'name="icon" value="([^"]*)"', answer.text)
    assert names[:3] == ["", "award", "anchor"]
    assert re.search(r'value="award" checked', answer.text)


@pytest.mark.parametrize("words", ["", "\x00", "x" * 100_000, "%_'\"<script>"])
def test_icons_survive_nonsense(as_ed, words):
    assert as_ed.get(ICONS, {"q": words, "icon": words}).status_code == 200


# --- Before there is a badge ---------------------------------------------------------------------------------


def test_a_design_becomes_a_new_badge(as_ed, academy):
    onward = as_ed.post(NEW, said())
    page = as_ed.get(onward.url)
    token = re.search(r'name="kept_picture" value="([^"]*)"', page.text)[1]
    as_ed.post(reverse("badges:create", args=["acme"]), sent(academy, picture=None, kept_picture=token))

    made = BadgeClass.objects.get()
    assert (made.status, made.image_media_type) == ("PUBLISHED", "image/svg+xml")
    row = row_of(made)
    assert (row.spec, is_drawn(made, row)) == (ANCHOR.as_json(), True)


def test_the_designer_opens_above_the_badge_form_and_gives_its_picture_back(as_ed, academy):
    dialog = as_ed.get(NEW, **HX)
    answer = as_ed.post(NEW, said(), **HX)

    assert ("<dialog" in dialog.text, "<html" in dialog.text) == (True, False)
    assert answer["HX-Retarget"] == "#picture"
    assert json.loads(answer["HX-Trigger-After-Settle"])["design-kept"]["alt"] != ""
    assert 'name="kept_picture"' in answer.text
    assert BadgeClass.objects.count() == 0


def test_the_designer_goes_on_with_what_was_drawn_for_the_form(as_ed, academy):
    token = parse_qs(urlsplit(as_ed.post(NEW, said()).url).query)["drawn"][0]

    page = as_ed.get(NEW, {"kept_picture": token}, **HX)

    assert page.context["form"].design == ANCHOR


def test_a_picture_kept_by_somebody_else_opens_nothing(as_ed, as_ada, academy):
    token = parse_qs(urlsplit(as_ed.post(NEW, said()).url).query)["drawn"][0]

    page = as_ada.get(NEW, {"kept_picture": token}, **HX)

    assert page.context["form"].design != ANCHOR


def test_the_design_of_the_form_of_a_badge_is_kept_with_it(as_ed, academy, draft_badge):
    token = parse_qs(urlsplit(as_ed.post(NEW, said()).url).query)["drawn"][0]
    as_ed.post(
        reverse("badges:edit", args=["acme", draft_badge.pk]),
        sent(academy, act="draft", picture=None, kept_picture=token),
    )

    badge = BadgeClass.objects.get(pk=draft_badge.pk)
    assert is_drawn(badge, row_of(badge)) is True


# --- Families ------------------------------------------------------------------------------------------------


@pytest.fixture
def drafts(academy, now):
    return [
        BadgeClassFactory.create(issuer=academy, name=name, draft=True, image="", image_png="", created_at=now)
        for name in ["Anchor Watch", "Heart Rescue", "Team Lead"]
    ]


@pytest.fixture
def family(acme, drafts, ed, now):
    return make_family(
        organisation=acme, name="Safety", design=ANCHOR, decides=["shape", "colours"], badges=drafts, by=ed, at=now
    )


def _family_address(family, name="family"):
    return reverse(f"badges:{name}", args=["acme", family.pk])


def _look(name="Safety", decides=("shape", "colours"), **changes: object):
    return {**said(**changes), "name": name, "decides": list(decides)}


def test_the_gallery_shows_families_and_starting_designs(as_ed, family):
    page = as_ed.get(reverse("badges:designs", args=["acme"]))

    assert page.status_code == 200
    assert "Safety" in page.text
    assert len(page.context["families"][0]["pictures"]) == 3
    assert {as_ed.get(one["url"]).status_code for one in page.context["starts"]} == {200}


def test_a_template_has_the_look_of_a_family_and_is_none_of_its_badges(as_ed, family, drafts, ed, now):
    anchor = BadgeClass.objects.get(pk=drafts[0].pk)
    template = copy_badge_class(badge_class=anchor, name="Anchor", is_template=True, by=ed, at=now)

    gallery = as_ed.get(reverse("badges:designs", args=["acme"])).context
    page = as_ed.get(_family_address(family)).context

    assert (gallery["families"][0]["count"], len(page["tiles"]), page["total"]) == (3, 3, 3)
    (message,) = get_messages(as_ed.post(_family_address(family), _look(colour="#9b2c1f")).wsgi_request)
    assert str(message) == "3 badges have the new look."
    assert row_of(template).shown["colour"] == "#9b2c1f"
    as_ed.post(reverse("badges:leave-family", args=["acme", template.pk]))
    assert as_ed.get(_family_address(family)).context["to_join"] == []


def test_the_gallery_without_families_says_what_to_do(as_ed, academy):
    assert "Begin a family" in as_ed.get(reverse("badges:designs", args=["acme"])).text


def test_the_gallery_asks_the_database_the_same_for_many_badges(
    as_ed, acme, academy, family, ed, now, django_assert_max_num_queries
):
    gallery = reverse("badges:designs", args=["acme"])
    as_ed.get(gallery)
    with django_assert_max_num_queries(30) as few:
        as_ed.get(gallery)
    for number in range(20):
        other = make_family(organisation=acme, name=f"F{number}", design=ANCHOR, decides=["shape"], by=ed, at=now)
        badge = BadgeClassFactory.create(issuer=academy, draft=True)
        DesignRow.objects.create(badge_class=badge, family=other, spec={}, shown={}, drawn_at=now)
    with django_assert_max_num_queries(30) as many:
        as_ed.get(gallery)

    assert len(many) == len(few)


def test_a_family_is_made_of_chosen_badges(as_ed, drafts):
    response = as_ed.post(
        reverse("badges:new-family", args=["acme"]), _look(badges=[str(badge.pk) for badge in drafts[:2]])
    )

    made = DesignFamily.objects.get()
    assert (response.status_code, response.url) == (302, _family_address(made))
    assert [row.badge_class for row in made.designs.order_by("badge_class__name")] == drafts[:2]


def test_a_new_family_begins_with_the_drafts_of_a_plan(as_ed, acme, drafts, now):
    plan = PlanFactory.create(organisation=acme)
    PlanRow.objects.create(plan=plan, position=1, badge_class=drafts[1])
    new = reverse("badges:new-family", args=["acme"])

    planned = as_ed.get(f"{new}?plan={plan.pk}").context["ticked"]
    others = [as_ed.get(f"{new}?plan={wrong}").context["ticked"] for wrong in ("", "x", "%00")]

    assert planned == {str(drafts[1].pk)}
    assert others == [{str(draft.pk) for draft in drafts}] * 3


def test_a_new_family_asks_the_database_the_same_for_many_badges(as_ed, academy, drafts, django_assert_max_num_queries):
    address = reverse("badges:new-family", args=["acme"])
    as_ed.get(address)
    with django_assert_max_num_queries(30) as few:
        as_ed.get(address)
    BadgeClassFactory.create_batch(30, issuer=academy, draft=True, image="", image_png="")
    with django_assert_max_num_queries(30) as many:
        page = as_ed.get(address)

    assert (len(page.context["gathered"]), len(many)) == (33, len(few))


def test_a_new_family_is_refused_with_everything_that_was_typed(as_ed, family, drafts):
    page = as_ed.post(reverse("badges:new-family", args=["acme"]), _look(name="safety", colour="#5b2150"))

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["name"])
    assert 'value="#5b2150"' in page.text


def test_restyling_redraws_all_and_can_be_undone(as_ed, family, drafts):
    before = [_bytes(badge.image) for badge in BadgeClass.objects.by_name()]
    response = as_ed.post(_family_address(family), _look(colour="#9b2c1f"))
    (message,) = get_messages(response.wsgi_request)
    restyled = [_bytes(badge.image) for badge in BadgeClass.objects.by_name()]
    as_ed.post(message.extra_tags.removeprefix("undo:"))

    assert str(message) == "3 badges have the new look."
    assert [one == other for one, other in zip(before, restyled, strict=True)] == [False] * 3
    assert [_bytes(badge.image) for badge in BadgeClass.objects.by_name()] == before


def test_choosing_a_family_makes_no_dialog_of_the_page(as_ed, family):
    """Its buttons would close and fill what is not there."""
    chosen = said(act="preview", family=str(family.pk))
    page, dialog = as_ed.post(NEW, chosen, **HX), as_ed.post(NEW, {**chosen, "in_dialog": "1"}, **HX)

    assert ("Make a badge of it" in page.text, "data-designer-close" in page.text) == (True, False)
    assert ("data-designer-close" in dialog.text, 'name="in_dialog"' in dialog.text) == (True, True)


def test_restyling_templates_alone_counts_no_badges(as_ed, family, drafts, ed, now):
    copy_badge_class(
        badge_class=BadgeClass.objects.get(pk=drafts[0].pk), name="Anchor", is_template=True, by=ed, at=now
    )
    for draft in drafts:
        as_ed.post(reverse("badges:leave-family", args=["acme", draft.pk]))
    (*_left, message) = get_messages(as_ed.post(_family_address(family), _look(colour="#9b2c1f")).wsgi_request)

    assert str(message) == "Family saved."
    assert message.extra_tags.startswith("undo:")


def test_two_editors_of_one_family_lose_nothing(as_ed, as_ada, family):
    seen = family.updated_at.isoformat()
    as_ed.post(_family_address(family), _look(colour="#9b2c1f", seen=seen))

    page = as_ada.post(_family_address(family), _look(colour="#5b2150", seen=seen))

    assert page.status_code == 422
    assert "Somebody else changed this family" in page.text
    assert DesignFamily.objects.get().spec["colour"] == "#9b2c1f"


def test_the_preview_of_a_family_draws_all_its_badges(as_ed, family):
    answer = as_ed.post(
        reverse("badges:preview-family", args=["acme"]), _look(family=str(family.pk), colour="#9b2c1f"), **HX
    )

    assert (answer.status_code, answer.text.count("data:image/svg+xml;base64,")) == (200, 3)
    assert DesignFamily.objects.get().spec["colour"] == "#14532d"


def test_a_family_page_asks_the_database_the_same_for_many_badges(
    as_ed, acme, academy, family, ed, now, django_assert_max_num_queries
):
    as_ed.get(_family_address(family))
    with django_assert_max_num_queries(40) as few:
        as_ed.get(_family_address(family))
    for number in range(12):
        badge = BadgeClassFactory.create(issuer=academy, name=f"M{number}", draft=True)
        spec = ANCHOR.as_json()
        DesignRow.objects.create(
            badge_class=badge, family=family, spec=spec, shown=spec, image_name=badge.image.name, drawn_at=now
        )
    with django_assert_max_num_queries(40) as many:
        page = as_ed.get(_family_address(family))

    assert (len(page.context["members"]), len(many)) == (15, len(few))


def test_badges_join_and_leave(as_ed, academy, family):
    other = BadgeClassFactory.create(issuer=academy, name="Zoo", draft=True, image="", image_png="")

    as_ed.post(_family_address(family, "join-family"), {"badges": [str(other.pk)]})
    joined = row_of(other).family
    as_ed.post(reverse("badges:leave-family", args=["acme", other.pk]))

    assert (joined, row_of(other).family, row_of(other).shown["colour"]) == (family, None, "#14532d")


def test_joining_takes_no_badge_of_others(as_ed, family, elsewhere_issuer):
    foreign = BadgeClassFactory.create(issuer=elsewhere_issuer, draft=True, image="", image_png="")

    response = as_ed.post(_family_address(family, "join-family"), {"badges": [str(foreign.pk), "x\x00"]})

    assert (_told(response), DesignRow.objects.filter(badge_class=foreign).count()) == (
        ["Choose the badges that should join."],
        0,
    )


def test_a_badge_is_designed_in_the_look_of_its_family(as_ed, family, drafts):
    own = said(act="save", family=str(family.pk), colour="#000000", icon="star")

    as_ed.post(_address(drafts[0]), own)

    row = row_of(drafts[0])
    assert (row.spec["colour"], row.shown["colour"], row.shown["icon"], row.family) == (
        "#000000",
        "#14532d",
        "star",
        family,
    )


def test_the_designer_says_what_the_family_decides(as_ed, family, drafts):
    page = as_ed.get(_address(drafts[0]))

    assert page.status_code == 200
    assert f"The family “{family.name}” decides this." in page.text
    assert reverse("badges:family", args=["acme", family.pk]) in page.text


def test_a_family_is_parted_after_being_asked(as_ed, family):
    address = _family_address(family, "part-family")

    assert as_ed.get(address).status_code == 200
    as_ed.post(address)
    assert DesignFamily.objects.count() == 0


def test_next_versions_of_what_people_hold(as_ed, family, badge, assertion, now):
    spec = read_design({"icon": "star"}).as_json()
    DesignRow.objects.create(
        badge_class=badge, family=family, spec=spec, shown=spec, image_name=badge.image.name, drawn_at=now
    )
    page = as_ed.get(_family_address(family))

    response = as_ed.post(_family_address(family, "family-versions"))

    assert [one.badge.name for one in page.context["held"]] == ["Forklift Safety"]
    assert _told(response) == ["1 next version begun, as a draft. Publish it when you are ready."]
    assert row_of(BadgeClass.objects.get(version=2)).shown["colour"] == "#14532d"


def test_progress_ends_when_all_follow(as_ed, family, ed, now):
    done = as_ed.get(_family_address(family, "family-progress"), **HX)
    before = family.updated_at - timedelta(hours=1)
    DesignRow.objects.update(shown={**Design().as_json(), "colour": "#000000"}, drawn_at=before)
    waiting = as_ed.get(_family_address(family, "family-progress"), **HX)

    assert ("hx-trigger" in done.text, "hx-trigger" in waiting.text) == (False, True)
    assert "0 of 3" in waiting.text


def test_a_family_says_what_could_not_be_drawn(as_ed, family, drafts):
    """Tried since the family changed, and still in another look: nobody waits for it, and one click leads there."""
    DesignRow.objects.filter(badge_class=drafts[0]).update(shown=Design().as_json(), drawn_at=family.updated_at)

    page = as_ed.get(_family_address(family))

    assert "1 badge could not be drawn in this look." in page.text
    assert [one.badge.name for one in page.context["refused"]] == [drafts[0].name]
    assert "hx-trigger" not in as_ed.get(_family_address(family, "family-progress"), **HX).text


@pytest.mark.parametrize(("status", "offers"), [("PUBLISHED", "Edit as version 2"), ("PILOT", "Open the pilot")])
def test_four_eyes_offer_no_new_picture_of_what_others_see(acme, as_ed, badge, status, offers):
    acme.four_eyes = True
    acme.save()
    BadgeClass.objects.filter(pk=badge.pk).update(status=status)
    before = badge.image.name

    page, sent_anyway = as_ed.get(_address(badge)), as_ed.post(_address(badge), said())

    badge.refresh_from_db()
    assert (page.status_code, sent_anyway.status_code, badge.image.name) == (409, 422, before)
    assert offers in page.text
    assert "second person" in page.text
    assert "second person" in sent_anyway.text
    assert _address(badge) not in as_ed.get(reverse("badges:detail", args=["acme", badge.pk])).text


def test_four_eyes_hold_a_published_badge_of_a_family(acme, as_ed, family, drafts):
    acme.four_eyes = True
    acme.save()
    BadgeClass.objects.filter(pk=drafts[0].pk).update(status="PUBLISHED", published_at=family.created_at)

    as_ed.post(_family_address(family), _look(colour="#7f1d1d", seen=family.updated_at.isoformat()))
    page = as_ed.get(_family_address(family)).text

    assert "1 badge stays as it is." in page
    assert "A second person approves what everybody sees." in page
    assert "Make next versions" in page


def test_a_family_of_others_is_not_there(as_mallory, elsewhere, family):
    for name in ["family", "family-progress", "part-family"]:
        assert as_mallory.get(reverse(f"badges:{name}", args=["elsewhere", family.pk])).status_code == 404
    for name in ["undo-family", "join-family", "family-versions"]:
        assert as_mallory.post(reverse(f"badges:{name}", args=["elsewhere", family.pk])).status_code == 404


def test_drawing_again_keeps_the_badge_in_its_family_only_when_asked(as_ed, family, drafts, ed, now):
    draw_badge(badge_class=drafts[0], design=ANCHOR, family=family, by=ed, at=now + timedelta(hours=1))
    as_ed.post(_address(drafts[0]), said(family=""))

    assert row_of(drafts[0]).family is None
