"""Nothing typed into a long form is lost: by leaving, by a lost connection, by a session that ended."""

import re

import pytest
from playwright.sync_api import Page, expect

from assertions.management.demo import programme

OFFER = re.compile(r"You have unsaved words from \d\d:\d\d\.")


def _new_badge(page: Page, product) -> None:
    page.goto(f"{product.url}/o/harbour-logistics/badges/new/")
    expect(page.get_by_role("heading", level=1)).to_have_text("New badge")


def _type(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Mooring Lines")
    page.locator("[name=description]").fill("Ties up ships.")
    steps = page.locator('[data-formset="steps"]')
    page.locator('[name="steps-0-text"]').fill("Watch a shift")
    steps.get_by_role("button", name="Add a step").click()
    page.locator('[name="steps-1-text"]').fill("Tie a bowline")
    steps.get_by_role("button", name="Move up").nth(1).click()
    page.locator('[name="validity"][value="MONTHS"]').check()
    page.locator('[name="validity_months"]').fill("24")


def _expect_typed(page: Page) -> None:
    expect(page.get_by_label("Name", exact=True)).to_have_value("Mooring Lines")
    expect(page.locator("[name=description]")).to_have_value("Ties up ships.")
    texts = page.locator('[data-formset="steps"] [data-formset-row]:not([hidden]) [name$="-text"]')
    assert [text.input_value() for text in texts.all()] == ["Tie a bowline", "Watch a shift"]
    expect(page.locator('[name="validity"][value="MONTHS"]')).to_be_checked()


@pytest.fixture
def editing(browser_page, product, sign_in):
    """The form of a new badge, in which words were typed."""
    page = sign_in(browser_page(), product, "owner")
    page.on("dialog", lambda dialog: dialog.accept())
    # The preview and the checks of fields go on by themselves; a page that is left in between complains of them.
    for asked in ["preview", "check"]:
        page.route(f"**/badges/{asked}/", lambda route: route.fulfill(status=204))
    _new_badge(page, product)
    _type(page)
    return page


def test_words_are_offered_when_the_form_is_opened_again(editing, product, check_accessibility):
    editing.goto(f"{product.url}/o/harbour-logistics/badges/")
    _new_badge(editing, product)

    expect(editing.get_by_text(OFFER)).to_be_visible()
    expect(editing.get_by_label("Name", exact=True)).to_have_value("")
    check_accessibility(editing)
    # The offer stands above the form and its preview, and takes the place of neither.
    offer, form = (editing.locator(one).bounding_box() for one in (".kept-words", "#badge-form"))
    assert (offer["height"] < 150, form["x"] == offer["x"], form["y"] > offer["y"]) == (True, True, True)
    editing.get_by_role("button", name="Put them back").press("Enter")
    _expect_typed(editing)
    expect(editing.get_by_text(OFFER)).to_have_count(0)


def test_words_that_are_thrown_away_do_not_come_back(editing, product):
    _new_badge(editing, product)
    editing.get_by_role("button", name="Throw away").click()
    _new_badge(editing, product)

    expect(editing.get_by_text(OFFER)).to_have_count(0)


def test_words_go_once_they_were_saved(editing, product):
    editing.get_by_role("button", name="Save draft").press("Enter")
    expect(editing.get_by_text("Draft saved.")).to_be_visible()
    _new_badge(editing, product)

    expect(editing.get_by_text(OFFER)).to_have_count(0)
    assert editing.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('typed:'))") == []


def test_refused_form_keeps_its_words_and_offers_nothing(editing, product):
    editing.get_by_label("Name", exact=True).fill("")
    editing.get_by_role("button", name="Save draft").press("Enter")
    expect(editing.locator("#form-errors")).to_be_visible()

    expect(editing.get_by_text(OFFER)).to_have_count(0)
    _new_badge(editing, product)
    expect(editing.get_by_text(OFFER)).to_be_visible()


def test_lost_connection_is_said_beside_the_button(editing, product):
    editing.context.set_offline(True)
    editing.get_by_role("button", name="Save draft").press("Enter")
    expect(editing.get_by_role("alert")).to_contain_text("The server cannot be reached, so this was not sent.")
    _expect_typed(editing)

    editing.context.set_offline(False)
    editing.get_by_role("button", name="Save draft").press("Enter")
    expect(editing.get_by_text("Draft saved.")).to_be_visible()


def test_session_that_ended_loses_nothing(editing):
    editing.context.clear_cookies(name="sessionid")
    editing.get_by_role("button", name="Save draft").press("Enter")
    said = editing.get_by_role("alert")
    expect(said).to_contain_text("You were signed out, so this was not sent.")
    _expect_typed(editing)

    said.get_by_role("link", name="sign in again").click()
    expect(editing).to_have_url(re.compile("/accounts/login/"))
    (owner,) = {person.email for person in programme.STAFF if person.role.value == "owner"}
    editing.get_by_label("E-mail address").fill(owner)
    editing.get_by_label("Password", exact=True).fill(programme.DEMO_PASSWORD)
    editing.get_by_role("button", name="Sign in", exact=True).click()
    expect(editing.get_by_role("heading", level=1)).to_have_text("New badge")
    editing.get_by_role("button", name="Put them back").click()
    _expect_typed(editing)


def test_whoever_signs_out_leaves_nothing_behind(editing, product):
    editing.goto(f"{product.url}/o/harbour-logistics/badges/")  # kept for as long as they are signed in
    _new_badge(editing, product)
    editing.get_by_label("Name", exact=True).fill("Something else")
    editing.get_by_role("button", name="Sign out").click()  # before what was typed last is kept
    expect(editing.get_by_role("link", name="Sign in").first).to_be_visible()

    assert editing.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('typed:'))") == []
    assert editing.evaluate("Object.keys(sessionStorage)") == []


def test_whoever_stays_after_all_keeps_everything(browser_page, product, sign_in):
    page, asked = sign_in(browser_page(), product, "owner"), []
    page.on(
        "dialog", lambda dialog: (asked.append(dialog.type), dialog.accept() if len(asked) > 1 else dialog.dismiss())
    )
    _new_badge(page, product)
    _type(page)
    page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("New badge")
    page.get_by_label("Name", exact=True).fill("Mooring")
    page.wait_for_timeout(600)  # until it is kept
    kept = page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.startsWith('typed:')).map(([, said]) => said)"
    )
    assert ["Mooring" in said for said in kept] == [True]

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert asked == ["beforeunload"] * 2
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('typed:'))") == []


def test_form_with_an_old_token_says_where_the_words_are(editing):
    editing.evaluate("document.querySelector('#badge-form [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    editing.get_by_role("button", name="Save draft").press("Enter")
    expect(editing.get_by_role("heading", level=1)).to_have_text("Please send that again")
    editing.get_by_role("link", name="Open the form again").click()

    editing.get_by_role("button", name="Put them back").click()
    _expect_typed(editing)
