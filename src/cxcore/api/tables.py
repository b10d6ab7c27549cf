"""Tables of the API: idempotency, rate_bucket."""

from datetime import datetime
from typing import Any

from sqlalchemy import Double, LargeBinary, SmallInteger, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from cxcore.db.base import PERSONAL, Base


class Idempotency(Base):
    """What a request with an Idempotency-Key did, written in the transaction of its effect and kept for a day."""

    __tablename__ = "idempotency"

    actor: Mapped[str] = mapped_column(Text, primary_key=True, comment="who sent it, such as key:4f2a")
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, comment="sha-256 of method, path, query and body")
    status: Mapped[int] = mapped_column(SmallInteger)
    headers: Mapped[dict[str, Any]]
    body: Mapped[bytes] = mapped_column(LargeBinary, info=PERSONAL)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)


class RateBucket(Base):
    """How much a caller may still ask for; not worth a disk flush, since a crash only fills the buckets."""

    __tablename__ = "rate_bucket"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    actor: Mapped[str] = mapped_column(Text, primary_key=True)
    left: Mapped[float] = mapped_column(Double)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
