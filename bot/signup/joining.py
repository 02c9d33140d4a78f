"""A finished sign-up or change is stored: the form and the conversation both end here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session as Db

from bot.signup import rules
from bot.signup.rules import Answers
from store import agenda, directory, drafts, keys, members, pairs, people, proofs, topics
from store.directory import Origin
from store.models import (
    IS_OUT,
    Holder,
    Member,
    MemberState,
    Person,
    Programme,
    Side,
    Source,
    TopicProposal,
    TopicState,
)


@dataclass(frozen=True)
class Known:
    """What is believed about somebody, and from where it is known."""

    value: Any
    origin: Origin


def known_of(db: Db, me: Person) -> dict[str, Known]:
    """Of `rules.FACTS`, those that are known. A manager whom nobody knows, or who is in a circle, is not."""
    return {
        name: Known(getattr(me, name), origin)
        for name, origin in directory.origins(db, me, rules.FACTS).items()
        if name != "manager" or _is_right(db, me)
    }


def _is_right(db: Db, me: Person) -> bool:
    """Whether their manager is somebody who is there, and the line up from them doesn't come back to them."""
    if not me.manager:
        return True  # unknown, or known to report to nobody
    manager = people.find(db, me.workspace_id, me.manager)
    is_there = manager is not None and manager.gone_at is None
    return is_there and me.slack_id not in people.ids_up_from(db, me.workspace_id, me.manager)


def values(known: Mapping[str, Known]) -> dict[str, Any]:
    """What is believed, by the name of the answer."""
    return {name: each.value for name, each in known.items()}


def is_in(db: Db, programme: Programme, me: Person) -> bool:
    """Whether they hold a place there, be it that they have asked for one or wait for one."""
    return any(member.state not in IS_OUT for member in members.in_programme(db, programme.id, me.id))


def answered(db: Db, programme: Programme, me: Person) -> Answers:
    """What they answered last time, to be changed or taken up again: what is stored of them, else their draft.

    Somebody who isn't in is asked for their consent, whatever they agreed to before.
    """
    mine = [member for member in members.in_programme(db, programme.id, me.id) if member.state not in IS_OUT]
    if mine:
        return _stored(db, me, mine)
    draft = drafts.find(db, programme.id, me.id)
    return replace(rules.from_json(drafts.answers(db, draft)), has_consented=False) if draft else _begun(me)


def _begun(me: Person) -> Answers:
    """What can be filled in for somebody new."""
    return Answers(languages=tuple(code for code in me.languages if code in rules.LANGUAGES))


def _stored(db: Db, me: Person, mine: list[Member]) -> Answers:
    by_side = {member.side: member for member in mine}
    mentor, mentee = by_side.get(Side.MENTOR), by_side.get(Side.MENTEE)
    one = mine[0]
    told = me.known.get(Source.PERSON, {})
    return Answers(
        sides=tuple(side for side in Side if side in by_side),
        offers=tuple(mentor.topics) if mentor else (),
        own_offer=_proposed(db, mentor),
        capacity=mentor.capacity if mentor else 1,
        wishes=tuple(mentee.topics) if mentee else (),
        own_wish=_proposed(db, mentee),
        hopes=_opened(db, me, one.hopes),
        languages=tuple(one.languages),
        ways=tuple(one.ways),
        hours=tuple(one.hours),
        networks=tuple((_opened(db, me, one.networks) or "").split()),
        avoid=tuple((_opened(db, me, one.avoid) or "").split()),
        **{name: told.get(name) for name in rules.FACTS},
        has_consented=one.consent == rules.CONSENT,
    )


def _proposed(db: Db, member: Member | None) -> str | None:
    """The topic of their own that still waits for a decision."""
    waiting = [each for each in topics.of_member(db, [member.id]) if each.state is TopicState.OPEN] if member else []
    return waiting[-1].text if waiting else None


def _opened(db: Db, me: Person, sealed: bytes | None) -> str | None:
    return keys.unseal(db, Holder.PERSON, me.id, sealed) if sealed else None


def problems(db: Db, programme: Programme, me: Person, answers: Answers, now: datetime) -> dict[str, str]:
    """What to mend before it can be kept, by the name of the answer; what the directory knows counts as answered."""
    mine = [member for member in members.in_programme(db, programme.id, me.id) if member.state not in IS_OUT]
    whole = rules.with_known(answers, values(known_of(db, me)))
    return {
        **rules.overlong(answers),
        **rules.problems(whole, is_change=bool(mine) and mine[0].consent == rules.CONSENT),
        **rules.may_stop(answers.sides, [member.side for member in mine if _is_paired(db, member, now)]),
    }


def _is_paired(db: Db, member: Member, now: datetime) -> bool:
    return any(pairs.is_live(pair, now) for pair in pairs.of_member(db, member.id))


def keep(db: Db, programme: Programme, me: Person, answers: Answers, now: datetime) -> MemberState:
    """Stores a finished sign-up or change, and says where they stand now.

    The answers must be whole, and somebody who isn't in must be allowed to join: see `problems` and `rules.may_join`.
    The caller has locked the programme.
    """
    me = people.get(db, me.id)
    before = members.in_programme(db, programme.id, me.id)
    present = [member for member in before if member.state not in IS_OUT]
    state = present[0].state if present else _state(db, programme)
    by_side = {member.side: member for member in before}
    for side in answers.sides:
        member = by_side.get(side)
        if member is None:
            member = _new(programme, me, side, now)
            db.add(member)
        _enter(member, present, state, now)
        _write(db, member, me, answers, now)
    db.flush()
    members.leave(db, [member for member in present if member.side not in answers.sides], now)
    if directory.tell(me, _own_words(me, answers), now):
        directory.changed(db, programme.workspace_id, [me.id], now)
    drafts.drop(db, programme.id, me.id)
    agenda.touch(db, programme.workspace_id, [me.id, programme.created_by], now)
    return state


def _state(db: Db, programme: Programme) -> MemberState:
    return rules.state_on_joining(programme, is_full=members.is_full(db, programme))


def _new(programme: Programme, me: Person, side: Side, now: datetime) -> Member:
    return Member(
        workspace_id=programme.workspace_id,
        programme_id=programme.id,
        person_id=me.id,
        side=side,
        topics=[],
        languages=[],
        ways=[],
        joined_at=now,
        changed_at=now,
        consented_at=now,
        consent=rules.CONSENT,
        state=MemberState.LEFT,
        revision=0,
    )


def _enter(member: Member, present: list[Member], state: MemberState, now: datetime) -> None:
    """Somebody new begins here, and somebody who was out begins anew; who adds a side stands there as on the other."""
    if member.state not in IS_OUT:
        return
    other = present[0] if present else None
    member.state = state
    member.joined_at = other.joined_at if other else now  # so they keep their place in a list
    member.state_since = other.state_since if other else now
    member.paused_until = other.paused_until if other else None
    member.let_in_at = other.let_in_at if other else None
    member.consented_at, member.consent = (other.consented_at, other.consent) if other else (now, rules.CONSENT)
    member.wants_partner, member.is_first_in_line, member.rounds_waited = True, False, 0


def _write(db: Db, member: Member, me: Person, answers: Answers, now: datetime) -> None:
    is_mentor = member.side is Side.MENTOR
    member.topics = list(answers.offers if is_mentor else answers.wishes)
    member.capacity = answers.capacity if is_mentor else 1
    member.languages, member.ways, member.hours = list(answers.languages), list(answers.ways), list(answers.hours)
    if _takes_back(db, member, me, answers):
        proofs.forget(db, member.programme_id, member.id)
    member.hopes = _sealed(db, me, answers.hopes)
    member.networks = _sealed(db, me, " ".join(answers.networks))
    member.avoid = _sealed(db, me, " ".join(answers.avoid))
    member.revision, member.changed_at = member.revision + 1, now
    if answers.has_consented and member.consent != rules.CONSENT:
        member.consented_at, member.consent = now, rules.CONSENT
    db.flush()
    _propose(db, member, answers.own_offer if is_mentor else answers.own_wish, now)


def _takes_back(db: Db, member: Member, me: Person, answers: Answers) -> bool:
    """Whether something they told in confidence, and that pairing goes by, isn't to be known any more."""
    told = {word for sealed in (member.networks, member.avoid) for word in (_opened(db, me, sealed) or "").split()}
    return not told <= {*answers.networks, *answers.avoid}


def _sealed(db: Db, me: Person, text: str | None) -> bytes | None:
    return keys.seal(db, Holder.PERSON, me.id, text) if text else None


def _propose(db: Db, member: Member, own: str | None, now: datetime) -> None:
    """A topic in their own words waits for a decision; one they took back before anybody decided is forgotten."""
    waiting = [each for each in topics.of_member(db, [member.id]) if each.state is TopicState.OPEN]
    for each in waiting:
        if each.text != own:
            db.delete(each)
    if own and own not in [each.text for each in waiting]:
        db.add(
            TopicProposal(
                workspace_id=member.workspace_id,
                programme_id=member.programme_id,
                member_id=member.id,
                text=own,
                proposed_at=now,
            )
        )


def _own_words(me: Person, answers: Answers) -> dict[str, Any]:
    """What they say of themselves; None where the directory says it too: that isn't kept as their word."""
    others = directory.merged({source: word for source, word in me.known.items() if source != Source.PERSON})
    said = {name: getattr(answers, name) for name in rules.FACTS}
    return {name: value if value != others[name] else None for name, value in said.items()}
