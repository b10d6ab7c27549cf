"""What a JMAP server says of itself in its session resource (RFC 8620, section 2), read with distrust."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from cxcore.sdk import SourceUnavailable
from cxcore.sdk.http.redirects import origin

CORE, MAIL = "urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"
WELL_KNOWN = "/.well-known/jmap"
MOST_ACCOUNTS = 10
_ONE_ID = 260
"""Bytes that an id of at most 255 (RFC 8620, 1.2) takes in a request."""
_ENVELOPE = 2000
_VARIABLE = re.compile(r"\{([A-Za-z]+)\}")


def session_address(url: str) -> str:
    """Where the session resource is: ``url`` itself, or the well-known place of a server that is named alone."""
    return url if urlsplit(url).path.strip("/") else urljoin(url, WELL_KNOWN)


def filled(template: str, values: Mapping[str, str]) -> str:
    """A URI template of level 1 (RFC 6570) with its variables; one that is not known is left out."""
    return _VARIABLE.sub(lambda found: quote(values.get(found[1], ""), safe=""), template)


@dataclass(frozen=True, slots=True)
class Service:
    """Addresses, limits and the accounts that hold mail, by id with their names. ``own`` is the user's own account."""

    user: str
    api: str
    download: str
    events: str | None
    most_ids: int
    accounts: Mapping[str, str]
    own: str | None

    @classmethod
    def read(cls, found: Any, at: str, homes: Iterable[str]) -> "Service":
        """From a session resource that came from ``at``; ``homes`` are the addresses that may have the credentials.

        Raises:
            SourceUnavailable: it is none, has no mail, or leads to addresses that are not trusted.
        """
        if not isinstance(found, dict) or not isinstance(found.get("capabilities"), dict):
            raise SourceUnavailable("The address leads to no JMAP session.", hint="Check `url`.")
        if not isinstance(found["capabilities"].get(MAIL), dict):
            raise SourceUnavailable("The server speaks JMAP, but not of mail.", hint="May the credentials read mail?")
        trusted = {origin(home) for home in homes}
        api, download = (_address(found.get(name), at, trusted) for name in ("apiUrl", "downloadUrl"))
        events = found.get("eventSourceUrl")
        accounts = _accounts(found.get("accounts"))
        primary = found.get("primaryAccounts")
        own = primary.get(MAIL) if isinstance(primary, dict) else None
        return cls(
            user=str(found.get("username") or ""),
            api=api,
            download=download,
            events=_address(events, at, trusted) if isinstance(events, str) and events else None,
            most_ids=_most_ids(found["capabilities"].get(CORE)),
            accounts=accounts,
            own=own if own in accounts else next(iter(accounts), None),
        )

    def followed(self, wanted: Iterable[str]) -> tuple[list[str], list[str]]:
        """The ids of the accounts wanted by id or name, and the wishes that fit none. None wanted: the user's own."""
        if not (wishes := list(wanted)):
            return ([self.own] if self.own else []), []
        fitting = {
            wish: [key for key, name in self.accounts.items() if wish in {"*", key} or wish.lower() == name.lower()]
            for wish in wishes
        }
        found = list(dict.fromkeys(key for keys in fitting.values() for key in keys))
        return found, [wish for wish, keys in fitting.items() if not keys]


def _accounts(found: Any) -> dict[str, str]:
    """Accounts that hold mail; one that does not say what it holds is believed to."""
    accounts = {}
    for key, account in found.items() if isinstance(found, dict) else ():
        if isinstance(account, dict):
            holds = account.get("accountCapabilities")
            if not isinstance(holds, dict) or MAIL in holds:
                accounts[key] = str(account.get("name") or key)
    return accounts


def _address(found: Any, at: str, trusted: set[Any]) -> str:
    """An address of the session, which may be relative, as Cyrus writes it."""
    if not isinstance(found, str):
        raise SourceUnavailable("The server's session resource lacks an address.", hint="Check `url`.")
    address = urljoin(at, found)
    where = origin(_VARIABLE.sub("x", address))
    if where not in trusted:
        named = f"{where[0]}://{where[1]}" + (f":{where[2]}" if urlsplit(address).port else "")
        raise SourceUnavailable(
            f"The server leads to {named[:200]}, which gets no credentials.",
            hint="If you trust it, add it to `also_at`.",
        )
    return address


def _most_ids(core: Any) -> int:
    """How many ids may be asked for at once (maxObjectsInGet, maxSizeRequest)."""
    limits = core if isinstance(core, dict) else {}
    objects, size = limits.get("maxObjectsInGet"), limits.get("maxSizeRequest")
    most = objects if isinstance(objects, int) and objects > 0 else 500
    if isinstance(size, int) and size > 0:
        most = min(most, (size - _ENVELOPE) // _ONE_ID)
    return max(most, 1)
