"""The mailbox of the embedded mode."""

from datetime import UTC, datetime, timedelta
from email.mime.image import MIMEImage
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse
from django.utils.html import escape

from tests.factories.badges import png


@pytest.fixture(autouse=True)
def _on_this_machine(settings):
    """The mailbox is there for who runs the product on their own machine."""
    settings.SITE_HOST = "localhost"


@pytest.fixture
def mailed(settings):
    """`mailed(subject, html="…", pictures={…})` hands a mail to the mailbox, and returns its id there."""
    settings.EMAIL_BACKEND = "badgeserver.mail.MailboxBackend"

    def send(subject: str, *, html: str = "", to: str = "rita@mail.example.org", pictures=None) -> str:
        message = EmailMultiAlternatives(subject, "Plain words.", "badges@example.org", [to])
        if html:
            message.attach_alternative(html, "text/html")
        message.mixed_subtype = "related"
        for content_id, data in (pictures or {}).items():
            part = MIMEImage(data, "png")
            part["Content-ID"] = f"<{content_id}>"
            message.attach(part)
        before = set(Path(settings.MAILBOX_DIR).glob("*.eml")) if Path(settings.MAILBOX_DIR).exists() else set()
        get_connection().send_messages([message])
        (new,) = set(Path(settings.MAILBOX_DIR).glob("*.eml")) - before
        return new.stem

    return send


def test_mailbox_without_mails_says_how_to_get_one(anonymous):
    page = anonymous.get(reverse("mailbox"))

    assert page.status_code == 200
    assert "No mail yet" in page.content.decode()


def test_mailbox_lists_the_newest_first(anonymous, mailed, frozen):
    for subject in ["First", "Second", "Third"]:
        mailed(subject)
        frozen.shift(timedelta(seconds=1))

    page = anonymous.get(reverse("mailbox"))

    assert [mail.subject for mail in page.context["mails"]] == ["Third", "Second", "First"]
    assert page.context["mails"][0].sent_at == datetime(2026, 3, 2, 9, 0, 2, tzinfo=UTC)


def test_mailbox_shows_thirty_a_page(anonymous, mailed):
    for number in range(31):
        mailed(f"Mail {number}")

    assert [len(anonymous.get(reverse("mailbox"), {"page": page}).context["mails"]) for page in (1, 2)] == [30, 1]


def test_mail_shows_its_html_in_a_frame_and_its_other_sides(anonymous, mailed):
    mail = mailed("Your badge", html="<p>You earned it.</p>")
    address = reverse("mailbox-message", args=[mail])

    page = anonymous.get(address).content.decode()
    text = anonymous.get(address, {"view": "text"}).content.decode()
    headers = anonymous.get(address, {"view": "headers"}).content.decode()

    assert f'src="{reverse("mailbox-html", args=[mail])}"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "You earned it" not in page
    assert "Plain words." in text
    assert "MIME-Version" in headers


def test_mail_without_html_shows_its_text(anonymous, mailed):
    mail = mailed("Your code")

    page = anonymous.get(reverse("mailbox-message", args=[mail]))

    assert page.context["view"] == "text"
    assert [tab["label"] for tab in page.context["tabs"]] == ["Plain text", "Headers"]
    assert anonymous.get(reverse("mailbox-html", args=[mail])).status_code == 404


def test_mails_own_page_is_locked_in(anonymous, mailed):
    mail = mailed("Hostile", html="<html><head></head><body><script>alert(1)</script></body></html>")

    answer = anonymous.get(reverse("mailbox-html", args=[mail]))

    assert answer["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head><base target="_blank">' in answer.content.decode()


def test_pictures_of_a_mail_are_shown(anonymous, mailed):
    mail = mailed("Your badge", html='<img src="cid:badge" alt="">', pictures={"badge": png()})
    address = reverse("mailbox-picture", args=[mail, "badge"])

    html = anonymous.get(reverse("mailbox-html", args=[mail])).content.decode()
    picture = anonymous.get(address)

    assert f'<img src="{address}" alt="">' in html
    assert (picture["Content-Type"], picture.content) == ("image/png", png())
    assert anonymous.get(reverse("mailbox-picture", args=[mail, "other"])).status_code == 404


def test_subjects_are_text(anonymous, mailed):
    mail = mailed("<script>alert(1)</script>", to='"<b>Rita</b>" <rita@mail.example.org>')

    for address in (reverse("mailbox"), reverse("mailbox-message", args=[mail])):
        page = anonymous.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>Rita</b>" not in page


@pytest.mark.parametrize(
    "name", ["..%2F..%2Fsecrets%2Fsecret_key", "..", "%2e%2e%2fdb", "nothing", "a%00b", "%2Fetc%2Fpasswd", "…"]
)
def test_only_what_lies_in_the_folder_is_shown(anonymous, mailed, settings, name):
    mailed("There is one")
    Path(settings.MAILBOX_DIR).parent.joinpath("secret.eml").write_text("Subject: secret\n\n", encoding="utf-8")

    for address in (f"/dev/mailbox/{name}/", f"/dev/mailbox/{name}/html", f"/dev/mailbox/{name}/pictures/badge"):
        assert anonymous.get(address).status_code == 404


def test_links_out_of_the_folder_are_not_followed(anonymous, mailed, settings, tmp_path):
    mailed("There is one")
    secret = tmp_path / "secret"
    secret.write_text("Subject: secret\n\n", encoding="utf-8")
    Path(settings.MAILBOX_DIR).joinpath("link.eml").symlink_to(secret)

    assert [mail.subject for mail in anonymous.get(reverse("mailbox")).context["mails"]] == ["There is one"]
    assert anonymous.get(reverse("mailbox-message", args=["link"])).status_code == 404


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", 'quote" onload="x', "what?view=text&a=b#c", "ä ö"])
def test_hostile_file_names_stay_names(anonymous, settings, name):
    folder = Path(settings.MAILBOX_DIR)
    folder.mkdir()
    folder.joinpath(f"{name}.eml").write_text("Subject: Odd\n\nWords", encoding="utf-8")

    page = anonymous.get(reverse("mailbox"))
    address = reverse("mailbox-message", args=[name])

    assert name not in page.content.decode() or name == "ä ö"
    assert f'href="{escape(address)}"' in page.content.decode()
    assert anonymous.get(address).status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00 not a mail at all",
        b"Subject: =?utf-8?q?broken\nDate: yesterday\nContent-Type: text/html; charset=nowhere\n\n<p>\xff</p>",
        b"Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: multipart/alternative",
    ],
)
def test_broken_mails_break_nothing(anonymous, settings, content):
    folder = Path(settings.MAILBOX_DIR)
    folder.mkdir()
    folder.joinpath("broken.eml").write_bytes(content)

    assert anonymous.get(reverse("mailbox")).status_code == 200
    for view in ("html", "text", "headers"):
        assert anonymous.get(reverse("mailbox-message", args=["broken"]), {"view": view}).status_code == 200
    assert anonymous.get(reverse("mailbox-html", args=["broken"])).status_code in {200, 404}


@pytest.mark.parametrize("name", ["mailbox", "mailbox-message", "mailbox-html"])
def test_mailbox_only_reads(anonymous, mailed, name):
    mail = mailed("There is one", html="<p>Words</p>")
    address = reverse(name, args=[] if name == "mailbox" else [mail])

    assert anonymous.post(address).status_code == 405


def test_mailbox_is_not_there_under_a_public_name(anonymous, mailed, settings):
    """A demo behind a proxy must not show everybody the codes that people sign in with."""
    message = mailed("Your code")
    settings.SITE_HOST = "badges.example.org"

    assert anonymous.get(reverse("mailbox")).status_code == 404
    assert anonymous.get(reverse("mailbox-message", args=[message])).status_code == 404
