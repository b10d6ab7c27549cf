"""What is to be done in each folder: which mails are new in it, and which have gone."""

from collections.abc import Sequence
from dataclasses import dataclass

from cxconnectors.imap import uid_set
from cxconnectors.imap.cursor import UNKNOWN, Reached
from cxconnectors.imap.folders import Folder
from cxconnectors.imap.session import Opened, Session
from cxconnectors.imap.uid_set import MAX_UID, Ranges
from cxcore.sdk import Gone, Renumbered


@dataclass(frozen=True, slots=True)
class Look:
    """A folder as it was found. ``reached`` is where reading begins, ``gone`` what is to be told when all is read."""

    folder: Folder
    opened: Opened
    reached: Reached
    gone: Sequence[Gone | Renumbered]

    @property
    def last(self) -> int:
        """The last UID given out so far."""
        return self.opened.next_uid - 1

    @property
    def idle(self) -> bool:
        """Whether nothing has come and nothing is to be told."""
        return not self.gone and self.reached.whole and self.last == self.reached.last

    def at_end(self, now: Opened) -> Reached:
        """How far the folder is read when all up to ``now`` has been handed over.

        What went between the look and ``now`` is still to be told, so HIGHESTMODSEQ is the look's, and the number of
        mails is worth something only if nothing has happened in between.
        """
        calm = (now.next_uid, now.exists) == (self.opened.next_uid, self.opened.exists)
        count = self.opened.exists if calm else UNKNOWN
        return Reached(now.validity, now.next_uid - 1, self.opened.modseq, count, whole=True)


def known(reached: Reached | None, opened: Opened) -> bool:
    """Whether a cursor knows all that a folder holds; of one in doubt, whether it knows what has come."""
    if reached is None or not reached.whole or reached.validity != opened.validity:
        return False
    return reached.last == opened.next_uid - 1 and reached.count in {UNKNOWN, opened.exists}


async def look(session: Session, folder: Folder, reached: Reached | None) -> Look:
    """Open a folder and find out what has gone from it.

    A folder that was numbered anew, or whose numbers have gone back, is to be read from the start; so is one that has
    not been read whole. All that it does not hold then is gone.
    """
    opened = await session.examine(folder)
    last = opened.next_uid - 1
    if reached is None or reached.validity != opened.validity or reached.last > last:
        reached = Reached(opened.validity)
    if not reached.whole:
        there = await session.search(1, last, most=opened.exists) if last else []
        empty = [*uid_set.without(there, 1, last), (last + 1, MAX_UID + 1)]
        return Look(folder, opened, reached, [*_gone(folder, opened, empty), Renumbered(folder.scope, opened.validity)])
    return Look(folder, opened, reached, _gone(folder, opened, await _vanished(session, opened, reached)))


async def _vanished(session: Session, opened: Opened, reached: Reached) -> Ranges:
    """UIDs handed over that are there no more: asked of the server if it remembers, else by comparing."""
    if not reached.last:
        return []
    if session.resyncs and 0 < reached.modseq <= opened.modseq:
        return await session.vanished(reached.last, reached.modseq) if reached.modseq < opened.modseq else []
    if (opened.next_uid - 1, opened.exists) == (reached.last, reached.count):
        return []  # numbers are never given twice, so as many mails are the same mails
    there = await session.search(1, reached.last, most=opened.exists)
    return [] if uid_set.count(there) == reached.count else uid_set.without(there, 1, reached.last)


def _gone(folder: Folder, opened: Opened, empty: Ranges) -> list[Gone]:
    return [Gone(folder.scope, opened.validity, first, last) for first, last in empty]
