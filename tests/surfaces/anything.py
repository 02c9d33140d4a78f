"""People, programmes and words of every length that can occur: what surfaces are drawn from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import limits
import make
from hypothesis import strategies as st
from limits import Json

from bot.due import Message
from bot.pairing.rules import Break
from bot.pairing.weights import WEIGHABLE
from bot.signup.rules import LANGUAGES
from store.models import (
    Cadence,
    Member,
    MemberState,
    Person,
    Programme,
    RoundState,
    SessionState,
    Side,
    TopicState,
    Way,
)
from store.snapshots import Partnership, Running, Snapshot

Surface = Message | Json | list[Json]


def named(most: int) -> st.SearchStrategy[str]:
    """What somebody may be called, in any script."""
    letters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"])
    return st.text(letters, min_size=1, max_size=most) | st.sampled_from(["X" * most, "🎈" * (most // 2)])


def prose(most: int) -> st.SearchStrategy[str]:
    """What somebody may write: up to that many UTF-16 units, as Slack's fields take."""
    letters = st.characters(exclude_categories=["Cc", "Cf", "Cs"], include_characters="\n\u202e")
    lines = st.text(letters, max_size=60).map(lambda text: f"x{text}x")
    full = st.sampled_from(["é" * most, "&" * most, "🎈" * (most // 2), ("word " * most)[: most - 1], "\n" * 20 + "x"])
    return lines | full


ids = st.sampled_from(["U0ANA", "U0OLIVER", "U0NOOR", "W012ABCDEF01"])
persons = st.builds(
    lambda slack_id, name, zone, department, site: make.person(
        slack_id, name=name, zone=zone, department=department, site=site
    ),
    ids,
    named(80),
    st.sampled_from(["Europe/Lisbon", "America/Argentina/ComodRivadavia", None, "Nowhere/Land"]),
    st.none() | named(80),
    st.none() | named(80),
)
programmes = st.builds(
    lambda name, objective, months, **terms: make.programme(name=name, objective=objective, months=months, **terms),
    prose(60).filter(lambda name: limits.units(name) <= 60),
    prose(500),
    st.sampled_from([3, 6, 12, None]),
    cadence=st.sampled_from(Cadence),
    needs_approval=st.booleans(),
    places=st.sampled_from([None, 2, 10_000]),
    signup_from=st.none() | make.moments("2027-01-01", "2027-06-01"),
    signup_until=st.none() | make.moments("2027-01-01", "2027-06-01"),
    closed_at=st.sampled_from([None, None, make.MONDAY]),
)
members = st.builds(
    lambda side, topics, languages, ways, state: make.member(
        side, topics=topics, languages=languages, ways=ways, state=state
    ),
    st.sampled_from(Side),
    st.lists(st.sampled_from([*make.words().topics, "a_topic_of_the_past"]), max_size=5, unique=True),
    st.lists(st.sampled_from([*LANGUAGES, "la"]), max_size=len(LANGUAGES), unique=True),
    st.lists(st.sampled_from([way.value for way in Way]), max_size=2, unique=True),
    st.sampled_from(MemberState),
)
reasons = st.fixed_dictionaries(
    {
        "band": st.sampled_from(["strong", "good", "fair"]),
        "topics": st.lists(st.sampled_from(list(make.words().topics)), max_size=5, unique=True),
        "departments": st.just([]) | st.lists(named(80), min_size=2, max_size=2),
        "sites": st.just([]) | st.lists(named(80), min_size=2, max_size=2),
        "functions": st.just([]) | st.lists(named(80), min_size=2, max_size=2),
        "ways": st.sampled_from([["online"], ["in_person", "online"]]),
        "parts": st.just({}) | st.dictionaries(st.sampled_from([part.value for part in WEIGHABLE]), st.integers(0, 99)),
        "waited": st.integers(0, 12),
    }
)
labels = named(75)
decisions = st.sampled_from([TopicState.ACCEPTED, TopicState.MERGED, TopicState.DECLINED])
"""What can have become of a topic that somebody proposed."""
days = st.none() | st.dates(make.MONDAY.date(), make.MONDAY.date().replace(year=2028))


@st.composite
def partnerships(draw: st.DrawFn) -> Partnership:
    states = draw(st.lists(st.sampled_from(SessionState), max_size=6))
    days = sorted(draw(st.lists(st.integers(-60, 60), min_size=len(states), max_size=len(states), unique=True)))
    starts = [make.MONDAY + timedelta(days=day) for day in days]
    sessions = [
        make.session(at, number, state=state) for number, (at, state) in enumerate(zip(starts, states, strict=True), 1)
    ]
    made = make.partnership(
        draw(st.sampled_from(Side)), sessions=sessions or [make.session(make.MONDAY)], reasons=draw(reasons)
    )
    made.mine.wants_partner = draw(st.booleans())
    me, partner = draw(persons), draw(persons)
    partner.id = 2
    return Partnership(made.pair, draw(programmes), me, made.mine, partner, made.theirs, made.sessions)


def written(draw: st.DrawFn, most: int, count: int) -> list[Any]:
    texts = draw(st.lists(prose(most), max_size=count))
    return [
        make.written(text, id=number, author_id=1 + number % 2, is_shared=number % 3 > 0)
        for number, text in enumerate(texts)
    ]


def running(draw: st.DrawFn, programme: Programme) -> Running:
    """Up to forty people who ask to join, and as many topics, all at one moment."""
    people = [draw(persons) for _ in range(draw(st.sampled_from([1, 2, 40])))]
    for number, person in enumerate(people, 1):
        person.id = number
    applied = []
    for person in people:
        member = draw(members)
        member.joined_at, member.state_since = make.MONDAY, None
        applied.append((member, person))
    proposals = [
        (make.topic_proposal(id=90 + number, text=draw(labels)), person) for number, person in enumerate(people)
    ]
    return Running(make.programme(name=programme.name), tuple(applied), tuple(proposals), ())


def broken(draw: st.DrawFn, programme: Programme) -> Running:
    found = [
        make.broken(
            draw(st.sampled_from(Break)),
            id=80 + number,
            pair={"id": number // 2},
            mentor=draw(persons),
            mentee=draw(persons),
        )
        for number in range(draw(st.sampled_from([1, 2, 30])))
    ]
    return Running(programme, applied=(), proposals=(), broken=tuple(found))


@dataclass(frozen=True)
class Scene:
    """Whom and what one example is about."""

    each: Partnership
    programme: Programme
    member: Member
    person: Person
    told: Snapshot

    def tell(self, builder: Callable[..., Message], kind: str, **facts: Any) -> Message:
        return builder(make.telling(kind, snapshot=self.told, **facts))


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    each, programme, member, person = draw(partnerships()), draw(programmes), draw(members), draw(persons)
    told = make.snapshot(
        each,
        places=(make.Place(member, programme),),
        troubled=(make.trouble(),),
        runs=(running(draw, programme),),
        asked=(make.round_(state=draw(st.sampled_from([RoundState.PROPOSED, RoundState.FAILED]))),),
        proposals=(make.topic_proposal(id=81, text=draw(labels), state=draw(decisions), topic="ai_tools"),),
    )
    return Scene(each, programme, member, person, told)
