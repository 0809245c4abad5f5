"""What people were told and are in, invitations, counts, opinions, the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

APPEND_ONLY = "the audit is only added to, and lines go when their time is over"
_SQLITE = (
    f"CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END",
    (
        "CREATE TRIGGER audit_undeleted BEFORE DELETE ON audit "
        "WHEN OLD.expires > strftime('%Y-%m-%d %H:%M:%f', 'now') "
        f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
    ),
)
_POSTGRESQL = (
    (
        "CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' AND OLD.expires <= now() THEN RETURN OLD; END IF; "
        f"RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
    ),
    "CREATE TRIGGER audit_unchanged BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_guard()",
    "CREATE TRIGGER audit_kept BEFORE TRUNCATE ON audit EXECUTE FUNCTION audit_guard()",
)


def upgrade() -> None:
    """Add the columns and tables."""
    moment = sa.DateTime(timezone=True)
    op.add_column("people", sa.Column("welcomed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("people", sa.Column("groups", sa.JSON(), nullable=True))
    op.add_column("people", sa.Column("seen", moment, nullable=True))
    op.create_index("ix_people_seen", "people", ["seen"])
    op.create_table(
        "invitations",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("expires", moment, nullable=False),
    )
    op.create_table(
        "counts",
        sa.Column("what", sa.String(64), primary_key=True),
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("seconds", sa.Integer(), primary_key=True),
        sa.Column("begun", moment, primary_key=True),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("expires", moment, nullable=False),
    )
    op.create_table(
        "opinions",
        sa.Column("reference", sa.String(64), sa.ForeignKey("journal.reference", ondelete="CASCADE"), primary_key=True),
        sa.Column("person", sa.String(32), primary_key=True),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created", moment, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("admin", sa.String(32), nullable=False),
        sa.Column("deed", sa.String(64), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.Column("expires", moment, nullable=False),
    )
    for table, column in (("invitations", "expires"), ("counts", "expires"), ("opinions", "person"), ("audit", "at")):
        op.create_index(f"ix_{table}_{column}", table, [column])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
