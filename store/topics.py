"""Topics that people proposed. Once accepted they are in the workspace's list, beside those of `prompts/`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session as Db

from store import agenda, programmes
from store.models import IS_OUT, Member, TopicProposal, TopicState


def own(db: Db, workspace_id: str) -> dict[str, str]:
    """The workspace's own topics: id to label."""
    return {str(topic): text for topic, text in db.execute(_OWN, {"workspace": workspace_id})}


# Made once: it is asked for each parcel of messages.
_OWN = (
    select(TopicProposal.topic, TopicProposal.text)
    .where(TopicProposal.workspace_id == bindparam("workspace"), TopicProposal.state == TopicState.ACCEPTED)
    .order_by(TopicProposal.id)
)


def find(db: Db, workspace_id: str, proposal_id: int) -> TopicProposal | None:
    return db.scalar(
        select(TopicProposal).where(TopicProposal.workspace_id == workspace_id, TopicProposal.id == proposal_id)
    )


def to_decide(db: Db, workspace_id: str, proposal_id: int) -> TopicProposal | None:
    """The same, while nobody else decides about it or changes the answers it belongs to. None if it was taken back."""
    known = find(db, workspace_id, proposal_id)
    if known is None:
        return None
    programmes.lock(db, known.programme_id)
    query = select(TopicProposal).where(TopicProposal.id == proposal_id)
    return db.scalar(query, execution_options={"populate_existing": True})


def of_member(db: Db, member_ids: Sequence[int]) -> Sequence[TopicProposal]:
    return db.scalars(
        select(TopicProposal).where(TopicProposal.member_id.in_(member_ids)).order_by(TopicProposal.id)
    ).all()


def withdraw(db: Db, member_id: int) -> None:
    """What they proposed and nobody has decided on goes with them."""
    undecided = (TopicProposal.member_id == member_id, TopicProposal.state == TopicState.OPEN)
    db.execute(delete(TopicProposal).where(*undecided))


def open_in(db: Db, programme_id: int) -> Sequence[TopicProposal]:
    """Those a coordinator has to look at, oldest first; not of people who have left."""
    return db.scalars(
        select(TopicProposal)
        .join(Member, Member.id == TopicProposal.member_id)
        .where(
            TopicProposal.programme_id == programme_id,
            TopicProposal.state == TopicState.OPEN,
            Member.state.not_in(IS_OUT),
        )
        .order_by(TopicProposal.id)
    ).all()


def accept(db: Db, proposal: TopicProposal, label: str, decided_by: int, now: datetime) -> None:
    """From now on it is in the workspace's list under that label, and among the topics of whoever proposed it."""
    proposal.text, proposal.topic = label, f"own_{proposal.id}"
    _decide(db, proposal, TopicState.ACCEPTED, decided_by, now)


def merge(db: Db, proposal: TopicProposal, topic: str, decided_by: int, now: datetime) -> None:
    """It means one that is in the list."""
    proposal.topic = topic
    _decide(db, proposal, TopicState.MERGED, decided_by, now)


def decline(db: Db, proposal: TopicProposal, decided_by: int, now: datetime) -> None:
    _decide(db, proposal, TopicState.DECLINED, decided_by, now)


def _decide(db: Db, proposal: TopicProposal, state: TopicState, decided_by: int, now: datetime) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, decided_by, now
    member = db.get_one(Member, proposal.member_id)
    if proposal.topic is not None and member.state not in IS_OUT:
        _add(db, member, proposal.topic)
    db.flush()
    agenda.touch(db, proposal.workspace_id, [member.person_id], now)


def _add(db: Db, member: Member, topic: str) -> None:
    """Nobody offers what they'd like to learn: one they have on either side already isn't added."""
    theirs = db.scalars(
        select(Member).where(
            Member.programme_id == member.programme_id,
            Member.person_id == member.person_id,
            Member.state.not_in(IS_OUT),
        )
    )
    if not any(topic in place.topics for place in theirs):
        member.topics = [*member.topics, topic]
