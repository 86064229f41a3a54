"""A passkey in software: answers the page's questions as a phone would after a look at its owner's face."""

import json
import secrets
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

HOST = "testserver"
FLAG = AuthenticatorData.FLAG


class SoftPasskey:
    """Kept for one site; `verifies=False` only notices that somebody is there."""

    def __init__(self, user: Any, *, origin: str = f"https://{HOST}", verifies: bool = True) -> None:
        self.handle = user_pk_to_url_str(user).encode()
        self.origin = origin
        self.flags = FLAG.UP | (FLAG.UV if verifies else FLAG(0))
        self.id = secrets.token_bytes(16)
        self.key = ec.generate_private_key(ec.SECP256R1())

    def register(self, options: dict[str, Any]) -> str:
        """Answer `creation_options` of the page that adds a passkey."""
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(b"\x00" * 16, self.id, public)
        data = AuthenticatorData.create(sha256(HOST.encode()), self.flags | FLAG.AT, 0, credential)
        client = self._client_data(CollectedClientData.TYPE.CREATE, options)
        response = {
            "clientDataJSON": client.b64,
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._answer(response, {"credProps": {"rk": True}})

    def sign(self, options: dict[str, Any]) -> str:
        """Answer `request_options` of a page that asks for the passkey."""
        data = AuthenticatorData.create(sha256(HOST.encode()), self.flags, 1)
        client = self._client_data(CollectedClientData.TYPE.GET, options)
        signature = self.key.sign(bytes(data) + client.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": client.b64,
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(self.handle),
        }
        return self._answer(response, {})

    def _client_data(self, kind: str, options: dict[str, Any]) -> CollectedClientData:
        return CollectedClientData.create(kind, options["publicKey"]["challenge"], self.origin)

    def _answer(self, response: dict[str, Any], extensions: dict[str, Any]) -> str:
        name = websafe_encode(self.id)
        answer = {"type": "public-key", "id": name, "rawId": name, "response": response}
        return json.dumps({**answer, "clientExtensionResults": extensions})
