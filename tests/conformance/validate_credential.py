"""Judges one Open Badges 3.0 credential with the `openbadgeslib` package of the environment that runs this, offline.

    python validate_credential.py [--map PUBLIC=LOCAL]

A compact JWT, or a PNG or SVG with a credential in it, comes through standard input. Prints one JSON object. The key
is what the `kid` of the credential answers, one bare JWK; the status list is fetched, and its own signature checked.
Only addresses of this machine are asked; `--map` sends a public address to a server on it.

With `--key JWK` the credential is checked as by somebody who keeps the issuer's key and does not ask for it; the list
is then checked with the key that its own `kid` answers.

It runs in an environment of its own (see `judge.py`), so it imports nothing of the project.
"""

import argparse
import base64
import ipaddress
import json
import logging
import sys
import urllib.error
import urllib.request
from urllib.parse import urljoin, urlsplit

import jwt
from jwt.algorithms import RSAAlgorithm
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.contexts import document_loader
from openbadgeslib.ob3.status import check_credential_status
from pyld import jsonld

logging.disable(logging.CRITICAL)

#: Claims of the token, which are no members of the credential.
CLAIMS = {"iss", "jti", "sub", "nbf", "exp"}


class Still(urllib.request.HTTPRedirectHandler):
    """Follows nothing: where a redirect leads is a public address, and mapped like the first."""

    def redirect_request(self, *args: object) -> None:
        """Leave it to the fetcher."""


class Fetcher:
    """Asks this machine alone, and notes what was asked."""

    def __init__(self, mapping: dict[str, str]) -> None:
        self.mapping = mapping
        self.fetched: list[dict[str, object]] = []

    def __call__(self, url: str) -> bytes:
        goal = url
        for source, target in self.mapping.items():
            if url == source or url.startswith(f"{source}/"):
                goal = target + url.removeprefix(source)
        host = urlsplit(goal).hostname or ""
        if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise OSError(f"{url} is not on this machine")
        request = urllib.request.Request(goal, headers={"Host": urlsplit(url).netloc})  # noqa: S310 -- this machine
        try:
            with urllib.request.build_opener(Still()).open(request, timeout=20) as answer:
                self.fetched.append({"url": url, "status": answer.status, "type": answer.headers.get("Content-Type")})
                return bytes(answer.read())
        except urllib.error.HTTPError as other:
            self.fetched.append({"url": url, "status": other.code, "type": None})
            if "Location" not in other.headers:
                raise
            return self(urljoin(url, other.headers["Location"]))


def token_in(data: bytes) -> str:
    """Return the credential: the text itself, or what a picture carries."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return OB3Verifier.extract_token_from_png(data)
    if data.lstrip().startswith(b"<"):
        return OB3Verifier.extract_token_from_svg(data)
    return data.decode().strip()


def key_of(token: str, fetch: Fetcher) -> object:
    """Return the key that a token's `kid` answers."""
    return RSAAlgorithm.from_jwk(json.loads(fetch(jwt.get_unverified_header(token)["kid"])))


def check_with_kept_key(token: str, jwk: str, fetch: Fetcher) -> None:
    """Check signature, dates and status; each list with the key that it names."""
    credential = OB3Verifier(RSAAlgorithm.from_jwk(jwk)).verify(token, check_status=False)
    for entry in credential.credential_status:
        listed = fetch(entry["statusListCredential"]).decode()
        check_credential_status(
            credential, download=fetch, verify_list=True, list_pubkey_pem=OB3Verifier(key_of(listed, fetch)).pubkey_pem
        )


def lost_terms(token: str) -> list[str]:
    """Return the members that the published contexts do not know, and so JSON-LD drops or leaves relative."""
    body = token.split(".")[1]
    payload = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    document = {name: value for name, value in payload.items() if name not in CLAIMS}
    lost: list[str] = []
    options = {"documentLoader": document_loader(), "base": "https://relative.invalid/"}
    expanded = jsonld.expand(document, options, on_property_dropped=lost.append)
    return lost + [text for text in _texts(expanded) if "relative.invalid" in text]


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in [key, *_texts(item)]]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--map", action="append", default=[])
    parser.add_argument("--key")
    options = parser.parse_args()
    fetch = Fetcher(dict(pair.split("=", 1) for pair in options.map))
    errors: list[str] = []
    warnings: list[str] = []
    try:
        token = token_in(sys.stdin.buffer.read())
        if options.key:
            check_with_kept_key(token, options.key, fetch)
        else:
            OB3Verifier(key_of(token, fetch)).verify(token, check_status=True, verify_status_list=True, download=fetch)
        warnings = [f"unknown to the contexts: {name}" for name in lost_terms(token)]
    except (LibOpenBadgesException, OSError, ValueError, KeyError, jwt.PyJWTError, jsonld.JsonLdError) as problem:
        errors.append(f"{type(problem).__name__}: {problem}")
    json.dump({"valid": not errors, "errors": errors, "warnings": warnings, "fetched": fetch.fetched}, sys.stdout)


if __name__ == "__main__":
    main()
