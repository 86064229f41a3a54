"""Every page that people see: axe finds nothing, nothing is wider than the window, the console stays clean.

To add a page, add a line to the walk of whoever sees it. One test walks all pages of one person in one width, looks at
each in light and in dark, and tells everything that it finds at once.
"""

import contextlib
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, RULES, WIDE, told
from tests.services import Product

UNKNOWN = "00000000-0000-4000-8000-000000000000"
UUID = r"[0-9a-f-]{36}"
AXE = Axe().axe_script
#: A badge of somebody else, of which not everything can be taken.
IMPORTABLE = (
    '{"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "name": "Welding", "description": "Welds.",'
    ' "issuer": "https://elsewhere.example.org/issuer", "slug": "welding", "tags": ["metal"]}'
)
#: What a theme can break; the other rules find the same in light and in dark.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]


# --- What is walked ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Walk:
    """One person's way through the product: `walk.see(…)` looks at what is on the screen."""

    page: Page
    product: Product
    workspace: str = ""
    findings: list[str] = field(default_factory=list)

    def open(self, path: str, name: str = "", *, status: int = 200) -> None:
        """Go to a path (or the end of the workspace's) and look."""
        url = self.product.url + path if path.startswith("/") else f"{self.workspace}{path}"
        answer = self.page.goto(url)
        if answer is None or answer.status != status:
            self.findings.append(f"{path}: answered {answer and answer.status} instead of {status}")
        self.see(name or path)

    def see(self, name: str) -> None:
        self.page.evaluate(AXE)
        self._breaks_nothing(name, "dark", {"type": "rule", "values": COLOUR_RULES})
        self._breaks_nothing(name, "light", {"type": "tag", "values": RULES})

    def press(self, button: str, name: str) -> None:
        """Press a button, wait for the page that it leads to, and look."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).first.click()
        self.see(name)

    @property
    def width(self) -> int:
        return self.page.viewport_size["width"]

    def product_path(self, url: str) -> str:
        """Return the path of an address of the product, for `open`."""
        return url.removeprefix(self.product.url).split("?")[0]

    def link_to(self, pattern: str) -> str:
        """Return the first address on this page that matches."""
        addresses = self.page.evaluate("Array.from(document.links, link => link.pathname + link.search)")
        return next(address for address in addresses if re.search(pattern, address))

    def badge(self, name: str, status: str) -> str:
        """Return the page of a badge of the demo by its name: other tests leave badges in the same lists."""
        self.page.goto(f"{self.workspace}badges/?{urlencode({'q': name, 'status': status})}")
        return self.link_to(rf"/badges/{UUID}/$")

    def _breaks_nothing(self, name: str, theme: str, rules: dict[str, object]) -> None:
        self.page.emulate_media(color_scheme=theme)
        # Colours change in no time here, but not before the next frame.
        self.page.evaluate("Promise.allSettled(document.getAnimations().map(running => running.finished))")
        where = f"{name} ({theme})"
        wide, window = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if wide > window:
            self.findings.append(f"{where}: {wide} px wide in a window of {window} px")
        found = self.page.evaluate("rules => axe.run({ runOnly: rules, resultTypes: ['violations'] })", rules)
        self.findings.extend(f"{where}: {told(violation)}" for violation in found["violations"])


def id_in(url: str) -> str:
    return url.rstrip("/").rsplit("/", 1)[1]


def walk_as_stranger(walk: Walk) -> None:
    awards = walk.product.demo["assertions"]
    walk.open("/", "welcome")
    walk.open("/accounts/login/")
    walk.press("Sign in", "sign in, nothing typed")
    walk.open("/accounts/signup/")
    walk.press("Create account", "sign up, nothing typed")
    walk.page.get_by_label("Your name").fill("Wanda Walk")
    walk.page.get_by_label("E-mail address").fill(f"wanda-{walk.page.viewport_size['width']}@mail.example.org")
    walk.press("Create account", "code of a new account")
    walk.page.context.clear_cookies()  # else the other ways in lead back here
    walk.open("/accounts/login/code/")
    walk.page.get_by_label("E-mail address").fill("nobody@mail.example.org")
    walk.press("Mail me the code", "code to sign in")
    walk.open("/accounts/password/reset/")
    walk.page.get_by_label("E-mail address").fill("nobody@mail.example.org")
    walk.press("Mail me the code", "code to reset a password")
    walk.open("/invitations/gone/", "invitation that is gone", status=404)
    walk.open("/nothing/here/", "404 of a stranger", status=404)

    for state, status in (("valid", 200), ("expired", 200), ("revoked", 410)):
        walk.open(f"/public/assertions/{id_in(awards[state])}", f"public award, {state}", status=status)
        walk.open(f"/verify/{id_in(awards[state])}/", f"checks, {state}")
    walk.page.goto(awards["valid"])
    walk.page.locator("form.compare").get_by_label("E-mail address").fill("somebody.else@mail.example.org")
    with walk.page.expect_navigation():
        walk.page.locator("form.compare").evaluate("form => form.submit()")  # as without JavaScript
    walk.see("whose is it")
    walk.open(f"/public/assertions/{UNKNOWN}", "public award, unknown", status=404)
    walk.open(f"/public/badges/{id_in(walk.product.demo['badge'])}", "public badge")
    walk.open(f"/public/badges/{UNKNOWN}", "public badge, unknown", status=404)
    walk.open(f"{versioned(walk)}", "public badge with versions")
    walk.open(walk.link_to(r"/changes$"), "what a version changed")
    walk.open(f"{versioned(walk)}", "public badge with versions")
    walk.open(walk.link_to(rf"/public/badges/{UUID}$"), "public badge, earlier version")
    look_at_languages(walk)
    walk.open(f"/public/issuers/{id_in(walk.product.demo['issuer'])}", "public issuer")
    walk.open(walk.link_to(rf"/public/endorsements/{UUID}$"), "public endorsement")
    walk.open(f"/public/endorsements/{UNKNOWN}", "public endorsement, unknown", status=404)

    walk.open("/verify/")
    walk.press("Verify badge", "verify, nothing given")
    walk.page.get_by_label("Link or text of the badge").fill("This is no badge.")
    walk.press("Verify badge", "verify, no badge")
    for name, badge in (
        ("valid", awards["valid"]),
        ("expired", awards["expired"]),
        ("revoked", awards["revoked"]),
        ("never awarded", f"{walk.product.url}/public/assertions/{UNKNOWN}"),
        ("that cannot be reached", "http://127.0.0.1:9/award"),
    ):
        walk.page.goto(f"{walk.product.url}/verify/")
        walk.page.get_by_label("Link or text of the badge").fill(badge)
        walk.press("Verify badge", f"verify, {name}")
        walk.page.wait_for_selector("article.receipt", timeout=30_000)
        walk.see(f"receipt, {name}")
    walk.page.goto(f"{walk.product.url}/verify/")
    walk.page.get_by_label("Link or text of the badge").fill(tampered(walk.page, walk.product))
    walk.press("Verify badge", "verify, tampered")

    walk.open("/dev/mailbox/")
    walk.open(walk.link_to(r"/dev/mailbox/.+/"), "mail")


def versioned(walk: Walk) -> str:
    """Return the public page of the badge of the demo that has versions."""
    walk.page.goto(walk.product.demo["versions"])
    return str(walk.page.evaluate("location.pathname"))


def tampered(page: Page, product: Product) -> str:
    """Return a genuine signed award whose signature was changed by one letter."""
    signed = page.request.get(product.demo["signed"]).text()
    head, body, signature = signed.split(".")
    return f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def look_at_languages(walk: Walk) -> None:
    languages = f"/public/badges/{id_in(walk.product.demo['languages'])}"
    walk.open(languages, "public badge with languages, licence and place")
    walk.open(f"{languages}/languages/de", "public badge in German")
    walk.open(f"{languages}/languages/fr", "public badge, half in French")


def work_on_languages(walk: Walk, draft: str) -> None:
    walk.page.goto(f"{walk.product.url}{draft}edit/")
    walk.page.locator(".form-more > summary").click()
    walk.see("draft, edit, more")
    languages = f"badges/{id_in(walk.product.demo['languages'])}/"
    walk.open(languages, "badge with languages")
    walk.open(f"{languages}languages/", "languages")
    walk.open(f"{languages}languages/it/", "a new language")
    walk.press("Save Italiano", "a new language, nothing typed")
    walk.open(f"{languages}languages/fr/", "a language")
    walk.page.get_by_role("button", name="Preview").click()
    walk.page.wait_for_selector("#preview-title")
    walk.see("a language, preview")
    walk.open(f"{languages}languages/fr/remove/", "a language that stays")
    walk.page.goto(f"{walk.product.url}{draft}languages/it/")
    walk.page.get_by_label("Name").fill("Guida")
    walk.page.get_by_label("Description").fill("Guida il carrello.")
    walk.press("Save Italiano", "languages of a draft")
    walk.open(f"{draft}languages/it/remove/", "take a language away")
    walk.press("Take Italiano away", "a language is taken away")
    walk.open("badges/import/", "import a badge")
    walk.press("Import as a draft", "import a badge, nothing typed")
    walk.page.get_by_label("Address or text").fill(IMPORTABLE)
    walk.press("Import as a draft", "imported badge")


def look_at_versions(walk: Walk) -> None:
    versions = f"badges/{id_in(walk.product.demo['versions'])}/"
    walk.open(versions, "badge with versions")
    walk.open(walk.link_to(rf"/badges/{UUID}/$"), "earlier version")
    walk.open(f"{versions}compare/", "compare versions")
    walk.open(f"{versions}compare/?since=1", "compare with the first version")
    walk.open(f"{versions}correct/", "correct a typo")
    walk.press("Correct badge", "correct a typo, nothing changed")
    walk.open(f"{versions}version/invite/", "invite holders")
    walk.open(f"{versions}version/publish/", "nothing to publish", status=409)


def make_a_version(walk: Walk, badge: str) -> None:
    walk.page.goto(f"{walk.workspace}badges/{badge}/")
    walk.press("Edit as version 2", "draft of a version")
    draft = walk.page.url.removesuffix("edit/")
    walk.page.get_by_label("Description").fill("It says something else from now on.")
    walk.press("Save, compare and publish…", "publish a version")
    walk.press("Publish version 2", "publish a version, nothing typed")
    walk.open(walk.product_path(draft), "draft of a version, its page")
    walk.open(f"{walk.product_path(draft)}delete/confirm/", "discard a draft")
    walk.press("Discard draft", "badge whose draft was discarded")


def revoke_and_undo(walk: Walk, badge: str) -> None:
    walk.page.goto(f"{walk.workspace}badges/{badge}/award/")
    walk.page.get_by_label("Who gets it?").fill(f"walker-{walk.width}@mail.example.org")
    walk.press("Award badge", "award just made")
    walk.page.goto(walk.page.url.split("?")[0] + "revoke/")
    walk.page.get_by_label("Why is it revoked?").fill("Awarded to the wrong person.")
    walk.press("Revoke badge", "award just revoked")
    walk.press("Undo: this was a mistake", "revocation undone")


def endorse_and_take_back(walk: Walk) -> None:
    walk.page.goto(f"{walk.workspace}endorsements/?view=shown")
    other = walk.page.get_by_role("link", name="Northern Ports Association").first.get_attribute("href")
    walk.page.goto(f"{walk.workspace}endorsements/new/?subject={walk.product.url}{other}")
    walk.page.get_by_label("What you say").fill("They look **twice**.")
    walk.press("Endorse", "endorsements given")
    walk.open(walk.link_to(r"/take-back/$"), "take an endorsement back")
    walk.press("Take it back", "take an endorsement back, nothing typed")
    walk.page.get_by_label("Why do you take it back?").fill("They stopped looking twice.")
    walk.press("Take it back", "endorsement taken back")


def look_at_keys(walk: Walk, issuer: str) -> None:
    walk.open(f"{issuer}keys/", "signing keys")
    walk.open(f"{issuer}keys/replace/", "replace the key")
    walk.press("Replace the key", "signing keys, one replaced")
    stolen = walk.link_to(r"/stolen/$")
    walk.open(stolen, "report a key as stolen")
    walk.press("Withdraw key 2", "report a key as stolen, nothing typed")
    walk.page.get_by_label("What happened?").fill("A backup was lost on the train.")
    walk.page.get_by_label("to show that this is meant").fill(f"Walkers {walk.width}")
    walk.press("Withdraw key 2", "new copies after a stolen key")
    walk.open(stolen, "report a key as stolen, again")
    walk.open(f"{issuer}keys/", "signing keys, one stolen")


#: What the columns of a domain say in each of its states.
DOMAIN_STATES = {
    "proved": {"proved_by": "DNS", "proved_at": "2026-05-01 08:00:00", "failing_since": None, "problem": ""},
    "missing": {"failing_since": "2026-05-03 08:00:00", "problem": "There is no TXT record at _openbadges.example."},
    "withdrawn": {"proved_by": "", "proved_at": None},
    "with addresses": {"proved_by": "FILE", "proved_at": "2026-05-01 08:00:00", "hosting_since": "2026-05-02 08:00:00"},
    "with earlier addresses": {"hosted_until": "2026-05-09 08:00:00"},
}


def look_at_domains(walk: Walk, issuer: str) -> None:
    walk.open(f"{issuer}domains/", "no domain yet")
    walk.page.get_by_role("textbox", name="Domain").fill("no domain")
    walk.press("Add domain", "add a domain that is none")
    name = (
        f"walk-{walk.width}-with-a-name-as-long-as-names-of-departments-are.and-its-faculty.harbour-logistics.example"
    )
    walk.page.get_by_role("textbox", name="Domain").fill(name)
    walk.press("Add domain", "domain, just added")
    domain = walk.product_path(walk.page.url)
    walk.open(f"{domain}addresses/", "addresses under a domain that is not proved")
    walk.page.goto(f"{walk.product.url}{domain}")
    walk.press("Check now", "domain, not found yet")
    for state, columns in DOMAIN_STATES.items():
        domain_becomes(walk.product, name, columns)
        walk.open(domain, f"domain, {state}")
    walk.open(f"{domain}addresses/", "addresses under a domain")
    walk.press("Look, and use it", "addresses under a domain, refused")
    walk.open(f"{issuer}domains/", "domains")
    domain_becomes(walk.product, name, {"hosting_since": None, "hosted_until": None})
    walk.page.goto(f"{walk.product.url}{domain}")
    walk.press("Remove domain", "domain removed")


def domain_becomes(product: Product, name: str, columns: dict[str, str | None]) -> None:
    """Set the columns of a domain: no domain can be proved on a laptop, and none is lost within a test."""
    says = ", ".join(f"{column} = ?" for column in columns)
    with contextlib.closing(sqlite3.connect(product.folder / "db.sqlite3", timeout=20)) as database, database:
        done = database.execute(f"UPDATE issuers_domain SET {says} WHERE name = ?", [*columns.values(), name])  # noqa: S608 -- ours
        assert done.rowcount == 1


def work_on_an_issuer(walk: Walk) -> None:
    """Begin an issuer of one's own: its keys and domains can be lost without a loss."""
    walk.page.goto(f"{walk.workspace}issuers/new/")
    walk.page.get_by_label("Name", exact=True).fill(f"Walkers {walk.width}")
    walk.page.get_by_label("Website").fill("https://walkers.harbour-logistics.example")
    walk.page.get_by_label("Contact e-mail address").fill("walkers@harbour-logistics.example")
    walk.page.get_by_label("Place").fill("Harbour Academy, Hamburg")
    walk.press("Create issuer", "new issuer, half a place")
    walk.page.get_by_label("Latitude").fill("53.5445")
    walk.page.get_by_label("Longitude").fill("9.9666")
    walk.press("Create issuer", "issuer with a place")
    issuer = walk.product_path(walk.page.url)
    look_at_keys(walk, issuer)
    look_at_domains(walk, issuer)


def look_at_issuers(walk: Walk, issuer: str) -> None:
    walk.open("issuers/")
    walk.open("issuers/new/")
    walk.open(f"issuers/{issuer}/", "issuer")
    walk.open(f"issuers/{issuer}/edit/", "issuer, edit")
    walk.open(f"issuers/{issuer}/tokens/", "tokens")
    walk.open(f"issuers/{issuer}/keys/", "signing keys that are used")
    walk.open(walk.link_to(r"/stolen/$"), "report a key that is used")
    walk.open(f"issuers/{issuer}/domains/", "domains of the demo")
    work_on_an_issuer(walk)


def walk_as_owner(walk: Walk) -> None:
    award, badge = id_in(walk.product.demo["assertions"]["valid"]), id_in(walk.product.demo["badge"])
    issuer = id_in(walk.product.demo["issuer"])
    walk.open("", "overview")
    walk.open("award/", "choose a badge")

    for state in ("", "?status=DRAFT", "?status=ARCHIVED", "?q=nothing+like+this"):
        walk.open(f"badges/{state}")
    walk.open("badges/new/")
    walk.press("Publish badge", "new badge, nothing typed")
    walk.open(f"badges/{badge}/", "badge")
    walk.open(f"badges/{badge}/edit/", "badge that can no longer change", status=409)
    draft = walk.badge("Night-Shift Lead", "DRAFT")
    walk.open(draft, "draft")
    walk.open(f"{draft}edit/", "draft, edit")
    walk.open(f"{draft}delete/confirm/", "draft, delete")

    work_on_languages(walk, draft)
    look_at_versions(walk)
    make_a_version(walk, badge)

    walk.open(f"badges/{badge}/award/", "award")
    walk.press("Award badge", "award, nothing typed")
    walk.page.get_by_text("Story and evidence").click()
    walk.page.get_by_text("More about it").first.click()
    walk.see("award, evidence with every field")
    for query in ("", "?state=revoked", "?sort=expires&page=3", "?q=nothing+like+this"):
        walk.open(f"awards/{query}")
    walk.open(f"awards/{award}/", "award detail")
    walk.page.get_by_text("For programs").click()
    walk.see("award detail, what programs get")
    walk.open(f"awards/{award}/revoke/", "revoke")
    walk.press("Revoke badge", "revoke, nothing typed")
    walk.open(f"awards/{id_in(walk.product.demo['assertions']['revoked'])}/", "award detail, revoked")
    walk.open(f"awards/{id_in(walk.product.demo['assertions']['revoked'])}/revoke/", "revoke again")
    revoke_and_undo(walk, badge)
    endorse_and_take_back(walk)
    for view in ("waiting", "shown", "not-shown", "given"):
        walk.open(f"endorsements/?view={view}")
    walk.open("endorsements/new/", "endorse")
    walk.open(f"endorsements/new/?subject={walk.product.url}/public/badges/{badge}", "endorse a badge")
    walk.press("Endorse", "endorse, nothing typed")
    walk.open("endorsements/import/", "import an endorsement")
    walk.press("Verify and import", "import an endorsement, nothing typed")
    walk.open("people/")
    walk.open(walk.link_to(rf"/people/{UUID}/$"), "person")

    look_at_issuers(walk, issuer)
    walk.open("staff/")
    walk.open("history/")
    walk.open("search/?q=safety", "everything that was found")
    walk.open("settings/", "settings of the organisation")
    walk.open("people/import/", "import people")
    walk.open("organisations-that-are-not/", "404 in the workspace", status=404)
    walk.open("/organisations/new/")
    walk.press("Create organisation", "new organisation, nothing typed")


def look_at_designs(walk: Walk) -> None:
    walk.open("designs/", "designs")
    walk.open(walk.link_to(rf"/designs/families/{UUID}/$"), "family")
    walk.open("designs/families/new/", "new family")
    walk.open("designs/new/", "draw a badge")


def look_at_frameworks(walk: Walk) -> None:
    walk.open("frameworks/", "frameworks")
    framework = walk.page.get_by_role("link", name="Harbour Competency Framework").first.get_attribute("href") or ""
    walk.open(framework, "framework")
    walk.open(walk.link_to(rf"/competencies/{UUID}/$"), "competency")
    walk.open(f"/public/frameworks/{id_in(framework)}", "public framework")
    walk.open(walk.link_to(rf"/public/competencies/{UUID}$"), "public skill")
    walk.open(f"{framework}edit/", "framework, edit")
    walk.open(f"{framework}competencies/new/", "add a skill")
    walk.open("frameworks/new/", "new framework")
    walk.open("frameworks/import/", "import a framework")
    walk.press("Read and compare", "import a framework, nothing chosen")


def walk_as_editor(walk: Walk) -> None:
    """Go where badges are planned and designed."""
    walk.open("badges/?view=table", "badges as a table")
    draft = walk.badge("Night-Shift Lead", "DRAFT")
    for part in ("", "design/", "planning/", "review/", "review/ask/", "coach/", "pilot/start/"):
        walk.open(f"{draft}{part}", f"draft in review, {part}")
    tried = walk.badge("Feedback in the Moment", "PILOT")
    walk.open(tried, "badge that is tried")
    walk.open(f"{tried}pilot/", "pilot")
    walk.open(walk.badge("Paperless Gate Pioneer", "ARCHIVED"), "archived badge with a successor")
    walk.open(f"badges/{id_in(walk.product.demo['badge'])}/archive/confirm/", "archive a badge")
    for path in ("badges/reviews/", "ladders/", "templates/", "plans/", "plans/new/", "people/groups/"):
        walk.open(path)
    walk.open(f"/survey/{UNKNOWN}/", "survey that is not there", status=404)
    walk.open("/styleguide/", "style guide")
    look_at_designs(walk)
    look_at_frameworks(walk)


def walk_as_reporter(walk: Walk) -> None:
    walk.open("", "overview of a reporter")
    walk.open("badges/", "badges of a reporter")
    walk.open(f"badges/{id_in(walk.product.demo['badge'])}/", "badge of a reporter")
    walk.open("badges/new/", "403", status=403)


def walk_as_earner(walk: Walk) -> None:
    walk.open("/my/badges/", "my badges")
    walk.open("/my/badges/add/", "add a badge from elsewhere")
    walk.press("Check and add badge", "add a badge, nothing given")
    walk.open("/my/badges/", "my badges again")
    mine = walk.page.evaluate("Array.from(document.querySelectorAll('.tile-link'), link => link.pathname)")
    for path in mine[:3]:
        walk.open(path, f"my badge {path}")
    for path in (
        "",
        "profile/",
        "email/",
        "password/change/",
        "2fa/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "2fa/totp/activate/",
        "logout/",
    ):
        walk.open(f"/accounts/{path}")


WALKS: dict[str, Callable[[Walk], None]] = {
    "stranger": walk_as_stranger,
    "owner": walk_as_owner,
    "editor": walk_as_editor,
    "reporter": walk_as_reporter,
    "earner": walk_as_earner,
}


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("who", list(WALKS))
def test_every_page_fits_and_can_be_used_by_everybody(browser_page, product, sign_in, who, width):
    page = browser_page(width=width)
    walk = Walk(page, product)
    if who != "stranger":
        walk.workspace = sign_in(page, product, who).url

    WALKS[who](walk)

    assert not walk.findings, "\n".join(walk.findings)
