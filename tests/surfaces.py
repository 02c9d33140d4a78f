"""Everything the bot can show, drawn from people, programmes and words of every length that can occur."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import limits
import make
from hypothesis import strategies as st
from limits import Json

import bot.announcements.blocks
import bot.chat
import bot.directory.blocks
import bot.membership.blocks
import bot.mydata.blocks
import bot.pairing.blocks
import bot.pairing.news_blocks
import bot.pairing.parting_blocks
import bot.pairing.review.review_blocks
import bot.pairing.review.weighing_blocks
import bot.pairing.review.whatif_blocks
import bot.programme.blocks
import bot.programme.deciding_blocks
import bot.programme.overview_blocks
import bot.reflection.blocks
import bot.sessions.blocks
import bot.signup.blocks
import bot.signup.conversation.blocks
import bot.signup.pages
from bot.due import Fact, Message, SignUp
from bot.membership.rules import Stand
from bot.pairing.bars import Bar
from bot.pairing.review.trading import Trade
from bot.pairing.rules import ASK_AGAIN, Break
from bot.pairing.weights import WEIGHABLE
from bot.programme.rules import Health, Request
from bot.prompts import Prompts
from bot.signup.rules import HOURS, LANGUAGES, Answers
from store.models import (
    Member,
    MemberState,
    Person,
    Programme,
    RoundState,
    SessionState,
    Side,
    Source,
    TopicState,
    Way,
    Wish,
)
from store.publications import Lost, Publication
from store.repairs import Repair
from store.snapshots import Partnership, Running

BLOCKS = (
    bot.announcements.blocks,
    bot.directory.blocks,
    bot.membership.blocks,
    bot.mydata.blocks,
    bot.pairing.blocks,
    bot.pairing.news_blocks,
    bot.pairing.parting_blocks,
    bot.pairing.review.review_blocks,
    bot.pairing.review.whatif_blocks,
    bot.pairing.review.weighing_blocks,
    bot.programme.blocks,
    bot.programme.deciding_blocks,
    bot.programme.overview_blocks,
    bot.reflection.blocks,
    bot.sessions.blocks,
    bot.signup.blocks,
    bot.signup.pages,
    bot.signup.conversation.blocks,
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
    lambda name, objective, months, **terms: make.programme(name=name, objective=objective, months=months, **terms),
    prose(60).filter(lambda name: limits.units(name) <= 60),
    prose(500),
    st.sampled_from([3, 6]),
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


def _written(draw: st.DrawFn, most: int, count: int) -> list[Any]:
    texts = draw(st.lists(prose(most), max_size=count))
    return [
        make.written(text, id=number, author_id=1 + number % 2, is_shared=number % 3 > 0)
        for number, text in enumerate(texts)
    ]


labels = named(75)
decisions = st.sampled_from([TopicState.ACCEPTED, TopicState.MERGED, TopicState.DECLINED])
"""What can have become of a topic that somebody proposed."""


class Shown(dict[str, Surface]):
    """Each thing that can be shown, by the name of its builder."""

    def __repr__(self) -> str:
        return f"{len(self)} surfaces"  # the whole is longer than anybody reads


@st.composite
def everything(draw: st.DrawFn) -> Shown:
    each, programme, member, person = draw(partnerships()), draw(programmes), draw(members), draw(persons)
    return Shown(
        _messages(draw, each, programme, member)
        | _by_writing(draw, programme)
        | _forms(draw, each, programme)
        | _directory(draw)
        | _parts(draw, each, programme, member, person)
    )


def _messages(draw: st.DrawFn, each: Partnership, programme: Programme, member: Member) -> dict[str, Surface]:
    session = each.sessions[0].id
    place = make.Place(member, programme)
    told = make.snapshot(
        each,
        places=(place,),
        troubled=(make.trouble(),),
        runs=(_running(draw, programme),),
        asked=(make.round_(state=draw(st.sampled_from([RoundState.PROPOSED, RoundState.FAILED]))),),
        proposals=(make.topic_proposal(id=81, text=draw(labels), state=draw(decisions), topic="ai_tools"),),
    )

    def tell(builder: Callable[..., Message], kind: str, **facts: Any) -> Message:
        return builder(make.telling(kind, snapshot=told, **facts))

    broken = _broken(draw, programme)
    watched = make.snapshot(person=make.person("U0RUTH", id=9), runs=(broken,))
    asks = {"session_id": session, "question": draw(st.sampled_from(["prep-mentor-1-trust", "gone"]))}
    sessions, signup, announcements = bot.sessions.blocks, bot.signup.blocks, bot.announcements.blocks
    membership = bot.membership.blocks
    return {
        **{
            f"signup.joined {kind}": tell(signup.joined, kind, about=member.id)
            for kind in ("joined", "applied", "queued", "let_in")
        },
        "signup.declined": tell(signup.declined, "declined", about=member.id),
        "signup.which_programme": signup.which_programme(
            "join", [programme] * draw(st.sampled_from([2, 60])), changes=draw(st.booleans())
        ),
        "membership.left": tell(membership.left, "left", about=member.id),
        "membership.pause_over": tell(membership.pause_over, "pause_over"),
        "membership.partner_left": tell(membership.partner_left, "partner_left"),
        "membership.partner_news paused": tell(membership.partner_news, "partner_paused"),
        "membership.partner_news resumed": tell(membership.partner_news, "partner_resumed"),
        "membership.paused": membership.paused(draw(days)),
        "membership.confirm_leaving": membership.confirm_leaving(programme),
        "membership.which_to_leave": membership.which_to_leave([programme] * draw(st.sampled_from([2, 60]))),
        "membership.come_back": membership.come_back(programme),
        "pairing.introduction": tell(bot.pairing.blocks.introduction, "introduction"),
        "pairing.round_ready": tell(bot.pairing.blocks.round_ready, "round_ready", about=7),
        "pairing.rule_broken": bot.pairing.blocks.rule_broken(
            make.telling("rule_broken", snapshot=watched, about=programme.id, due_at=make.MONDAY)
        ),
        "pairing.rule_broken again": bot.pairing.blocks.rule_broken(
            make.telling("rule_broken", snapshot=watched, about=programme.id, due_at=make.MONDAY + ASK_AGAIN)
        ),
        **_news(draw, programme),
        "pairing.confirm_parting": bot.pairing.parting_blocks.confirm_parting(each),
        "pairing.which_to_part": bot.pairing.parting_blocks.which_to_part([each, each]),
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
        "programme.requests": tell(
            bot.programme.deciding_blocks.requests,
            "requests",
            about=programme.id,
            due_at=make.MONDAY + timedelta(minutes=15),
        ),
        "programme.topic_decided": tell(bot.programme.deciding_blocks.topic_decided, "topic_decided", about=81),
        "programme.programme_ended": tell(bot.programme.blocks.programme_ended, "programme_ended", about=programme.id),
    }


def _news(draw: st.DrawFn, programme: Programme) -> dict[str, Surface]:
    """What coordinators hear of rounds that go on without them, of few pairs or of thousands."""
    blocks, counts = bot.pairing.news_blocks, st.sampled_from([0, 1, 12, 10_000])
    whys = st.sampled_from(["refused", "not_available", "same_team", "reporting_line"])
    lost = tuple(Lost(draw(persons), draw(persons), draw(whys)) for _ in range(draw(st.sampled_from([0, 1, 10]))))
    made = make.round_(placed=draw(counts), is_weekly=True, insight={"dropped": draw(st.sampled_from([[], [[1, 2]]]))})
    made.progress = {"done": 9, "of": draw(counts)}
    found = Publication(made, programme, draw(counts), draw(counts), lost, len(lost) + draw(counts))
    couples = [(make.proposal(reasons=draw(reasons)), draw(persons), draw(persons)) for _ in range(3)]
    repair = Repair(made, programme, draw(persons), tuple(couples[: draw(st.sampled_from([1, 3]))]))
    running = Running(programme, (), (), ())
    told = make.snapshot(publications=(found,), repairs=(repair,), asked=(made,), runs=(running,))
    telling = make.telling("publication", snapshot=told, about=made.id)
    return {
        "pairing.publication": blocks.publication(telling),
        "pairing.how_far": blocks.how_far(found, make.words()),
        "pairing.weekly_ready": blocks.weekly_ready(telling),
        "pairing.repair_ready": blocks.repair_ready(telling),
        "pairing.repairs_home": blocks.repairs_home(
            [repair] * draw(st.sampled_from([0, 1, 30])), make.person("U0RUTH", id=9), make.words()
        ),
    }


def _running(draw: st.DrawFn, programme: Programme) -> Running:
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


def _by_writing(draw: st.DrawFn, programme: Programme) -> dict[str, Surface]:
    """Each question of a sign-up by writing, with answers of every kind and everything that can be said before it."""
    blocks, rules = bot.signup.conversation.blocks, bot.signup.conversation.rules
    answers, words = draw(answers_so_far), [*SAID_BEFORE, "begin", "on", "help", ""]
    facts = {
        name: Fact(value, draw(named(300)), "the company’s file, 21 Nov 2025")
        for name, value in {"manager": "", "department": "x", "team": "x", "level": 9, "site": "x"}.items()
        if draw(st.booleans())
    }
    shown: dict[str, Surface] = {
        "signup.offer": blocks.offer(),
        "signup.which": blocks.which([programme] * draw(st.sampled_from([2, 60]))),
    }
    for question in (*rules.QUESTIONS, *rules.ENDED):
        talk = rules.Talk(
            question,
            answers,
            frozenset(draw(st.sets(st.sampled_from(list(blocks.LABELS))))),
            word=draw(st.sampled_from(words)),
            about=draw(prose(3000)) if question != "summary" else "",
            found=tuple(draw(st.lists(st.sampled_from([*make.words().topics, *LANGUAGES, "gone"]), unique=True))),
            text=draw(prose(4000)),
        )
        signup = SignUp(make.draft(question=question), programme, rules.to_draft(talk), facts)
        telling = make.telling("signup_question", about=6, signup=signup)
        shown[f"signup.question {question}"] = blocks.question(telling)
    return shown


SAID_BEFORE = ("unclear", "wordless", "needed", "first", "wrong", "strange", "strange_topics", "several", "too_long")
answers_so_far = st.builds(
    Answers,
    sides=st.lists(st.sampled_from(Side), min_size=1, unique=True).map(tuple),
    offers=st.lists(st.sampled_from([*make.words().topics, "gone"]), max_size=5, unique=True).map(tuple),
    own_offer=st.none() | prose(75),
    wishes=st.lists(st.sampled_from([*make.words().topics, "gone"]), max_size=5, unique=True).map(tuple),
    own_wish=st.none() | prose(75),
    hopes=st.none() | prose(3000),
    languages=st.lists(st.sampled_from([*LANGUAGES]), unique=True).map(tuple),
    ways=st.lists(st.sampled_from([way.value for way in Way]), unique=True).map(tuple),
    hours=st.lists(st.sampled_from(HOURS), unique=True).map(tuple),
    networks=st.lists(st.sampled_from([*make.words().networks, "gone"]), unique=True).map(tuple),
    avoid=st.lists(ids, max_size=4, unique=True).map(tuple),
    site=st.none() | prose(150),
    department=st.none() | prose(150),
    team=st.none() | prose(150),
    level=st.none() | st.sampled_from([2, 99]),
    manager=st.none() | st.just("") | ids,
)


def _forms(draw: st.DrawFn, each: Partnership, programme: Programme) -> dict[str, Surface]:
    sessions, announcements = bot.sessions.blocks, bot.announcements.blocks
    text = draw(prose(2500))
    kept = [bot.mydata.blocks.Kept("A note", note) for note in draw(st.lists(prose(3000), max_size=4))]
    return {
        **_sign_up(draw, programme),
        "membership.pause_form": bot.membership.blocks.pause_form(),
        "membership.pause_kept": bot.membership.blocks.pause_kept(make.MONDAY.date()),
        "programme.form": bot.programme.blocks.form(LISBON),
        "programme.change_form": bot.programme.blocks.change_form(
            programme, draw(persons), make.person(id=draw(st.sampled_from([1, 2]))), make.MONDAY
        ),
        "programme.saved": bot.programme.blocks.saved(
            bot.programme.blocks.news(programme, 12_345, let_in=12_345, queued=12_345)
        ),
        "programme.topic_form": bot.programme.deciding_blocks.topic_form(
            make.topic_proposal(text=draw(labels)), draw(persons), draw(st.sampled_from([make.words(), many_topics()]))
        ),
        "programme.look": bot.programme.overview_blocks.look(
            _overview(draw, each, programme), make.words(), draw(persons), make.MONDAY, draw(st.just("") | labels)
        ),
        "sessions.date_form": sessions.date_form(each, None),
        "sessions.date_form moving": sessions.date_form(each, each.sessions[0]),
        "sessions.note_form": sessions.note_form(each, each.sessions[0]),
        "announcements.form": announcements.form(programme, draw(st.none() | prose(2500))),
        "announcements.preview": announcements.preview(programme, text, "U0ANA"),
        **_rounds(draw, programme),
        "mydata.pages": bot.mydata.blocks.pages(kept, draw(pages)),
    }


def _sign_up(draw: st.DrawFn, programme: Programme) -> dict[str, Surface]:
    """The three pages, empty and filled in, with a short list of topics and one that has to be searched."""
    pages, words = bot.signup.pages, make.words()
    many = words.with_topics({f"own_{number}": draw(named(75)) for number in range(80)})
    known = {
        "manager": Fact("U0NOOR", draw(named(80)), "the HR directory, 21 Nov", draw(st.booleans())),
        "team": Fact(*[draw(named(200))] * 2, "the company's file, 21 Nov 2025"),
        "level": Fact(*draw(st.sampled_from([(2, "Label"), (99, "99")])), "the company's file, 3 Nov"),
        "site": Fact(*[draw(named(200))] * 2, "your own word, 3 Nov"),
    }
    answers = Answers(
        sides=draw(st.sampled_from([(Side.MENTOR,), (Side.MENTEE,), tuple(Side)])),
        offers=tuple(draw(st.lists(st.sampled_from([*many.topics, "gone"]), max_size=5, unique=True))),
        own_offer=draw(st.none() | named(75)),
        wishes=tuple(draw(st.lists(st.sampled_from([*many.topics, "gone"]), max_size=5, unique=True))),
        hopes=draw(st.none() | prose(3000)),
        languages=tuple(draw(st.lists(st.sampled_from([*LANGUAGES, "la"]), unique=True))),
        avoid=tuple(draw(st.lists(ids, unique=True))),
        manager=draw(st.sampled_from([None, "", "U0ANA"])),
        team=draw(st.none() | named(75)),
    )
    begun = pages.Page(programme, draw(st.sampled_from([words, many])), answers, known, was_begun=True)
    fresh = pages.Page(programme, words, Answers(sides=answers.sides), is_change=draw(st.booleans()))
    drawn = {"about": pages.about, "topics": pages.topics, "facts": pages.facts}
    return {
        **{f"signup.{name}": builder(fresh) for name, builder in drawn.items()},
        **{f"signup.{name} begun": builder(begun) for name, builder in drawn.items()},
        "signup.forgotten": bot.signup.blocks.forgotten(programme),
    }


pages = st.integers(0, 2)
LISBON = ZoneInfo(make.LISBON)


def many_topics() -> Prompts:
    """More topics than one menu shows."""
    return make.words().with_topics({f"own_{number}": f"Topic {number}" for number in range(450)})


def _overview(draw: st.DrawFn, each: Partnership, programme: Programme) -> bot.programme.overview_blocks.Overview:
    """What a coordinator sees of a programme, empty or with more than can be shown."""
    health = Health(each.pair, draw(st.integers(0, 9)), draw(st.sampled_from([None, make.MONDAY])), draw(st.booleans()))
    waiting: list[Request] = bot.programme.rules.requests(_running(draw, programme))
    return bot.programme.overview_blocks.Overview(
        programme,
        members=draw(st.integers(0, 999)),
        waiting=[(each.me, Side.MENTOR)] * draw(st.sampled_from([0, 1, 50])),
        pairs=[(each.me, each.partner, health)] * draw(st.sampled_from([0, 1, 50])),
        queued=draw(st.integers(0, 99)),
        requests=draw(st.sampled_from([[], waiting])),
        broken=draw(st.integers(0, 9)),
    )


days = st.none() | st.dates(make.MONDAY.date(), make.MONDAY.date().replace(year=2028))


profile_fields = st.fixed_dictionaries(
    {
        "id": st.integers(0, 200).map(lambda number: f"Xf{number:08}"),
        "ordering": st.integers(0, 200),
        "label": st.just("") | named(120),
        "type": st.sampled_from(["user", "text", "options_list", "date", "link"]),
        "is_hidden": st.booleans(),
    }
)


def _directory(draw: st.DrawFn) -> dict[str, Surface]:
    blocks, counts = bot.directory.blocks, st.sampled_from([0, 1, 12, 50_000])
    lines = st.lists(st.just("line 7: managers must be Slack ids") | prose(400), max_size=12)
    report = {name: draw(counts) for name in ("added", "changed", "same", "gone", "skipped", "problem_count")}
    report |= {name: draw(lines) for name in ("problems", "warnings", "notes")} | {"is_done": draw(st.booleans())}
    kept = {"checked": report, "done": report} | draw(
        st.just({}) | st.sampled_from(sorted(blocks.TROUBLES)).map(lambda trouble: {"trouble": trouble})
    )
    upload = make.upload(name=draw(prose(100)), report=kept, is_partial=draw(st.booleans()))
    told = make.snapshot(uploads=(upload,))
    fields = draw(st.lists(profile_fields, max_size=150, unique_by=lambda field: field["id"]))
    mapped = draw(st.dictionaries(st.sampled_from(sorted(blocks.FIELDS)), st.sampled_from(["Xf00000001", "XfGONE"])))
    many = st.sampled_from([0, 1, 45])
    return {
        "directory.working": blocks.working(),
        "directory.said": blocks.said(blocks.NO_FILE_SCOPE),
        "directory.desk": blocks.desk(
            blocks.Desk(
                sources=[
                    blocks.SourceState(
                        source,
                        draw(st.sampled_from([None, make.MONDAY])),
                        draw(counts),
                        draw(st.sampled_from([None, "missing_scope", "ratelimited", "http_401", "x" * 100])),
                        draw(counts),
                    )
                    for source in Source
                    if source is not Source.PERSON
                ],
                order=list(Source),
                circles=[draw(st.lists(named(80), min_size=1, max_size=30))] * draw(many),
                dangling=[draw(named(80))] * draw(many),
                lacking=[blocks.Lacking(draw(persons), ["manager", "team", "level"])] * draw(many),
            )
        ),
        "directory.fields_form": blocks.fields_form(fields, mapped),
        "directory.upload_form": blocks.upload_form(),
        "directory.sent": blocks.sent(draw(prose(100))),
        "directory.upload_checked": blocks.upload_checked(make.telling("upload_checked", snapshot=told, about=71)),
        "directory.upload_done": blocks.upload_done(make.telling("upload_done", snapshot=told, about=71)),
    }


def _broken(draw: st.DrawFn, programme: Programme) -> Running:
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


def _rounds(draw: st.DrawFn, programme: Programme) -> dict[str, Surface]:
    """What a coordinator sees before a round, while it is found, and of its pairs."""
    blocks, review, viewer = bot.pairing.review.review_blocks, _review(draw, programme), make.person(id=9)
    lines = draw(st.lists(prose(300), max_size=8))
    count = draw(st.sampled_from([0, 1, 20_000]))
    progress = draw(st.just({}) | st.just({"doing": "Looking at " + "x" * 100, "done": count, "of": 20_000}))
    proposed = _proposed(draw, 1)
    seen = blocks.Seen(7, 2, 1, 8)
    return {
        "pairing.overview": blocks.overview(programme, count, 1, draw(st.none() | st.just([]))),
        "pairing.working": blocks.working(make.round_(progress=progress), programme),
        "pairing.said": blocks.said(draw(prose(300)), draw(st.none() | st.just(3))),
        "pairing.review": blocks.review(review, make.words(), viewer, draw(st.just("") | prose(300))),
        "pairing.closer": bot.pairing.review.whatif_blocks.closer(
            bot.pairing.review.whatif_blocks.Closer(proposed, seen, lines, lines, draw(st.none() | prose(600)))
        ),
        "pairing.what_if": bot.pairing.review.whatif_blocks.what_if(_what_if(draw, seen, lines), make.words()),
        "pairing.by_hand": bot.pairing.review.whatif_blocks.by_hand(seen, draw(st.just("") | prose(100))),
        "pairing.confirm": blocks.confirm(review, draw(st.integers(0, 3))),
        "pairing.published": blocks.published(draw(st.integers(1, 500))),
        "pairing.what_counts": _weighing(draw, programme),
    }


def _weighing(draw: st.DrawFn, programme: Programme) -> dict[str, Any]:
    """What counts, as it was opened and with what it would change."""
    blocks, some = bot.pairing.review.weighing_blocks, st.sampled_from([0, 7, 12_345])
    stored = draw(st.dictionaries(st.sampled_from([part.value for part in WEIGHABLE]), st.integers(0, 3)))
    parts = {part.value: [draw(some), draw(some)] for part in WEIGHABLE}
    said = draw(st.sampled_from([(), blocks.WORKING, blocks.CANT_SAY]))
    found = {"same": draw(some), "changed": draw(some), "parts": parts}
    return blocks.what_counts(programme, stored, {}, draw(st.sampled_from([said, blocks.changes(found)])))


def _proposed(draw: st.DrawFn, number: int) -> bot.pairing.review.review_blocks.Proposed:
    mentor, mentee, by = draw(persons), draw(persons), draw(persons)
    mentor.id, mentee.id = 8 + number % 3, 8 + (number + 1) % 3
    wish = draw(st.none() | st.sampled_from(Wish))
    return bot.pairing.review.review_blocks.Proposed(
        make.proposal(id=number, reasons=draw(reasons)), mentor, mentee, wish, by if wish else None, draw(st.booleans())
    )


def _what_if(draw: st.DrawFn, seen: bot.pairing.review.review_blocks.Seen, lines: list[str]) -> Any:
    trade = Trade(
        11,
        12,
        why_not=draw(st.none() | st.sampled_from(Bar)),
        warnings=draw(st.lists(st.sampled_from(Bar), max_size=3)),
        reasons=draw(reasons),
        breaks=[make.proposal(id=number, mentor_id=11, mentee_id=12) for number in range(draw(st.integers(0, 2)))],
        swapped=draw(st.none() | st.just((11, 12))),
    )
    costs = draw(st.lists(prose(600), max_size=2))
    return bot.pairing.review.whatif_blocks.WhatIf(seen, trade, {11: draw(persons), 12: draw(persons)}, lines, costs)


def _review(draw: st.DrawFn, programme: Programme) -> bot.pairing.review.review_blocks.Review:
    """A page, empty or full."""
    review = bot.pairing.review.review_blocks
    few = [_proposed(draw, number) for number in range(3)]
    count = draw(st.sampled_from([0, 1, review.PAGE_SIZE]))
    left_over = [review.LeftOver(draw(persons), Side.MENTOR, draw(st.none() | st.just("x" * 400)))] * draw(
        st.sampled_from([0, 1, review.MOST_LEFT_OVER])
    )
    last = draw(st.integers(0, 2))
    return review.Review(
        programme,
        make.round_(is_checked=draw(st.booleans())),
        (few * review.PAGE_SIZE)[:count],
        page=draw(st.integers(0, last)),
        last=last,
        count=count,
        kept=draw(st.integers(0, count)),
        has_wishes=draw(st.booleans()),
        is_changed=draw(st.booleans()),
        left_over=left_over,
        waiting=len(left_over) * 2,
    )


def _parts(
    draw: st.DrawFn, each: Partnership, programme: Programme, member: Member, person: Person
) -> dict[str, Surface]:
    overviews = [_overview(draw, each, programme)] * draw(st.sampled_from([0, 1, 2, 30]))
    seats = [
        bot.membership.blocks.Seat(member, programme, stand, draw(st.integers(1, 999)), draw(days))
        for stand in draw(st.lists(st.sampled_from(Stand), max_size=12))
    ]
    gone = draw(st.sampled_from([None, "U0ANA"]))
    return {
        "signup.home": bot.signup.blocks.home(
            [(programme, draw(st.sampled_from([None, "x" * 300])))] * draw(st.integers(0, 3)), is_in=draw(st.booleans())
        ),
        "membership.home": bot.membership.blocks.home(seats),
        "membership.unattended": bot.membership.blocks.unattended(programme, contact=draw(st.booleans()), creator=gone),
        "sessions.home": bot.sessions.blocks.home(each, _written(draw, 3000, 6), _written(draw, 1000, 8), make.MONDAY),
        "pairing.why_you": bot.pairing.blocks.why_you(each, make.words()),
        "pairing.home": bot.pairing.blocks.home(_broken(draw, programme).broken, make.person(id=9), make.words()),
        "programme.home": bot.programme.overview_blocks.home(overviews, make.words(), person, make.MONDAY),
    }
