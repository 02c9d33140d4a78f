"""What must hold in a town, whatever happens in it: at any time, and when all has been well again for a month.

Messages are counted by hand here. The rules under test are asked for one thing alone: what is due to somebody still.

What isn't promised, and isn't asked for (the README's "What exactly-once can't close"): where a history can't be read,
or not within a day, a notice may go twice and a nudge be missed. What Slack refuses for good is told to nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import make
from nudges.troubled import CHANNEL, CLOCKS_OFF, DAY, REFUSALS, SECOND, Post, Town
from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from bot.nudges import features, rules, tick
from bot.nudges.outcomes import LEASE
from store import members, nudges, pairs, people, snapshots
from store.models import Agenda, Announcement, Delivery, DeliveryState, MemberState, Nudge, Person, Subject

WEEK = timedelta(weeks=1)
BUDGET = 3
PRESSING = {"reminder"}
A_FEW_DAYS = 3
LONG_AGO = DAY * 8
"""What came due by then should have come, over a weekend and with a full week before it."""


def holds(town: Town) -> None:
    """At any time."""
    _nothing_went_wrong(town)
    _nothing_is_claimed_after_a_leave(town)
    _somebody_will_look_at_what_is_under_way(town)
    _nothing_goes_twice(town)


def holds_in_the_end(town: Town) -> None:
    """When all has been well for a month."""
    holds(town)
    _nothing_is_under_way(town)
    _nothing_is_lost(town)
    _each_has_their_budget(town)
    _each_conversation_has_its_pace(town)
    _the_workspace_has_its_pace(town)


# At any time


def _nothing_went_wrong(town: Town) -> None:
    """Nobody was woken, Slack had the quiet that it asked for, and none of our own failures was told in the log."""
    assert town.trouble == [], town.trouble


def _nothing_is_claimed_after_a_leave(town: Town) -> None:
    for who, number in town.left.items():
        with town.store.read() as db:
            since = db.scalars(
                select(Nudge).where(Nudge.person_id == who, Nudge.id > number, Nudge.delivery_id.is_not(None))
            ).all()
        assert {nudge.kind for nudge in since} <= {"left"}, f"{who} has left"


def _somebody_will_look_at_what_is_under_way(town: Town) -> None:
    with town.store.read() as db:
        pending = db.scalars(select(Delivery).where(Delivery.state.in_(nudges.UNSETTLED))).all()
        known = {(each.subject, each.subject_id): each.look_at for each in db.scalars(select(Agenda))}
    for each in pending:
        if each.announcement_id is None:
            look_at = known.get((Subject.PERSON, each.person_id or 0))
            assert look_at is not None, f"nobody looks at delivery {each.id}"
            assert look_at <= max(each.lease_until, town.now) + 2 * LEASE, f"delivery {each.id} waits too long"


def _nothing_goes_twice(town: Town) -> None:
    times = Counter((post.channel, nudge.key) for post in town.slack.said for nudge in post.carried)
    notices = {nudge.key for nudge in _arrived(town) if nudge.is_notice}
    for (channel, key), number in times.items():
        may_go_twice = key in notices and channel in town.slack.unread
        assert number <= (2 if may_go_twice else 1), f"{key} went {number} times to {channel}"


def _arrived(town: Town) -> list[Nudge]:
    return [nudge for post in town.slack.said for nudge in post.carried]


# While all is well again


def under_way(town: Town, since: datetime) -> list[int]:
    """Pairs of two who are there and active, and know each other.

    Whose hours have met on two days since then must have been introduced by now, in this very group. Where the hours of
    the two never meet, the mentee's count.
    """
    found = []
    for pair_id in town.pairs:
        both = town.both(pair_id)
        with town.store.read() as db:
            pair = pairs.get(db, pair_id)
            here = [people.get(db, each) for each in both]
            places = [members.of_person(db, each)[0][0] for each in both]
            was_missed = _was_missed(town, db, _claimed(db, f"introduction:{pair_id}"))
        if pair.ended_at is not None or any(each.gone_at for each in here):
            continue
        if any(each.state is not MemberState.ACTIVE for each in places):
            continue
        is_known = any(nudge.kind == "introduction" and nudge.pair_id == pair_id for nudge in _arrived(town))
        begins = max(since, *(each.state_since or since for each in places))
        at_work = here if town.ever_meet(here) else here[1:]
        if is_known or (not was_missed and len(town.days_together(at_work, begins, town.now)) > 1):
            assert is_known, f"pair {pair_id} was never introduced"
            assert pair.introduced_at is not None, f"nobody knows that pair {pair_id} was introduced"
        if is_known and not any(town.people[each] in town.slack.closed for each in both):
            found.append(pair_id)
    return found


def had_their_talk(town: Town, pair_id: int, at: datetime) -> None:
    """The word that it is set, to both; and to each a preparation, a reminder, and "did you meet?"."""
    talk = next(each for each in town.talks(pair_id) if each.starts_at == at)
    both = town.both(pair_id)
    version = f"{pair_id}:{talk.number}:{talk.sequence}"
    is_set = f"planned:{version}"
    once = [is_set, *(f"reminder:{version}:{who}" for who in both), *(f"checkin:{version}:{who}" for who in both)]
    once += [f"preparation:{pair_id}:{talk.number}:{who}" for who in both]
    came = {nudge.key: post.at for post in town.slack.said for nudge in post.carried}
    is_news = came.get(is_set, at) > at - DAY * 5  # then they have just heard it
    told_by = came.get(is_set, at - DAY * 5) + DAY / 2  # and so they have where they aren't at work after this
    with town.store.read() as db:
        for key in once:
            if key in came:
                continue
            if key.startswith("reminder") and (is_news or not town.days_together([_reader(db, key)], told_by, at)):
                continue
            if key.startswith("checkin") and _comes_later(town, _reader(db, key), at):
                continue
            ledger = [(each.key, each.dropped) for each in nudges.about(db, make.WORKSPACE, key)]
            is_told = bool(_may_be_told(key) & {why for _, why in ledger})
            assert is_told or _was_missed(town, db, _claimed(db, key)), f"{key} is lost: {ledger}"


def _reader(db: Db, key: str) -> Person:
    return people.get(db, int(key.rpartition(":")[2]))


def _comes_later(town: Town, person: Person, at: datetime) -> bool:
    """Maybe not in this month: they want one message a week, or a feast has kept them from work since the talk."""
    return person.nudges_a_week == 1 or len(town.days_together([person], at, town.now)) < A_FEW_DAYS


def _may_be_told(key: str) -> set[str | None]:
    """What the ledger may say instead."""
    may_be = set[str | None]()
    if key.startswith(("reminder", "preparation")):
        may_be.add("fewer of these were wanted")
    if key.startswith("preparation"):
        may_be.add("its moment had passed")  # the week's budget was used up
    return may_be


def _claimed(db: Db, key: str) -> Nudge | None:
    return db.scalar(select(Nudge).where(Nudge.key == key, Nudge.delivery_id.is_not(None)))


def _was_missed(town: Town, db: Db, nudge: Nudge | None) -> bool:
    """Slack refused it for good; or nobody can know, since no history could be read in time."""
    if nudge is None or nudge.delivery_id is None:
        return False
    delivery = nudges.get_delivery(db, nudge.delivery_id)
    if delivery.state is DeliveryState.REFUSED:
        return delivery.error in ("user_disabled", "users_not_found", *REFUSALS)
    target = delivery.target or ""
    where = {target, target.replace("U0", "D0"), people.get(db, nudge.person_id).slack_id.replace("U0", "D0")}
    return delivery.state is DeliveryState.GIVEN_UP and bool(where & town.slack.unread)


# In the end


def _nothing_is_under_way(town: Town) -> None:
    with town.store.read() as db:
        pending = db.scalars(select(Delivery).where(Delivery.state.in_(nudges.UNSETTLED))).all()
        announced = db.scalars(select(Announcement)).all()
    assert pending == [], pending
    for each in announced:
        times = sum(post.channel == CHANNEL and each.text in post.text for post in town.slack.said)
        assert times == 1, f"{each.text} was posted {times} times"
    following = tick.next_look(town.house)
    assert following is None or following > town.now


def _nothing_is_lost(town: Town) -> None:
    """What the ledger says arrived did; what was due a while ago is in it; what was put off came back."""
    there = {post.mark for post in town.slack.said}
    with town.store.read() as db:
        sent = db.scalars(select(Delivery).where(Delivery.state == DeliveryState.SENT)).all()
        assert {each.mark for each in sent if each.announcement_id is None} <= there
        unsent = db.scalars(
            select(Nudge)
            .join(Delivery, Delivery.id == Nudge.delivery_id)
            .where(Nudge.dropped.is_(None), Delivery.mark.not_in(there))
        ).all()
        lost = [nudge for nudge in unsent if not _was_missed(town, db, nudge)]
        assert lost == [], [(nudge.key, nudges.get_delivery(db, nudge.delivery_id or 0)) for nudge in lost]
        for who in town.people:
            _got_what_was_due(town, db, who)
            _got_what_they_put_off(town, db, who)
        for pair_id in town.pairs:
            _know_that_they_are_parted(town, db, pair_id)


def _got_what_was_due(town: Town, db: Db, who: int) -> None:
    taken = {key for (key,) in db.execute(select(Nudge.key))}
    snapshot = snapshots.of(db, who)
    since = [each.theirs.state_since for each in snapshot.partnerships if each.theirs.state_since is not None]
    for due in features.due(snapshot, town.now):
        is_old = max([due.opens_at, *since]) <= town.now - LONG_AGO  # it rests while a partner does
        is_told = due.key in taken or rules.key_if_dropped(due) in taken
        if is_old and not is_told:
            has_closed = due.closes_at is not None and due.closes_at <= town.now
            is_over_budget = not (due.is_notice or has_closed or due.is_pressing)
            assert is_over_budget, f"{due.key} is lost"


def _got_what_they_put_off(town: Town, db: Db, who: int) -> None:
    mine, person = nudges.of_person(db, who), people.get(db, who)
    on_hold = {each.pair.id for each in snapshots.of(db, who).partnerships if each.is_on_hold}
    for nudge in mine:
        if nudge.put_off_until is None or nudge.put_off_until > town.now - LONG_AGO:
            continue
        if person.gone_at is None and nudge.pair_id not in on_hold and nudge.dropped is None:
            again = [each for each in mine if each.meaning == nudge.meaning and each.id > nudge.id]
            assert again, f"{nudge.key} was put off, and never came back"


def _know_that_they_are_parted(town: Town, db: Db, pair_id: int) -> None:
    """Who knew their partner hears that they left, once."""
    pair = pairs.get(db, pair_id)
    if pair.ended_at is None or pair.introduced_at is None or pair.ended_by is None:
        return
    [partner] = [each for each in town.both(pair_id) if each != pair.ended_by]
    if town.state(partner) in (MemberState.ACTIVE, MemberState.PAUSED) and partner not in town.left:
        key = f"partner_left:{pair_id}:{partner}"
        joined_at = members.of_person(db, partner)[0][0].joined_at
        if joined_at <= pair.ended_at and not _was_missed(town, db, _claimed(db, key)):
            is_told = any(nudge.key == key for nudge in _arrived(town))
            assert is_told, f"{partner} was never told that pair {pair_id} has ended"


def _each_has_their_budget(town: Town) -> None:
    """By when each message was claimed: it may have had to wait since."""
    claims = defaultdict(list)
    for post in town.slack.said:
        mine = [nudge for nudge in post.carried if not nudge.is_notice and not nudge.is_wished]
        for nudge in mine[:1]:
            claims[nudge.person_id].append((nudge.claimed_at, {each.kind for each in mine}))
    with town.store.read() as db:
        budgets = {who: people.get(db, who).nudges_a_week or BUDGET for who in claims}
    for who, theirs in claims.items():
        theirs.sort(key=lambda each: each[0])
        for number, (at, kinds) in enumerate(theirs):
            before = [each for each, _ in theirs[:number] if each > at - WEEK + 2 * CLOCKS_OFF]
            assert len(before) < budgets[who] or kinds <= PRESSING, f"{kinds} at {at}, after {before}"


def _prompt(town: Town) -> Sequence[Post]:
    """By the clocks of the processes, what went out in the moment for which it was let through."""
    return sorted((each for each in town.slack.said if each.is_prompt), key=lambda each: each.clock)


def _each_conversation_has_its_pace(town: Town) -> None:
    """A message a second."""
    by_channel = defaultdict(list)
    for post in _prompt(town):
        by_channel[post.channel].append(post)
    for channel, posts in by_channel.items():
        for first, second in pairwise(posts):
            assert second.clock - first.clock >= SECOND, f"{first.text[:40]} and {second.text[:40]} to {channel}"


def _the_workspace_has_its_pace(town: Town) -> None:
    """So many messages a second, of which some seconds' may be saved up."""
    prompt = _prompt(town)
    every, burst = SECOND / town.per_second, max(1, int(town.per_second * 5))
    for number, post in enumerate(prompt):
        since = post.clock - every * burst + SECOND / 100
        # Answers to people's own acts wait for nobody: one may have been let through after this, by a slower clock.
        before = [each for each in prompt[:number] if since < each.clock]
        counted = [each for each in before if not each.is_awaited or each.clock < post.clock - 2 * CLOCKS_OFF]
        is_full = len(counted) > 2 * burst - 1
        assert post.is_awaited or not is_full, f"{post.text[:40]} at {post.clock}"
