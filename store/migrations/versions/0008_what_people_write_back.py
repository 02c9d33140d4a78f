"""What people write to the bot, message by message; answers that are shared, actions with a day."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "writing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=30), nullable=False),
        sa.Column("ts", sa.String(length=30), nullable=False),
        sa.Column("thread_ts", sa.String(length=30), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.Integer(), nullable=True),
        sa.Column("became", sa.String(30), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("heard", sa.String(30), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_mended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["begun_by"], ["writing.id"], name=op.f("fk_writing_begun_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_writing_person_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_writing_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writing")),
        sa.UniqueConstraint("workspace_id", "channel", "ts", name=op.f("uq_writing_workspace_id_channel_ts")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("writing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_writing_begun_by"), ["begun_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_writing_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_writing_workspace_id"), ["workspace_id"], unique=False)

    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))

    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("reflection", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_shared", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True))

    # Answers of before can be edited and deleted in Slack, too. Turn 0: nobody is told of them again.
    op.execute(
        "INSERT INTO writing (workspace_id, person_id, channel, ts, sealed, written_at, became, kept_id, turn, heard,"
        " heard_at, is_mended) SELECT workspace_id, person_id, channel, ts, sealed, written_at, 'answer', id, 0,"
        " 'taken', written_at, false FROM reflection"
    )
