"""Frameworks in a real browser: each kind of file is taken over, a skill is picked by keyboard, and a name changes."""

import io
import json
import re
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.badges.frameworks.files import ESCO_PARTS, sample
from tests.browser.conftest import PHONE, WIDE

FRAMEWORK = re.compile(r"/frameworks/[0-9a-f-]{36}/$")
BADGE = re.compile(r"/badges/[0-9a-f-]{36}/$")
LOOKS = [(WIDE, "light"), (PHONE, "dark")]


def zipped(names: list[str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, sample(name))
    return data.getvalue()


def compare(page: Page, home: str, file: str, data: bytes, *, name: str = "", newer: str = "") -> None:
    """Bring a file, and wait for what it would change; `newer` names the framework that it is a version of."""
    page.goto(f"{home}frameworks/import/")
    page.get_by_label("File", exact=True).set_input_files({"name": file, "mimeType": "text/plain", "buffer": data})
    if newer:
        page.get_by_label("What it is").select_option(f"A newer version of “{newer}”")
    page.locator("[name=name]").fill(name)
    page.get_by_role("button", name="Read and compare").click()
    expect(page.get_by_role("button", name=re.compile("^Take"))).to_be_visible(timeout=30_000)


def take_over(page: Page) -> None:
    """Take over what was compared; when it is done, the framework opens by itself."""
    page.get_by_role("button", name=re.compile("^Take")).click()
    page.wait_for_url(FRAMEWORK, timeout=30_000)


@pytest.fixture
def workspace(browser_page, product, sign_in) -> Callable[..., tuple[Page, str]]:
    """`workspace(width, theme)`: the owner's page, and the address of the organisation."""

    def open_it(width: int, theme: str) -> tuple[Page, str]:
        page = sign_in(browser_page(width=width, theme=theme), product, "owner")
        return page, page.url

    return open_it


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize(
    ("file", "data", "skill"),
    [
        ("warehouse.csv", sample("warehouse.csv"), "Reading a délivery note"),
        ("ESCO dataset.zip", zipped(ESCO_PARTS), "conflict management"),
        ("case.json", sample("case_package.json"), ""),
        ("skills.json", sample("rsd_collection.json"), ""),
    ],
    ids=["table", "esco", "case", "open_skills"],
)
def test_each_kind_of_file_is_compared_and_taken_over(
    workspace, check_accessibility, check_fits, width, theme, file, data, skill
):
    page, home = workspace(width, theme)

    compare(page, home, file, data, name=f"{file} at {width}")
    check_accessibility(page)
    check_fits(page)
    take_over(page)

    expect(page.get_by_role("heading", level=1)).to_have_text(f"{file} at {width}")
    if skill:
        page.get_by_role("link", name=skill).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(skill)
    check_accessibility(page)
    check_fits(page)


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_skill_is_picked_by_keyboard_and_says_its_new_name_after_the_next_version(
    workspace, check_accessibility, check_fits, width, theme
):
    page, home = workspace(width, theme)
    framework, skill = f"Tugs {width}", f"Towing by line {width}"
    renamed = f"Towing astern {width}"
    rows = [
        "Code,Name,Level 1: Helps,Level 2: Does it alone",
        f"T1,{skill},Hands the line,Leads the tow",
        "T2,Steering,,",
    ]
    compare(page, home, "tugs.csv", "\n".join(rows).encode(), name=framework)
    take_over(page)

    page.goto(f"{home}badges/new/")
    page.get_by_label("Name", exact=True).fill(f"Tug Hand {width}")
    search = page.get_by_role("combobox", name="Skill").first
    search.focus()
    page.keyboard.type(f"towing {width}")
    expect(page.get_by_role("option", name=skill)).to_be_visible()
    check_accessibility(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    row = page.get_by_role("group", name="Skill 1")
    expect(row.locator("[data-picked-name]")).to_have_text(skill)
    expect(search).to_be_focused()
    row.get_by_label("Level").select_option("2 Does it alone")
    check_accessibility(page)
    check_fits(page)
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url(BADGE)
    expect(page.get_by_text(skill).first).to_be_visible()
    badge = page.url

    compare(page, home, "tugs.csv", "\n".join(rows).replace(skill, renamed).encode(), newer=framework)
    expect(page.locator(".change-list del")).to_have_text(skill)
    expect(page.locator(".change-list ins")).to_have_text(renamed)
    check_accessibility(page)
    check_fits(page)
    take_over(page)
    # The badge is a draft: the framework offers it the new words.
    page.get_by_role("button", name="Update the drafts").click()
    expect(page.get_by_role("button", name="Update the drafts")).to_have_count(0)
    page.goto(badge)
    expect(page.get_by_text(renamed).first).to_be_visible()
    expect(page.get_by_text(skill, exact=True)).to_have_count(0)


def test_file_that_is_none_is_refused_in_a_sentence_and_changes_nothing(workspace, check_accessibility):
    page, home = workspace(WIDE, "light")
    page.goto(f"{home}frameworks/import/")
    data = json.dumps({"hello": "world"}).encode()
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "hello.json", "mimeType": "application/json", "buffer": data}
    )
    page.get_by_role("button", name="Read and compare").click()

    expect(page.get_by_text("Nothing was changed.")).to_be_visible(timeout=30_000)
    check_accessibility(page)
