"""The vault: secrets sealed so that the database alone opens none.

Envelope encryption: each secret has a data key of its own, which a key from outside the database seals. Both use
AES-256-GCM (NIST SP 800-38D); what a secret is for is authenticated with it, so a row moved elsewhere does not open.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cxcore.errors import OperatorError

LEAST = 32
"""Characters of a key that is given as text."""
_NONCE, _KEY = 12, 32


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret as it is stored: which key sealed its data key, the sealed data key, and the sealed secret."""

    key_id: str
    wrapped: bytes
    sealed: bytes


class Vault:
    """Keys in their order: the first seals, the others still open what they sealed."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._keys = {_named(key): AESGCM(_derived(key)) for key in keys}

    @classmethod
    def of(cls, keys: Sequence[str]) -> Self:
        """The vault of keys given as text.

        Raises:
            OperatorError: one is too short to be safe.
        """
        if any(len(key) < LEAST for key in keys):
            raise OperatorError(
                f"A key in CX_VAULT_KEY is shorter than {LEAST} characters.", hint="Use long random ones."
            )
        return cls(keys)

    @property
    def current(self) -> str | None:
        """The name of the key that seals; None where there is no key."""
        return next(iter(self._keys), None)

    def seal(self, secret: str, *, bound: str) -> Sealed:
        """Seal a secret for one use, which ``bound`` names.

        Raises:
            OperatorError: there is no key.
        """
        if self.current is None:
            raise OperatorError("There is no key to seal credentials with.", hint="Set CX_VAULT_KEY.")
        data_key = os.urandom(_KEY)
        sealed = _encrypted(AESGCM(data_key), secret.encode(), bound)
        return Sealed(self.current, _encrypted(self._keys[self.current], data_key, bound), sealed)

    def open(self, held: Sealed, *, bound: str) -> str:
        """The secret again.

        Raises:
            OperatorError: the key that sealed it is not here, or it was sealed for another use or altered.
        """
        try:
            return _decrypted(AESGCM(self._data_key(held, bound)), held.sealed, bound).decode()
        except InvalidTag as exc:
            raise _altered() from exc

    def wrap_again(self, held: Sealed, *, bound: str) -> Sealed:
        """The same secret under the first key; the secret itself is not opened.

        Raises:
            OperatorError: as ``open``, or there is no key.
        """
        data_key = self._data_key(held, bound)
        if self.current is None:
            raise OperatorError("There is no key to seal credentials with.", hint="Set CX_VAULT_KEY.")
        return Sealed(self.current, _encrypted(self._keys[self.current], data_key, bound), held.sealed)

    def _data_key(self, held: Sealed, bound: str) -> bytes:
        key = self._keys.get(held.key_id)
        if key is None:
            raise OperatorError(
                f"The credential was sealed with the key {held.key_id}, which is not here.",
                hint="Add that key to CX_VAULT_KEY behind the present one, or enter the credential anew.",
            )
        try:
            return _decrypted(key, held.wrapped, bound)
        except InvalidTag as exc:
            raise _altered() from exc


def _altered() -> OperatorError:
    return OperatorError("A stored credential does not open.", hint="It was altered: enter it anew.")


def _named(key: str) -> str:
    """A key's public name: eight hex digits that do not tell it."""
    return hashlib.sha256(b"cxcore vault key " + key.encode()).hexdigest()[:8]


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=b"cxcore vault").derive(key.encode())


def _encrypted(key: AESGCM, plain: bytes, bound: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + key.encrypt(nonce, plain, bound.encode())


def _decrypted(key: AESGCM, text: bytes, bound: str) -> bytes:
    return key.decrypt(text[:_NONCE], text[_NONCE:], bound.encode())
