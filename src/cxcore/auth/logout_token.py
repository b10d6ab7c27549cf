"""The logout token: what must hold of it before the provider is believed to have ended a session (OpenID Connect Back-Channel
Logout 1.0, 2.4 and 2.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cxcore.auth import id_token
from cxcore.auth.id_token import LEEWAY, NotBelieved

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LONGEST = 255
"""Characters of a name that the provider gives to a session, a subject or a token."""
_LASTS = 24 * 3600
"""Seconds that a token may hold at most; two minutes are usual."""
_TYPES = frozenset({"logout+jwt", "jwt"})


@dataclass(frozen=True, slots=True)
class Ended:
    """Whose sessions are over: those of one session at the provider (``sid``), of one person (``sub``), or of both.
    ``jti``: the token's own name, which counts once ``until`` it is too old to hold."""

    sid: str | None
    sub: str | None
    jti: str
    until: datetime


def read(token: object, keys: Sequence[Mapping[str, Any]], *, issuer: str, client_id: str, now: int) -> Ended:
    """What a token that holds says; ``keys`` are the provider's (JWK), ``now`` seconds since 1970.

    Raises:
        UnknownKey: it is signed by a key that is not among them.
        NotBelieved: anything else about it does not hold; the message names the claim, never its value.
    """
    header, claims = id_token.verified(
        token,
        keys,
        issuer=issuer,
        client_id=client_id,
        now=now,
        jti={"essential": True},
        events={"essential": True},
    )
    kind = str(header.get("typ", "JWT")).lower().removeprefix("application/")
    events = claims["events"]
    holds: dict[str, bool] = {
        "exp": claims["exp"] <= now + _LASTS,
        "typ": kind in _TYPES,
        "events": isinstance(events, dict) and isinstance(events.get(EVENT), dict),
        "nonce": "nonce" not in claims,  # so that no ID token ends anything
        "sub": "sub" in claims or "sid" in claims,
        **{name: _names(claims[name]) for name in ("sub", "sid", "jti") if name in claims},
    }
    if wrong := [name for name, held in holds.items() if not held]:
        raise NotBelieved(f"The token does not hold: {', '.join(wrong)}.")
    until = datetime.fromtimestamp(claims["exp"], UTC) + timedelta(seconds=LEEWAY)
    return Ended(claims.get("sid"), claims.get("sub"), claims["jti"], until)


def _names(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and "\x00" not in value
