"""who has access."""

import sqlalchemy as sa
from alembic import op

_ADDED_ONLY = """
create function audit_is_added_to_only() returns trigger language plpgsql as $$
begin
    raise exception 'audit is added to only';
end $$
"""

revision = "3ef34107c55e"
down_revision = "403d3c40da2f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True, comment="a field's name, a key's or a person's id"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_customer_id", "audit", ["customer_id", "id"], unique=False)
    op.execute(_ADDED_ONLY)
    op.execute(
        "create trigger audit_is_added_to_only before update or delete on audit "
        "for each row execute function audit_is_added_to_only()"
    )
    op.create_table(
        "oidc_login",
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="of the browser's secret"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_oidc_login")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True, comment="shown, never asked for"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role in ('agent', 'front_desk', 'steward', 'admin')", name=op.f("ck_staff_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_staff_issuer_subject")),
    )
    op.add_column(
        "api_key", sa.Column("previous", sa.LargeBinary(), nullable=True, comment="the digest before the last rotation")
    )
    op.add_column("api_key", sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("api_key", sa.Column("role", sa.Text(), server_default="service", nullable=False))
    op.add_column("api_key", sa.Column("made_by", sa.Text(), nullable=True))
    op.add_column("api_key", sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "sign_in",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="by which it is listed and ended",
        ),
    )
    op.add_column("sign_in", sa.Column("staff_id", sa.Uuid(), nullable=True))
    op.add_column("sign_in", sa.Column("method", sa.Text(), server_default="key", nullable=False))
    op.add_column(
        "sign_in", sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
    )
    op.add_column(
        "sign_in", sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
    )
    op.alter_column("sign_in", "api_key_id", existing_type=sa.TEXT(), nullable=True)
    op.create_index(op.f("ix_sign_in_staff_id"), "sign_in", ["staff_id"], unique=False)
    op.create_foreign_key(op.f("fk_sign_in_staff_id"), "sign_in", "staff", ["staff_id"], ["id"], ondelete="CASCADE")
    op.create_check_constraint(
        op.f("ck_api_key_role"), "api_key", "role in ('agent', 'front_desk', 'steward', 'admin', 'service')"
    )
    op.create_check_constraint(op.f("ck_sign_in_whose"), "sign_in", "num_nonnulls(api_key_id, staff_id) = 1")
    op.create_check_constraint(op.f("ck_sign_in_method"), "sign_in", "method in ('key', 'ticket', 'oidc', 'password')")


def downgrade() -> None:
    op.execute("delete from sign_in where api_key_id is null")
    op.drop_constraint(op.f("ck_sign_in_method"), "sign_in", type_="check")
    op.drop_constraint(op.f("ck_sign_in_whose"), "sign_in", type_="check")
    op.drop_constraint(op.f("ck_api_key_role"), "api_key", type_="check")
    op.drop_constraint(op.f("fk_sign_in_staff_id"), "sign_in", type_="foreignkey")
    op.drop_index(op.f("ix_sign_in_staff_id"), table_name="sign_in")
    op.alter_column("sign_in", "api_key_id", existing_type=sa.TEXT(), nullable=False)
    op.drop_column("sign_in", "seen_at")
    op.drop_column("sign_in", "opened_at")
    op.drop_column("sign_in", "method")
    op.drop_column("sign_in", "staff_id")
    op.drop_column("sign_in", "id")
    op.drop_column("api_key", "rotated_at")
    op.drop_column("api_key", "made_by")
    op.drop_column("api_key", "role")
    op.drop_column("api_key", "previous_until")
    op.drop_column("api_key", "previous")
    op.drop_table("staff")
    op.drop_table("oidc_login")
    op.drop_index("ix_audit_customer_id", table_name="audit")
    op.drop_table("audit")
    op.execute("drop function audit_is_added_to_only()")
