"""Files on their way in: what a door takes is kept, the rest is forgotten while it still arrives."""

import gc
import io
import logging
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from badges.models import Plan
from badgeserver import uploads
from badgeserver.uploads import takes_files

MB = 1024 * 1024
LIMIT = 3 * MB

#: What the doors below found in the last request: of each file its name, size and content, and the words beside them.
_found: dict[str, Any] = {}


def _look(request: HttpRequest) -> HttpResponse:
    _found.clear()
    _found["files"] = [
        (one.name, one.size, one.read()) for name in request.FILES for one in request.FILES.getlist(name)
    ]
    _found["words"] = request.POST.dict()
    return HttpResponse("looked")


@takes_files(LIMIT)
def _taking(request: HttpRequest) -> HttpResponse:
    return _look(request)


urlpatterns = [path("takes/", _taking), path("takes-none/", _look)]


class Body(io.RawIOBase):
    """A body that is made while it is read: no test holds 200 MB. `at` is called at each MB of a file."""

    def __init__(
        self, files: list[int], *, at: Callable[[], None] | None = None, breaks_after: int | None = None
    ) -> None:
        self._at, self._breaks_after = at, breaks_after
        self._heads = [
            f'--x\r\nContent-Disposition: form-data; name="file"; filename="{number}.docx"\r\n\r\n'.encode()
            for number, _size in enumerate(files)
        ]
        self._words = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nwhat was typed\r\n'
        self._end = b"--x--\r\n"
        self._files = files
        self.length = sum(map(len, [*self._heads, self._words, self._end])) + sum(files) + 2 * len(files)
        self._pieces, self._left = self._made(), b""

    def _made(self) -> Iterator[bytes]:
        sent = 0
        for head, size in zip(self._heads, self._files, strict=True):
            yield head
            for start in range(0, size, 64 * 1024):
                if self._breaks_after is not None and sent >= self._breaks_after:
                    raise OSError("The line is cut.")
                if self._at and sent % MB == 0:
                    self._at()
                piece = b"x" * min(64 * 1024, size - start)
                sent += len(piece)
                yield piece
            yield b"\r\n"
        yield self._words
        yield self._end

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._left += piece
        read, self._left = self._left[:size], self._left[size:]
        return read


def send(client: Client, url: str, body: Body, **more: Any) -> Any:
    environ = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(body.length)}
    return client.generic("POST", url, **environ, **{"wsgi.input": body}, **more)


@pytest.fixture
def spool(settings, tmp_path) -> Path:
    """Where files wait that do not fit into memory."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "spool")
    Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir()
    return tmp_path / "spool"


def spooled(folder: Path) -> list[int]:
    """The sizes of all files in a folder, also of those that have no name (any more)."""
    sizes = []
    for one in Path("/proc/self/fd").iterdir():
        try:
            if str(one.readlink()).startswith(f"{folder}/"):
                sizes.append(one.stat().st_size)
        except FileNotFoundError:
            continue
    return sizes


@pytest.fixture
def doors(settings) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.mark.usefixtures("doors")
def test_file_that_fits_arrives_as_it_is(client):
    send(client, "/takes/", Body([LIMIT]))
    assert _found == {"files": [("0.docx", LIMIT, b"x" * LIMIT)], "words": {"text": "what was typed"}}


@pytest.mark.usefixtures("doors")
def test_file_that_is_too_large_leaves_its_name_and_size(client):
    send(client, "/takes/", Body([LIMIT + 1]))
    assert _found == {"files": [("0.docx", LIMIT + 1, b"")], "words": {"text": "what was typed"}}


@pytest.mark.usefixtures("doors")
def test_files_share_what_the_door_takes(client):
    send(client, "/takes/", Body([2 * MB, 2 * MB, MB]))
    kept = [(name, size, len(content)) for name, size, content in _found["files"]]
    assert kept == [("0.docx", 2 * MB, 2 * MB), ("1.docx", 2 * MB, 0), ("2.docx", MB, MB)]


@pytest.mark.usefixtures("doors")
def test_door_that_takes_no_files_keeps_none(client):
    send(client, "/takes-none/", Body([1]))
    assert _found == {"files": [("0.docx", 1, b"")], "words": {"text": "what was typed"}}


@pytest.mark.usefixtures("doors")
def test_what_nobody_would_wait_for_is_not_read_to_its_end(client, monkeypatch):
    monkeypatch.setattr(uploads, "PATIENCE_BYTES", LIMIT * 2)
    read: list[None] = []
    send(client, "/takes/", Body([LIMIT * 10], at=lambda: read.append(None)))
    assert _found == {"files": [], "words": {}}
    assert len(read) * MB < LIMIT * 3


def test_nothing_of_a_large_file_waits_on_the_disk(as_ed, academy, spool):
    seen: set[int] = set()
    send(as_ed, "/o/acme/plans/new/", Body([21 * MB]))  # what the first request loads once is not counted
    tracemalloc.start()
    try:
        answer = send(as_ed, "/o/acme/plans/new/", Body([200 * MB], at=lambda: seen.update(spooled(spool))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    page = answer.content.decode()
    assert (answer.status_code, "This file is larger than 20 MB." in page, "what was typed" in page) == (
        422,
        True,
        True,
    )
    assert Plan.objects.count() == 0
    # What had arrived before it was too large, until then; and nothing afterwards.
    assert max(seen) <= 20 * MB
    assert (spooled(spool), list(spool.iterdir())) == ([], [])
    assert peak < 24 * MB


def test_file_that_fits_waits_on_the_disk_until_it_is_read(as_ed, academy, spool):
    seen: list[int] = []
    send(as_ed, "/o/acme/plans/new/", Body([10 * MB], at=lambda: seen.extend(spooled(spool))))
    assert 8 * MB <= max(seen) <= 10 * MB
    assert (spooled(spool), list(spool.iterdir())) == ([], [])


def test_body_that_breaks_off_leaves_nothing(ed, academy, spool, caplog):
    caplog.set_level(logging.CRITICAL, logger="django.security.csrf")  # records of the log hold their request
    client = Client(enforce_csrf_checks=True)
    client.force_login(ed)
    client.get("/o/acme/plans/new/")  # the body is read for the token that belongs to its cookie
    seen: list[int] = []
    body = Body([10 * MB, 9 * MB], at=lambda: seen.extend(spooled(spool)), breaks_after=15 * MB)
    answer = send(client, "/o/acme/plans/new/", body)
    assert (answer.status_code, Plan.objects.count()) == (403, 0)
    assert max(seen) > 8 * MB
    del answer  # it holds the request
    gc.collect()
    assert (spooled(spool), list(spool.iterdir())) == ([], [])


def test_form_with_a_file_is_asked_for_its_token(ed, academy):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ed)
    answer = send(client, "/o/acme/plans/new/", Body([100]))
    assert (answer.status_code, Plan.objects.count()) == (403, 0)
    client.get("/o/acme/plans/new/")
    token = {"HTTP_X_CSRFTOKEN": client.cookies["csrftoken"].value}
    assert send(client, "/o/acme/plans/new/", Body([100]), **token).status_code == 422
