"""Somebody asks what is stored about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session as Db

from bot import origins, terms, working_time
from bot.hours import blocks as hours
from bot.house import House
from bot.mydata import blocks
from bot.mydata.blocks import Kept
from bot.nudges import fewer_rules
from bot.prompts import Prompts
from bot.slack.listening import Ask, Filed, Word
from store import (
    agreements,
    directory,
    drafts,
    endings,
    keys,
    members,
    notes,
    nudges,
    people,
    programmes,
    reflections,
    sayings,
    snapshots,
    topics,
    writings,
)
from store.models import Holder, Member, Nudge, Person, Programme, Session, Side, Source
from store.snapshots import Partnership


def mydata(ask: Ask) -> None:
    ask.show(blocks.pages(_kept(ask), 0))


def turn(ask: Ask) -> None:
    if ask.view is not None:
        ask.change(str(ask.view["id"]), blocks.pages(_kept(ask), int(ask.value)))


def _kept(ask: Ask) -> list[Kept]:
    with ask.house.store.read() as db:
        me = people.get(db, ask.me.id)
        words = ask.house.words(db)
        places = [_place(db, words, me, *place) for place in members.of_person(db, me.id)]
        mine = snapshots.partnerships(db, me)
        met = [_pair(each, me, words) for each in mine]
        about_me = [*_person(db, me, ask.now), *_hours(me), *_fewer(me, words), *_begun(db, words, me)]
        return [*about_me, *chain(*places), *met, *_written(db, ask.house, me, mine), _messages(db, me)]


def _when(at: datetime, me: Person) -> str:
    return f"{at.astimezone(working_time.zone(me.zone)):%d %b %Y, %H:%M}"


FACTS: Mapping[str, str] = {
    "name": "Name",
    "email": "E-mail",
    "title": "Title",
    "department": "Department",
    "function": "Function",
    "team": "Team",
    "site": "Site",
    "level": "Level",
    "started_on": "Here since",
    "manager": "Reports to",
    "dotted_managers": "Dotted lines to",
    "languages": "Languages",
    "zone": "Time zone",
    "country": "Country",
}


def _person(db: Db, me: Person, now: datetime) -> list[Kept]:
    """What is believed of them and from where; what else their sources say is stored too, so it is shown."""
    lines = [f"Slack id: {me.slack_id}"]
    origins_of = directory.origins(db, me, FACTS)
    for name, label in FACTS.items():
        value, origin = getattr(me, name), origins_of.get(name)
        if value not in (None, []):
            source = f" (from {origins.words(origin, me.zone, now)})" if origin else ""
            lines.append(f"{label}: {_told(db, me, name, value)}{source}")
    kept = [Kept("You, from Slack and your company's directory", "\n".join(lines))]
    if others := [line for source in me.known for line in _not_believed(db, me, Source(source))]:
        kept.append(Kept("Also said of you, where another source goes first", "\n".join(others)))
    return kept


def _not_believed(db: Db, me: Person, source: Source) -> list[str]:
    said = {name: value for name, value in me.known[source].items() if name in FACTS}
    return [
        f"{FACTS[name]}: {_told(db, me, name, value)} (from {origins.NAMES[source]})"
        for name, value in said.items()
        if value != getattr(me, name)
    ]


def _told(db: Db, me: Person, name: str, value: Any) -> str:
    if name not in ("manager", "dotted_managers"):
        return ", ".join(value) if isinstance(value, list) else str(value)
    ids = value if isinstance(value, list) else [value]
    return "nobody" if ids == [directory.NOBODY] else _names(db, me, ids)


def _names(db: Db, me: Person, ids: Sequence[str]) -> str:
    named = people.by_slack_id(db, me.workspace_id, ids)
    return ", ".join(named[each].name if each in named else each for each in ids)


def _hours(me: Person) -> list[Kept]:
    """When they may be written to, as far as they chose."""
    lines = [
        *([f"From {me.works_from:%H:%M}"] if me.works_from else []),
        *([f"Until {me.works_until:%H:%M}"] if me.works_until else []),
        *([f"On {hours.named(me.work_days)}"] if me.work_days else []),
        *([f"Messages a week, at most: {me.nudges_a_week}"] if me.nudges_a_week else []),
    ]
    return [Kept("When I may write to you, as you chose (only you)", "\n".join(lines))] if lines else []


def _begun(db: Db, words: Prompts, me: Person) -> list[Kept]:
    """Sign-ups they began and didn't send."""
    kept = []
    for draft in drafts.of_person(db, me.id):
        programme = programmes.get(db, draft.programme_id)
        given = drafts.answers(db, draft)
        talk = given.pop("talk", {})  # of a sign-up by writing: what isn't an answer yet
        given["written last"] = talk.get("text") or talk.get("about")
        answers = {name: value for name, value in given.items() if value not in (None, "", [], False)}
        lines = [f"{name.replace('_', ' ')}: {_answer(db, words, me, name, value)}" for name, value in answers.items()]
        what = f"What you filled in for {programme.name} and have not sent, {_when(draft.changed_at, me)} (only you)"
        kept.append(Kept(what, "\n".join(lines)))
    return kept


def _answer(db: Db, words: Prompts, me: Person, name: str, value: Any) -> str:
    match name:
        case "offers" | "wishes":
            return ", ".join(words.topic(topic) for topic in value)
        case "networks":
            return _networks(words, value)
        case "avoid" | "manager":
            return _told(db, me, "manager", value)
    return ", ".join(value) if isinstance(value, list) else str(value)


def _networks(words: Prompts, ids: Sequence[str]) -> str:
    return ", ".join(words.networks.get(each, each) for each in ids)


def _place(db: Db, words: Prompts, me: Person, member: Member, programme: Programme) -> list[Kept]:
    lines = [
        f"Side: {member.side}; state: {member.state}",
        f"Topics: {', '.join(words.topic(topic) for topic in member.topics)}",
        f"Languages: {', '.join(member.languages)}; ways to meet: {', '.join(member.ways).replace('_', ' ')}",
        f"Hours: {', '.join(member.hours) or 'any'}",
        *([f"Mentees at once: {member.capacity}"] if member.side is Side.MENTOR else []),
        f"Joined {_when(member.joined_at, me)}",
        *([f"Let in {_when(member.let_in_at, me)}"] if member.let_in_at else []),
        *([f"Paused until {_when(member.paused_until, me)}"] if member.paused_until else []),
        f"Agreed to keeping this {_when(member.consented_at, me)} (text {member.consent})",
        f"Rounds waited: {member.rounds_waited}",
        f"Looking for a partner: {'yes' if member.wants_partner else 'not now'}",
    ]
    kept = [Kept(f"Your place in {programme.name}", "\n".join(lines))]
    if member.hopes:
        kept.append(Kept("Your hopes (only you)", keys.unseal(db, Holder.PERSON, me.id, member.hopes)))
    if member.networks:
        ids = keys.unseal(db, Holder.PERSON, me.id, member.networks).split()
        kept.append(Kept("Networks and experiences you bring (only you)", _networks(words, ids)))
    if member.avoid:
        ids = keys.unseal(db, Holder.PERSON, me.id, member.avoid).split()
        kept.append(Kept("Whom you'd rather not be paired with (only you)", _names(db, me, ids)))
    for each in topics.of_member(db, [member.id]):
        what = f"A topic you proposed {_when(each.proposed_at, me)} (the people who run the programme see it)"
        kept.append(Kept(what, f"{each.text}: {each.state}"))
    return kept


def _pair(each: Partnership, me: Person, words: Prompts) -> Kept:
    lines = [f"With {each.partner.name}, since {_when(each.pair.published_at, me)}"]
    for session in each.sessions:
        lines.append(_meeting(each, session, me))
        given = {"before": session.preparation, "after": session.reflection}
        said = {when: words.question(twin, each.mine.side) for when, twin in given.items()}
        lines += [f"Its question {when} the talk: “{question}”" for when, question in said.items() if question]
    return Kept(f"Your pair in {each.programme.name} (coordinators see it too)", "\n".join(lines))


def _meeting(each: Partnership, session: Session, me: Person) -> str:
    """How often the mentee cancelled it is stored for one private word alone; it is about them, so they see it."""
    cancelled = session.cancellations if each.i_am_mentee else 0
    parts = [
        f"Meeting {session.number}: {_when(session.starts_at, me)}, {session.state}",
        *([f"{session.minutes} minutes"] if session.minutes else []),
        *([session.way.replace("_", " ")] if session.way else []),
        *([f"cancelled by you: {cancelled} (only you)"] if cancelled else []),
    ]
    return ", ".join(parts)


def _written(db: Db, house: House, me: Person, mine: tuple[Partnership, ...]) -> list[Kept]:
    kept = []
    for each in mine:
        kept += [*_agreed(db, each, me), *_ended(db, each, me)]
    for note in notes.of_person(db, me.id):
        whose = "your pair" if note.is_shared else "only you"
        kept.append(Kept(f"A note of {_when(note.written_at, me)} ({whose})", note.text))
    for action in notes.actions(db, [each.pair.id for each in mine], owner_id=me.id, is_open=False):
        state = "done" if action.is_done else "to do"
        due = f", by {action.due_on:%d %b %Y}" if action.due_on else ""
        kept.append(Kept(f"An action of {_when(action.written_at, me)} (your pair), {state}{due}", action.text))
    sides = {each.pair.id: each.mine.side for each in mine}
    for reflection in reflections.of_person(db, me.id):
        question = house.prompts.question(reflection.question, sides[reflection.pair_id])
        asked = f"“{question}” — " if question else ""
        text = asked + reflections.text(db, reflection)
        whose = "your pair" if reflection.is_shared else "only you"
        kept.append(Kept(f"An answer of {_when(reflection.written_at, me)} ({whose})", text))
    for begun in writings.of_person(db, me.id):
        if begun.kept_id is None:
            what = f"What you wrote {_when(begun.written_at, me)}, and I asked what it is for (only you)"
            kept.append(Kept(what, writings.text(db, begun)))
    return kept


def _agreed(db: Db, each: Partnership, me: Person) -> list[Kept]:
    kept = []
    for version in each.agreements:
        state = f"agreed {_when(version.agreed_at, me)}" if version.agreed_at else "proposed"
        text = terms.text(agreements.terms(db, version))
        kept.append(Kept(f"Your agreement with {each.partner.name}, {state} (your pair)", text))
    return kept


def _ended(db: Db, each: Partnership, me: Person) -> list[Kept]:
    """How they wanted to go on, and what they passed on."""
    kept = []
    for own in each.preferences:
        if own.person_id == me.id:
            wish = endings.wish(db, own).value.replace("_", " ")
            kept.append(Kept(f"How you'd like to go on with {each.partner.name} (only you)", wish))
    for saying in each.sayings:
        if saying.author_id == me.id:
            state = saying.answer.value if saying.answer else "waits for a yes" if saying.for_all else "passed on"
            what = f"{saying.kind.value.capitalize()} of {_when(saying.written_at, me)} (your pair), {state}"
            kept.append(Kept(what, sayings.text(db, saying)))
    return kept


def _messages(db: Db, me: Person) -> Kept:
    """What the bot said and when, what was put off, and what they wanted less of; the words themselves are in Slack."""
    told = [_message(nudge, me) for nudge in nudges.of_person(db, me.id)]
    return Kept("Messages the bot sent you", "\n".join(line for line in told if line) or "none")


def _message(nudge: Nudge, me: Person) -> str | None:
    what = f"{_when(nudge.claimed_at, me)}: {nudge.kind.replace('_', ' ')}"
    if nudge.dropped == fewer_rules.LEFT_OUT:
        return f"{what}, left out: you wanted fewer"
    if nudge.dropped is not None:
        return None
    return f"{what}, put off until {_when(nudge.put_off_until, me)}" if nudge.put_off_until else what


def _fewer(me: Person, words: Prompts) -> list[Kept]:
    said = [words.say(f"fewer.{family}.{share}") for family, share in me.fewer.items()]
    return [Kept("Which messages you want fewer of", "\n".join(said))] if said else []


PRESSES: Mapping[str, Word] = {blocks.BACK: turn, blocks.ON: turn}
FORMS: Mapping[str, Filed] = {}
