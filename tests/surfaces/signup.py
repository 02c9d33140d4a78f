"""Signing up: by the form, by writing, and what is said of it."""

import make
from hypothesis import strategies as st

import bot.signup.blocks
import bot.signup.conversation.blocks
import bot.signup.pages
from bot.due import Fact, SignUp
from bot.signup.rules import HOURS, LANGUAGES, Answers
from store.models import Programme, Side, Way
from surfaces.anything import Scene, Surface, ids, named, prose

BLOCKS = (bot.signup.blocks, bot.signup.pages, bot.signup.conversation.blocks)


def shown(draw: st.DrawFn, scene: Scene) -> dict[str, Surface]:
    signup = bot.signup.blocks
    return {
        **{
            f"signup.joined {kind}": scene.tell(signup.joined, kind, about=scene.member.id)
            for kind in ("joined", "applied", "queued", "let_in")
        },
        "signup.declined": scene.tell(signup.declined, "declined", about=scene.member.id),
        "signup.which_programme": signup.which_programme(
            "join", [scene.programme] * draw(st.sampled_from([2, 60])), changes=draw(st.booleans())
        ),
        "signup.home": signup.home(
            [(scene.programme, draw(st.sampled_from([None, "x" * 300])))] * draw(st.integers(0, 3)),
            is_in=draw(st.booleans()),
        ),
        **_pages(draw, scene.programme),
        **_by_writing(draw, scene.programme),
    }


def _pages(draw: st.DrawFn, programme: Programme) -> dict[str, Surface]:
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
