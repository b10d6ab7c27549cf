"""The ID token: what must hold of it before anybody is believed to have signed in (OpenID Connect Core 1.0, 3.1.3.7).

What holds for every token of the provider's, the logout token among them, is ``verified``."""

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError
from joserfc.jwt import ClaimsOption
from joserfc.util import to_bytes

from cxcore.errors import CxError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a provider's own key: neither ``none`` nor anything that a secret shared with us could make."""
LEEWAY = 60
"""Seconds that the provider's clock may be off ours."""
_LONGEST = 16 * 1024
_LONGEST_SUBJECT = 255


class NotBelieved(CxError):
    """The provider's answer does not prove who signs in."""

    code = "sign_in_refused"
    status = 401


class UnknownKey(NotBelieved):
    """The token names a key that the provider has not shown: its keys may have been changed since they were read."""

    code = "unknown_key"


def read(
    token: object, keys: Sequence[Mapping[str, Any]], *, issuer: str, client_id: str, nonce: str, now: int
) -> dict[str, Any]:
    """The claims of a token that holds; ``keys`` are the provider's (JWK), ``now`` seconds since 1970.

    Raises:
        UnknownKey: it is signed by a key that is not among them.
        NotBelieved: anything else about it does not hold; the message names the claim, never its value.
    """
    _, claims = verified(token, keys, issuer=issuer, client_id=client_id, now=now, sub={"essential": True})
    _further(claims, client_id=client_id, nonce=nonce)
    return claims


def verified(
    token: object, keys: Sequence[Mapping[str, Any]], *, issuer: str, client_id: str, now: int, **more: ClaimsOption
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token that the provider has signed for us, and whose times hold; ``more``: what else it needs.

    Raises:
        UnknownKey: it is signed by a key that is not among them.
        NotBelieved: anything else about it does not hold; the message names the claim, never its value.
    """
    if not isinstance(token, str) or len(token) > _LONGEST:
        raise NotBelieved("The token is missing or too long.")
    try:
        header = jws.extract_compact(to_bytes(token)).headers()
        key = _key(header, keys)
        claims = jwt.decode(token, key, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            now,
            LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client_id},
            exp={"essential": True},
            iat={"essential": True},
            **more,
        ).validate(claims)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as exc:
        if isinstance(exc, NotBelieved):
            raise
        raise NotBelieved(f"The token does not hold: {getattr(exc, 'claim', None) or type(exc).__name__}.") from None
    return dict(header), dict(claims)


def _further(claims: Mapping[str, Any], *, client_id: str, nonce: str) -> None:
    """What OpenID Connect asks beyond RFC 7519: who the token was made for, for which sign-in, and about whom."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) != 1
    if (several or "azp" in claims) and claims.get("azp") != client_id:
        raise NotBelieved("The token does not hold: azp.")
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise NotBelieved("The token does not hold: nonce.")
    if not claims["sub"] or len(claims["sub"]) > _LONGEST_SUBJECT:
        raise NotBelieved("The token does not hold: sub.")


def _key(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> Any:
    """The one key that the token names; without a name, the provider's only key for signatures."""
    if header.get("alg") not in ALGORITHMS:
        raise NotBelieved("The token does not hold: alg.")
    signing = [k for k in keys if k.get("use", "sig") == "sig" and k.get("kty") in {"RSA", "EC"}]
    kid = header.get("kid")
    named = [k for k in signing if kid is None or k.get("kid") == kid]
    if len(named) != 1:
        raise UnknownKey("The token does not hold: kid.")
    return jwk.import_key(json.loads(json.dumps(dict(named[0]))))
