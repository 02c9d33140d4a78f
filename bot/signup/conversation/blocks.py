"""The messages of a sign-up by writing: each asks one thing, with buttons and menus where they help."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.due import Builder, Message, SignUp, Telling
from bot.prompts import Prompts
from bot.signup.conversation import rules
from bot.signup.conversation.rules import Room, Talk
from bot.signup.pages import CONSENT, HOURS, SEARCH, SIDES, WAYS, suggested, write
from bot.signup.rules import FACTS, LANGUAGES, MENU, MOST_AVOIDED, MOST_TOPICS, Answers
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Draft, Programme, Way

NEXT = "signup.next"
SAY = "signup.say"
MENU_BLOCK = "answer"

SHORT = 30  # topics that are still read as a list, with numbers
SHOWN_HOPES = 500  # of what they hope for, in a summary

# Each button says a word that could be written just as well, so that both are understood alike.
BUTTONS: Mapping[str, Sequence[tuple[str, str]]] = {
    "sides": [("mentor", "Mentor"), ("mentee", "Mentee"), ("both", "Both")],
    "capacity": [("1", "One"), ("2", "Two"), ("3", "Three")],
    "ways": [("online", "Online"), ("in person", "In person"), ("both", "Both")],
    "hours": [("any", "Any time")],
    "own_offer": [("yes", "Yes, propose it"), ("no", "No, leave it out")],
    "own_wish": [("yes", "Yes, propose it"), ("no", "No, leave it out")],
    "hopes_long": [("yes", "Keep the beginning"), ("no", "Write it anew")],
    "manager": [("nobody", "I report to nobody")],
    "consent": [("agree", "I agree")],
    "summary": [("send", "Send it")],
}
RIGHT = ("yes", "That's right")
KEEP = ("keep", "Leave it as it is")
SKIP = ("skip", "Skip")
BACK = ("back", "Back")
STOP = ("stop", "Stop")
SAID = {each for words in BUTTONS.values() for each, _ in words} | {word for word, _ in (RIGHT, KEEP, SKIP, BACK, STOP)}
PRIMARY = ("send", "agree")

LABELS: Mapping[str, str] = {
    "sides": "Side",
    "offers": "What I offer",
    "capacity": "Mentees at once",
    "wishes": "What I'd like to learn",
    "hopes": "What I hope for",
    "languages": "Languages",
    "ways": "Ways to meet",
    "site": "Site",
    "hours": "Hours",
    "networks": "Networks and experiences",
    "avoid": "Not to be paired with",
    "manager": "I report to",
    "department": "Department",
    "team": "Team",
    "level": "Level",
    "consent": "Keeping my answers",
}
FORM = "You can fill in a form, or I ask you one thing at a time and you write back. Which would you like?"
EARLIER = (
    "That was an earlier question. To change its answer, write *back*, or choose it at the end, where you see all of "
    "them. My newest question is still open."
)
OVER = "That sign-up is no longer open. You can begin one with the word *join*."
# What a second press hears of what the first one has ended.
OVER_BY = {"send": "Your answers are sent already. My message about it says what happens next.", "stop": None}
BEGUN = "I've written to you in our direct messages: that is where my questions come."


def action_id(word: str) -> str:
    return f"{SAY}.{word.replace(' ', '_')}"


def pressed(draft: Draft, question: str, word: str) -> str:
    """What a button carries: which conversation, which turn, which question, and the word it says."""
    return f"{rules.mark(draft)} {draft.turn} {question} {word}"


# How it begins


def offer() -> Message:
    """Somebody wrote "join"."""
    buttons = [kit.go("join", "The form", style="primary"), write("")]
    return Message(FORM, [kit.section(FORM), kit.actions(*buttons)])


def which(programmes: Sequence[Programme]) -> Message:
    """Which programme they'd like to join by writing, where there are several."""
    text = "Which programme would you like to join?"
    named = "\n".join(f"• {kit.escape(each.name)}" for each in programmes)
    rows = [
        kit.section(f"*{kit.escape(each.name)}*\n{kit.escape(each.objective)}", write(each.id)) for each in programmes
    ]
    return Message(f"{text}\n{named}", [kit.section(text), *rows[:40]])


# A question


def question(telling: Telling) -> Message:
    """What the bot says next: the open question with what helps to answer it, or the last word."""
    signup = telling.signup
    assert signup is not None  # noqa: S101 -- whoever tells this kind opens the draft
    talk = rules.of_draft(signup.kept, str(signup.draft.question))
    words = telling.prompts
    room = room_of(words, {name: fact.value for name, fact in signup.facts.items()})
    if talk.is_over:
        return _last_word(talk, words, signup.programme)
    said = [each for each in (_word(talk, telling), _question(talk, words, signup, room)) if each]
    extra = _extra(talk, words, signup, room)
    menu = _menu(talk, words, room)
    blocks = [
        *(kit.section(each) for each in said),
        *(kit.section(piece) for each in extra for piece in _pieces(each)),
        *([menu] if menu else []),
        kit.actions(*_buttons(talk, signup, has_menu=menu is not None)),
    ]
    return Message("\n\n".join([*said, *extra]), blocks)


def _pieces(text: str) -> Iterator[str]:
    """Whole lines, as many at a time as a section takes."""
    piece = ""
    for line in text.splitlines():
        if piece and len(piece) + len(line) >= kit.SECTION_LIMIT // 2:  # in signs of two units each, at the worst
            yield piece
            piece = ""
        piece = f"{piece}\n{line}" if piece else line
    yield piece


def room_of(words: Prompts, facts: Mapping[str, Any], refused: Mapping[str, str] | None = None) -> Room:
    return Room(words.topics, words.networks, words.levels, facts, refused or {})


def _last_word(talk: Talk, words: Prompts, programme: Programme) -> Message:
    fields = {"programme": kit.escape(programme.name)}
    if talk.question == "closed":
        fields["why"] = kit.escape(talk.about)
    text = words.say(f"signup.{talk.question}", **fields)
    return Message(text, [kit.section(text)])


def _word(talk: Talk, telling: Telling) -> str:
    """What is said before the question."""
    assert telling.signup is not None  # noqa: S101 -- as above
    words = telling.prompts
    match talk.word:
        case "":
            return ""
        case "begin" | "on":
            return words.say(f"signup.{talk.word}", programme=kit.escape(telling.signup.programme.name))
        case "help":
            return words.say("signup.help", command=telling.command)
        case "unclear":
            return f"{words.say('signup.unclear')} {words.say(f'signup.{talk.question}_hint')}"
        case "changed":
            return words.say("signup.changed", answer=LABELS[talk.about].lower())
        case "wrong" | "strange" | "strange_topics" | "several" | "too_long":
            return words.say(f"signup.{talk.word}", about=kit.escape(kit.shorten(talk.about, 500)))
        case word:
            return words.say(f"signup.{word}")


def _question(talk: Talk, words: Prompts, signup: SignUp, room: Room) -> str:
    asked = talk.question
    if asked in ("own_offer", "own_wish"):
        return words.say("signup.own", topic=kit.escape(talk.text))
    if asked == "hopes_long":
        return words.say("signup.hopes_long", length=f"{len(talk.text):,}", most=f"{rules.LONGEST_HOPES:,}")
    if asked in room.facts and asked in signup.facts:
        fact = signup.facts[asked]
        return words.say(f"signup.{asked}_known", known=kit.escape(fact.label), origin=fact.origin)
    return words.say(f"signup.{asked}", **_limits(asked))


def _limits(asked: str) -> dict[str, str]:
    most = {"offers": MOST_TOPICS, "wishes": MOST_TOPICS, "avoid": MOST_AVOIDED}
    return {"most": str(most[asked])} if asked in most else {}


def _extra(talk: Talk, words: Prompts, signup: SignUp, room: Room) -> list[str]:
    """What belongs to the question: the paragraph to agree to, the list to choose from, the answer so far."""
    asked, extra = talk.question, []
    if asked == "consent":
        extra.append(CONSENT)
    if asked == "summary":
        extra.append(_summary(talk.answers, words, signup, room))
    if asked in ("offers", "wishes") and len(room.topics) <= SHORT:
        extra.append(_numbered(room.topics))
    if asked == "networks":
        extra.append(_numbered(room.networks))
    if asked == "level":
        extra.append("\n".join(f"{level}. {kit.escape(label)}" for level, label in room.levels.items()))
    if asked in talk.done and asked not in ("consent", "summary"):
        extra.append(f"_So far:_ {_told(asked, talk.answers, words, signup)}")
    return extra


def _numbered(choices: Mapping[str, str]) -> str:
    return "\n".join(f"{number}. {kit.escape(label)}" for number, label in enumerate(choices.values(), 1))


def _summary(answers: Answers, words: Prompts, signup: SignUp, room: Room) -> str:
    order = [each for each in rules.questions(answers, room) if each != "consent"]
    return "\n".join(
        f"{number}. {LABELS[each]}: {_told(each, answers, words, signup)}" for number, each in enumerate(order, 1)
    )


def _told(asked: str, answers: Answers, words: Prompts, signup: SignUp) -> str:
    """An answer, to its author."""
    if asked in rules.OWN:
        own = getattr(answers, rules.OWN[asked])
        return kit.escape(
            "; ".join([*map(words.topic, getattr(answers, asked)), *([f"{own} (your own)"] if own else [])])
        )
    given = getattr(answers, asked)
    if given is None and asked in signup.facts:
        fact = signup.facts[asked]
        return f"{kit.escape(fact.label)} ({fact.origin})"
    told = _TOLD.get(asked, _as_it_is)(given, words)
    return told or ("any" if asked == "hours" else "–")


def _as_it_is(given: Any, _words: Prompts) -> str:
    return kit.escape("" if given is None else str(given))


def _hopes(given: str | None, _words: Prompts) -> str:
    return kit.escape(kit.shorten(" ".join((given or "").split()), SHOWN_HOPES))


_TOLD: Mapping[str, Callable[[Any, Prompts], str]] = {
    "sides": lambda given, _: " and ".join(SIDES[side].lower() for side in given),
    "hopes": _hopes,
    "languages": lambda given, _: ", ".join(LANGUAGES.get(each, each) for each in given),
    "ways": lambda given, _: ", ".join(WAYS[Way(each)].lower() for each in given),
    "hours": lambda given, _: ", ".join(HOURS[each].lower() for each in given if each in HOURS),
    "networks": lambda given, words: kit.escape("; ".join(words.networks.get(each, each) for each in given)),
    "avoid": lambda given, _: ", ".join(map(kit.mention, given)),
    "manager": lambda given, _: kit.mention(given) if given else ("nobody" if given == "" else ""),
    "level": lambda given, words: kit.escape(words.levels.get(given, "" if given is None else str(given))),
}


# What can be chosen


def _menu(talk: Talk, words: Prompts, room: Room) -> Block | None:
    """A menu that stands for the written answer; it begins with what was chosen so far."""
    asked, answers = talk.question, talk.answers
    chosen = list(talk.found) or [str(each) for each in _chosen(asked, answers)]
    match asked:
        case "offers" | "wishes":
            return _topics(words, chosen)
        case "languages":
            return _field(kit.choose_many("multi_static_select", kit.options(LANGUAGES), chosen, "Choose languages"))
        case "hours":
            return _field(kit.choose_many("checkboxes", kit.options(HOURS), chosen))
        case "networks":
            menu = kit.choose_many("multi_static_select", kit.options(words.networks), chosen, "Choose, or skip")
            return _field(menu)
        case "avoid":
            people: Block = {"type": "multi_users_select", "placeholder": kit.plain("Choose people")}
            people["max_selected_items"] = MOST_AVOIDED
            return _field(people | ({"initial_users": chosen[:MOST_AVOIDED]} if chosen else {}))
        case "manager":
            one: Block = {"type": "users_select", "placeholder": kit.plain("Choose a person")}
            return _field(one | ({"initial_user": answers.manager} if answers.manager else {}))
        case "level":
            level = answers.level if answers.level is not None else room.facts.get("level")
            now = None if level is None else str(level)
            return _field(kit.choose_one("static_select", kit.options(words.levels), now, "Choose what comes nearest"))
        case "summary":
            labels = {each: LABELS[each] for each in rules.questions(answers, room) if each != "consent"}
            return _field(kit.choose_one("static_select", kit.options(labels), None, "Choose an answer"), "Or change:")
    return None


def _chosen(asked: str, answers: Answers) -> Sequence[Any]:
    given = getattr(answers, asked, ())
    return given if isinstance(given, tuple) else ()


def _topics(words: Prompts, chosen: Sequence[str]) -> Block:
    known = words.topics
    if len(known) <= MENU:
        return _field(kit.choose_many("multi_static_select", kit.options(known), chosen, "Choose topics"))
    menu = kit.search_many(suggested(words, [each for each in chosen if each in known]), "Search for topics")
    return _field(menu, "Or search here:", action_id=SEARCH)


def _field(menu: Block, label: str = "Or choose here:", **more: Any) -> Block:
    return kit.field(MENU_BLOCK, label, menu, optional=True, **more)


def _buttons(talk: Talk, signup: SignUp, *, has_menu: bool) -> list[Block]:
    """What the answer may be in a word, then the ways on, back and out."""
    asked, draft = talk.question, signup.draft
    is_known = asked in signup.facts and asked in FACTS
    words = [*([RIGHT] if is_known else []), *BUTTONS.get(asked, ())]
    buttons = [_say(draft, asked, *each) for each in words]
    if has_menu:
        label = "Change it" if asked == "summary" else "Next"
        buttons.append(kit.button(NEXT, label, pressed(draft, asked, "")))
    ways = [
        *([KEEP] if asked in talk.done else []),
        *([SKIP] if rules.ASIDES.get(asked, asked) in rules.OPTIONAL and asked not in ("hours",) else []),
        *([BACK] if asked != "sides" else []),
    ]
    return [*buttons, *(_say(draft, asked, *each) for each in ways), _stop(draft, asked)]


def _say(draft: Draft, asked: str, word: str, label: str) -> Block:
    style = "primary" if word in PRIMARY else None
    return kit.button(action_id(word), label, pressed(draft, asked, word), style=style)


def _stop(draft: Draft, asked: str) -> Block:
    return kit.confirmed(
        _say(draft, asked, *STOP),
        "Stop here?",
        "Nothing of what you answered is kept. You can begin again whenever you like.",
        "Stop",
        "Go on",
    )


def answered(asked: str, word: str) -> str:
    """What stands in place of the buttons once one of them was pressed."""
    labels = dict([RIGHT, KEEP, SKIP, BACK, STOP, *BUTTONS.get(asked, ())])
    return f"_{labels.get(word, 'Taken')}_"


MESSAGES: Mapping[str, Builder] = {rules.KIND: question}
