"""credentials and the life of a source."""

import sqlalchemy as sa
from alembic import op

revision = "e5b8c13f7a20"
down_revision = "5b8e2f61a7c4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credential",
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False, comment="the setting that it is"),
        sa.Column("key_id", sa.Text(), nullable=False, comment="the name of the key that seals the data key"),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False, comment="the data key: nonce and AES-256-GCM"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="the secret: nonce and AES-256-GCM"),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_credential_source_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source_id", "field", name=op.f("pk_credential")),
    )
    op.create_table(
        "gap",
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="free of personal data"),
        sa.Column("noticed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_gap_source_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source_id", "stream", "since", name=op.f("pk_gap")),
    )
    op.drop_index("ix_run_source_id", table_name="run")
    op.create_index("ix_run_source", "run", ["source_id", "id"])
    op.add_column(
        "source",
        sa.Column("every", sa.Integer(), nullable=True, comment="seconds between pulls; null: as the worker is set"),
    )
    op.add_column(
        "run",
        sa.Column(
            "done", sa.BigInteger(), nullable=True, comment="how far the source is read, in the connector's unit"
        ),
    )
    op.add_column("run", sa.Column("total", sa.BigInteger(), nullable=True))
    _states("'active', 'paused', 'stopped', 'leaving'", "'running', 'done', 'left', 'failed', 'interrupted'")


def downgrade() -> None:
    op.execute("update source set state = 'stopped' where state = 'leaving'")
    op.execute("update run set state = 'interrupted' where state = 'left'")
    _states("'active', 'paused', 'stopped'", "'running', 'done', 'failed', 'interrupted'")
    op.drop_column("run", "total")
    op.drop_column("run", "done")
    op.drop_column("source", "every")
    op.drop_index("ix_run_source", table_name="run")
    op.create_index("ix_run_source_id", "run", ["source_id"])
    op.drop_table("gap")
    op.drop_table("credential")


def _states(of_source: str, of_run: str) -> None:
    op.drop_constraint(op.f("ck_source_state"), "source", type_="check")
    op.create_check_constraint(op.f("ck_source_state"), "source", f"state in ({of_source})")
    op.drop_constraint(op.f("ck_run_state"), "run", type_="check")
    op.create_check_constraint(op.f("ck_run_state"), "run", f"state in ({of_run})")
