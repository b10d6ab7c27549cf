"""changing the model."""

import sqlalchemy as sa
from alembic import op

revision = "c47e90b1d3a5"
down_revision = "8f1c6d2a94e7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "identity_model",
        sa.Column(
            "activated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the last time; null: never, it was tried at most",
        ),
    )
    op.add_column("identity_model", sa.Column("activated_by", sa.Text(), nullable=True))
    op.add_column(
        "identity_model",
        sa.Column("previous", sa.Text(), nullable=True, comment="the version that was active before"),
    )
    # until now a model was stored only to be made the active one
    op.execute("update identity_model set activated_at = stored_at, activated_by = 'cxcore'")
    op.create_table(
        "model_switch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Uuid(), nullable=True, comment="the switch that it takes back"),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "node_id",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="components up to this node are derived",
        ),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("open = (finished_at is null)", name=op.f("ck_model_switch_open_until_finished")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_switch")),
    )
    op.create_index("uq_model_switch_open", "model_switch", ["open"], unique=True, postgresql_where=sa.text("open"))
    op.create_table(
        "former_link",
        sa.Column("switch_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("switch_id", "profile_id", name=op.f("pk_former_link")),
    )


def downgrade() -> None:
    op.drop_table("former_link")
    op.drop_index("uq_model_switch_open", table_name="model_switch")
    op.drop_table("model_switch")
    op.drop_column("identity_model", "previous")
    op.drop_column("identity_model", "activated_by")
    op.drop_column("identity_model", "activated_at")
