"""conversations by their id."""

import sqlalchemy as sa
from alembic import op

revision = "403d3c40da2f"
down_revision = "b9ed7e734fbc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_interaction_conversation",
        "interaction",
        ["conversation_id", "occurred_at", "id"],
        unique=False,
        postgresql_where=sa.text("conversation_id is not null"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_interaction_conversation", table_name="interaction", postgresql_where=sa.text("conversation_id is not null")
    )
