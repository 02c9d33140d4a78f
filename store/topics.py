"""Topics that people proposed. Once accepted they are in the workspace's list, beside those of `prompts/`."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from store.models import TopicProposal, TopicState


def own(db: Db, workspace_id: str) -> dict[str, str]:
    """The workspace's own topics: id to label."""
    rows = db.scalars(
        select(TopicProposal)
        .where(TopicProposal.workspace_id == workspace_id, TopicProposal.state == TopicState.ACCEPTED)
        .order_by(TopicProposal.id)
    )
    return {str(each.topic): each.text for each in rows}


def find(db: Db, workspace_id: str, proposal_id: int) -> TopicProposal | None:
    return db.scalar(
        select(TopicProposal).where(TopicProposal.workspace_id == workspace_id, TopicProposal.id == proposal_id)
    )


def of_member(db: Db, member_ids: Sequence[int]) -> Sequence[TopicProposal]:
    return db.scalars(
        select(TopicProposal).where(TopicProposal.member_id.in_(member_ids)).order_by(TopicProposal.id)
    ).all()


def open_in(db: Db, programme_id: int) -> Sequence[TopicProposal]:
    """Those a coordinator has to look at, oldest first."""
    return db.scalars(
        select(TopicProposal)
        .where(TopicProposal.programme_id == programme_id, TopicProposal.state == TopicState.OPEN)
        .order_by(TopicProposal.id)
    ).all()
