"""what people decided by itself."""

import sqlalchemy as sa
from alembic import op

revision = "d21b7f04c9e6"
down_revision = "c47e90b1d3a5"
branch_labels = None
depends_on = None

_LIVE = sa.text("revoked_at is null and origin = 'person'")


def upgrade() -> None:
    # matching looks decisions up for every arrival, and they are few among the rules' judgements
    op.create_index("ix_judgement_person_left", "judgement", ["left_id"], postgresql_where=_LIVE)
    op.create_index("ix_judgement_person_right", "judgement", ["right_id"], postgresql_where=_LIVE)


def downgrade() -> None:
    op.drop_index("ix_judgement_person_right", table_name="judgement", postgresql_where=_LIVE)
    op.drop_index("ix_judgement_person_left", table_name="judgement", postgresql_where=_LIVE)
