"""Somebody who has never seen a badge checks one: by link, by dropped picture, by pasted signature."""

import base64
import contextlib
import json
import sqlite3
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from badgeserver.openbadges import baking
from tests.browser.conftest import HEIGHTS, PHONE, WIDE
from tests.factories.badges import png
from tests.foreign import ForeignIssuer, foreign_issuer
from tests.services import Product

SIZES = [(WIDE, "light"), (PHONE, "dark"), (WIDE, "dark"), (PHONE, "light")]
WAYS = ["by link", "by dropped picture", "by pasted signature"]
#: What is brought, and the heading that answers it, whichever way it came.
KINDS = {
    "valid": "This badge is genuine and valid.",
    "expired": "This badge is genuine, but it has expired.",
    "revoked": "This badge has been revoked.",
    "tampered": "This is not a genuine badge.",
    "foreign": "This badge is genuine and valid.",
    "cannot be reached": "This badge could not be checked now.",
}
FOREIGN = {
    "expired": "This badge is genuine, but it has expired.",
    "revoked": "This badge has been revoked.",
    "tampered": "This is not a genuine badge.",
    "not there": "There is no such badge.",
    "a web page": "There is no badge in it.",
}
PRIVATE = "http://192.168.0.1/award"
#: What is no badge, and what is said beside the field; what was typed stays.
MISTAKES = {
    "": "Paste a link or a badge, or choose a picture.",
    "Here is my certificate.": "There is no badge in this text. Ask its holder for the link",
    "rita@mail.example.org": "This is an e-mail address.",
    "eyJhbGciOiJSUzI1NiJ9.eyJAY29udGV4dCI": "Only a part of the signed badge was copied.",
    '{"type": "Assertion",': "This JSON cannot be read; a part may be missing.",
}
WRONG_FILES = {
    "photo.jpg": (b"\xff\xd8\xff\xe0 and so on", "This is a JPEG file, which cannot hold a badge."),
    "screenshot.png": (
        png(),
        "There is no badge inside this picture. Screenshots, photos and most messengers lose it.",
    ),
    "film.png": (bytes(30 * 1024 * 1024), "This file is larger than 4 MB."),
}


@pytest.fixture(scope="module")
def institute() -> Iterator[ForeignIssuer]:
    with foreign_issuer() as issuer:
        yield issuer


def tampered(jws: str) -> str:
    """The badge with a later end, under the signature that it had."""
    head, body, signature = jws.split(".")
    document = json.loads(base64.urlsafe_b64decode(f"{body}=="))
    document["expires"] = "2099-01-01T00:00:00Z"
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip('=')}.{signature}"


def downloaded_before(product: Product, award: str) -> str:
    """The signature of a revoked award, as its holder still has it; the server gives it to nobody any more."""
    with contextlib.closing(sqlite3.connect(f"file:{product.folder / 'db.sqlite3'}?mode=ro", uri=True)) as database:
        number = UUID(award.rsplit("/", 1)[1]).hex
        return str(database.execute("SELECT jws FROM assertions_assertion WHERE id = ?", [number]).fetchone()[0])


def link_to(kind: str, product: Product, institute: ForeignIssuer) -> str:
    if kind == "tampered":
        # An award on a server of somebody else that names a badge of this one.
        return institute.publish("/forged", institute.award("forged") | {"badge": product.demo["badge"]})
    if kind == "foreign":
        return institute.url("valid")
    return "http://127.0.0.1:9/award" if kind == "cannot be reached" else product.demo["assertions"][kind]


def signature_of(kind: str, page: Page, product: Product, institute: ForeignIssuer) -> str:
    awards = product.demo["assertions"]
    return {
        "valid": lambda: page.request.get(product.demo["signed"]).text(),
        "expired": lambda: page.request.get(f"{awards['expired']}.jws").text(),
        "revoked": lambda: downloaded_before(product, awards["revoked"]),
        "tampered": lambda: tampered(page.request.get(product.demo["signed"]).text()),
        "foreign": institute.signed,
        "cannot be reached": ForeignIssuer("http://127.0.0.1:9").signed,
    }[kind]()


def drop(page: Page, data: bytes, *, event: str = "drop") -> None:
    """Let go of a picture somewhere on the page, or paste it there."""
    transfer = page.evaluate_handle(
        """text => {
            const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "my badge.png", { type: "image/png" }));
            return transfer;
        }""",
        base64.b64encode(data).decode(),
    )
    if event == "paste":
        page.evaluate(
            "clipboardData => dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))", transfer
        )
        return
    page.dispatch_event("h1", "dragenter", {"dataTransfer": transfer})
    expect(page.get_by_text("Let go to bring this badge")).to_be_visible()
    page.dispatch_event("h1", "dragover", {"dataTransfer": transfer})
    page.dispatch_event("h1", "drop", {"dataTransfer": transfer})


def bring(page: Page, product: Product, text: str) -> None:
    page.goto(f"{product.url}/verify/")
    page.get_by_label("Link or text of the badge").fill(text)
    verify(page)


def verify(page: Page) -> None:
    page.get_by_role("button", name="Verify badge").click()
    page.wait_for_url("**/verify/receipts/**")
    expect(page.locator("article.receipt")).to_be_visible(timeout=30_000)


def answer_is_on_the_first_screen(page: Page) -> bool:
    """Whether the verdict and what to do next are seen without scrolling."""
    bottom = page.locator(".verdict-next").evaluate("element => element.getBoundingClientRect().bottom")
    return bool(bottom < page.viewport_size["height"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
def test_a_badge_is_understood(browser_page, product, institute, check_accessibility, check_fits, way, kind):
    page = browser_page()
    page.goto(f"{product.url}/verify/")
    if way == "by link":
        page.get_by_label("Link or text of the badge").fill(link_to(kind, product, institute))
    else:
        signature = signature_of(kind, page, product, institute)
        if way == "by pasted signature":
            page.get_by_label("Link or text of the badge").fill(signature)
        else:
            drop(page, baking.bake(page.request.get(product.demo["images"]["png"]).body(), signature))
            expect(page.get_by_text("my badge.png")).to_be_visible()
    verify(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(KINDS[kind])
    # The receipt looks the same whichever way it came: by link all four faces are looked at, otherwise two of them.
    faces = {"by link": SIZES, "by dropped picture": SIZES[:2], "by pasted signature": SIZES[2:]}[way]
    for width, theme in faces:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        page.emulate_media(color_scheme=theme)
        assert answer_is_on_the_first_screen(page)
        check_fits(page)
        check_accessibility(page)
    # On paper it is one sheet.
    assert page.pdf(format="A4", print_background=True).count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("kind", FOREIGN)
def test_badges_of_other_issuers_are_understood(browser_page, product, institute, check_accessibility, kind):
    page = browser_page(width=PHONE)
    institute.answers["/page"] = (200, "text/html", b"<!doctype html><title>Portfolio</title>")
    brought = {
        "tampered": institute.tampered(),
        "not there": institute.url("nowhere"),
        "a web page": institute.url("page"),
    }
    text = brought.get(kind) or institute.url(kind)
    bring(page, product, text)
    expect(page.get_by_role("heading", level=1)).to_have_text(FOREIGN[kind])
    assert answer_is_on_the_first_screen(page)
    check_accessibility(page)
    if kind in {"not there", "a web page"}:
        # The link stays, to be corrected and tried again.
        expect(page.get_by_label("The link that was checked")).to_have_value(text)


def test_a_server_in_a_private_network_is_named_and_not_asked(browser_page, product):
    page = browser_page(width=PHONE)
    bring(page, product, PRIVATE)
    expect(page.locator(".verdict")).to_contain_text("192.168.0.1 is not on the public Internet")
    expect(page.get_by_label("The link that was checked")).to_have_value(PRIVATE)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_mistake_is_answered_beside_its_field_and_stays(browser_page, product, check_accessibility, javascript):
    page = browser_page(width=PHONE, javascript=javascript)
    page.goto(f"{product.url}/verify/")
    for typed, sentence in MISTAKES.items():
        field = page.get_by_label("Link or text of the badge")
        field.fill(typed)
        page.get_by_role("button", name="Verify badge").click()
        expect(page.locator("#badge-error")).to_contain_text(sentence)
        expect(field).to_have_value(typed)
    if javascript:
        check_accessibility(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_that_is_no_badge_is_answered(browser_page, product, check_accessibility, tmp_path, javascript):
    page = browser_page(width=PHONE, theme="dark", javascript=javascript)
    page.goto(f"{product.url}/verify/")
    for name, (data, sentence) in WRONG_FILES.items():
        file = tmp_path / name
        file.write_bytes(data)
        page.get_by_label("The picture of the badge").set_input_files(file)
        page.get_by_role("button", name="Verify badge").click()
        expect(page.locator("#file-error")).to_contain_text(sentence if name != "film.png" else "is larger than 4 MB.")
        if javascript:
            check_accessibility(page)


def test_a_picture_is_chosen_or_pasted(browser_page, product):
    page = browser_page(width=PHONE, theme="dark")
    data = page.request.get(product.demo["images"]["png"]).body()
    page.goto(f"{product.url}/verify/")
    page.get_by_label("The picture of the badge").set_input_files(
        {"name": "my badge.png", "mimeType": "image/png", "buffer": data}
    )
    verify(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("This badge is genuine and valid.")
    page.get_by_role("link", name="Verify another badge").click()
    page.wait_for_url("**/verify/")
    expect(page.locator(".bring-veil")).to_be_attached()  # its script listens
    drop(page, data, event="paste")
    expect(page.get_by_text("my badge.png")).to_be_visible()
    verify(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("This badge is genuine and valid.")


def test_of_a_forgery_only_what_is_wrong_is_shown(browser_page, product):
    page = browser_page(width=PHONE)
    page.goto(f"{product.url}/verify/")
    bring(page, product, tampered(page.request.get(product.demo["signed"]).text()))
    expect(page.get_by_text("1 January 2099")).to_be_hidden()
    page.get_by_text("What it got right, which proves nothing now").click()
    expect(page.get_by_text("1 January 2099")).to_be_visible()


def test_a_stranger_is_asked_about(browser_page, product, institute):
    page = browser_page()
    bring(page, product, institute.signed())
    expect(page.locator(".verdict")).to_contain_text("is that where you would expect Harbour Institute to be?")
    page.get_by_role("link", name="Verify it with an address").click()
    expect(page.get_by_label("Their e-mail address")).to_be_visible()


def test_a_receipt_leads_to_a_new_check(browser_page, product):
    page = browser_page()
    bring(page, product, product.demo["assertions"]["valid"])
    receipt = page.url
    page.get_by_role("button", name="Check again").click()
    page.wait_for_url(lambda url: "/receipts/" in url and url != receipt)
    expect(page.get_by_role("heading", level=1)).to_have_text("This badge is genuine and valid.")
    page.goto(receipt)
    expect(page.get_by_role("heading", level=1)).to_have_text("This badge is genuine and valid.")


def test_a_link_that_is_pasted_anywhere_lands_in_its_field(browser_page, product):
    page = browser_page()
    page.goto(f"{product.url}/verify/")
    page.evaluate(
        """() => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", " https://badges.example.net/1 ");
            dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }"""
    )
    expect(page.get_by_label("Link or text of the badge")).to_have_value("https://badges.example.net/1")


def test_the_wait_tells_whom_it_asks(browser_page, product, institute, check_accessibility):
    page = browser_page()
    institute.patience.clear()
    try:
        page.goto(f"{product.url}/verify/")
        page.get_by_label("Link or text of the badge").fill(institute.url("valid"))
        page.get_by_role("button", name="Verify badge").click()
        expect(page.get_by_text("Asking 127.0.0.1 …")).to_be_visible()
        check_accessibility(page)
    finally:
        institute.patience.set()
    expect(page.get_by_role("heading", level=1)).to_have_text("This badge is genuine and valid.", timeout=20_000)


def test_without_javascript_the_page_looks_again_by_itself(browser_page, product, institute):
    page = browser_page(javascript=False)
    page.goto(f"{product.url}/verify/")
    page.get_by_label("Link or text of the badge").fill(institute.signed())
    page.get_by_role("button", name="Verify badge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This badge is genuine and valid.", timeout=20_000)


def test_the_address_of_its_holder_is_compared(browser_page, product, institute):
    page = browser_page()
    bring(page, product, institute.url("valid"))
    page.get_by_role("link", name="Is it theirs?").click()
    page.get_by_label("E-mail address").fill("max@example.org")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "This badge is genuine, but it was awarded to somebody else.", timeout=20_000
    )


@pytest.mark.parametrize(("width", "theme"), [(WIDE, "light"), (PHONE, "dark")])
def test_a_badge_from_elsewhere_is_kept(
    browser_page, product, institute, sign_in, check_accessibility, check_fits, width, theme
):
    page = sign_in(browser_page(width=width, theme=theme), product, "earner")
    page.goto(f"{product.url}/accounts/email/")
    address = page.locator("main").inner_text()
    holder = next(word for word in address.split() if "@" in word)
    path = f"/kept-{width}"
    institute.publish(path, institute.award(path[1:], holder=holder))

    page.goto(f"{product.url}/my/badges/")
    page.get_by_role("link", name="Add a badge from elsewhere").click()
    check_accessibility(page)
    page.get_by_label("Link or text of the badge").fill(f"{institute.origin}{path}")
    page.get_by_role("button", name="Check and add badge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Crane Signals", timeout=20_000)
    expect(page.get_by_text("It was checked and stands among your badges.")).to_be_visible()
    check_accessibility(page)
    check_fits(page)

    page.goto(f"{product.url}/my/badges/")
    expect(page.get_by_role("link", name="Crane Signals")).to_be_visible()
    check_accessibility(page)
    check_fits(page)
    page.get_by_role("link", name="Crane Signals").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Badge removed from your badges.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Crane Signals")
    page.get_by_role("button", name="Remove").click()


def test_a_badge_of_somebody_else_is_not_kept(browser_page, product, institute, sign_in, check_accessibility):
    page = sign_in(browser_page(), product, "earner")
    page.goto(f"{product.url}/my/badges/add/")
    page.get_by_label("Link or text of the badge").fill(institute.url("valid"))
    page.get_by_role("button", name="Check and add badge").click()
    expect(page.get_by_text("It was not added.").first).to_be_visible(timeout=20_000)
    check_accessibility(page)
