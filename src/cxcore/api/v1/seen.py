"""A customer as the API shows it."""

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.api import etags
from cxcore.api.v1 import present, schemas
from cxcore.resolve import chains, customers
from cxcore.resolve.candidates import candidates
from cxcore.resolve.linked import Living

_CANDIDATES = 20


async def customer(session: AsyncSession, living: Living, *, explain: bool = False) -> schemas.CustomerOut:
    """The customer with its profiles, the reasons that tie them, and who else it could be."""
    profiles = (await customers.linked_profiles(session, [living.id]))[living.id]
    why = await customers.reasons(session, [p.id for p in profiles])
    could_be = await candidates(session, living.id, limit=_CANDIDATES)
    return present.customer(living, profiles, why, await chains.current(session), could_be=could_be, explain=explain)


def etag(found: schemas.CustomerOut) -> str:
    """The ETag of a customer, explained or not."""
    return etags.etag(found.model_copy(update={"explained": None}))
