"""Of what is due to one person, what goes out when: in the working hours of a life that is lived to its end."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import chain

import make
from hypothesis import given, settings
from hypothesis import strategies as st
from make import at, due

from bot import working_time
from bot.due import Due
from bot.nudges import rules
from bot.nudges.rules import BUDGET, WEEK, Choice
from bot.working_time import WorkingTime
from store.models import Person

MINE = working_time.of(make.person())
NOON = at("2027-03-03 12:00")  # a Wednesday
NIGHT = at("2027-03-03 23:00")
A_DAY = timedelta(days=1)
BEGINNING = datetime(2027, 3, 1, tzinfo=UTC)


def choose(
    *dues: Due,
    now: datetime = NOON,
    taken: Sequence[str] = (),
    nudged: Sequence[datetime] = (),
    asked: Sequence[datetime] = (),
    mine: WorkingTime = MINE,
) -> Choice:
    return rules.choose(dues, taken, nudged, asked, mine, now)


def keys(choice: Choice) -> list[list[str]]:
    """What goes out: for each message, its keys."""
    return [[each.key for each in message] for message in choice.messages]


def is_expected(each: Due, now: datetime) -> bool:
    """The answer to an act of a moment ago."""
    return each.at_once and now - each.opens_at < rules.FRESH


def is_welcome(person: Person, each: Due, now: datetime) -> bool:
    """They are at work, or have just done it; or it is for several whose hours may never meet, and not at night."""
    is_no_night = bool(each.with_others) and make.is_awake(person, now)
    return make.on_the_wall(person, now) or is_no_night or is_expected(each, now)


# A life: from one look to the next until nothing is left, as the tick lives it.


@dataclass
class Life:
    sent: list[tuple[datetime, Sequence[Due]]] = field(default_factory=list)
    dropped: list[tuple[datetime, Due]] = field(default_factory=list)
    looks: list[datetime] = field(default_factory=list)

    @property
    def said(self) -> list[tuple[datetime, Due]]:
        return [(now, each) for now, message in self.sent for each in message]

    @property
    def nudged(self) -> list[datetime]:
        return [now for now, message in self.sent if not message[0].is_notice]

    @property
    def asked(self) -> list[datetime]:
        return [now for now, each in self.said if each.asks and not each.is_notice]


def lived(
    dues: Sequence[Due],
    mine: WorkingTime,
    now: datetime = BEGINNING,
    budget: int = BUDGET,
    moves: tuple[datetime, WorkingTime] | None = None,
) -> Life:
    """`moves`: from a moment on they live elsewhere, or chose other hours; they are looked at then."""
    life, taken, look_at = Life(), set[str](), now
    for _ in range(500):
        if moves is not None and look_at >= moves[0]:
            look_at, mine, moves = max(moves[0], life.looks[-1] if life.looks else now), moves[1], None
        nudged = [at for at in life.nudged if at > look_at - WEEK]
        choice = rules.choose(dues, taken, nudged, life.asked, mine, look_at, budget)
        life.looks.append(look_at)
        life.sent += [(look_at, message) for message in choice.messages]
        life.dropped += [(look_at, each) for each in choice.dropped]
        taken |= {each.key for each in chain(*choice.messages)} | {
            rules.key_if_dropped(each) for each in choice.dropped
        }
        if choice.look_at is None:
            return life
        look_at = choice.look_at
    raise AssertionError("it never ends")


@st.composite
def anything_due(draw: st.DrawFn, *, notices: bool = True, alone: bool = False) -> list[Due]:
    """Up to ten things, due at any moment of six weeks, for hours, for weeks or for ever."""
    opens = draw(st.lists(st.integers(0, 42 * 24), min_size=1, max_size=10))
    others = st.sampled_from(["Asia/Kolkata", "America/New_York"]).map(
        lambda zone: WorkingTime(working_time.zone(zone))
    )
    return [
        due(
            f"kind:{number}",
            opens_at=BEGINNING + timedelta(hours=hours),
            closes_at=draw(
                st.none() | st.integers(1, 21 * 24).map(lambda h, at=hours: BEGINNING + timedelta(hours=at + h))
            ),
            worth=draw(st.integers(0, 3)),
            is_notice=notices and draw(st.booleans()),
            at_once=notices and draw(st.booleans()),
            asks=draw(st.booleans()),
            is_pressing=draw(st.booleans()),
            with_others=() if alone else draw(st.just(()) | others.map(lambda other: (other,))),
        )
        for number, hours in enumerate(opens)
    ]


ZONES = sorted(working_time.known_zones() - {"Factory", "localtime"})
persons = make.working_people(ZONES, [None, "PT", "US", "NZ", "EG", "IR"])
people = persons.map(working_time.of)


some = settings(max_examples=50)  # lives are long


# For people


def test_what_is_due_goes_out_as_one_message() -> None:
    choice = choose(due("reminder:1"), due("checkin:2"))

    assert keys(choice) == [["checkin:2", "reminder:1"]]


def test_what_is_worth_more_stands_first() -> None:
    choice = choose(due("plan:1", worth=10), due("reminder:1", worth=50), due("checkin:1", worth=40))

    assert keys(choice) == [["reminder:1", "checkin:1", "plan:1"]]


def test_at_night_it_waits_for_the_morning_and_says_why() -> None:
    choice = choose(due("reminder:1"), now=NIGHT)

    assert keys(choice) == []
    assert choice.held == {"reminder:1": "outside working hours"}
    assert choice.look_at == at("2027-03-04 09:00")


def test_the_answer_to_ones_own_act_comes_at_once_even_at_night() -> None:
    joined = due("joined:1", opens_at=NIGHT, is_notice=True, at_once=True)

    assert keys(choose(joined, now=NIGHT)) == [["joined:1"]]


def test_after_a_failure_of_ours_that_answer_does_not_wake_them_the_next_night() -> None:
    joined = due("joined:1", opens_at=NIGHT, is_notice=True, at_once=True)

    choice = choose(joined, now=NIGHT + timedelta(hours=2))

    assert (keys(choice), choice.look_at) == ([], at("2027-03-04 09:00"))


def test_what_two_will_see_waits_until_both_are_at_work() -> None:
    new_york = working_time.of(make.person(zone="America/New_York"))
    introduction = due("introduction:1", is_notice=True, with_others=(new_york,))

    early, later = choose(introduction, now=at("2027-03-03 10:00")), choose(introduction, now=at("2027-03-03 14:00"))

    assert (keys(early), early.look_at) == ([], at("2027-03-03 09:00", "America/New_York"))
    assert keys(later) == [["introduction:1"]]


def test_a_fourth_message_in_a_week_waits_until_the_first_is_a_week_old() -> None:
    three = [NOON - A_DAY * days for days in (6, 3, 1)]

    choice = choose(due("reminder:1"), nudged=three)

    assert keys(choice) == []
    assert choice.held == {"reminder:1": "the week's budget is used up"}
    assert choice.look_at == NOON - A_DAY * 6 + WEEK


def test_who_chose_one_message_a_week_gets_the_second_when_the_first_is_a_week_old() -> None:
    yesterday = [NOON - A_DAY]

    choice = rules.choose([due("plan:1")], (), yesterday, (), MINE, NOON, budget=1)

    assert (keys(choice), choice.look_at) == ([], NOON + A_DAY * 6)


def test_what_is_pressing_goes_out_besides_the_budget_and_takes_nothing_along() -> None:
    three = [NOON - A_DAY * days for days in (6, 3, 1)]

    choice = choose(due("reminder:1", is_pressing=True), due("plan:1"), nudged=three)

    assert keys(choice) == [["reminder:1"]]
    assert choice.held == {"plan:1": "the week's budget is used up"}


def test_a_notice_arrives_whatever_the_budget() -> None:
    choice = choose(due("partner_left:1", is_notice=True), nudged=[NOON - A_DAY] * 9)

    assert keys(choice) == [["partner_left:1"]]


def test_a_second_question_waits_for_the_next_working_day() -> None:
    choice = choose(due("reflection:1", asks=True, worth=2), due("halfway:1", asks=True))

    assert keys(choice) == [["reflection:1"]]
    assert choice.held == {"halfway:1": "one question at a time"}
    assert choice.look_at == at("2027-03-04 09:00")
    assert choose(due("halfway:1", asks=True), asked=[NOON - timedelta(hours=2)]).held == choice.held
    assert keys(choose(due("halfway:1", asks=True), asked=[NOON - A_DAY])) == [["halfway:1"]]


def test_in_a_night_shift_a_second_question_waits_for_the_next_night() -> None:
    mine = working_time.of(make.person(works_from=time(22), works_until=time(6)))

    choice = choose(due("halfway:1", asks=True), asked=[at("2027-03-03 23:00")], now=at("2027-03-04 01:00"), mine=mine)

    assert (keys(choice), choice.look_at) == ([], at("2027-03-04 22:00"))


def test_what_was_claimed_before_is_not_said_again() -> None:
    assert keys(choose(due("reminder:1"), taken={"reminder:1"})) == []


def test_what_is_not_due_yet_says_when_to_look_again() -> None:
    choice = choose(due("reminder:1", opens_at=NOON + A_DAY), due("checkin:1", opens_at=NOON + A_DAY * 2))

    assert (keys(choice), choice.look_at) == ([], NOON + A_DAY)


def test_a_nudge_whose_moment_has_passed_is_dropped() -> None:
    late = due("reminder:1", opens_at=NOON - A_DAY, closes_at=NOON)

    assert [each.key for each in choose(late).dropped] == ["reminder:1"]


def test_what_was_dropped_is_not_dropped_again_but_may_get_another_window() -> None:
    late = due("preparation:1", opens_at=NOON - A_DAY * 2, closes_at=NOON - A_DAY)
    moved = due("preparation:1", opens_at=NOON - A_DAY, closes_at=NOON + A_DAY)
    ledger = [rules.key_if_dropped(late)]

    assert choose(late, taken=ledger).dropped == []
    assert keys(choose(moved, taken=ledger)) == [["preparation:1"]]


def test_nothing_due_is_nothing_to_look_for() -> None:
    choice = choose()

    assert (keys(choice), choice.look_at, choice.held) == ([], None, {})


def test_after_a_week_of_downtime_one_message_comes_and_not_ten() -> None:
    week = [due(f"nudge:{number}", opens_at=NOON - A_DAY * (number % 7), asks=number > 7) for number in range(10)]

    choice = choose(*week)

    assert len(choice.messages) == 1
    assert len(choice.messages[0]) == 9


# What always holds


@some
@given(dues=anything_due(), person=persons, since=make.moments("2026-01-01", "2034-01-01"))
def test_nobody_is_disturbed_outside_the_hours_and_days_that_their_own_clock_and_calendar_show(
    dues: list[Due], person: Person, since: datetime
) -> None:
    """Wherever they live, whatever they chose, whenever clocks are changed; all but the answer to their own act."""
    later = since - BEGINNING
    moved = [
        each._replace(opens_at=each.opens_at + later, closes_at=each.closes_at and each.closes_at + later)
        for each in dues
    ]

    life = lived(moved, working_time.of(person), since)

    assert [each.key for now, each in life.said if not is_welcome(person, each, now)] == []


@some
@given(dues=anything_due(), before=persons, after=persons, hours=st.integers(0, 42 * 24))
def test_who_moves_to_another_zone_or_to_other_hours_is_not_disturbed_by_the_old_ones(
    dues: list[Due], before: Person, after: Person, hours: int
) -> None:
    moved_at = BEGINNING + timedelta(hours=hours)

    life = lived(dues, working_time.of(before), moves=(moved_at, working_time.of(after)))

    told = [(now, each, after if now >= moved_at else before) for now, each in life.said]
    assert [each.key for now, each, as_ in told if not is_welcome(as_, each, now)] == []
    assert sorted(each.key for _, each in [*life.said, *life.dropped]) == sorted(each.key for each in dues)


@some
@given(dues=anything_due(), mine=people, budget=st.integers(1, 5))
def test_what_can_wait_waits_while_as_many_messages_with_nudges_as_they_chose_went_out_in_seven_days(
    dues: list[Due], mine: WorkingTime, budget: int
) -> None:
    life = lived(dues, mine, budget=budget)

    patient = [
        now for now, message in life.sent if not message[0].is_notice and not any(d.is_pressing for d in message)
    ]
    recent = {now: sum(now - WEEK < earlier < now for earlier in life.nudged) for now in patient}
    assert [now for now, count in recent.items() if count >= budget] == []


@some
@given(dues=anything_due(), mine=people)
def test_everything_is_said_once_or_dropped_once_and_nothing_is_forgotten(dues: list[Due], mine: WorkingTime) -> None:
    life = lived(dues, mine)

    told = [each.key for _, each in [*life.said, *life.dropped]]
    assert sorted(told) == sorted(each.key for each in dues)


@some
@given(dues=anything_due(), mine=people)
def test_everything_is_said_within_its_window_and_dropped_only_after_it(dues: list[Due], mine: WorkingTime) -> None:
    life = lived(dues, mine)

    assert [each.key for now, each in life.said if now < each.opens_at] == []
    assert [each.key for now, each in life.said if each.closes_at is not None and now >= each.closes_at] == []
    assert [each.key for now, each in life.dropped if each.closes_at is None or now < each.closes_at] == []


@some
@given(dues=anything_due(), mine=people)
def test_no_message_asks_two_questions_and_a_notice_stands_alone(dues: list[Due], mine: WorkingTime) -> None:
    messages = [message for _, message in lived(dues, mine).sent]

    assert [
        message for message in messages if sum(each.asks for each in message) > 1 and not message[0].is_notice
    ] == []
    days = [mine.day_of(at) for at in lived(dues, mine).asked]
    assert len(set(days)) == len(days), "nor does a second one the same day"
    assert [message for message in messages if any(each.is_notice for each in message) and len(message) > 1] == []


@some
@given(dues=anything_due(), mine=people)
def test_each_look_sets_a_later_one_so_that_no_tick_goes_round_in_circles(dues: list[Due], mine: WorkingTime) -> None:
    looks = lived(dues, mine).looks

    assert looks == sorted(set(looks))


@given(
    dues=anything_due(),
    mine=people,
    hours=st.integers(0, 60 * 24),
    nudged=st.lists(st.integers(0, 7 * 24), max_size=4),
    seed=st.randoms(),
)
def test_the_order_in_which_they_come_changes_nothing(
    dues: list[Due], mine: WorkingTime, hours: int, nudged: list[int], seed: random.Random
) -> None:
    now = BEGINNING + timedelta(hours=hours)
    times = [now - timedelta(hours=ago) for ago in nudged]
    shuffled = seed.sample(dues, len(dues))

    assert rules.choose(dues, (), times, times, mine, now) == rules.choose(
        shuffled, (), times[::-1], times[::-1], mine, now
    )


@given(dues=anything_due(notices=False), mine=people, days=st.integers(7, 60))
def test_however_long_the_bot_was_down_one_message_with_nudges_comes_first(
    dues: list[Due], mine: WorkingTime, days: int
) -> None:
    choice = rules.choose(dues, (), (), (), mine, BEGINNING + A_DAY * days)

    assert len(choice.messages) <= 1


@given(dues=anything_due(), mine=people, hours=st.integers(0, 60 * 24))
def test_every_thing_that_is_due_is_said_held_or_dropped_and_held_ones_say_why(
    dues: list[Due], mine: WorkingTime, hours: int
) -> None:
    now = BEGINNING + timedelta(hours=hours)

    choice = rules.choose(dues, (), (), (), mine, now)

    met = {*chain(*keys(choice)), *choice.held, *(each.key for each in choice.dropped)}
    assert met == {each.key for each in dues if each.opens_at <= now}
    assert all(choice.held.values())


# Before a second attempt


@given(dues=anything_due(), hours=st.integers(0, 60 * 24), kept=st.sets(st.integers(0, 9)))
def test_of_what_was_claimed_only_what_is_open_now_is_still_worth_saying(
    dues: list[Due], hours: int, kept: set[int]
) -> None:
    now, claimed = BEGINNING + timedelta(hours=hours), {f"kind:{number}" for number in kept}

    still = rules.still_due(dues, claimed, now)

    assert {each.key for each in still} <= claimed
    assert {each.key for each in still} == {
        each.key
        for each in dues
        if each.key in claimed and each.opens_at <= now and (each.closes_at is None or each.closes_at > now)
    }


@given(dues=anything_due(alone=True), mine=people, hours=st.integers(0, 60 * 24))
def test_a_second_attempt_waits_for_working_hours_too(dues: list[Due], mine: WorkingTime, hours: int) -> None:
    now = BEGINNING + timedelta(hours=hours)

    ready = rules.ready_at(dues, mine, now)

    assert ready == (now if all(is_expected(each, now) for each in dues) else mine.next_open(now))


def test_two_whose_hours_meet_only_after_the_date_hear_of_it_before_whenever_they_are_looked_at() -> None:
    """Sydney's clock goes back on 2 April, too late; that it comes into sight meanwhile is no reason to wait for it."""
    set_at, starts_at = at("2028-03-03 07:00"), at("2028-03-25 11:00")
    sydney = WorkingTime(working_time.zone("Australia/Sydney"))
    riyadh = WorkingTime(working_time.zone("Asia/Riyadh"), weekend=frozenset({4, 5}))
    date_set = make.due("planned:5:1:0", opens_at=set_at, closes_at=starts_at, is_notice=True)
    date_set = date_set._replace(with_others=(sydney,))

    now = set_at
    while not (chosen := rules.choose([date_set], set(), [], [], riyadh, now)).messages:
        assert chosen.look_at is not None, "it is lost"
        assert chosen.look_at < starts_at
        now = chosen.look_at

    assert riyadh.is_open(now)


def test_two_who_are_at_work_together_only_while_one_clock_has_changed_hear_of_a_date_before_it() -> None:
    """Lisbon's clock goes back on 31 October, that of Los Angeles a week later: in that week they share an hour.

    Before it, Los Angeles gets up while Lisbon is still at work.
    """
    now = at("2027-10-07 10:00")
    los_angeles = WorkingTime(working_time.zone("America/Los_Angeles"))
    date_set = make.due("planned:5:1:0", opens_at=now, closes_at=at("2027-10-24 17:30"), is_notice=True)
    date_set = date_set._replace(with_others=(los_angeles,))

    lisbon = WorkingTime(working_time.zone(make.LISBON))
    chosen = rules.choose([date_set], set(), [], [], lisbon, now)

    assert (chosen.messages, chosen.look_at) == ([], at("2027-10-07 08:00", "America/Los_Angeles"))
    assert choose(date_set, now=at("2027-10-07 16:00"), mine=lisbon).messages == [[date_set]]
