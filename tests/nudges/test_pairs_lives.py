"""Lives of one or two pairs from their introduction on: whatever they do, what the bot sends keeps its promises.

All of it is the bot's own, from what somebody presses to the message that is built and sent, with a Slack in this
process that takes everything at once.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

import make
import pytest
from couples import Couples, Slack
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot import rhythm, themes, working_time
from bot.agreement import listeners as agreement
from bot.ending import listeners as ending
from bot.ending import saying, saying_blocks
from bot.membership import listeners as membership
from bot.nudges import attention, features, later_rules, tick
from bot.nudges.later_rules import Later
from bot.nudges.rules import BUDGET, FRESH, WEEK
from bot.prompts import NUDGES
from bot.sessions import cancelling, noting
from bot.sessions import listeners as talks
from store import agreements, members, notes, nudges, pairs, people, sayings, snapshots
from store.database import Store
from store.models import Cadence, Delivery, MemberState, Nudge, Onward, Person, SayingKind, SessionState, Side

PLACES = (
    ("Europe/Lisbon", "PT"),
    ("America/New_York", "US"),
    ("Asia/Kathmandu", None),
    ("Pacific/Auckland", "NZ"),
    ("Pacific/Pago_Pago", None),
)
CHOSEN: dict[str, dict[str, Any]] = {
    "Asia/Kathmandu": {"work_days": [6, 0, 1, 2], "nudges_a_week": 1},
    "Pacific/Pago_Pago": {"works_from": time(21), "works_until": time(5)},
}
"""Hours, days and a budget of their own, for those who begin there."""
ANSWERS = {"joined", "left", "booked", "cancelled", "reflection_kept", "which_question"}
"""What may come at night: to somebody who has just done something."""
AFTER_LEAVING = {"left"}
PRESSING = {"reminder"}
NEAR = timedelta(days=30)


@dataclass(frozen=True)
class Said:
    """A message that went out."""

    at: datetime
    to: tuple[int, ...]
    kinds: tuple[str, ...]
    nudges: tuple[Nudge, ...]
    text: str

    @property
    def is_nudge(self) -> bool:
        return not any(nudge.is_notice for nudge in self.nudges)


class Heard(Slack):
    """Says so to those whose life it is."""

    def __init__(self, life: "PairsLife") -> None:
        super().__init__(lambda: life.now)
        self._life = life

    def posted(self, channel: str, _ts: str, sent: dict[str, Any]) -> None:
        self._life.posted(channel, sent["text"], sent["metadata"]["event_payload"]["id"])


def _week(since: datetime) -> list[datetime]:
    """Quarter of an hour by quarter of an hour."""
    return [since + timedelta(minutes=15) * number for number in range(4 * 24 * 7)]


@dataclass
class PairsLife(Couples):
    """Ana mentors Oliver, and in some lives Kofi too."""

    said: list[Said] = field(default_factory=list)
    months: dict[int, int] = field(default_factory=dict)
    """In which month of the pair each talk was to be, by the mentee's calendar of then, when they prepared for it."""
    prepared: set[int | None] = field(default_factory=set)
    early: dict[str, datetime] = field(default_factory=dict)
    """When something was said about a date, by the key of the word that it is set."""
    back_at: datetime = make.MONDAY
    """When the bot came back last: what it says late comes in any order."""
    written: dict[str, set[int]] = field(default_factory=dict)
    """What they wrote for themselves or for the two of them, and who may read it."""
    to_do: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The open actions: of which pair, and whose."""
    trouble: Exception | None = None

    def new_slack(self) -> Slack:
        return Heard(self)

    def begin(self, places: list[tuple[str, str | None]], months: int | None, cadence: Cadence) -> None:
        """They have just been paired, and live on until they are introduced."""
        ids = ("U0ANA", "U0OLIVER", "U0KOFI")
        everyone = {
            slack_id: {"zone": zone, "country": country, **CHOSEN.get(zone, {})}
            for slack_id, (zone, country) in zip(ids, places, strict=False)
        }
        mentor, *mentees = everyone
        self.pair_up(everyone, [(mentor, mentee) for mentee in mentees], months, cadence)
        self.pass_time(24 * 7, is_down=False)
        with self.store.read() as db:
            assert all(pairs.get(db, pair_id).introduced_at for pair_id in self.pairs)

    def pass_until(self, until: datetime, *, is_down: bool = False) -> None:
        self.back_at = until if is_down else self.back_at
        super().pass_until(until, is_down=is_down)

    def _next(self) -> datetime | None:
        return tick.next_look(self.house)

    def look(self) -> None:
        tick.tick(self.house)
        if self.trouble is not None:
            raise self.trouble
        with self.store.read() as db:
            for each in self.people:
                assert not nudges.unsettled(db, person_id=each), "a message that isn't sent"
                seen = snapshots.of(db, each)
                knows_all = replace(seen, nudges=tuple(nudges.of_person(db, each)))
                dues = features.due(seen, self.now)
                assert dues == features.due(knows_all, self.now), "a rule looks back on what isn't read"

    def posted(self, channel: str, text: str, mark: str) -> None:
        """What is wrong is kept for later: the tick goes on whatever happens to one message."""
        try:
            self._judge(channel, text, mark)
        except Exception as error:
            self.trouble = self.trouble or error

    def _judge(self, channel: str, text: str, mark: str) -> None:
        """Looked at as it arrives: zones and places change."""
        with self.store.read() as db:
            delivery = db.scalars(select(Delivery).where(Delivery.mark == mark)).one()
            if delivery.announcement_id is not None:
                assert not any(words in text for words in self.written), "what isn't for all"
                return
            carried = nudges.of_delivery(db, delivery.id)
            of_pairs = [pairs.get(db, nudge.pair_id) for nudge in carried if nudge.pair_id]
            to = [delivery.person_id or 0]
            if channel.startswith("G"):  # whose nudge it is comes first
                to += [each.id for each in pairs.people(db, of_pairs[0]) if each.id not in to]
            them = {each: people.get(db, each) for each in to}
            states = {each: members.of_person(db, each)[0][0].state for each in self.people}
            both = {each.id for pair in of_pairs for each in pairs.people(db, pair)}
        said = Said(self.now, tuple(to), tuple(nudge.kind for nudge in carried), tuple(carried), text)
        self.said.append(said)
        self.prepared |= {nudge.session_id for nudge in carried if nudge.kind == "preparation"}
        kinds = set(said.kinds)
        assert kinds, "an empty message"
        assert [nudge.kind for nudge in carried if nudge.is_notice is (nudge.kind in NUDGES)] == []
        for words, readers in self.written.items():
            assert words not in text or readers.issuperset(to), f"{words} to {to}"
        for nudge in carried:
            mine = [words for words, whose in self.to_do.items() if whose == (nudge.pair_id, nudge.person_id)]
            assert nudge.kind != "preparation" or all(words in text for words in mine), f"without {mine}"
            self._comes_after_the_news(nudge)
        for each in to:
            is_out = states[each] is MemberState.LEFT
            assert not is_out or kinds <= AFTER_LEAVING, f"{kinds} after leaving"
        if any(pair.ended_at for pair in of_pairs):
            assert kinds <= {"partner_left"}, f"{kinds} after the pair has ended"
        if said.is_nudge:
            assert all(states[each] is MemberState.ACTIVE for each in both), f"{kinds} on a pause"
        self._is_welcome(said, them)

    def _comes_after_the_news(self, nudge: Nudge) -> None:
        """What is said about a date, after the word to both that it is set."""
        if nudge.kind == "planned" and nudge.due_at > self.back_at:
            assert self.early.get(nudge.key, self.now) == self.now, f"{nudge.key} is no news"
        elif nudge.kind in ("preparation", "reminder"):
            [session] = [each for each in self.talks(nudge.pair_id or 0) if each.id == nudge.session_id]
            if nudge.kind == "reminder" and session.booked_by == nudge.person_id:
                return  # they know
            self.early.setdefault(f"planned:{nudge.pair_id}:{session.number}:{session.sequence}", self.now)

    def _is_welcome(self, said: Said, them: dict[int, Person]) -> None:
        """Within the working hours of all who see it, or the answer to what they have just done."""
        asleep = [each for each in said.to if not working_time.of(them[each]).is_open(self.now)]
        has_acted = self.now - self.acted.get(said.to[0], make.MONDAY - WEEK) < FRESH
        if not asleep or (set(said.kinds) <= ANSWERS and has_acted):
            return
        theirs = [working_time.of(each) for each in them.values()]
        due_at = min(nudge.due_at for nudge in said.nudges)
        meet = all(any(all(each.is_open(at) for each in theirs) for at in _week(since)) for since in (due_at, self.now))
        never_meet = len(theirs) > 1 and not meet
        wakes = f"{said.kinds} wakes {asleep} at {self.now}"
        assert never_meet, wakes
        assert said.to[0] not in asleep or all(make.is_awake(each, self.now) for each in them.values()), wakes

    # What they do

    def _words(self, *readers: int) -> str:
        """New words, for these alone."""
        words = f"words number {next(self.numbers)}."
        self.written[words] = set(readers)
        return words

    def book(self, pair_id: int, who: int, hours: int) -> None:
        super().book(pair_id, who, hours)
        for session in self.talks(pair_id):
            if session.booked_at == self.now and session.id not in self.prepared:
                self.months[session.id] = self._month(pair_id, session.starts_at)

    def _month(self, pair_id: int, at: datetime) -> int:
        with self.store.read() as db:
            pair = pairs.get(db, pair_id)
            calendar = working_time.of(pairs.people(db, pair)[1])
        assert pair.introduced_at is not None
        return rhythm.number_on(calendar.local_date(pair.introduced_at), calendar.local_date(at), Cadence.MONTHLY)

    def meet(self, pair_id: int, who: int, hours: int) -> None:
        """They set a date, talk, and one of them says so, at once or only the week after, and something more."""
        self.book(pair_id, who, hours)
        mine = self.talks(pair_id)
        if mine and self.now < mine[-1].starts_at <= self.now + NEAR:
            self.pass_until(mine[-1].starts_at + timedelta(hours=1 + hours % 150))
            self.press_of_last(pair_id, talks.met, who)
        match hours % 4:
            case 0:
                self.note(pair_id, who, has_met=hours % 3 == 0)
            case 1:
                self.agree(pair_id, who, hours)
            case 2:
                self.pass_on(pair_id, who, hours // 4)
            case 3:
                self.tick_off(pair_id, who)

    def note(self, pair_id: int, who: int, *, has_met: bool) -> None:
        """For oneself, for both, and what to do before the next talk."""
        past = [each for each in self.talks(pair_id) if each.starts_at <= self.now]
        if not past or past[-1].state is SessionState.CANCELLED:
            return
        both = self.both(pair_id)
        mine, shared, action = self._words(who), self._words(*both), self._words(*both)
        filled = {"private": {"value": mine}, "shared": {"value": shared}, "actions": {"value": action}}
        if noting.note_filed(self.form(who, f"{past[-1].id}:{'met' if has_met else ''}", filled)) is None:
            self.to_do[action] = pair_id, who

    def tick_off(self, pair_id: int, who: int) -> None:
        with self.store.read() as db:
            mine = notes.actions(db, [pair_id], owner_id=who, is_open=True)
        for action in mine[:1]:
            noting.done(self.ask(who, action.ref))
            del self.to_do[action.text]

    def agree(self, pair_id: int, who: int, amount: int) -> None:
        """A proposal, or a yes to that of the other."""
        with self.store.read() as db:
            latest = agreements.latest(agreements.of_pairs(db, [pair_id])[pair_id])
        if latest is not None and amount % 2:
            agreement.say_yes(self.ask(who, str(latest.id)))
        else:
            purpose = {"purpose": {"value": f"Purpose {amount % 3}"}}
            agreement.filed(self.form(who, f"{pair_id}:{latest.version if latest else 0}", purpose))

    def pass_on(self, pair_id: int, who: int, amount: int) -> None:
        """Thanks, a lesson or what they did differently; or an answer to the other's words for all."""
        with self.store.read() as db:
            theirs = [each for each in sayings.of_pairs(db, [pair_id])[pair_id] if each.author_id != who]
            words = {each.id: sayings.text(db, each) for each in theirs if each.for_all and each.answer is None}
        for saying_id, text in words.items():
            if amount % 2:
                self.written.pop(text)
                saying.post(self.ask(who, str(saying_id)))
            else:
                saying.keep(self.ask(who, str(saying_id)))
            return
        kind = list(SayingKind)[amount % len(SayingKind)]
        other = {SayingKind.THANKS: saying_blocks.ALL, SayingKind.DIFFERENCE: saying_blocks.ME}.get(kind)
        reader = saying_blocks.PARTNER if amount % 2 and other else other
        text = self._words(*([who] if reader == saying_blocks.ME else self.both(pair_id)))
        filled: dict[str, dict[str, Any]] = {"text": {"value": text}}
        filled |= {"for": {"selected_option": {"value": reader}}} if reader else {}
        saying.filed(self.form(who, f"{kind}:{pair_id}:", filled))

    def attend_to(self, who: int, amount: int) -> None:
        """Something about the last message with nudges that they have: it is put off, or they want fewer of these."""
        mine = [said for said in self.said if said.is_nudge and who in said.to]
        for nudge in mine[-1].nudges[:1] if mine else ():
            word = [*Later, "fewer"][amount % (len(Later) + 1)]
            attention.chosen(self.ask(who, f"{word}:{nudge.delivery_id}"))

    def act(self, what: str, number: int, is_mentor: bool, amount: int) -> None:
        pair_id = self.pairs[number % len(self.pairs)]
        who = self.both(pair_id)[0 if is_mentor else 1]
        if self.people[who] in self.slack.closed:
            what = "nothing"
        match what:
            case "meet":
                self.meet(pair_id, who, amount)
            case "book":
                self.book(pair_id, who, amount)
            case "met":
                self.press_of_last(pair_id, talks.met, who)
            case "missed":
                self.press_of_last(pair_id, talks.not_this_month, who)
            case "cancel":
                self.press_of_last(pair_id, cancelling.cancel, who)
            case "write":
                self.write(who)
            case "note":
                self.note(pair_id, who, has_met=amount % 2 == 0)
            case "tick off":
                self.tick_off(pair_id, who)
            case "agree":
                self.agree(pair_id, who, amount)
            case "pass on":
                self.pass_on(pair_id, who, amount)
            case "attend":
                self.attend_to(who, amount)
            case "pause":
                day = self.now.date() + timedelta(days=2 + amount // 24)
                membership.pause(self.ask(who, "" if amount % 5 == 0 else day.isoformat()))
            case "resume":
                membership.resume(self.ask(who))
            case "choose":
                with self.store.read() as db:
                    end = pairs.get(db, pair_id).ending
                onward = list(Onward)[amount % len(Onward)]
                ending.choose(self.ask(who, f"{pair_id}:{end}:{onward.value}"))
            case "move house":
                self.move_house(who, PLACES[amount % len(PLACES)])
            case "leave":
                membership.left(self.ask(who, str(self.programme.id)))
            case "gone":
                self.be_gone(who)
            case "close":
                self.slack.closed.add(self.people[who])
        self.look()

    # What can be asked of it

    def keeps_its_promises(self) -> None:
        with self.store.read() as db:
            refused = people.by_slack_id(db, make.WORKSPACE, self.slack.refused).values()
            everyone = [snapshots.of(db, person_id) for person_id in self.people]
        assert all(each.gone_at for each in refused), "somebody who is gone is written to again"
        dues = [due for seen in everyone for due in features.due(seen, self.now)]
        assert [due.kind for due in dues if due.asks is not (due.kind in features.ASKING)] == []
        for person_id in self.people:
            self._asks_nothing_twice(person_id)
            self._asks_once_a_day(person_id)
            self._keeps_the_budget(person_id)
            self._brings_back_in_time(person_id)
        for pair_id in self.pairs:
            self._has_its_themes_in_order(pair_id)
            self._is_in_step(pair_id)

    def _asks_nothing_twice(self, person_id: int) -> None:
        told = [nudge for said in self.said if person_id in said.to for nudge in said.nudges]
        unasked = [nudge for nudge in told if not nudge.is_wished]
        bank = Counter(nudge.question for nudge in unasked if nudge.question in make.words().twins)
        assert [question for question, times in bank.items() if times > 1] == []
        of_pairs = Counter((nudge.question, nudge.pair_id) for nudge in unasked if nudge.question)
        assert [question for question, times in of_pairs.items() if times > 1] == []
        looks = Counter(nudge.key for nudge in told)
        assert [key for key, times in looks.items() if times > 1] == []

    def _asks_once_a_day(self, person_id: int) -> None:
        """They are all said in working hours, so that two on two days have a night between them."""
        mine = [said for said in self.said if person_id in said.to]
        asking = [said for said in mine if any(not n.is_wished and n.kind in features.ASKING for n in said.nudges)]
        for earlier, later in pairwise(asking):
            assert later.at - earlier.at > timedelta(hours=12), f"{earlier.kinds} at {earlier.at}, {later.kinds}"

    def _keeps_the_budget(self, person_id: int) -> None:
        with self.store.read() as db:
            budget = people.get(db, person_id).nudges_a_week or BUDGET
        nudges_ = [said for said in self.said if said.is_nudge and person_id in said.to]
        mine = [said for said in nudges_ if not all(nudge.is_wished for nudge in said.nudges)]
        for number, said in enumerate(mine):
            before = [each for each in mine[:number] if each.at > said.at - WEEK]
            unasked = {nudge.kind for nudge in said.nudges if not nudge.is_wished}
            assert len(before) < budget or unasked <= PRESSING, f"{said.kinds} at {said.at}"

    def _brings_back_in_time(self, person_id: int) -> None:
        """What was put off, not before then; and nothing else comes as if it had been."""
        with self.store.read() as db:
            put_off = [each for each in nudges.of_person(db, person_id) if each.put_off_until]
        until = {later_rules.next_key(each): each.put_off_until for each in put_off}
        back = [(said.at, nudge) for said in self.said for nudge in said.nudges if nudge.is_wished]
        mine = [(at, until[nudge.key]) for at, nudge in back if nudge.person_id == person_id]
        assert [at for at, then in mine if then is None or at < then] == []

    def _has_its_themes_in_order(self, pair_id: int) -> None:
        so_far = 1
        for session in self.talks(pair_id):
            so_far = max(so_far, self.months[session.id])
            theme = themes.theme_of(so_far, self.programme.months)
            assert session.theme == theme, f"talk {session.number}"

    def _is_in_step(self, pair_id: int) -> None:
        """What the two were asked about a talk is one question, each in the words of their side."""
        mentor, _ = self.both(pair_id)
        asked = [
            (nudge, said)
            for said in self.said
            for nudge in said.nudges
            if nudge.pair_id == pair_id and nudge.kind in ("preparation", "reflection")
        ]
        for session in self.talks(pair_id):
            for kind in ("preparation", "reflection"):
                mine = [(nudge, said) for nudge, said in asked if (nudge.session_id, nudge.kind) == (session.id, kind)]
                assert {nudge.question for nudge, _ in mine} <= {getattr(session, kind)}
                for nudge, said in mine:
                    side = Side.MENTOR if nudge.person_id == mentor else Side.MENTEE
                    assert (make.words().question(nudge.question, side) or "") in said.text


HOURS = st.integers(1, 24 * 25)
TALKS = ["meet"] * 6 + ["book", "met", "missed", "cancel"]
WORDS = ["write", "choose", "note", "agree", "pass on", "attend"]
OFTEN = st.sampled_from([*TALKS, *WORDS])
SELDOM = st.sampled_from(["pause", "resume", "resume", "move house", "cancel", "book", "tick off", *WORDS])
GOES = st.sampled_from(["leave", "gone", "close", "nothing"])
SILENCE = st.sampled_from([0, 1, 10, 30, 24 * 4]) | st.integers(0, 24 * 40)


def acts(what: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[Any]]:
    one = st.tuples(what, st.integers(0, 1), st.booleans(), HOURS)
    return st.lists(
        st.tuples(one, SILENCE, st.sampled_from([False, False, False, True])), min_size=least, max_size=most
    )


STORIES = st.tuples(acts(OFTEN, 2, 3), acts(SELDOM, 0, 2), acts(OFTEN, 1, 2), acts(GOES, 1, 1), acts(OFTEN, 0, 1)).map(
    lambda parts: [each for part in parts for each in part]
)
PROGRAMMES = st.tuples(st.sampled_from([3, 6, 12, None]), st.sampled_from(Cadence))
lived = given(st.lists(st.sampled_from(PLACES), min_size=2, max_size=3), PROGRAMMES, STORIES)
Story = list[tuple[tuple[str, int, bool, int], int, bool]]


def live(
    store: Store, places: list[tuple[str, str | None]], programme: tuple[int | None, Cadence], story: Story
) -> None:
    life = PairsLife(store)
    life.begin(places, *programme)
    for act, hours, is_down in story:
        life.act(*act)
        life.pass_time(hours, is_down=is_down)
    life.pass_time(24 * 14, is_down=False)
    life.keeps_its_promises()


def on(kind: str, examples: int) -> Callable[[Any], Any]:
    """Few on PostgreSQL: there it is the statements that are looked at, here the rules."""
    few = settings(
        max_examples=examples,
        derandomize=True,  # the same lives on every machine, so that a failure is of the change at hand
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a life takes a second: making it smaller takes minutes
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    return lambda test: pytest.mark.parametrize("store", [kind], indirect=True)(few(test))


@on("sqlite", 6)
@lived
def test_whatever_pairs_do_all_that_reaches_them_is_welcome_new_and_in_order(
    store: Store, places: list[tuple[str, str | None]], programme: tuple[int | None, Cadence], story: Story
) -> None:
    live(store, places, programme, story)


@on("postgresql", 2)
@lived
def test_so_it_is_on_postgresql(
    store: Store, places: list[tuple[str, str | None]], programme: tuple[int | None, Cadence], story: Story
) -> None:
    live(store, places, programme, story)
