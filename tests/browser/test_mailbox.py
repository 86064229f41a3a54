"""Who tries badgeserver out sees each mail as its reader would."""

import re

import pytest

from tests.browser.conftest import PHONE, WIDE

READER = "reader@mail.example.org"


@pytest.fixture
def mail(browser_page, product, sign_in):
    """`mail(width=…, theme=…, javascript=…)`: the page of an award mail, in a browser of that kind."""
    if READER not in {message["To"] for message in product.mails()}:
        page = sign_in(browser_page(), product, "awarder")
        badge = product.demo["badge"].rsplit("/", 1)[1]
        page.goto(f"{page.url.rstrip('/')}/badges/{badge}/award/")
        page.locator("input[name=email]").fill(READER)
        page.get_by_role("button", name="Award badge").click()
        page.wait_for_url(re.compile(r"/awards/[0-9a-f-]{36}/"))
        product.wait_for_mail(READER)

    def open_mail(**kind: object):
        page = browser_page(**kind)
        page.goto(f"{product.url}/dev/mailbox/")
        page.get_by_role("row").filter(has_text=READER).get_by_role("link").click()
        page.wait_for_url("**/dev/mailbox/*/")
        return page

    return open_mail


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_mailbox_fits_and_can_be_read_by_everybody(mail, check_accessibility, check_fits, width, theme):
    page = mail(width=width, theme=theme)

    address = page.url.split("?", 1)[0]
    for one in (f"{address}?view=html", f"{address}?view=text", f"{address}?view=headers", f"{address}../"):
        page.goto(one)
        check_fits(page)
        check_accessibility(page)


def test_mail_shows_the_picture_and_its_link_opens_the_badge(mail):
    page = mail()
    frame = page.frame_locator("iframe")

    frame.locator("img").first.wait_for()
    drawn = frame.locator("img").first.evaluate("picture => picture.complete && picture.naturalWidth")
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Open your badge").click()
    badge = opened.value
    badge.wait_for_load_state()

    assert drawn > 0
    assert re.search(r"/public/assertions/[0-9a-f-]{36}$", badge.url)
    assert badge.get_by_role("heading", level=1).count() == 1


def test_mailbox_works_without_javascript(mail):
    page = mail(javascript=False)

    page.get_by_role("link", name="Plain text").click()

    assert "/public/assertions/" in page.get_by_role("region", name="The mail as plain text").inner_text()


def test_empty_mailbox_says_how_to_get_a_mail(browser_page, empty_product, check_accessibility, check_fits):
    for mail in (empty_product.folder / "mail").glob("*.eml"):
        mail.unlink()  # of tests before this one
    page = browser_page(width=PHONE)

    page.goto(f"{empty_product.url}/dev/mailbox/")

    assert page.get_by_role("heading", level=2).inner_text() == "No mail yet"
    check_fits(page)
    check_accessibility(page)
