"""Somebody signs up by writing: each answer is kept with what follows from it, and the bot's next message is due."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from slack_sdk import WebClient
from sqlalchemy.orm import Session as Db

from bot.due import SignUp
from bot.house import House
from bot.signup import checking, joining
from bot.signup import rules as signup_rules
from bot.signup.conversation import answering, blocks, reading, rules
from bot.signup.conversation.rules import Room, Talk
from bot.signup.pages import ABOUT, WRITE, read_about
from bot.signup.rules import Answers, tidied
from bot.slack.listening import Ask, Filed, Word
from store import agenda, drafts, members, people, programmes
from store.models import Delivery, Draft, Nudge, Person, Programme, Subject

log = logging.getLogger(__name__)


# How it begins


def write(ask: Ask) -> None:
    """ "I'd rather write": asks the first question, or takes up where it stopped."""
    with ask.house.store.begin() as db:
        meant = _meant(db, ask)
        refused = [(each, _refusal(db, each, ask.me, ask.now)) for each in meant]
        joinable = [each for each, why in refused if why is None]
        if len(joinable) == 1:
            begin(db, ask, programmes.lock(db, joinable[0].id))
    if len(joinable) == 1:
        log.info("began to write person=%s programme=%s", ask.me.slack_id, joinable[0].id)
        ask.answered(blocks.BEGUN)
    elif joinable:
        ask.reply(blocks.which(joinable))
    else:
        ask.reply("\n".join(str(why) for _, why in refused) or signup_rules.NO_PROGRAMME)


def _meant(db: Db, ask: Ask) -> list[Programme]:
    """The programme of the button, or of the conversation that is open, or all there are."""
    if ask.number is not None:
        found = programmes.find(db, ask.house.workspace_id, ask.number)
        return [found] if found else []
    draft = open_draft(db, ask.me)
    if draft is not None:
        return [programmes.get(db, draft.programme_id)]
    return list(programmes.open_now(db, ask.house.workspace_id))


def _refusal(db: Db, programme: Programme, me: Person, now: datetime) -> str | None:
    return signup_rules.may_join(programme, members.find(db, programme.id, me.id), me, now)


def begin(db: Db, ask: Ask, programme: Programme) -> None:
    """Within a transaction that has locked the programme."""
    house, me, now = ask.house, ask.me, ask.now
    draft = drafts.find(db, programme.id, me.id)
    if draft is not None and rules.is_open(draft):
        if now - draft.changed_at > rules.JUST_NOW:  # else the question is right there, and this a second click
            _keep(db, programme, me, rules.said_again(_opened(db, house, draft, me)[1], "on"), now)
        return
    if draft is not None and draft.question in rules.ENDED:
        drafts.drop(db, programme.id, me.id)
    before = joining.answered(db, programme, me)
    blank = Answers() if drafts.find(db, programme.id, me.id) else before
    # What stands in the form's first page isn't lost.
    is_in_form = ask.view is not None and ask.view.get("callback_id") == ABOUT
    answers = read_about(ask.filled, before) if is_in_form else before
    _keep(db, programme, me, rules.begun(answers, _room(db, house, me), blank), now)


# What is written


def open_draft(db: Db, me: Person) -> Draft | None:
    """The conversation whose question was asked last."""
    found = [draft for draft in drafts.of_person(db, me.id) if rules.is_open(draft)]
    return max(found, key=lambda draft: draft.changed_at, default=None)


def take(
    db: Db, house: House, draft: Draft, me: Person, text: str, ts: str, refused: Mapping[str, str], now: datetime
) -> bool:
    """Takes what was written in the DM as the answer to the open question; says whether it could. In a transaction."""

    def act(talk: Talk, room: Room, draft: Draft) -> Talk:
        if rules.has_crossed(_moment(ts), draft) and not answering.is_control(text):
            return rules.said_again(talk, "crossed")
        return answering.heard(talk, text, room)

    return _go_on(db, house, draft, me, act, refused, now) is not None


def say(db: Db, house: House, draft: Draft, me: Person, word: str, now: datetime) -> bool:
    """Asks the open question again, with a word before it; says whether it could. In a transaction."""
    return _go_on(db, house, draft, me, lambda talk, *_: rules.said_again(talk, word), {}, now) is not None


def _moment(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)


def was_in(draft: Draft, ts: str) -> bool:
    """Whether a message of theirs was written since the conversation began."""
    return _moment(ts) >= draft.started_at


def is_current(draft: Draft, nudge: Nudge) -> bool:
    return nudge.key == rules.key(draft)


def refused(house: House, client: WebClient, me: Person, text: str) -> dict[str, str]:
    """Of the people who are mentioned in a text, those who can't be named, and why. Asks Slack: in no transaction."""
    named = reading.people(text)
    if not named:
        return {}
    with house.store.read() as db:
        draft = open_draft(db, me)
    return checking.strangers(house, client, me, named) if draft and draft.question in ("manager", "avoid") else {}


# What is pressed


def pressed(ask: Ask) -> None:
    """A word's button, or Next with what stands in the menu."""
    parts = ask.value.split(" ", 3)
    if len(parts) < 4 or not parts[1].isdecimal():
        ask.reply(blocks.OVER)
        return
    mark, turn, question, word = parts[0], int(parts[1]), parts[2], parts[3]
    ids = _ids(ask, question)
    bad = (
        checking.strangers(ask.house, ask.client, ask.me, ids) if question in ("manager", "avoid") and not word else {}
    )

    def act(talk: Talk, room: Room) -> Talk:
        return answering.heard(talk, word, room) if word else answering.picked(talk, ids, room)

    with ask.house.store.begin() as db:
        draft = _of_mark(db, ask.me, mark)
        reply = (
            _press(db, ask, draft, turn, question, word, act, bad) if draft else blocks.OVER_BY.get(word, blocks.OVER)
        )
    if reply == "":
        ask.answered(blocks.answered(question, word))
    elif reply is not None:
        ask.reply(reply)


def _ids(ask: Ask, question: str) -> list[str]:
    """What stands in the menu beside the button."""
    filled = ask.filled
    if question == "avoid":
        return filled.people(blocks.MENU_BLOCK)
    one = filled.person(blocks.MENU_BLOCK) if question == "manager" else filled.one(blocks.MENU_BLOCK)
    if question in ("manager", "level", "summary"):
        return [one] if one else []
    return filled.many(blocks.MENU_BLOCK)


def _of_mark(db: Db, me: Person, mark: str) -> Draft | None:
    return next((draft for draft in drafts.of_person(db, me.id) if rules.mark(draft) == mark), None)


def _press(
    db: Db,
    ask: Ask,
    draft: Draft,
    turn: int,
    question: str,
    word: str,
    act: Callable[[Talk, Room], Talk],
    bad: Mapping[str, str],
) -> str | None:
    """What to say about it: an empty text puts the answer in place of the buttons, None says nothing."""
    programmes.lock(db, draft.programme_id)
    now = drafts.fresh(db, draft.id)
    if now is None or not rules.is_open(now):
        return blocks.OVER_BY.get(word, blocks.OVER)
    if turn == now.turn or word == blocks.STOP[0]:
        _go_on(db, ask.house, now, ask.me, lambda talk, room, _: act(talk, room), bad, ask.now)
        return ""
    if turn == now.turn - 1 and ask.now - now.changed_at < rules.JUST_NOW:
        return None  # a double click
    if answering.is_control(word):
        return blocks.EARLIER

    def late(talk: Talk, room: Room, _draft: Draft) -> Talk | None:
        return answering.earlier(talk, question, lambda then: act(then, room), room)

    return "" if _go_on(db, ask.house, now, ask.me, late, bad, ask.now) else blocks.EARLIER


# What follows


def _go_on(
    db: Db,
    house: House,
    draft: Draft,
    me: Person,
    act: Callable[[Talk, Room, Draft], Talk | None],
    refused: Mapping[str, str],
    now: datetime,
) -> Talk | None:
    """Keeps where the conversation is after an act, so that what the bot says next is due; None if it took nothing."""
    # Whoever changes who is in a programme comes one after the other; so do the answers of one conversation.
    programme = programmes.lock(db, draft.programme_id)
    found = drafts.fresh(db, draft.id)
    if found is None or not rules.is_open(found):
        return None
    why = _refusal(db, programme, me, now)
    if why is not None:
        return _keep(db, programme, me, rules.ended("closed", why), now)
    room, talk = _opened(db, house, found, me, refused)
    after = act(talk, room, found)
    if after is None or after is talk:
        return after
    if after.question == "send":
        return _send(db, programme, me, after, room, now)
    return _keep(db, programme, me, after, now)


def _send(db: Db, programme: Programme, me: Person, talk: Talk, room: Room, now: datetime) -> Talk:
    """All of it is stored as the form would, and the draft is gone; or what has to be mended is asked for."""
    problems = joining.problems(db, programme, me, tidied(talk.answers, room.topics), now)
    if problems:
        [(name, why), *_] = problems.items()
        return _keep(db, programme, me, rules.to_mend(talk, name, why, room), now)
    answers = rules.whole(talk.answers, room)
    state = joining.keep(db, programme, me, answers, now)
    log.info("joined by writing person=%s side=%s state=%s", me.slack_id, "+".join(answers.sides), state)
    return talk


def _keep(db: Db, programme: Programme, me: Person, talk: Talk, now: datetime) -> Talk:
    draft = drafts.keep(db, programme, me, rules.to_draft(talk), now)
    draft.question, draft.turn = talk.question, draft.turn + 1
    db.flush()
    agenda.look(db, programme.workspace_id, Subject.PERSON, me.id, now)
    return talk


def _opened(
    db: Db, house: House, draft: Draft, me: Person, refused: Mapping[str, str] | None = None
) -> tuple[Room, Talk]:
    return _room(db, house, me, refused), rules.of_draft(drafts.answers(db, draft), str(draft.question))


def _room(db: Db, house: House, me: Person, refused: Mapping[str, str] | None = None) -> Room:
    known = joining.values(joining.known_of(db, people.get(db, me.id)))
    return blocks.room_of(house.words(db), known, refused)


def opened(db: Db, house: House, nudge: Nudge, now: datetime) -> SignUp:
    """A draft with what is needed to say what the bot says next."""
    draft = drafts.get(db, int(nudge.about or 0))
    me = people.get(db, draft.person_id)
    return SignUp(
        draft, programmes.get(db, draft.programme_id), drafts.answers(db, draft), checking.facts(db, house, me, now)
    )


def arrived(db: Db, nudge: Nudge, _delivery: Delivery, now: datetime) -> None:
    """The last word of a conversation is said: its draft goes."""
    forget(db, nudge, now)


def forget(db: Db, nudge: Nudge, _now: datetime) -> None:
    draft = next((each for each in drafts.of_person(db, nudge.person_id) if rules.key(each) == nudge.key), None)
    if draft is not None and draft.question in rules.ENDED:
        drafts.drop(db, draft.programme_id, draft.person_id)


PRESSES: Mapping[str, Word] = {
    WRITE: write,
    blocks.NEXT: pressed,
    **{blocks.action_id(word): pressed for word in sorted(blocks.SAID)},
}
FORMS: Mapping[str, Filed] = {}
