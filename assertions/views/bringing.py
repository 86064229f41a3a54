"""What the two forms that take a badge share: the one for everybody and the one of My badges."""

from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from assertions.actions.brought import MAX_BYTES, Brought, NothingBrought, bring

#: A form holds the file, a few words and what separates them; what is longer is not read at all.
MAX_BODY_BYTES: Final = MAX_BYTES * 3 + 64 * 1024

FORM_CONTEXT: Final[dict[str, Any]] = {"max_megabytes": MAX_BYTES // 1024 // 1024, "max_bytes": MAX_BYTES}


def brought_by(request: HttpRequest) -> Brought:
    """Return what a form brings: its file, or its text, and whose it is said to be.

    Raises `NothingBrought` and `NoAddress`, each with the `field` beside which its sentence belongs.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > MAX_BODY_BYTES:
        raise NothingBrought(_("This is larger than 4 MB. A badge, also inside a picture, is smaller."), field="file")
    file = request.FILES.get("file")
    data = None
    if isinstance(file, UploadedFile):
        if (file.size or 0) > MAX_BYTES:
            raise NothingBrought(
                _("This file is larger than 4 MB. A picture with a badge inside is smaller."), field="file"
            )
        data = file.read()
    return bring(text=request.POST.get("badge", ""), file=data, recipient=request.POST.get("recipient", ""))
