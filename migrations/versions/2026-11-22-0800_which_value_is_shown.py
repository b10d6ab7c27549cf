"""which value is shown."""

import sqlalchemy as sa
from alembic import op

revision = "8f1c6d2a94e7"
down_revision = "3b8d5e0c7a42"
branch_labels = None
depends_on = None

_FIELD = "field in ('name', 'email', 'phone', 'language', 'birth_date', 'address')"


def upgrade() -> None:
    op.create_table(
        "survivorship_chain",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column(
            "rules", sa.ARRAY(sa.Text()), nullable=True, comment="in their order; null leads back to the default"
        ),
        sa.Column("sources", sa.ARRAY(sa.Text()), server_default="{}", nullable=False, comment="keys, best first"),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(_FIELD, name=op.f("ck_survivorship_chain_field")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_survivorship_chain")),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.CheckConstraint(_FIELD, name=op.f("ck_correction_field")),
        sa.CheckConstraint(
            "(revoked_at is null) = (revoked_by is null)", name=op.f("ck_correction_revoked_by_someone")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_profile", "correction", ["profile_id"])


def downgrade() -> None:
    op.drop_index("ix_correction_profile", table_name="correction")
    op.drop_table("correction")
    op.drop_table("survivorship_chain")
