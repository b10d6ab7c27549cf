"""Table of timeline: search_term."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from cxcore.db.base import PERSONAL, Base


class SearchTerm(Base):
    """What finds a profile: folded name words, e-mail addresses, phone digits from the end, account numbers."""

    __tablename__ = "search_term"
    __table_args__ = (Index("ix_search_term_term", "term", "profile_id"),)

    profile_id: Mapped[UUID] = mapped_column(ForeignKey("profile.id", ondelete="CASCADE"), primary_key=True)
    term: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True, info=PERSONAL)
