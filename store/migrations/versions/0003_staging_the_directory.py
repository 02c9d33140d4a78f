"""A place for what a long reading of the directory is about to change."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staged_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("run", sa.String(length=32), nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("is_felt", sa.Boolean(), nullable=False),
        sa.Column("is_back", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.String(30), nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.Column("slack_id", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("site", sa.String(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("manager", sa.String(length=30), nullable=True),
        sa.Column("dotted_managers", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_staged_person_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_person")),
    )
    with op.batch_alter_table("staged_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staged_person_run"), ["run"], unique=False)
        batch_op.create_index(batch_op.f("ix_staged_person_workspace_id"), ["workspace_id"], unique=False)
