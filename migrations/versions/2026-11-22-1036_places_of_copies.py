"""Places of copies."""

import sqlalchemy as sa
from alembic import op

revision = "da29cf1c0ec7"
down_revision = "d21b7f04c9e6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place",
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False, comment="a numbering of the source, e.g. a folder"),
        sa.Column("epoch", sa.BigInteger(), nullable=False, comment="another when numbered anew"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="source_record.id, whatever its version"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_place_source_id")),
        sa.PrimaryKeyConstraint("source_id", "scope", "epoch", "number", name=op.f("pk_place")),
    )
    op.create_index("ix_place_record", "place", ["source_id", "record_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_place_record", table_name="place")
    op.drop_table("place")
