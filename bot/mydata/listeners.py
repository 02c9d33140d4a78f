"""Somebody asks what is stored about them."""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain

from sqlalchemy.orm import Session as Db

from bot import working_time
from bot.house import House
from bot.mydata import blocks
from bot.mydata.blocks import Kept
from bot.slack.listening import Ask, Filed, Word
from store import keys, members, notes, nudges, people, reflections, snapshots
from store.models import Holder, Member, Person, Programme
from store.snapshots import Partnership


def mydata(ask: Ask) -> None:
    ask.show(blocks.pages(_kept(ask), 0))


def turn(ask: Ask) -> None:
    if ask.view is not None:
        ask.change(str(ask.view["id"]), blocks.pages(_kept(ask), int(ask.value)))


def _kept(ask: Ask) -> list[Kept]:
    with ask.house.store.read() as db:
        me = people.get(db, ask.me.id)
        places = [_place(db, ask.house, me, *place) for place in members.of_person(db, me.id)]
        mine = snapshots.partnerships(db, me)
        met = [_pair(each, me) for each in mine]
        return [_person(db, me), *chain(*places), *met, *_written(db, ask.house, me, mine), _messages(db, me)]


def _when(at: datetime, me: Person) -> str:
    return f"{at.astimezone(working_time.zone(me.zone)):%d %b %Y, %H:%M}"


def _person(db: Db, me: Person) -> Kept:
    above = people.by_slack_id(db, me.workspace_id, [me.manager or "", *me.dotted_managers])
    names = {slack_id: person.name for slack_id, person in above.items()}
    facts = {
        "Name": me.name,
        "Slack id": me.slack_id,
        "Title": me.title,
        "Department": me.department,
        "Team": me.team,
        "Site": me.site,
        "Level": me.level,
        "Reports to": "nobody" if me.manager == "" else names.get(me.manager or "", me.manager),
        "Dotted lines to": ", ".join(names.get(each, each) for each in me.dotted_managers),
        "Languages": ", ".join(me.languages),
        "Time zone": me.zone,
        "Country": me.country,
    }
    lines = [f"{name}: {value}" for name, value in facts.items() if value not in (None, "")]
    return Kept("You, from Slack and your company's directory", "\n".join(lines))


def _place(db: Db, house: House, me: Person, member: Member, programme: Programme) -> list[Kept]:
    lines = [
        f"Side: {member.side}; state: {member.state}",
        f"Topics: {', '.join(house.prompts.topic(topic) for topic in member.topics)}",
        f"Languages: {', '.join(member.languages)}; ways to meet: {', '.join(member.ways).replace('_', ' ')}",
        f"Joined {_when(member.joined_at, me)}",
        f"Agreed to keeping this {_when(member.consented_at, me)} (text {member.consent})",
        f"Rounds waited: {member.rounds_waited}",
    ]
    kept = [Kept(f"Your place in {programme.name}", "\n".join(lines))]
    if member.hopes:
        kept.append(Kept("Your hopes (only you)", keys.unseal(db, Holder.PERSON, me.id, member.hopes)))
    if member.avoid:
        ids = keys.unseal(db, Holder.PERSON, me.id, member.avoid).split()
        named = people.by_slack_id(db, house.workspace_id, ids)
        names = ", ".join(named[each].name if each in named else each for each in ids)
        kept.append(Kept("Whom you'd rather not be paired with (only you)", names))
    return kept


def _pair(each: Partnership, me: Person) -> Kept:
    lines = [f"With {each.partner.name}, since {_when(each.pair.published_at, me)}"]
    lines += [f"Meeting {session.number}: {_when(session.starts_at, me)}, {session.state}" for session in each.sessions]
    return Kept(f"Your pair in {each.programme.name} (coordinators see it too)", "\n".join(lines))


def _written(db: Db, house: House, me: Person, mine: tuple[Partnership, ...]) -> list[Kept]:
    kept = []
    for note in notes.of_person(db, me.id):
        whose = "your pair" if note.is_shared else "only you"
        kept.append(Kept(f"A note of {_when(note.written_at, me)} ({whose})", note.text))
    for action in notes.actions(db, [each.pair.id for each in mine], owner_id=me.id, is_open=False):
        state = "done" if action.is_done else "to do"
        kept.append(Kept(f"An action of {_when(action.written_at, me)} (your pair), {state}", action.text))
    for reflection in reflections.of_person(db, me.id):
        question = house.prompts.question_by_id(reflection.question)
        asked = f"“{question.text}” — " if question else ""
        text = asked + reflections.text(db, reflection)
        kept.append(Kept(f"An answer of {_when(reflection.written_at, me)} (only you)", text))
    return kept


def _messages(db: Db, me: Person) -> Kept:
    """What the bot said and when; the words themselves are in Slack."""
    sent = [
        f"{_when(nudge.claimed_at, me)}: {nudge.kind.replace('_', ' ')}"
        for nudge in nudges.of_person(db, me.id)
        if nudge.dropped is None
    ]
    return Kept("Messages the bot sent you", "\n".join(sent) or "none")


PRESSES: Mapping[str, Word] = {blocks.BACK: turn, blocks.ON: turn}
FORMS: Mapping[str, Filed] = {}
