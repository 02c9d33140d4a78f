"""The nouns of the store, one definition each."""

from store.models.base import Base
from store.models.messages import Agenda, Announcement, Delivery, DeliveryState, Nudge, SlackEvent, Subject
from store.models.pairs import (
    Action,
    Note,
    Pair,
    Proposal,
    Reflection,
    Round,
    RoundState,
    Session,
    SessionState,
)
from store.models.people import DataKey, Holder, Person, Workspace
from store.models.programmes import Member, MemberState, Programme, Side, Way

__all__ = [
    "Action",
    "Agenda",
    "Announcement",
    "Base",
    "DataKey",
    "Delivery",
    "DeliveryState",
    "Holder",
    "Member",
    "MemberState",
    "Note",
    "Nudge",
    "Pair",
    "Person",
    "Programme",
    "Proposal",
    "Reflection",
    "Round",
    "RoundState",
    "Session",
    "SessionState",
    "Side",
    "SlackEvent",
    "Subject",
    "Way",
    "Workspace",
]
