"""The one way of files into the server: no more of one is kept than its door takes, however much is sent."""

import tempfile
import weakref
from collections.abc import Callable
from typing import IO, Any, Protocol, TypeVar, cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

#: What is longer is not even read to its end. Until then the words beside the file arrive, and so does our answer:
#: browsers show neither when the line is cut while they send.
PATIENCE_BYTES = 1024 * 1024 * 1024


class _Door(Protocol):
    upload_limit: int


_View = TypeVar("_View", bound=Callable[..., Any])


def takes_files(limit: int) -> Callable[[_View], _View]:
    """Let a view (or an API view) take files, of `limit` bytes altogether. Of a view without this none are kept.

    A form of the view finds in a file that is longer its name and its whole size, and nothing inside: it says beside
    the field what fits. Everything else of the form is there.
    """

    def mark(view: _View) -> _View:
        cast("_Door", view).upload_limit = limit
        return view

    return mark


def limit_of(request: HttpRequest) -> int:
    """Return how many bytes of files the view keeps that this request goes to."""
    view = request.resolver_match.func if request.resolver_match else None
    doors = (view, getattr(view, "cls", None))  # of an API view, its class
    return max(int(getattr(door, "upload_limit", 0)) for door in doors)


class BoundedUploadHandler(FileUploadHandler):
    """Keeps files in memory while they are small, else on the disk, and forgets at once what is more than is taken."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._kept = self._passed = self._limit = 0
        self._is_left_out = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        # Asked for here and not before: the view is known by now, whoever reads the body.
        self._limit = limit_of(self.request) if self.request is not None else 0
        self._is_left_out = False
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(  # noqa: SIM115 -- the request closes what it was given
            max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, dir=settings.FILE_UPLOAD_TEMP_DIR
        )
        # What is still arriving when the line is cut was given to nobody, and goes with its handler.
        weakref.finalize(self, self.file.close)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._passed += len(raw_data)
        if self._passed > PATIENCE_BYTES:
            raise StopUpload(connection_reset=True)
        if self._kept + start + len(raw_data) > self._limit:
            self._is_left_out = True
            self.file.close()
        if not self._is_left_out:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        if not self._is_left_out:
            self._kept += file_size
            self.file.seek(0)
        return UploadedFile(
            file=ContentFile(b"") if self._is_left_out else self.file,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
