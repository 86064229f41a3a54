"""Judges one Open Badges 2.0 artefact with the `openbadges` package of the environment that runs this, offline.

    python validate.py TARGET [--recipient PROFILE_JSON] [--map PUBLIC=LOCAL]
    python validate.py --batch

TARGET is an http(s) URL, or “-”: then a baked PNG or SVG, a JWS or a JSON document comes through standard input.
Prints one JSON object. With --batch a list of {target, recipient, map} comes through standard input (a target that is
no URL as base64), and a list of such objects is printed.

The package is used as published; only the transport beneath it is replaced: the v2 context comes out of the package
itself, addresses of this machine are really fetched, `--map` sends a public address to a server on this machine, and
every other host is refused.

It runs in an environment of its own (see `judge.py`), so it imports nothing of the project.
"""

import argparse
import base64
import collections
import collections.abc
import io
import ipaddress
import json
import logging
import sys
import warnings
from urllib.parse import urlsplit

# Dependencies of the package look these up where Python 3.9 still had them.
for _name in ("Callable", "Hashable", "Iterable", "Mapping", "MutableMapping", "Sequence"):
    if not hasattr(collections, _name):
        setattr(collections, _name, getattr(collections.abc, _name))

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import openbadges  # noqa: E402 -- after the line above
import requests  # noqa: E402
from openbadges.verifier.openbadges_context import (  # noqa: E402
    OPENBADGES_CONTEXT_V2_DICT,
    OPENBADGES_CONTEXT_V2_URI,
)
from openbadges_bakery import unbake  # noqa: E402

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
CONTEXTS = {OPENBADGES_CONTEXT_V2_URI: json.dumps(OPENBADGES_CONTEXT_V2_DICT).encode()}


class OfflineAdapter(requests.adapters.HTTPAdapter):
    """Stands under every session of `requests`; notes what was asked for in `fetched`."""

    def __init__(self, mapping: dict[str, str]) -> None:
        super().__init__(max_retries=0)
        self.mapping = mapping
        self.fetched: list[dict[str, object]] = []

    def send(self, request: requests.PreparedRequest, **kwargs: object) -> requests.Response:
        url = str(request.url).split("#", 1)[0]
        if url in CONTEXTS:
            return self._from_package(request, CONTEXTS[url])
        public = request.copy()
        for source, goal in self.mapping.items():
            if url == source or url.startswith(f"{source}/"):
                public.url = goal + url.removeprefix(source)
                public.headers["Host"] = urlsplit(source).netloc
                public.headers["X-Forwarded-Proto"] = urlsplit(source).scheme
        if not is_loopback(urlsplit(str(public.url)).hostname or ""):
            self.fetched.append({"url": url, "status": None})
            raise requests.ConnectionError(f"Offline: {url} is not on this machine.", request=request)
        answer = super().send(public, **{**kwargs, "timeout": 20})
        answer.url, answer.request = str(request.url), request
        self.fetched.append({"url": url, "status": answer.status_code, "type": answer.headers.get("Content-Type", "")})
        return answer

    def _from_package(self, request: requests.PreparedRequest, body: bytes) -> requests.Response:
        answer = requests.Response()
        answer.status_code, answer.reason, answer.encoding = 200, "OK", "utf-8"
        answer.url, answer.request, answer.raw = str(request.url), request, io.BytesIO(body)
        answer.headers["Content-Type"] = "application/ld+json"
        return answer


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_target(data: bytes) -> object:
    """Return what the package wants: a text, or a file of a picture (which must have something inside)."""
    if data.startswith(PNG_SIGNATURE) or b"<svg" in data[:4096]:
        picture = io.BytesIO(data)
        picture.name = "badge.png" if data.startswith(PNG_SIGNATURE) else "badge.svg"
        if not unbake(picture):
            raise ValueError("The picture has no badge baked inside.")
        picture.seek(0)
        return picture
    return data.decode("utf-8").strip()


def remarks(report: dict[str, object], adapter: OfflineAdapter) -> list[str]:
    """What the standard asks for and this package does not look at: status codes and members of what was fetched."""
    found = [
        f"HTTP {note['status']} for {note['url']}"
        for note in adapter.fetched
        if isinstance(note["status"], int) and note["status"] >= requests.codes.bad_request
    ]
    for url, text in (report["input"].get("original_json") or {}).items():  # type: ignore[attr-defined]
        try:
            document = json.loads(text)
        except (TypeError, ValueError):
            continue
        found += [f"{url} has no {name}" for name in ("@context", "type", "id") if not document.get(name)]
        if document.get("revoked") is True:
            found.append(f"{url} says that it is revoked")
    return found


def judged(target: str | bytes, recipient: object, mapping: dict[str, str]) -> dict[str, object]:
    """Return what the package says of a URL or of what somebody brings, as it is printed."""
    adapter = OfflineAdapter({source.rstrip("/"): goal.rstrip("/") for source, goal in mapping.items()})
    requests.Session.get_adapter = lambda self, url: adapter  # type: ignore[method-assign,assignment]  # noqa: ARG005
    try:
        report = openbadges.verify(
            target if isinstance(target, str) else read_target(target),
            recipient_profile=recipient or None,
            include_original_json=True,
        )
    except Exception as problem:  # noqa: BLE001 -- the package lets several bad inputs escape as any exception
        return {"valid": False, "errors": [f"{type(problem).__name__}: {problem}"], "warnings": []}
    messages = report["report"]["messages"]
    return {
        "valid": bool(report["report"]["valid"]) and not report["report"]["errorCount"],
        "errors": [told(one) for one in messages if one["messageLevel"] == "ERROR"],
        "warnings": [told(one) for one in messages if one["messageLevel"] == "WARNING"],
        "remarks": remarks(report, adapter),
        "recipient": report["report"].get("recipientProfile"),
        "subject": report["report"].get("validationSubject"),
        "fetched": adapter.fetched,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("target", nargs="?", default="-")
    parser.add_argument("--recipient")
    parser.add_argument("--map", action="append", default=[])
    parser.add_argument("--batch", action="store_true")
    options = parser.parse_args()
    if options.batch:
        asked = json.loads(sys.stdin.buffer.read())
        said = [judged(brought(one["target"]), one.get("recipient"), one.get("map") or {}) for one in asked]
        print(json.dumps(said, default=str))
        return
    target = options.target if options.target != "-" else sys.stdin.buffer.read()
    recipient = json.loads(options.recipient) if options.recipient else None
    mapping = dict(pair.split("=", 1) for pair in options.map)
    print(json.dumps(judged(target, recipient, mapping), default=str))


def brought(target: str) -> str | bytes:
    return target if target.startswith(("http://", "https://")) else base64.b64decode(target)


def told(message: dict[str, object]) -> str:
    return f"{message.get('name')}: {message.get('result')}"


if __name__ == "__main__":
    main()
