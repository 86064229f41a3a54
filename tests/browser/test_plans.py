"""A programme that was planned in a word processor becomes drafts, and drafts become a plan again."""

import re

import pytest
from playwright.sync_api import expect

from tests.badges.plans.documents import HEADINGS, PROGRAMME, docx_plan
from tests.browser.conftest import PHONE, WIDE

PLAN = re.compile(r"/plans/[0-9a-f-]{36}/$")


@pytest.mark.parametrize(("width", "theme"), [(WIDE, "light"), (PHONE, "dark")])
def test_word_document_becomes_drafts_and_goes_back(
    browser_page, product, sign_in, check_accessibility, check_fits, tmp_path, width, theme
):
    page = sign_in(browser_page(width=width, theme=theme), product, "owner")
    workspace = page.url
    unnamed = ["", *PROGRAMME[5][1:]]
    document = tmp_path / "Programme 2027.docx"
    document.write_bytes(docx_plan([*PROGRAMME[:5], unnamed, *PROGRAMME[6:]], HEADINGS))

    page.goto(f"{workspace}plans/new/")
    check_accessibility(page)
    check_fits(page)
    page.get_by_label("A file").set_input_files(document)
    page.get_by_role("button", name="Read the plan").click()
    page.wait_for_url(PLAN)
    expect(page.get_by_role("heading", name="11 of 12 rows become drafts")).to_be_visible()
    check_accessibility(page)
    check_fits(page)

    # What is missing is written where it is missing; what is not clear is answered by one press.
    nameless = page.locator(".plan-row.held")
    nameless.get_by_label("Name", exact=True).fill("First Aid")
    nameless.get_by_role("button", name="Use this name").click()
    expect(page.get_by_role("heading", name="12 of 12 rows become drafts")).to_be_visible()
    page.get_by_role("button", name="4 Advanced").click()
    expect(page.get_by_text("Which level is")).to_have_count(0)

    # Everything of a row is edited in its place.
    page.get_by_role("link", name=re.compile(r"Edit\s*: Mentor")).click()
    form = page.locator(".plan-row-form")
    expect(form).to_be_visible()
    check_accessibility(page)
    check_fits(page)
    form.locator("[name=name]").fill("Mentor at Work")
    form.get_by_role("button", name="Save this row").click()
    expect(page.get_by_role("heading", name="Mentor at Work")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"Leave out\s*: Safety Ambassador")).click()
    expect(page.get_by_role("heading", name="11 of 12 rows become drafts")).to_be_visible()

    # A column that is read as something else shows at once what becomes of it.
    page.locator("summary", has_text="How the columns are read").click()
    page.get_by_label(re.compile("^Tags")).select_option("Not used")
    expect(page.get_by_text("feedback, teamwork").locator("visible=true")).to_have_count(1)
    check_accessibility(page)
    check_fits(page)

    page.get_by_role("button", name="Make 11 drafts").click()
    page.wait_for_url(re.compile("/drafts/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("11 drafts of this plan")
    expect(page.get_by_role("link", name="Mentor at Work", exact=True)).to_be_visible()
    check_accessibility(page)
    check_fits(page)

    page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for_url(PLAN)
    expect(page.get_by_text("11 drafts deleted.")).to_be_visible()
    expect(page.get_by_role("button", name="Make 11 drafts")).to_be_visible()
    page.goto(f"{workspace}plans/")
    check_accessibility(page)
    check_fits(page)


def test_plan_is_made_into_drafts_without_javascript(browser_page, product, sign_in):
    page = sign_in(browser_page(javascript=False), product, "owner")
    page.goto(f"{page.url}plans/new/")
    page.get_by_label("Or paste the table").fill("Name\tLevel\nPlain Words\tsenior?\nClear Slides\t2")
    page.get_by_role("button", name="Read the plan").click()
    page.get_by_role("button", name="5 Expert").click()
    page.get_by_role("link", name=re.compile(r"Edit\s*: Clear Slides")).click()
    page.locator("[name=name]").fill("Clear Pictures")
    page.get_by_role("button", name="Save this row").click()
    page.get_by_role("button", name="Make 2 drafts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 drafts of this plan")
    expect(page.get_by_role("link", name="Clear Pictures", exact=True)).to_be_visible()
