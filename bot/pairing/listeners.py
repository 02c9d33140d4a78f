"""A coordinator has a round proposed, looks it through, takes pairs out, publishes it."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot import picking, working_time
from bot.house import House
from bot.pairing import bars, blocks, workshop
from bot.pairing.candidates import Candidate, Ground
from bot.pairing.fit import fit
from bot.pairing.problem import problem
from bot.pairing.reasons import reasons
from bot.reporting_lines import ReportingLines
from bot.slack import who
from bot.slack.kit import Block
from bot.slack.listening import Ask, Filed, Form, Instead, Word, Wrong
from store import agenda, directory, keys, members, pairs, people, programmes, rounds
from store.models import (
    Delivery,
    Holder,
    Member,
    Nudge,
    Pair,
    Person,
    Programme,
    Proposal,
    Round,
    RoundState,
    Side,
)

log = logging.getLogger(__name__)

NOT_OPEN = "This round was published or replaced by another meanwhile. Nothing was done twice."


def match(ask: Ask) -> None:
    """Opens the review at once, and fills it when the round is there: Slack gives three seconds to open."""
    programme = picking.programme(ask, "match")
    view_id = ask.show(blocks.working()) if programme is not None else None
    if programme is None or view_id is None:
        return
    try:
        round_id = _propose(ask, programme)
    except workshop.NoAnswer:
        ask.change(view_id, blocks.failed())
        return
    drawn = blocks.failed(picking.HAS_ENDED) if round_id is None else _drawn(ask.house, round_id, ask.me, 0)
    ask.change(view_id, drawn)


def _propose(ask: Ask, programme: Programme) -> int | None:
    """Solves in a process of its own, outside any transaction, and keeps what it proposes.

    None if somebody ended the programme meanwhile.
    """
    with ask.house.store.read() as db:
        everyone = waiting(db, programme, ask.now)
        ground = _ground(db, programme, ask.now)
    mentors, mentees = _sides(everyone)
    seed = int(ask.now.timestamp())
    answer = workshop.propose(problem(mentors, mentees, ground, seed))
    by_id = {each.member_id: each for each in everyone}
    with ask.house.store.begin() as db:
        if programmes.lock(db, programme.id).closed_at is not None:
            return None
        rounds.discard_open(db, programme.id)
        made = Round(
            workspace_id=programme.workspace_id,
            programme_id=programme.id,
            created_by=ask.me.id,
            created_at=ask.now,
            seed=seed,
            placed=answer.placed,
            total=answer.total,
        )
        db.add(made)
        db.flush()
        for mentor_id, mentee_id in answer.pairs:
            db.add(_proposal(made, by_id[mentor_id], by_id[mentee_id], ground))
    log.info("proposed round=%s pairs=%s waiting=%s", made.id, answer.placed, len(everyone))
    return made.id


def _proposal(made: Round, mentor: Candidate, mentee: Candidate, ground: Ground) -> Proposal:
    found = fit(mentor, mentee, ground.day)
    return Proposal(
        round_id=made.id,
        mentor_id=mentor.member_id,
        mentee_id=mentee.member_id,
        fit=found.total,
        reasons=reasons(mentor, mentee, found, ground.day),
    )


def waiting(db: Db, programme: Programme, now: datetime) -> list[Candidate]:
    return [_candidate(db, *each) for each in members.with_room(db, programme.id, now)]


def _candidate(db: Db, place: Member, person: Person, room: int) -> Candidate:
    avoid = keys.unseal(db, Holder.PERSON, person.id, place.avoid) if place.avoid else ""
    return Candidate(
        member_id=place.id,
        slack_id=person.slack_id,
        side=place.side,
        capacity=room,
        level=person.level,
        teams=directory.teams(person),
        department=person.department,
        site=person.site,
        zone=person.zone,
        languages=frozenset(place.languages),
        topics=tuple(place.topics),
        ways=frozenset(place.ways),
        avoid=frozenset(avoid.split()),
        rounds_waited=place.rounds_waited,
        hours=frozenset(place.hours),
        is_first_in_line=place.is_first_in_line,
    )


def _ground(db: Db, programme: Programme, now: datetime) -> Ground:
    return Ground(
        lines=ReportingLines(people.reporting_lines(db, programme.workspace_id)),
        met=frozenset(pairs.met(db, programme.workspace_id)),
        day=now.date(),
    )


def _sides(everyone: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    mentors = [each for each in everyone if each.side is Side.MENTOR]
    return mentors, [each for each in everyone if each.side is Side.MENTEE]


def _drawn(house: House, round_id: int, viewer: Person, page: int) -> Block:
    with house.store.read() as db:
        review, words = _review(db, house, round_id), house.words(db)
    return blocks.review(review, words, viewer, page)


def _review(db: Db, house: House, round_id: int) -> blocks.Review:
    made = rounds.find(db, house.workspace_id, round_id)
    assert made is not None  # noqa: S101 -- asked for with an id of ours
    programme = programmes.get(db, made.programme_id)
    proposals = rounds.proposals(db, round_id)
    places = {place.id: place for place in members.of_programme(db, programme.id)}
    known = people.by_id(db, [place.person_id for place in places.values()])
    proposed = [
        blocks.Proposed(each, known[places[each.mentor_id].person_id], known[places[each.mentee_id].person_id])
        for each in proposals
        if each.mentor_id in places and each.mentee_id in places
    ]
    placed = {member_id for each in proposals for member_id in (each.mentor_id, each.mentee_id)}
    everyone = waiting(db, programme, made.created_at)
    return blocks.Review(
        programme, made, proposed, _left_over(db, programme, everyone, placed, places, known, made.created_at)
    )


def _left_over(
    db: Db,
    programme: Programme,
    everyone: list[Candidate],
    placed: set[int],
    places: Mapping[int, Member],
    known: Mapping[int, Person],
    now: datetime,
) -> list[blocks.LeftOver]:
    """Who gets nobody, with the rule that most of the others failed by."""
    ground = _ground(db, programme, now)
    mentors, mentees = _sides(everyone)
    found = []
    for each in everyone:
        if each.member_id not in placed:
            others = mentees if each.side is Side.MENTOR else mentors
            rules = bars.left_out(each, others, ground)
            why = bars.words(rules[0][0]) if rules else None
            found.append(blocks.LeftOver(known[places[each.member_id].person_id], each.side, why))
    return found


def remove(ask: Ask) -> None:
    _mark(ask, is_removed=True)


def put_back(ask: Ask) -> None:
    _mark(ask, is_removed=False)


def _mark(ask: Ask, *, is_removed: bool) -> None:
    """Takes a pair out of an open round, or back in, and draws the review anew."""
    if ask.view is None or not who.is_coordinator(ask.house, ask.client, ask.me.slack_id):
        return
    round_id, page = _which(ask.view)
    with ask.house.store.begin() as db:
        made = rounds.find(db, ask.house.workspace_id, round_id)
        is_open = made is not None and made.state is RoundState.PROPOSED
        for each in rounds.proposals(db, round_id):
            if is_open and str(each.id) == ask.value:
                each.is_removed = is_removed
    if not is_open:
        ask.change(str(ask.view["id"]), blocks.failed(NOT_OPEN))
        return
    ask.change(str(ask.view["id"]), _drawn(ask.house, round_id, ask.me, page))


def turn(ask: Ask) -> None:
    if ask.view is not None and who.is_coordinator(ask.house, ask.client, ask.me.slack_id):
        round_id, _ = _which(ask.view)
        ask.change(str(ask.view["id"]), _drawn(ask.house, round_id, ask.me, int(ask.value)))


def _which(view: Mapping[str, object]) -> tuple[int, int]:
    round_id, _, page = str(view["private_metadata"]).partition(":")
    return int(round_id), int(page)


def published(form: Form) -> Wrong | Instead:
    if not who.is_coordinator(form.house, form.client, form.me.slack_id):
        return Wrong({"": "Only coordinators can publish pairs."})
    round_id = int(form.private.partition(":")[0])
    with form.house.store.begin() as db:
        if not rounds.decide(db, round_id, RoundState.PUBLISHED):
            return Wrong({"": NOT_OPEN})
        made = db.get_one(Round, round_id)
        made.published_at = form.now
        paired = _pair(db, made, form.now)
    log.info("published round=%s pairs=%s by=%s", round_id, len(paired), form.me.slack_id)
    return Instead(blocks.published(len(paired)))


def _pair(db: Db, made: Round, now: datetime) -> list[Pair]:
    """Makes the pairs of those who are still free and still in; the others have waited one round more."""
    programme = programmes.lock(db, made.programme_id)
    present = {each.member_id: each for each in waiting(db, programme, now)}
    free = {member_id: each.capacity for member_id, each in present.items()}
    ground = _ground(db, programme, now)  # as people stand now: somebody may have got a new manager meanwhile
    paired = []
    for each in rounds.proposals(db, made.id):
        if each.is_removed or not free.get(each.mentor_id) or not free.get(each.mentee_id):
            continue
        if bars.barred(present[each.mentor_id], present[each.mentee_id], ground) is not None:
            continue
        free[each.mentor_id] -= 1
        free[each.mentee_id] -= 1
        paired.append(_made(each, made, now))
    db.add_all(paired)
    placed = {member_id for pair in paired for member_id in (pair.mentor_id, pair.mentee_id)}
    places = {member_id: members.get(db, member_id) for member_id in free}
    for member_id, place in places.items():
        place.rounds_waited = 0 if member_id in placed else place.rounds_waited + 1
        place.is_first_in_line = place.is_first_in_line and member_id not in placed
    db.flush()
    agenda.touch(db, programme.workspace_id, [place.person_id for place in places.values()], now)
    return paired


def _made(proposal: Proposal, made: Round, now: datetime) -> Pair:
    return Pair(
        workspace_id=made.workspace_id,
        programme_id=made.programme_id,
        mentor_id=proposal.mentor_id,
        mentee_id=proposal.mentee_id,
        round_id=made.id,
        published_at=now,
        reasons=proposal.reasons,
    )


def introduced(db: Db, nudge: Nudge, delivery: Delivery, now: datetime) -> None:
    """The introduction has arrived: from now on their months are counted."""
    assert nudge.pair_id is not None  # noqa: S101 -- an introduction is of a pair
    pair = pairs.get(db, nudge.pair_id)
    mentor, mentee = pairs.people(db, pair)
    pair.introduced_at, pair.channel = now, delivery.channel
    time = working_time.of(mentee)
    months = programmes.get(db, pair.programme_id).months
    pair.ends_at = time.start_of(time.working_day(working_time.add_months(time.local_date(now), months)))
    agenda.touch(db, pair.workspace_id, [mentor.id, mentee.id], now)


def not_introduced(db: Db, nudge: Nudge, now: datetime) -> None:
    """The introduction can't arrive: there is no pair, and both are free for the next round."""
    pair = pairs.get(db, int(nudge.pair_id or 0))
    if pair.ended_at is None:
        members.end_pair(db, pair, now, ended_by=None)
    agenda.touch(db, pair.workspace_id, [person.id for person in pairs.people(db, pair)], now)
    log.warning("not introduced pair=%s", pair.id)


# What becomes of a pair that breaks a rule

NOT_YOURS = "You are one of the two, so somebody else decides about this pair."
NOT_FOR_YOU = "Only the people who run the programme can decide that."
OVER = "That pair has ended meanwhile. Nothing was done."
MENDED = "The directory no longer says so: the pair keeps the rules again, and goes on. Nothing was done."
ENDED = "The pair has ended. Both hear that, and nothing about why."
KEPT = "They stay together, and I won't ask about this again. They have heard nothing of it."
LATER = "Take your time: it stays on your Home until somebody decides, and the two hear nothing meanwhile."


def end(ask: Ask) -> None:
    _decide(ask, is_ended=True)


def keep(ask: Ask) -> None:
    _decide(ask, is_ended=False)


def later(ask: Ask) -> None:
    _say(ask, LATER)


def _decide(ask: Ask, *, is_ended: bool) -> None:
    if not who.is_coordinator(ask.house, ask.client, ask.me.slack_id):
        ask.reply(NOT_FOR_YOU)
        return
    with ask.house.store.begin() as db:
        said, has_decided = _decided(db, ask, is_ended=is_ended)
    if has_decided:
        log.info("decided rules=%s ended=%s by=%s", ask.value, is_ended, ask.me.slack_id)
    _say(ask, said)


def _decided(db: Db, ask: Ask, *, is_ended: bool) -> tuple[str, bool]:
    """What to say, and whether this decided it. Of two who press, the first decides."""
    ids = [int(each) for each in ask.value.split(",") if each.isdigit()]
    asked = pairs.of_rules(db, ask.house.workspace_id, ids)
    if not asked:
        return OVER, False
    programme = programmes.lock(db, asked[0][1].programme_id)
    db.expire_all()  # they were read before the lock: somebody may have decided since
    asked = pairs.of_rules(db, ask.house.workspace_id, ids)
    broken, pair = [rule for rule, _ in asked], asked[0][1]
    both = [person.id for person in pairs.people(db, pair)]
    if ask.me.id in both:
        return NOT_YOURS, False
    if by := next((each.decided_by for each in broken if each.decided_by is not None), None):
        return blocks.decided(people.get(db, by), is_ended=pair.ended_at is not None), False
    if not pairs.is_live(pair, ask.now):
        return OVER, False
    standing = [each for each in broken if each.mended_at is None]
    if not standing:
        return MENDED, False
    for each in standing:
        each.decided_at, each.decided_by = ask.now, ask.me.id
    touched = members.end_pair(db, pair, ask.now, ended_by=None) if is_ended else set[int]()
    agenda.touch(db, ask.house.workspace_id, [*touched, programme.created_by], ask.now)
    return ENDED if is_ended else KEPT, True


def _say(ask: Ask, text: str) -> None:
    """In place of the buttons in a message; the Home is drawn anew by itself."""
    if ask.view is not None:
        ask.reply(text)
    else:
        ask.answered(text)


PRESSES: Mapping[str, Word] = {
    blocks.END: end,
    blocks.KEEP: keep,
    blocks.LATER: later,
    blocks.REMOVE: remove,
    blocks.PUT_BACK: put_back,
    blocks.PAGE + ".back": turn,
    blocks.PAGE + ".on": turn,
}
FORMS: Mapping[str, Filed] = {blocks.REVIEW: published}
