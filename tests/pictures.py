"""Takes the pictures of the README from the product as it runs, into docs/pictures.

python -m tests.pictures                    (or make pictures)
python -m tests.pictures styleguide badges  only these; the way to them is walked all the same
"""

import io
import os
import sys
import tempfile
from pathlib import Path
from typing import Literal

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("TEST_DATABASE", "sqlite")
django.setup()

from tests.badges.plans.documents import docx_plan  # noqa: E402
from tests.browser.conftest import PHONE, QUIET, WIDE  # noqa: E402 -- Django must be set up first
from tests.machine import find_chromium  # noqa: E402
from tests.services import ROOT, Product, running_product  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
ONLY = set(sys.argv[1:])


def main() -> int:
    chromium = find_chromium()
    if chromium is None:
        print("No Chromium on this machine; CHROMIUM=/path/to/it names one.", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_product(Path(folder) / "data", demo=True) as product,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        take_pictures(browser, product)
        browser.close()
    return 0


def take_pictures(browser: Browser, product: Product) -> None:
    awards, badge = product.demo["assertions"], product.demo["badge"].rsplit("/", 1)[1]
    visitor = open_page(browser, WIDE)
    visitor.goto(product.url)
    keep(visitor, "welcome")
    visitor.goto(awards["valid"])
    keep(visitor, "assertion")
    visitor.goto(awards["revoked"])
    keep(visitor, "revoked")
    visitor.goto(f"{product.url}/verify/")
    visitor.get_by_label("Link or text of the badge").fill(visitor.request.get(product.demo["signed"]).text())
    visitor.get_by_role("button", name="Verify badge").click()
    visitor.locator(".verdict-title").wait_for()
    keep(visitor, "verify")
    phone = open_page(browser, PHONE, theme="dark")
    phone.goto(awards["valid"])
    keep(phone, "assertion-phone-dark")

    earner = sign_in(open_page(browser, PHONE), product, "earner")
    keep(earner, "mine-phone")

    owner = sign_in(open_page(browser, WIDE), product, "owner")
    workspace = owner.url
    keep(owner, "overview")
    owner.goto(f"{workspace}badges/")
    owner.set_viewport_size({"width": WIDE, "height": 720})
    keep(owner, "badges")
    owner.set_viewport_size({"width": WIDE, "height": 1000})
    # The draft: what people hold cannot be edited.
    owner.goto(f"{workspace}badges/?status=DRAFT")
    owner.locator(".tile-link").first.click()
    owner.get_by_role("link", name="Edit").click()
    keep(owner, "badge-form")
    owner.goto(f"{workspace}badges/{badge}/award/")
    owner.get_by_label("Who gets it?").fill("mirte.jansen@example.org")
    owner.get_by_label("Name optional").fill("Mirte Jansen")
    owner.get_by_label("Name optional").blur()
    owner.locator("#preview").get_by_text("Mirte Jansen gets a mail").wait_for()
    keep(owner, "award")
    take_pictures_of_planning(owner, workspace)


def take_pictures_of_planning(owner: Page, workspace: str) -> None:
    owner.goto(f"{workspace}designs/")
    keep(owner, "designs")
    owner.goto(f"{workspace}badges/?status=DRAFT")
    owner.locator(".tile-link").first.click()
    owner.get_by_role("link", name="Change the picture").click()
    owner.locator("[data-drawing]").wait_for()
    # Without its family everything can be chosen, and is shown so.
    owner.get_by_label("Family").select_option(index=0)
    owner.get_by_text("decides this").first.wait_for(state="hidden")
    keep(owner, "designer")
    owner.goto(f"{workspace}badges/?status=PILOT")
    owner.locator(".tile-link").first.click()
    owner.get_by_role("link", name="Report of the pilot").or_(
        owner.get_by_role("link", name="See the pilot")
    ).first.click()
    keep(owner, "pilot")
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "Programme 2027.docx"
        document.write_bytes(docx_plan())
        owner.goto(f"{workspace}plans/new/")
        owner.get_by_label("A file").set_input_files(document)
        owner.get_by_role("button", name="Read the plan").click()
        owner.get_by_role("heading", name="of 12 rows become drafts").wait_for()
        keep(owner, "plan")
    owner.goto(f"{workspace.split('/o/', maxsplit=1)[0]}/styleguide/")
    keep(owner, "styleguide")


def sign_in(page: Page, product: Product, who: str) -> Page:
    account = product.demo["sign_in"][who]
    page.goto(f"{product.url}/accounts/login/")
    page.get_by_label("E-mail address").fill(account["email"])
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    return page


def open_page(browser: Browser, width: int, *, theme: Literal["light", "dark"] = "light") -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width == PHONE else 1000},
        color_scheme=theme,
        has_touch=width == PHONE,
        reduced_motion="reduce",
        locale="en-GB",
    )
    return context.new_page()


def keep(page: Page, name: str) -> None:
    if ONLY and name not in ONLY:
        return
    page.wait_for_load_state("networkidle")
    target = PICTURES / f"{name}.png"
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(target, optimize=True)
    print(f"{target.relative_to(ROOT)}  {target.stat().st_size // 1024} kB")


if __name__ == "__main__":
    sys.exit(main())
