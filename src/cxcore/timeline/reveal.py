"""Reading a value that one's role does not show: for a reason, and never without a trace."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.auth import audit
from cxcore.auth.audit import Act
from cxcore.auth.policy import Principal
from cxcore.errors import InvalidInput
from cxcore.normalise.texts import clean
from cxcore.resolve import chains, customers, survivorship
from cxcore.resolve.fields import Field
from cxcore.resolve.survivorship import Chosen

_SHORTEST, _LONGEST = 3, 500


async def reveal(
    session: AsyncSession, customer: UUID, field: Field, *, reader: Principal, reason: str
) -> Chosen | None:
    """A field's value as it is; None where none is known. The audit keeps who read it, when and why, in the same
    transaction: where it cannot be kept, nothing is read.

    Raises:
        NotFound: there is no such customer.
        InvalidInput: no reason is given.
    """
    why = clean(reason).strip()[:_LONGEST]
    if len(why) < _SHORTEST:
        raise InvalidInput("Reading what is not shown needs a reason.")
    living = await customers.find_living(session, customer)
    profiles = (await customers.linked_profiles(session, [living.id]))[living.id]
    await audit.note(session, Act.REVEALED, actor=reader.actor, customer=living.id, about=field.value, reason=why)
    return survivorship.choose(field, profiles, await chains.current(session))
