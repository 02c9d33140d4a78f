"""Rounds that are explained, checked, and changed by coordinators; what people do and since when they are here."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("wish", sa.String(30), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_choice_made_by")),
        sa.ForeignKeyConstraint(["mentee_id"], ["member.id"], name=op.f("fk_choice_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["member.id"], name=op.f("fk_choice_mentor_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_choice_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
        sa.UniqueConstraint("round_id", "mentor_id", "mentee_id", name=op.f("uq_choice_round_id_mentor_id_mentee_id")),
    )
    with op.batch_alter_table("choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_choice_round_id"), ["round_id"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("function", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("started_on", sa.String(length=10), nullable=True))

    with op.batch_alter_table("staged_person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("function", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("started_on", sa.String(length=10), nullable=True))

    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weights", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("pairs_weekly", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(30), server_default="whole", nullable=False))
        batch_op.add_column(sa.Column("about", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("progress", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("problem", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("confided", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("is_checked", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("insight", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("tell", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_round_about"), "member", ["about"], ["id"])
        batch_op.add_column(sa.Column("published_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("is_weekly", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_round_tell"), "person", ["tell"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_round_published_by"), "person", ["published_by"], ["id"])
        batch_op.create_index(batch_op.f("ix_round_published_by"), ["published_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_tell"), ["tell"], unique=False)

    op.execute("DELETE FROM proposal WHERE is_removed")  # a wish says so from now on
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_column("is_removed")
