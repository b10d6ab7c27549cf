"""what a judgement rests on."""

from alembic import op

revision = "3b8d5e0c7a42"
down_revision = "09583f4bab4b"
branch_labels = None
depends_on = None

_RULE = ("which rule, or merge / separate for a person", "which rule, or merge / separate / skip for a person")
_BASIS = ("what it rests on: the shared identifier", "the rule again, or the person's decision")


def upgrade() -> None:
    op.alter_column("judgement", "rule", comment=_RULE[1], existing_comment=_RULE[0])
    op.alter_column("judgement", "basis", comment=_BASIS[1], existing_comment=_BASIS[0])


def downgrade() -> None:
    op.alter_column("judgement", "rule", comment=_RULE[0], existing_comment=_RULE[1])
    op.alter_column("judgement", "basis", comment=_BASIS[0], existing_comment=_BASIS[1])
