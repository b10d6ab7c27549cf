"""The API's own table: idempotency."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, SmallInteger, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from cxcore.db.base import Base


class Idempotency(Base):
    """What a request with an Idempotency-Key did, written in the transaction of its effect and kept for a day."""

    __tablename__ = "idempotency"

    actor: Mapped[str] = mapped_column(Text, primary_key=True, comment="who sent it, such as key:4f2a")
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, comment="sha-256 of method, path, query and body")
    status: Mapped[int] = mapped_column(SmallInteger)
    headers: Mapped[dict[str, Any]]
    body: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed")
    made_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
