"""The one door for e-mail, and the two ways a message leaves the house."""

import os
import smtplib
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.mime.image import MIMEImage
from pathlib import Path
from typing import Any

import css_inline
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)

Handover = Callable[[], None]


def validate_mailable(address: str) -> None:
    """Refuse a domain that cannot be written on an envelope, though it looks like a domain (a form's validator)."""
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError as refused:
        sentence = _("Mail cannot be sent to this address. Check the part after the @.")
        raise ValidationError(sentence, code="invalid") from refused


def send(
    name: str,
    *,
    to: str,
    context: Mapping[str, Any],
    pictures: Mapping[str, bytes] | None = None,
    message_id: str = "",
    headers: Mapping[str, str] | None = None,
    language: str = "",
    before_handover: Handover | None = None,
) -> None:
    """Send the mail whose templates are `emails/<name>.subject.txt`, `.txt` and `.html` to one address.

    It is written in `language`, or in the active one.

    `pictures` are PNG bytes by content id (`<img src="cid:badge">`). `message_id` makes the mail recognisable as
    the same one to every mailbox; `headers` are further lines of its head. `before_handover` is called at the last
    moment before a mail server takes the message over; when it raises, nothing is sent.

    Raises what the mail backend raises (`OSError`, `smtplib.SMTPException`).
    """
    with override(language or get_language() or settings.LANGUAGE_CODE):
        message = _written(name, to, context, message_id=message_id, headers=headers)
    for content_id, png in (pictures or {}).items():
        part = MIMEImage(png, "png")
        part.add_header("Content-ID", f"<{content_id}>")
        part.add_header("Content-Disposition", "inline", filename=f"{content_id}.png")
        message.attach(part)
    hand_over(message, before_handover)


def _written(
    name: str, to: str, context: Mapping[str, Any], *, message_id: str, headers: Mapping[str, str] | None
) -> EmailMultiAlternatives:
    context = {"site_url": settings.SITE_URL, **context}
    subject = " ".join(render_to_string(f"emails/{name}.subject.txt", context).split())
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"emails/{name}.txt", context),
        to=[to],
        # “Auto-Submitted” keeps out-of-office robots from answering.
        headers={
            "Auto-Submitted": "auto-generated",
            **({"Message-ID": message_id} if message_id else {}),
            **(headers or {}),
        },
    )
    html = render_to_string(f"emails/{name}.html", context)
    message.attach_alternative(_inliner.inline(html), "text/html")
    message.mixed_subtype = "related"  # type: ignore[attr-defined]  # Django has it, its types do not
    return message


def hand_over(message: EmailMessage, before_handover: Handover | None) -> None:
    connection = get_connection()
    if before_handover is not None:
        if getattr(connection, "announces_handover", False):
            message.before_handover = before_handover  # type: ignore[attr-defined]
        else:
            before_handover()
    connection.send_messages([message])


class _AnnouncesHandover:
    """An SMTP client that says when it is about to send the message itself.

    Up to then a mail server has accepted nothing; after the final dot it has. Marking the mail as sent in between,
    rather than after the answer, is what keeps a killed worker from mailing anybody twice (docs/adr/0009).
    """

    before_handover: Handover | None = None
    _sends_in_data: int | None = None

    def data(self, msg: Any) -> tuple[int, bytes]:
        self._sends_in_data = 0
        try:
            return super().data(msg)  # type: ignore[misc]
        finally:
            self._sends_in_data = None

    def send(self, s: Any) -> None:
        if self._sends_in_data is not None:
            self._sends_in_data += 1
            if self._sends_in_data == 2 and self.before_handover is not None:
                try:
                    self.before_handover()
                except BaseException:
                    self.close()  # type: ignore[attr-defined]  # a half-open DATA cannot be ended politely
                    raise
        super().send(s)  # type: ignore[misc]


class _Smtp(_AnnouncesHandover, smtplib.SMTP):
    pass


class _SmtpSsl(_AnnouncesHandover, smtplib.SMTP_SSL):
    pass


class HandoverSmtpBackend(SmtpBackend):
    """Django's SMTP backend, which calls `message.before_handover` just before the message leaves."""

    announces_handover = True

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpSsl if self.use_ssl else _Smtp

    def _send(self, email_message: EmailMessage) -> bool:
        self.connection.before_handover = getattr(email_message, "before_handover", None)  # type: ignore[union-attr]
        return bool(super()._send(email_message))  # type: ignore[misc]


class MailboxBackend(BaseEmailBackend):
    """Keeps each message as a file under `MAILBOX_DIR`, for the mailbox page of the embedded mode."""

    announces_handover = True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            stamp = datetime.now(tz=UTC).strftime("%Y%m%dT%H%M%S%fZ")
            draft = folder / f".{uuid.uuid4().hex}"
            draft.write_bytes(message.message().as_bytes())
            before_handover = getattr(message, "before_handover", None)
            if before_handover is not None:
                try:
                    before_handover()
                except BaseException:
                    draft.unlink()
                    raise
            os.replace(draft, folder / f"{stamp}-{uuid.uuid4().hex[:8]}.eml")  # noqa: PTH105 -- the atomic step
        return len(email_messages)
