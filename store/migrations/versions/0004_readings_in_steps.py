"""Whom a reading of the directory has met so far, so that it can go on after a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "collected",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_collected_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collected")),
        sa.UniqueConstraint("workspace_id", "source", "key", name=op.f("uq_collected_workspace_id_source_key")),
    )
    with op.batch_alter_table("collected", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collected_workspace_id"), ["workspace_id"], unique=False)
    _say_whose_account_is_closed()


def _say_whose_account_is_closed() -> None:
    """Whoever is gone so far had their account closed: once it is opened again, they are known again."""
    person = sa.table(
        "person",
        sa.column("id", sa.Integer),
        sa.column("gone_at", sa.DateTime(timezone=True)),
        sa.column("known", sa.JSON),
    )
    connection = op.get_bind()
    gone = sa.select(person).where(person.c.gone_at.is_not(None))
    for row in connection.execute(gone).mappings().all():
        slack = row["known"].get("slack", {}) | {"gone": row["gone_at"].date().isoformat()}
        connection.execute(
            sa.update(person).where(person.c.id == row["id"]).values(known=row["known"] | {"slack": slack})
        )
