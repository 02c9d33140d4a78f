"""Joining in all its ways, and knowing where each fact about a person is known from."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


FROM_THE_FILE = ("country", "title", "department", "team", "site", "level", "manager")


def upgrade() -> None:
    op.create_table(
        "directory_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursor", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=100), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_directory_reading_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_reading")),
        sa.UniqueConstraint("workspace_id", "source", name=op.f("uq_directory_reading_workspace_id_source")),
    )
    with op.batch_alter_table("directory_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directory_reading_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "directory_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_partial", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_directory_upload_person_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_directory_upload_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_upload")),
    )
    with op.batch_alter_table("directory_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directory_upload_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_directory_upload_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question", sa.String(length=30), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_draft_programme_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_draft_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("programme_id", "person_id", name=op.f("uq_draft_programme_id_person_id")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "topic_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=75), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("topic", sa.String(length=75), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_topic_proposal_decided_by")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_topic_proposal_member_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_topic_proposal_programme_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_topic_proposal_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_proposal")),
    )
    with op.batch_alter_table("topic_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_proposal_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_proposal_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_proposal_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "broken_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=30), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_broken_rule_decided_by")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_broken_rule_pair_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_broken_rule_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broken_rule")),
    )
    with op.batch_alter_table("broken_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_broken_rule_pair_id"), ["pair_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_broken_rule_workspace_id"), ["workspace_id"], unique=False)

    with op.batch_alter_table("agenda", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_agenda_subject_subject_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_agenda_workspace_id_subject_subject_id"), ["workspace_id", "subject", "subject_id"]
        )

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("networks", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("hours", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("let_in_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("wants_partner", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("is_first_in_line", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(length=320), nullable=True))
        batch_op.add_column(sa.Column("standing", sa.String(30), nullable=False, server_default="unknown"))
        batch_op.add_column(sa.Column("known", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("known_version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("profile_read_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.add_column(sa.Column("needs_approval", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("places", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("signup_from", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("signup_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("run_since", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("profile_fields", sa.JSON(), nullable=False, server_default="{}"))

    _say_where_it_is_known_from()


def _say_where_it_is_known_from() -> None:
    """What the directory held so far came from the company's file, names and zones from Slack."""
    person = sa.table(
        "person",
        sa.column("id", sa.Integer),
        *(sa.column(name, sa.String) for name in ("name", "zone", *FROM_THE_FILE)),
        *(sa.column(name, sa.JSON) for name in ("dotted_managers", "known")),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(person)).mappings().all():
        facts = {name: row[name] for name in (*FROM_THE_FILE, "dotted_managers") if row[name] not in (None, [])}
        slack = {name: row[name] for name in ("name", "zone") if row[name] is not None}
        known = {"slack": slack} | ({"file": facts} if facts else {})
        connection.execute(sa.update(person).where(person.c.id == row["id"]).values(known=known))
