"""the order of the feed, and webhooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a199b3831a67"
down_revision = "3ef34107c55e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("sequence", sa.BigInteger(), nullable=True, comment="null: not in the feed yet"))
    op.create_index("ix_outbox_unnumbered", "outbox", ["position"], postgresql_where=sa.text("sequence is null"))
    op.create_unique_constraint(op.f("uq_outbox_sequence"), "outbox", ["sequence"])
    op.create_table(
        "feed",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False, comment="the last sequence given"),
        sa.Column("forgotten", sa.BigInteger(), nullable=False, comment="the last sequence that is no longer kept"),
        sa.CheckConstraint("id = 1", name=op.f("ck_feed_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("types", postgresql.ARRAY(sa.Text()), nullable=True, comment="null: all"),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("problem", sa.Text(), nullable=True, comment="why it is paused; free of personal data"),
        sa.Column(
            "reached",
            sa.BigInteger(),
            nullable=False,
            comment="position of the feed up to which deliveries were queued",
        ),
        sa.Column(
            "failures", sa.SmallInteger(), server_default="0", nullable=False, comment="attempts in a row that failed"
        ),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "rests_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="nothing is sent before; null: it does well",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("state in ('active', 'disabled', 'paused')", name=op.f("ck_webhook_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False, comment="of the event"),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column(
            "attempts",
            sa.SmallInteger(),
            server_default="0",
            nullable=False,
            comment="since it was queued or sent anew",
        ),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it is tried next; while it is under way, when it is free again",
        ),
        sa.CheckConstraint("state in ('waiting', 'delivered', 'failed')", name=op.f("ck_webhook_delivery_state")),
        sa.ForeignKeyConstraint(
            ["sequence"], ["outbox.sequence"], name=op.f("fk_webhook_delivery_sequence"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_delivery_webhook_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("sequence", "webhook_id", name=op.f("uq_webhook_delivery_sequence_webhook_id")),
    )
    op.create_index(
        "ix_webhook_delivery_due",
        "webhook_delivery",
        ["webhook_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_webhook_delivery_newest", "webhook_delivery", ["webhook_id", "sequence"])
    op.create_table(
        "webhook_secret",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False, comment="the name of the key that seals the data key"),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False, comment="the data key: nonce and AES-256-GCM"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="the secret: nonce and AES-256-GCM"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True, comment="null: it is the present one"),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_secret_webhook_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_secret")),
    )
    op.create_index(op.f("ix_webhook_secret_webhook_id"), "webhook_secret", ["webhook_id"])
    op.create_table(
        "webhook_attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False, comment="until it was answered, or given up"),
        sa.Column("status", sa.SmallInteger(), nullable=True, comment="of the answer; null: there was none"),
        sa.Column("problem", sa.Text(), nullable=True, comment="what went wrong without an answer, in our words"),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["webhook_delivery.id"], name=op.f("fk_webhook_attempt_delivery_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempt")),
    )
    op.create_index("ix_webhook_attempt_delivery", "webhook_attempt", ["delivery_id", "id"])


def downgrade() -> None:
    op.drop_table("webhook_attempt")
    op.drop_table("webhook_secret")
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
    op.drop_table("feed")
    op.drop_constraint(op.f("uq_outbox_sequence"), "outbox", type_="unique")
    op.drop_index("ix_outbox_unnumbered", table_name="outbox")
    op.drop_column("outbox", "sequence")
