"""The mailbox of the embedded mode: what would have been mailed, read from the folder where it is kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

MAILS_A_PAGE = 30
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
PICTURES = {"image/png", "image/jpeg", "image/gif"}
#: The mail's own style and the pictures that came with it; no script, no form, nothing from outside. Links open a
#: new window, because the pages of the product refuse to be framed.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@dataclass(frozen=True, slots=True)
class Mail:
    """One kept message; `id` is the name of its file without the ending."""

    id: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return self._header("Subject") or _("(no subject)")

    @property
    def sender(self) -> str:
        return self._header("From")

    @property
    def recipient(self) -> str:
        return self._header("To")

    @property
    def sent_at(self) -> datetime | None:
        try:
            at = parsedate_to_datetime(self._header("Date"))
        except ValueError:
            return None
        # “-0000” is UTC that says nothing of where the sender is (RFC 5322), and Python leaves the zone out.
        return at.replace(tzinfo=at.tzinfo or UTC)

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    def picture(self, content_id: str) -> EmailMessage | None:
        """Return the part that the HTML calls `cid:<content_id>`."""
        for part in self.message.walk():
            named = str(part.get("Content-ID", "")).strip().removeprefix("<").removesuffix(">")
            if named == content_id and part.get_content_type() in PICTURES:
                return part
        return None

    def _header(self, name: str) -> str:
        return str(self.message.get(name, "")).strip()

    def _body(self, kind: str) -> str:
        body = self.message.get_body(preferencelist=(kind,))
        if body is None:
            return ""
        try:
            return str(body.get_content())
        except LookupError:  # a character set that does not exist
            raw = body.get_payload(decode=True)
            return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def only_on_this_machine(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 when this demo is shown to others under a public name: sign-in codes are in these mails."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if settings.SITE_HOST not in THIS_MACHINE:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@only_on_this_machine
@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first."""
    ids = sorted(_files(), reverse=True)
    page = Paginator(ids, MAILS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/mailbox.html", {"page": page, "mails": [_read(name) for name in page]})


@only_on_this_machine
@never_cache
@require_safe
def mailbox_message(request: HttpRequest, message: str) -> HttpResponse:
    """Show one mail as it will arrive; `?view=text` and `?view=headers` show the other sides of it."""
    mail = _read(message)
    views = {"html": _("As it arrives"), "text": _("Plain text"), "headers": _("Headers")}
    if not mail.html:
        del views["html"]
    view = request.GET.get("view", "")
    if view not in views:
        view = next(iter(views))
    address = reverse("mailbox-message", args=[message])
    tabs = [{"label": label, "url": f"{address}?view={name}", "current": name == view} for name, label in views.items()]
    crumbs = [{"label": _("Mailbox"), "url": reverse("mailbox")}]
    return render(request, "web/mailbox_message.html", {"mail": mail, "view": view, "tabs": tabs, "crumbs": crumbs})


@only_on_this_machine
@never_cache
@require_safe
@xframe_options_sameorigin
def mailbox_html(request: HttpRequest, message: str) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Answer the HTML of one mail alone, for the frame on its page."""
    mail = _read(message)
    if not mail.html:
        raise Http404
    html = re.sub(
        r"cid:([^\s\"'<>()&]+)", lambda match: reverse("mailbox-picture", args=[message, match[1]]), mail.html
    )
    html, heads = re.subn(r"(<head\b[^>]*>)", r'\1<base target="_blank">', html, count=1, flags=re.IGNORECASE)
    answer = HttpResponse(html if heads else f'<base target="_blank">{html}')
    answer["Content-Security-Policy"] = MAIL_POLICY
    return answer


@only_on_this_machine
@never_cache
@require_safe
def mailbox_picture(request: HttpRequest, message: str, content_id: str) -> HttpResponse:  # noqa: ARG001 -- see above
    """Answer a picture that came with a mail."""
    part = _read(message).picture(content_id)
    if part is None:
        raise Http404
    return HttpResponse(part.get_content(), content_type=part.get_content_type())


def _files() -> dict[str, Path]:
    """Return the kept mails by id. Only what lies in the folder itself: an id is looked up, never made into a path."""
    folder = Path(settings.MAILBOX_DIR)
    if not folder.is_dir():
        return {}
    return {
        file.stem: file
        for file in folder.iterdir()
        if file.suffix == ".eml" and not file.name.startswith(".") and file.is_file() and not file.is_symlink()
    }


def _read(message: str) -> Mail:
    file = _files().get(message)
    if file is None:
        raise Http404
    return Mail(message, BytesParser(EmailMessage, policy=policy.default).parsebytes(file.read_bytes()))


urlpatterns: list[URLPattern] = [
    path("", mailbox, name="mailbox"),
    path("<str:message>/", mailbox_message, name="mailbox-message"),
    path("<str:message>/html", mailbox_html, name="mailbox-html"),
    path("<str:message>/pictures/<str:content_id>", mailbox_picture, name="mailbox-picture"),
]
