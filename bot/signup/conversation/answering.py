"""What is understood of what somebody writes, presses or chooses in answer to a question, and what follows from it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.signup.conversation import reading, rules
from bot.signup.conversation.rules import Room, Talk
from bot.signup.rules import FACTS, HOURS, LANGUAGES, LONGEST_TOPIC, MOST_MENTEES
from store.models import Side, Way

IN_ENGLISH = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "sv": "Swedish",
    "ta": "Tamil",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
LANGUAGE_NAMES = {code: (name, *filter(None, [IN_ENGLISH.get(code)])) for code, name in LANGUAGES.items()}
WAY_NAMES = {Way.ONLINE.value: ("online", "video", "remote", "remotely"), Way.IN_PERSON.value: (
    "in person", "in-person", "face to face", "at the office", "in the office", "on site",
)}  # fmt: skip
HOUR_NAMES = {hour: (hour, f"{hour}s", f"in the {hour}") for hour in HOURS}


def heard(talk: Talk, text: str, room: Room) -> Talk:
    """What follows from what they wrote."""
    control = CONTROLS.get(reading.word(text))
    if control is not None:
        return control(talk, room)
    if reading.is_wordless(text):
        return rules.said_again(talk, "wordless")
    return READERS[talk.question](talk, text, room)


def picked(talk: Talk, ids: Sequence[str], room: Room) -> Talk:
    """What follows from what they chose in the menu of the open question."""
    if talk.question == "summary":
        known = [each for each in ids if each in set(rules.questions(talk.answers, room))]
        return rules.ask(talk, known[0], "change") if known else rules.said_again(talk, "unclear")
    if not ids and talk.question in rules.OPTIONAL:
        return _skip(talk, room)
    return _chosen(talk, room, ids)


def earlier(talk: Talk, question: str, act: Callable[[Talk], Talk], room: Room) -> Talk | None:
    """The answer to a question that is no longer the open one, taken as a change; the open one stays open.

    None where it can't be taken so: where it would need a question of its own, or isn't asked any more.
    """
    if question not in rules.questions(talk.answers, room) or question not in talk.done:
        return None
    after = act(rules.ask(talk, question))
    if after.question == question or after.question in rules.ASIDES or after.is_over:
        return None  # it wasn't right, or isn't done with
    if after.answers == talk.answers:
        return talk
    changed = replace(talk, answers=after.answers, done=after.done, word="changed", about=question)
    follows = rules.on(changed, room)
    stays = rules.ASIDES.get(talk.question, talk.question) in rules.questions(changed.answers, room)
    if stays or follows.word == "wrong":
        return changed if follows.word != "wrong" else follows
    return replace(follows, word="changed", about=question)


def is_control(text: str) -> bool:
    return reading.word(text) in CONTROLS


def _stop(_talk: Talk, _room: Room) -> Talk:
    return rules.ended("stopped")


def _back(talk: Talk, room: Room) -> Talk:
    if talk.question in rules.ASIDES:
        return rules.ask(talk, rules.ASIDES[talk.question])
    order = [*rules.questions(talk.answers, room), "summary"]
    place = order.index(talk.question) if talk.question in order else 0
    return rules.ask(talk, order[place - 1]) if place else rules.said_again(talk, "first")


def _skip(talk: Talk, room: Room) -> Talk:
    question = talk.question
    if question in rules.OWN.values():
        return _not_own(talk, room)
    question = rules.ASIDES.get(question, question)
    if question in rules.OPTIONAL or (question in FACTS and room.facts.get(question) is not None):
        return rules.answered(talk, room, question, **{question: rules.OPTIONAL.get(question)})
    return rules.said_again(talk, "needed")


def _keep(talk: Talk, room: Room) -> Talk:
    """Leaves an answer as it was."""
    if talk.question in talk.done:
        return rules.on(talk, room)
    return rules.said_again(talk, "unclear")


def _help(talk: Talk, _room: Room) -> Talk:
    return rules.said_again(talk, "help")


def _taken_up(talk: Talk, _room: Room) -> Talk:
    return rules.said_again(talk, "on")


Control = Callable[[Talk, Room], Talk]
CONTROLS: Mapping[str, Control] = {
    **dict.fromkeys(("stop", "cancel", "quit"), _stop),
    **dict.fromkeys(("back", "go back", "previous"), _back),
    **dict.fromkeys(("skip", "skip this", "skip it", "pass"), _skip),
    **dict.fromkeys(("keep", "keep it", "leave it", "as it is"), _keep),
    "help": _help,
    **dict.fromkeys(("join", "go on", "continue"), _taken_up),
}


def _sides(talk: Talk, text: str, room: Room) -> Talk:
    said = set(reading.word(text).replace(",", " ").split())
    sides = tuple(side for side in Side if str(side) in said or f"{side}s" in said)
    if said & {"both", "either"}:
        sides = tuple(Side)
    return rules.answered(talk, room, "sides", sides=sides) if sides else rules.said_again(talk, "unclear")


def _topics(talk: Talk, text: str, room: Room) -> Talk:
    question = talk.question
    own = rules.OWN[question]
    found = reading.listed(text, {topic: (label,) for topic, label in room.topics.items()})
    if found.several:
        return _several(talk, found, room.topics)
    if len(found.strange) > 1:
        return rules.again(talk, "strange_topics", ", ".join(found.strange), found.ids)
    if found.strange and len(found.strange[0]) > LONGEST_TOPIC:
        return rules.again(talk, "too_long", str(LONGEST_TOPIC), found.ids)
    if found.strange:
        return replace(rules.ask(talk, own), found=found.ids, text=found.strange[0])
    if not found.ids:
        return rules.said_again(talk, "unclear")
    return rules.answered(talk, room, question, **{question: found.ids, own: None})


def _several(talk: Talk, found: reading.Listed, labels: Mapping[Any, str]) -> Talk:
    piece, ids = found.several[0]
    names = dict(zip(map(str, labels), labels.values(), strict=True))
    return rules.again(talk, "several", f"{piece}: {'; '.join(names.get(each, each) for each in ids)}", found.ids)


def _own(talk: Talk, text: str, room: Room) -> Talk:
    """Whether a topic that isn't in the list is to be proposed; anything but yes and no is a new list."""
    said = reading.word(text)
    if said in reading.YES:
        question = rules.ASIDES[talk.question]
        return rules.answered(talk, room, question, **{question: talk.found, talk.question: talk.text})
    if said in reading.NO | reading.NOTHING:
        return _not_own(talk, room)
    return _topics(replace(talk, question=rules.ASIDES[talk.question], text=""), text, room)


def _not_own(talk: Talk, room: Room) -> Talk:
    question = rules.ASIDES[talk.question]
    if not talk.found:
        return rules.ask(talk, question)
    return rules.answered(talk, room, question, **{question: talk.found, talk.question: None})


NUMBERS = {"one": 1, "two": 2, "three": 3}


def _capacity(talk: Talk, text: str, room: Room) -> Talk:
    said = reading.word(text).split()
    numbers = {NUMBERS.get(each) or (int(each) if each.isdecimal() and len(each) < 3 else 0) for each in said} - {0}
    if len(numbers) != 1 or max(numbers) > MOST_MENTEES:
        return rules.said_again(talk, "unclear")
    return rules.answered(talk, room, "capacity", capacity=numbers.pop())


def _hopes(talk: Talk, text: str, room: Room) -> Talk:
    text = text.strip()
    if reading.word(text) in reading.NOTHING:
        return _skip(talk, room)
    if _units(text) > rules.LONGEST_HOPES:
        return replace(rules.ask(talk, "hopes_long"), text=text)
    return rules.answered(talk, room, "hopes", hopes=text)


def _hopes_long(talk: Talk, text: str, room: Room) -> Talk:
    """Whether to keep the beginning of it; anything but yes and no is another answer."""
    said = reading.word(text)
    if said in reading.YES:
        return rules.answered(talk, room, "hopes", hopes=beginning(talk.text))
    if said in reading.NO:
        return rules.ask(talk, "hopes")
    return _hopes(talk, text, room)


def beginning(text: str) -> str:
    """As much of it as is kept."""
    cut = text.encode("utf-16-le")[: 2 * rules.LONGEST_HOPES].decode("utf-16-le", errors="ignore")
    return cut.rstrip()


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _list(names: Callable[[Room], Mapping[str, Sequence[str]]]) -> Callable[[Talk, str, Room], Talk]:
    """An answer that names things of a list."""

    def read(talk: Talk, text: str, room: Room) -> Talk:
        question, called = talk.question, names(room)
        said = reading.word(text)
        if question in rules.OPTIONAL and said in reading.NOTHING | reading.NO:
            return _skip(talk, room)
        if said in reading.EVERYTHING and question in ("hours", "ways"):
            return rules.answered(talk, room, question, **{question: () if question == "hours" else tuple(called)})
        found = reading.listed(text, called)
        if found.several:
            return _several(talk, found, {each: name[0] for each, name in called.items()})
        if not found.ids:
            return rules.said_again(talk, "unclear")
        if found.strange:
            return rules.again(talk, "strange", ", ".join(found.strange), found.ids)
        return rules.answered(talk, room, question, **{question: found.ids})

    return read


def _avoid(talk: Talk, text: str, room: Room) -> Talk:
    if reading.word(text) in reading.NOTHING | reading.NO:
        return _skip(talk, room)
    ids = reading.people(text)
    return _chosen(talk, room, ids) if ids else rules.said_again(talk, "unclear")


def _chosen(talk: Talk, room: Room, ids: Iterable[str]) -> Talk:
    """Ids from a menu, or people who were mentioned."""
    question, ids = talk.question, tuple(dict.fromkeys(ids))
    refused = [room.refused[each] for each in ids if each in room.refused]
    if refused:
        kept = [each for each in ids if each not in room.refused]
        return rules.again(talk, "wrong", refused[0], kept)
    if question == "manager":
        return (
            rules.answered(talk, room, question, manager=ids[0]) if len(ids) == 1 else rules.said_again(talk, "unclear")
        )
    if question == "level":
        known = [level for level in room.levels if str(level) in ids]
        return rules.answered(talk, room, question, level=known[0]) if known else rules.said_again(talk, "unclear")
    if question not in _MENUS:
        return rules.said_again(talk, "unclear")
    return rules.answered(
        talk, room, question, **{question: tuple(each for each in ids if _is_there(question, each, room))}
    )


_MENUS = ("offers", "wishes", "languages", "ways", "hours", "networks", "avoid")


def _is_there(question: str, chosen: str, room: Room) -> bool:
    """Whether it can be chosen still."""
    there: Mapping[str, Iterable[str]] = {
        "offers": room.topics,
        "wishes": room.topics,
        "languages": LANGUAGES,
        "ways": WAY_NAMES,
        "hours": HOURS,
        "networks": room.networks,
    }
    return question == "avoid" or chosen in there[question]


def _fact(talk: Talk, text: str, room: Room) -> Talk | None:
    """Yes to what is known already; no means that they will say what is right."""
    said = reading.word(text)
    if talk.question not in room.facts:
        return None
    if said in reading.YES:
        return rules.answered(talk, room, talk.question, **{talk.question: None})
    return rules.again(talk, "correct") if said in reading.NO else None


def _manager(talk: Talk, text: str, room: Room) -> Talk:
    said = reading.word(text)
    if said in reading.NOTHING or said in ("i report to nobody", "i report to no one"):
        return rules.answered(talk, room, "manager", manager="")
    return _fact(talk, text, room) or _chosen(talk, room, reading.people(text))


def _named(talk: Talk, text: str, room: Room) -> Talk:
    """A department, a team or a site, in their words."""
    said, question = reading.word(text), talk.question
    taken = _fact(talk, text, room)
    if taken is not None:
        return taken
    if question == "department" and said in reading.NOTHING:
        return _skip(talk, room)
    if said in reading.YES | reading.NO | reading.NOTHING:
        return rules.said_again(talk, "unclear")
    return rules.answered(talk, room, question, **{question: text.strip()})


def _level(talk: Talk, text: str, room: Room) -> Talk:
    taken = _fact(talk, text, room)
    if taken is not None:
        return taken
    said = reading.word(text)
    if said.isdecimal() and len(said) < 4 and int(said) in room.levels:
        return rules.answered(talk, room, "level", level=int(said))
    found = reading.listed(text, {str(level): (label,) for level, label in room.levels.items()})
    if found.several:
        return _several(talk, found, room.levels)
    return _chosen(talk, room, found.ids if len(found.ids) == 1 and not said.isdecimal() else ())


def _consent(talk: Talk, text: str, room: Room) -> Talk:
    said = reading.word(text)
    agrees = said in reading.YES | {"agree", "i agree", "agreed", "i do", "yes i agree", "yes, i agree"}
    return rules.answered(talk, room, "consent", has_consented=True) if agrees else rules.said_again(talk, "unclear")


def _summary(talk: Talk, text: str, room: Room) -> Talk:
    said = reading.word(text).removeprefix("change").strip()
    if reading.word(text) in reading.YES | {"send", "send it"}:
        follows = rules.on(talk, room)
        return follows if follows.question != "summary" else replace(follows, question="send")
    order = list(rules.questions(talk.answers, room))
    found = reading.listed(said, {each: (each, *SPOKEN.get(each, ())) for each in order})
    return rules.ask(talk, found.ids[0], "change") if found.ids else rules.said_again(talk, "unclear")


SPOKEN = {
    "sides": ("side", "role"),
    "offers": ("topics", "topics offered", "what i offer"),
    "capacity": ("mentees", "how many"),
    "wishes": ("topics wanted", "what i'd like to learn"),
    "hopes": ("hope",),
    "languages": ("language",),
    "ways": ("ways to meet", "way"),
    "hours": ("times", "time"),
    "networks": ("network", "experiences"),
    "avoid": ("people", "not to be paired with"),
    "manager": ("boss",),
}

READERS: Mapping[str, Callable[[Talk, str, Room], Talk]] = {
    "sides": _sides,
    "offers": _topics,
    "wishes": _topics,
    "own_offer": _own,
    "own_wish": _own,
    "capacity": _capacity,
    "hopes": _hopes,
    "hopes_long": _hopes_long,
    "languages": _list(lambda _room: LANGUAGE_NAMES),
    "ways": _list(lambda _room: WAY_NAMES),
    "site": _named,
    "hours": _list(lambda _room: HOUR_NAMES),
    "networks": _list(lambda room: {each: (label,) for each, label in room.networks.items()}),
    "avoid": _avoid,
    "manager": _manager,
    "department": _named,
    "team": _named,
    "level": _level,
    "consent": _consent,
    "summary": _summary,
}
