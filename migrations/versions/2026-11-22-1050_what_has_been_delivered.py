"""what has been delivered."""

import sqlalchemy as sa
from alembic import op

revision = "5b8e2f61a7c4"
down_revision = "da29cf1c0ec7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False, comment="sha-256 of what was signed, or of an id"),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null: never, since nothing dates what was signed",
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_delivery_source_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source_id", "mark", name=op.f("pk_delivery")),
    )
    op.create_index(
        "ix_delivery_expires_at", "delivery", ["expires_at"], postgresql_where=sa.text("expires_at is not null")
    )
    op.add_column(
        "source",
        sa.Column(
            "wake_from",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=True,
            comment="from when on a delivery can make it due; null while it is pulled, or waits because it failed",
        ),
    )
    op.add_column(
        "source",
        sa.Column(
            "woken",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="a delivery came while wake_from was null",
        ),
    )


def downgrade() -> None:
    op.drop_column("source", "woken")
    op.drop_column("source", "wake_from")
    op.drop_index("ix_delivery_expires_at", table_name="delivery")
    op.drop_table("delivery")
