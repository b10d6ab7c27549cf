"""what the provider ends."""

import sqlalchemy as sa
from alembic import op

revision = "5c8e1d7f20ab"
down_revision = "5b0c2f7e91d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "logout_token",
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="of the provider's name and its own"),
        sa.Column("sid", sa.LargeBinary(), nullable=True, comment="digest of the session that it ended there"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_logout_token")),
    )
    op.add_column(
        "sign_in",
        sa.Column("provider_sid", sa.Text(), nullable=True, comment="the session at the provider that it came from"),
    )


def downgrade() -> None:
    op.drop_column("sign_in", "provider_sid")
    op.drop_table("logout_token")
