"""transactions of events."""

from alembic import op

revision = "5b0c2f7e91d4"
down_revision = "a199b3831a67"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table outbox add column transaction bigint")  # without a default, lest all rows be written anew
    op.execute("alter table outbox alter column transaction set default (pg_current_xact_id())::text::bigint")
    op.execute("comment on column outbox.transaction is 'that wrote it; null: before this was kept'")
    op.create_index("ix_outbox_transaction", "outbox", ["transaction"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_outbox_transaction", table_name="outbox")
    op.drop_column("outbox", "transaction")
