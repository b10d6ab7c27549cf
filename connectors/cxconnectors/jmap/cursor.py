"""Where a pull goes on: for each account the state from which changes are asked for, and how far it has been listed.

As JSON, always under 4 KB: ``{"v": 1, "in": {account: [state, epoch, caught up once 0/1, mailboxes listed, mailboxes
being listed, time of arrival reached in s since 1970 or null, id of the mail reached or null]}}``, accounts and
mailboxes as digests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cxcore.sdk import Cursor, SourceUnavailable

LARGEST = 4000


@dataclass(slots=True)
class Reached:
    """How far an account is read.

    ``state`` was taken before the listing began, so that whatever happens meanwhile is among the changes since. ``epoch``
    names the listing: places of other epochs are empty once it is ``whole``, listed to its end with the changes since.
    ``listed`` are the mailboxes that have been, ``listing`` those that are being, up to the mail ``anchor`` of ``after``.
    """

    state: str
    epoch: int
    whole: bool = False
    listed: set[str] = field(default_factory=set)
    listing: set[str] = field(default_factory=set)
    after: int | None = None
    anchor: str | None = None


@dataclass(slots=True)
class State:
    """The cursor in working form."""

    accounts: dict[str, Reached] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: Cursor | None) -> "State":
        """The state a cursor stands for; that of the start if it is none of ours."""
        if cursor is None or cursor.get("v") != 1:
            return cls()
        saved: Mapping[str, Any] = cursor
        return cls(
            {
                account: Reached(state, epoch, bool(whole), set(listed), set(listing), after, anchor)
                for account, (state, epoch, whole, listed, listing, after, anchor) in saved["in"].items()
            }
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "v": 1,
            "in": {
                account: [
                    each.state,
                    each.epoch,
                    int(each.whole),
                    sorted(each.listed),
                    sorted(each.listing),
                    each.after,
                    each.anchor,
                ]
                for account, each in self.accounts.items()
            },
        }

    def fitting(self) -> dict[str, Any]:
        """As JSON, if it fits.

        Raises:
            SourceUnavailable: there are too many accounts and mailboxes for it.
        """
        made = self.as_json()
        if len(str(made)) > LARGEST:
            raise SourceUnavailable("Too many accounts and folders are followed.", hint="Make several sources of them.")
        return made
