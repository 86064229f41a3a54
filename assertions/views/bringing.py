"""What the two forms that take a badge share: the one for everybody and the one of My badges."""

from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from assertions.actions.brought import MAX_BYTES, Brought, NothingBrought, bring
from assertions.actions.mistakes import refuse_mistakes
from badgeserver.errors import UserFacingError

#: What is longer was not typed by anybody, and is not sent back.
MOST_SHOWN_AGAIN: Final = 200_000

FORM_CONTEXT: Final[dict[str, Any]] = {"max_megabytes": MAX_BYTES // 1024 // 1024, "max_bytes": MAX_BYTES}


def brought_by(request: HttpRequest) -> Brought:
    """Return what a form brings: its file, or its text, and whose it is said to be.

    Raises `NothingBrought`, `NoAddress` and `NoBadgeInIt`, each with the `field` beside which its sentence belongs.
    """
    file = request.FILES.get("file")
    data = None
    if isinstance(file, UploadedFile):
        if (file.size or 0) > MAX_BYTES:
            raise NothingBrought(
                _("This file is larger than 4 MB. A picture with a badge inside is smaller."), field="file"
            )
        data = file.read()
    brought = bring(text=request.POST.get("badge", ""), file=data, recipient=request.POST.get("recipient", ""))
    refuse_mistakes(brought)
    return brought


def refused(request: HttpRequest, refusal: UserFacingError) -> dict[str, Any]:
    """Return what a form shows again after a refusal: what was typed, the sentence, and what became of a file."""
    field = refusal.field or "badge"
    typed = {name: request.POST.get(name, "") for name in ("badge", "recipient")}
    return {
        "typed": {name: text.replace("\x00", "") for name, text in typed.items() if len(text) <= MOST_SHOWN_AGAIN},
        "problems": {field: refusal.message},
        "asked_for_recipient": bool(typed.get("recipient")) or field == "recipient",
        "file_is_lost": field != "file" and bool(request.FILES.get("file")),
    }
