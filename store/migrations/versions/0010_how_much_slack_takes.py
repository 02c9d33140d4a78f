"""How much Slack takes in a while, and whom to answer first."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lane",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("used_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_lane_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_lane_workspace_id_name")),
    )
    with op.batch_alter_table("lane", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lane_workspace_id"), ["workspace_id"], unique=False)

    with op.batch_alter_table("agenda", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.drop_index(batch_op.f("ix_agenda_look_at"))
        batch_op.create_index("ix_agenda_due", ["workspace_id", "is_urgent", "look_at"], unique=False)
