"""Everything the bot can show, drawn from people, programmes and words of every length that can occur."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import limits
import make
from hypothesis import strategies as st
from limits import Json

import bot.announcements.blocks
import bot.chat
import bot.mydata.blocks
import bot.pairing.blocks
import bot.programme.blocks
import bot.reflection.blocks
import bot.sessions.blocks
import bot.signup.blocks
from bot.due import Message
from bot.programme.rules import Health
from bot.signup.rules import LANGUAGES
from store.models import Member, MemberState, Person, Programme, SessionState, Side, Way
from store.snapshots import Partnership

BLOCKS = (
    bot.announcements.blocks,
    bot.mydata.blocks,
    bot.pairing.blocks,
    bot.programme.blocks,
    bot.reflection.blocks,
    bot.sessions.blocks,
    bot.signup.blocks,
)
Surface = Message | Json | list[Json]


def problems(surface: Surface) -> list[str]:
    """What Slack would refuse of it."""
    if isinstance(surface, Message):
        return limits.of_message(surface)
    return limits.of_view(surface) if isinstance(surface, dict) else limits.of_blocks(surface)


def action_ids(surface: Surface) -> set[str]:
    if isinstance(surface, Message):
        return set(limits.action_ids(dict(block) for block in surface.blocks))
    return set(limits.action_ids(surface["blocks"] if isinstance(surface, dict) else surface))


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
    lambda name, objective, months: make.programme(name=name, objective=objective, months=months),
    prose(60).filter(lambda name: limits.units(name) <= 60),
    prose(500),
    st.sampled_from([3, 6]),
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
        "waited": st.integers(0, 12),
    }
)


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
    me, partner = draw(persons), draw(persons)
    partner.id = 2
    return Partnership(made.pair, draw(programmes), me, made.mine, partner, made.theirs, made.sessions)


def _written(draw: st.DrawFn, most: int, count: int) -> list[Any]:
    texts = draw(st.lists(prose(most), max_size=count))
    return [
        make.written(text, id=number, author_id=1 + number % 2, is_shared=number % 3 > 0)
        for number, text in enumerate(texts)
    ]


class Shown(dict[str, Surface]):
    """Each thing that can be shown, by the name of its builder."""

    def __repr__(self) -> str:
        return f"{len(self)} surfaces"  # the whole is longer than anybody reads


@st.composite
def everything(draw: st.DrawFn) -> Shown:
    each, programme, member, person = draw(partnerships()), draw(programmes), draw(members), draw(persons)
    return Shown(
        _messages(draw, each, programme, member)
        | _forms(draw, each, programme, member)
        | _parts(draw, each, programme, member, person)
    )


def _messages(draw: st.DrawFn, each: Partnership, programme: Programme, member: Member) -> dict[str, Surface]:
    session = each.sessions[0].id
    place = make.Place(member, programme)
    told = make.snapshot(each, places=(place,), troubled=(make.trouble(),))

    def tell(builder: Callable[..., Message], kind: str, **facts: Any) -> Message:
        return builder(make.telling(kind, snapshot=told, **facts))

    asks = {"session_id": session, "question": draw(st.sampled_from(["prep-mentor-1-trust", "gone"]))}
    sessions, signup, announcements = bot.sessions.blocks, bot.signup.blocks, bot.announcements.blocks
    return {
        "signup.joined": tell(signup.joined, "joined", about=member.id),
        "signup.left": tell(signup.left, "left", about=member.id),
        "signup.partner_news left": tell(signup.partner_news, "partner_left"),
        "signup.partner_news paused": tell(signup.partner_news, "partner_paused"),
        "signup.partner_news resumed": tell(signup.partner_news, "partner_resumed"),
        "signup.paused": signup.paused(),
        "signup.confirm_leaving": signup.confirm_leaving(programme),
        "pairing.introduction": tell(bot.pairing.blocks.introduction, "introduction"),
        "sessions.plan": tell(sessions.plan, "plan", about=draw(st.sampled_from([0, 1, 2]))),
        "sessions.planned": tell(sessions.planned, "planned", session_id=session),
        "sessions.booked": tell(sessions.booked, "booked", session_id=session),
        "sessions.preparation": tell(sessions.preparation, "preparation", actions=_written(draw, 1000, 12), **asks),
        "sessions.reminder": tell(sessions.reminder, "reminder", session_id=session),
        "sessions.checkin": tell(sessions.checkin, "checkin", session_id=session),
        "sessions.card": sessions.card(each, make.MONDAY),
        "reflection.asked": tell(bot.reflection.blocks.asked, "reflection", **asks),
        "reflection.asked halfway": tell(bot.reflection.blocks.asked, "halfway", hopes=draw(prose(3000)), **asks),
        "reflection.asked ending": tell(bot.reflection.blocks.asked, "ending", **asks),
        "reflection.kept": tell(bot.reflection.blocks.kept, "reflection_kept"),
        "announcements.posted": announcements.posted(draw(prose(2500)), "U0ANA"),
        "announcements.unclear": tell(announcements.unclear, "announcement_unclear", about=61),
        "announcements.refused": tell(announcements.refused, "announcement_refused", about=61),
        "programme.opening": bot.programme.blocks.opening(programme, make.words()),
    }


def _forms(draw: st.DrawFn, each: Partnership, programme: Programme, member: Member) -> dict[str, Surface]:
    sessions, pairing, announcements = bot.sessions.blocks, bot.pairing.blocks, bot.announcements.blocks
    text = draw(prose(2500))
    kept = [bot.mydata.blocks.Kept("A note", note) for note in draw(st.lists(prose(3000), max_size=4))]
    return {
        "signup.form": bot.signup.blocks.form(programme, make.words()),
        "signup.form changing": bot.signup.blocks.form(
            programme, make.words(), member, draw(st.none() | prose(3000)), draw(st.lists(ids, unique=True))
        ),
        "programme.form": bot.programme.blocks.form(),
        "sessions.date_form": sessions.date_form(each, None),
        "sessions.date_form moving": sessions.date_form(each, each.sessions[0]),
        "sessions.note_form": sessions.note_form(each, each.sessions[0]),
        "announcements.form": announcements.form(programme, draw(st.none() | prose(2500))),
        "announcements.preview": announcements.preview(programme, text, "U0ANA"),
        "pairing.working": pairing.working(),
        "pairing.failed": pairing.failed(),
        "pairing.review": pairing.review(_review(draw, programme), make.words(), make.person(id=9), draw(pages)),
        "pairing.published": pairing.published(draw(st.integers(1, 500))),
        "mydata.pages": bot.mydata.blocks.pages(kept, draw(pages)),
    }


pages = st.integers(0, 2)


def _review(draw: st.DrawFn, programme: Programme) -> bot.pairing.blocks.Review:
    people: list[Person] = [draw(persons) for _ in range(3)]
    for number, person in enumerate(people, 8):
        person.id = number
    proposed = [
        bot.pairing.blocks.Proposed(
            make.proposal(id=number, reasons=draw(reasons), is_removed=draw(st.booleans())),
            people[number % 3],
            people[(number + 1) % 3],
        )
        for number in range(draw(st.sampled_from([0, 1, 20, 45])))
    ]
    left_over = [
        bot.pairing.blocks.LeftOver(people[number % 3], Side.MENTOR, draw(st.none() | st.just("x" * 200)))
        for number in range(draw(st.sampled_from([0, 1, 30])))
    ]
    return bot.pairing.blocks.Review(programme, make.round_(), proposed, left_over)


def _parts(
    draw: st.DrawFn, each: Partnership, programme: Programme, member: Member, person: Person
) -> dict[str, Surface]:
    health = Health(each.pair, draw(st.integers(0, 9)), draw(st.sampled_from([None, make.MONDAY])), draw(st.booleans()))
    overview = bot.programme.blocks.Overview(
        programme,
        members=draw(st.integers(0, 999)),
        waiting=[(person, Side.MENTOR)] * draw(st.sampled_from([0, 1, 50])),
        pairs=[(person, each.partner, health)] * draw(st.sampled_from([0, 1, 50])),
    )
    place = draw(st.sampled_from([None, (member, programme)]))
    return {
        "signup.home": bot.signup.blocks.home(place, draw(st.sampled_from([None, programme])), waits=False),
        "sessions.home": bot.sessions.blocks.home(each, _written(draw, 3000, 6), _written(draw, 1000, 8), make.MONDAY),
        "programme.home": bot.programme.blocks.home(draw(st.sampled_from([None, overview]))),
    }
