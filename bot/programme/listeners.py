"""A coordinator sets up a programme, changes and ends it, and decides who joins and which topics there are."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as Db

from bot import picking, working_time
from bot.house import House
from bot.programme import blocks, deciding_blocks, overview, overview_blocks, rules
from bot.slack import kit, who
from bot.slack.listening import Answer, Ask, Cleared, Filed, Form, Instead, Word, Wrong
from bot.slack.speaking import Refused, Unclear, call
from store import agenda, announcements, drafts, events, members, people, programmes, rounds, topics
from store.models import IS_OUT, MemberState, Programme, RoundKind, Subject, TopicProposal, TopicState

log = logging.getLogger(__name__)

NOT_YOURS = "That is for the people who run programmes, and you aren't one of them any more."
NOT_THERE = "That is no longer there."
HAS_ENDED = "This programme has ended: nobody joins it any more."
CHANGED_MEANWHILE = (
    "Somebody else changed this programme while your form was open, and nothing of yours was saved. Close it and open "
    "it again: it shows what they did."
)
TAKEN_BACK = "Whoever proposed this has taken it back. There is nothing to decide any more."
YOURSELF = "Nobody decides about themselves. Somebody else who runs programmes has this on their Home."


def setup(ask: Ask) -> None:
    ask.show(blocks.form(working_time.zone(ask.me.zone)))


def filed(form: Form) -> Wrong | None:
    answers, zone = blocks.read(form.answers), working_time.zone(form.me.zone)
    if not who.is_coordinator(form.house, form.client, form.me.slack_id):
        return Wrong({"name": "Only coordinators can set up a programme."})
    if problems := rules.problems(answers, zone, form.now) or _not_usable(form, answers):
        return Wrong(problems)
    terms = rules.terms(answers, zone)
    with form.house.store.begin() as db:
        if not events.take(db, f"view:{form.view_id}", form.now):
            return None  # sent twice, set up once
        programme = Programme(
            workspace_id=form.house.workspace_id,
            name=terms.name,
            objective=terms.objective,
            channel=str(answers.channel),
            contact=terms.contact,
            created_by=form.me.id,
            created_at=form.now,
            cadence=answers.cadence,
            months=None if answers.is_ongoing else answers.months,
            needs_approval=terms.needs_approval,
            places=terms.places,
            signup_from=terms.signup_from,
            signup_until=terms.signup_until,
            pairs_weekly=terms.pairs_weekly,
            focus=terms.focus,
        )
        db.add(programme)
        db.flush()
        _look_weekly(db, programme, zone, form.now)
        announcements.add(db, programme, form.me.id, "", f"form:{form.view_id}", form.now, is_opening=True)
        agenda.touch(db, form.house.workspace_id, [form.me.id], form.now)
    log.info("set up programme=%s by=%s", programme.id, form.me.slack_id)
    return None


def _look_weekly(db: Db, meant: Programme, zone: ZoneInfo, now: datetime) -> None:
    """From next Monday on, pairs are proposed, where that is wished."""
    if meant.pairs_weekly:
        agenda.look(db, meant.workspace_id, Subject.WEEKLY, meant.id, working_time.next_monday(zone, now))


def _not_usable(form: Form, answers: rules.Answers) -> dict[str, str]:
    """The channel must be one the bot may post in, the contact a person who can be reached."""
    found: dict[str, str] = {}
    channel = call(lambda: form.client.conversations_info(channel=str(answers.channel)))
    if isinstance(channel, Refused):
        found["channel"] = "I can't see that channel. Invite me to it first: type /invite there."
    elif not isinstance(channel, Unclear) and not channel["channel"].get("is_member"):
        found["channel"] = "I'm not in that channel yet. Invite me first: type /invite there."
    elif not isinstance(channel, Unclear) and channel["channel"].get("is_archived"):
        found["channel"] = "That channel is archived. Choose one that is in use."
    return found | _not_reachable(form, str(answers.contact))


def _not_reachable(form: Form, contact: str) -> dict[str, str]:
    met = who.meet(form.house, form.client, contact)
    return {"contact": "Choose someone of this workspace: " + met.why} if isinstance(met, who.Stranger) else {}


# Changing and ending


def programme(ask: Ask) -> None:
    """Opens the form that changes a programme, filled in."""
    meant = picking.programme(ask, "programme")
    if meant is None:
        return
    with ask.house.store.read() as db:
        runner = people.get(db, meant.created_by)
    ask.show(blocks.change_form(meant, runner, ask.me, ask.now))


def changed(form: Form) -> Answer:
    answers, zone = blocks.read(form.answers), working_time.zone(form.me.zone)
    programme_id, seen = blocks.changing(form.private)
    if not who.is_coordinator(form.house, form.client, form.me.slack_id):
        return Wrong({"name": NOT_YOURS})
    with form.house.store.read() as db:
        before = programmes.find(db, form.house.workspace_id, programme_id)
    if before is None or before.closed_at is not None:
        return Wrong({"name": HAS_ENDED if before else NOT_THERE})
    problems = rules.problems(answers, zone, form.now, before)
    if not problems and answers.contact != before.contact:
        problems = _not_reachable(form, str(answers.contact))
    if problems:
        return Wrong(problems)
    with form.house.store.begin() as db:
        meant = programmes.lock(db, programme_id)
        terms = rules.terms(answers, zone, meant)
        if terms == rules.terms_of(meant):
            return Cleared()  # nothing to do: sent twice, or sent as it was opened
        if rules.seen(meant) != seen:
            return Wrong({"name": CHANGED_MEANWHILE})
        if _takes_part(db, meant, terms.contact):
            return Wrong({"contact": "They are in this programme themselves. Choose somebody who isn't."})
        news = _change(db, meant, terms, form.now)
    log.info("changed programme=%s by=%s", programme_id, form.me.slack_id)
    return Instead(blocks.saved(news)) if news else Cleared()


def _takes_part(db: Db, meant: Programme, slack_id: str) -> bool:
    person = people.find(db, meant.workspace_id, slack_id)
    place = members.find(db, meant.id, person.id) if person else None
    return place is not None and place.state not in IS_OUT


def _change(db: Db, meant: Programme, terms: rules.Terms, now: datetime) -> list[str]:
    """Stores the terms, and what follows for those who wait; in words, as far as the form doesn't say it."""
    meant.name, meant.objective, meant.contact = terms.name, terms.objective, terms.contact
    meant.focus, meant.needs_approval, meant.places = terms.focus, terms.needs_approval, terms.places
    meant.signup_from, meant.signup_until = terms.signup_from, terms.signup_until
    if terms.pairs_weekly is not meant.pairs_weekly:
        meant.pairs_weekly = terms.pairs_weekly
        _look_weekly(db, meant, working_time.zone(people.get(db, meant.created_by).zone), now)
    asked = [] if meant.needs_approval else members.applied(db, meant.id)
    for place in asked:
        members.queue(place, now)  # nobody has to say yes any more: a place is all they need
    db.flush()
    let_in = members.let_in(db, meant, now)
    agenda.touch(db, meant.workspace_id, {*let_in, *(place.person_id for place in asked), meant.created_by}, now)
    waiting = {place.person_id for place in members.queued(db, meant.id)}
    return blocks.news(meant, members.count(db, meant.id), let_in=len(let_in), queued=len(waiting) if asked else 0)


def take_over(ask: Ask) -> None:
    _at_once(ask, _take_over)


def _take_over(db: Db, meant: Programme, ask: Ask) -> str:
    before, meant.created_by, meant.run_since = meant.created_by, ask.me.id, ask.now
    agenda.touch(db, meant.workspace_id, [before, ask.me.id], ask.now)
    return f"Requests in *{kit.escape(meant.name)}* go to you from now on. What is open comes to you in a message, too."


def close_signup(ask: Ask) -> None:
    _at_once(ask, _close_signup)


def _close_signup(db: Db, meant: Programme, ask: Ask) -> str:
    name = kit.escape(meant.name)
    if rules.signup_is_over(meant, ask.now):
        return f"Sign-up for *{name}* was closed already."
    meant.signup_until = ask.now
    if meant.signup_from is not None and meant.signup_from > ask.now:
        meant.signup_from = None  # else people would be told of a day on which it opens
    agenda.touch(db, meant.workspace_id, [ask.me.id], ask.now)
    return f"Sign-up for *{name}* is closed. A later last day opens it again."


def end(ask: Ask) -> None:
    _at_once(ask, _end)


def _end(db: Db, meant: Programme, ask: Ask) -> str:
    """Nobody joins any more, no round is published, pairs are left in peace; whoever still waited is told."""
    meant.closed_at = ask.now
    rounds.discard_open(db, meant.id, tuple(RoundKind))
    drafts.drop_programme(db, meant.id)  # nobody can send them any more
    db.flush()
    agenda.touch(db, meant.workspace_id, {*members.present(db, meant.id), ask.me.id, meant.created_by}, ask.now)
    return (
        f"*{kit.escape(meant.name)}* has ended. {blocks.go_on(meant)} "
        "Whoever still waited for a place or for a partner is told kindly."
    )


def _at_once(ask: Ask, do: Callable[[Db, Programme, Ask], str]) -> None:
    """What a button of the form does, once, to a programme that hasn't ended."""
    if not who.is_coordinator(ask.house, ask.client, ask.me.slack_id):
        ask.reply(NOT_YOURS)
        return
    with ask.house.store.begin() as db:
        meant = _locked(db, ask.house, int(ask.value))
        is_open = meant is not None and meant.closed_at is None
        said = do(db, meant, ask) if meant is not None and is_open else HAS_ENDED if meant else NOT_THERE
    ask.answered(said)
    log.info("%s programme=%s by=%s", do.__name__.strip("_"), ask.value, ask.me.slack_id)


def _locked(db: Db, house: House, programme_id: int) -> Programme | None:
    meant = programmes.find(db, house.workspace_id, programme_id)
    return programmes.lock(db, meant.id) if meant is not None else None


# Deciding


def let_in(ask: Ask) -> None:
    _decide(ask, members.approve)


def turn_down(ask: Ask) -> None:
    _decide(ask, members.turn_down)


def _decide(ask: Ask, do: Callable[[Db, Programme, int, datetime], bool]) -> None:
    """About somebody who asked to join, once; whoever comes too late is told how it stands."""
    programme_id, person_id = deciding_blocks.asked_by(ask.value)
    if person_id == ask.me.id or not who.is_coordinator(ask.house, ask.client, ask.me.slack_id):
        ask.reply(YOURSELF if person_id == ask.me.id else NOT_YOURS)
        return
    with ask.house.store.begin() as db:
        meant = _locked(db, ask.house, programme_id)
        place = members.find(db, programme_id, person_id) if meant else None
        if meant is None or place is None or meant.closed_at is not None:
            said, is_done = HAS_ENDED if meant else NOT_THERE, False
        else:
            is_done = do(db, meant, person_id, ask.now)
            number = members.place_in_queue(db, place) if place.state is MemberState.QUEUED else 0
            said = deciding_blocks.standing(people.get(db, person_id), place.state, number, is_done=is_done)
    _say(ask, programme_id, said, is_news=not is_done or place is None or place.state is MemberState.QUEUED)
    log.info("%s person=%s programme=%s by=%s done=%s", do.__name__, person_id, programme_id, ask.me.slack_id, is_done)


def accept(ask: Ask) -> None:
    _about_a_topic(ask, _accept)


def _accept(db: Db, proposal: TopicProposal, ask: Ask) -> str:
    """Into the list as it is; where the list has it meanwhile, that one is meant."""
    words = ask.house.words(db)
    same = rules.same_topic(proposal.text, words.topics)
    if same is None:
        topics.accept(db, proposal, proposal.text, ask.me.id, ask.now)
    else:
        topics.merge(db, proposal, same, ask.me.id, ask.now)
    return deciding_blocks.settled(proposal, ask.house.words(db))


def leave_out(ask: Ask) -> None:
    _about_a_topic(ask, _leave_out)


def _leave_out(db: Db, proposal: TopicProposal, ask: Ask) -> str:
    topics.decline(db, proposal, ask.me.id, ask.now)
    return deciding_blocks.settled(proposal, ask.house.words(db))


def _about_a_topic(ask: Ask, do: Callable[[Db, TopicProposal, Ask], str]) -> None:
    if not who.is_coordinator(ask.house, ask.client, ask.me.slack_id):
        ask.reply(NOT_YOURS)
        return
    with ask.house.store.begin() as db:
        proposal = topics.to_decide(db, ask.house.workspace_id, int(ask.value))
        is_open = proposal is not None and proposal.state is TopicState.OPEN
        if proposal is None:
            said = TAKEN_BACK
        else:
            said = (
                do(db, proposal, ask)
                if is_open
                else deciding_blocks.settled(proposal, ask.house.words(db), is_news=False)
            )
    _say(ask, proposal.programme_id if proposal else 0, said, is_news=not is_open)
    log.info("%s topic=%s by=%s done=%s", do.__name__.strip("_"), ask.value, ask.me.slack_id, is_open)


def reword(ask: Ask) -> None:
    """Opens the form for a topic's label, or for one of the list that means the same."""
    if not who.is_coordinator(ask.house, ask.client, ask.me.slack_id):
        ask.reply(NOT_YOURS)
        return
    with ask.house.store.read() as db:
        proposal = topics.find(db, ask.house.workspace_id, int(ask.value))
        words = ask.house.words(db)
        proposer = people.get(db, members.get(db, proposal.member_id).person_id) if proposal else None
    if proposal is None or proposer is None or proposal.state is not TopicState.OPEN:
        said = deciding_blocks.settled(proposal, words, is_news=False) if proposal else TAKEN_BACK
        _say(ask, proposal.programme_id if proposal else 0, said, is_news=True)
        return
    ask.show(deciding_blocks.topic_form(proposal, proposer, words))


def reworded(form: Form) -> Answer:
    if not who.is_coordinator(form.house, form.client, form.me.slack_id):
        return Wrong({"label": NOT_YOURS})
    label, chosen = deciding_blocks.read_topic(form.answers)
    with form.house.store.begin() as db:
        proposal = topics.to_decide(db, form.house.workspace_id, int(form.private))
        words = form.house.words(db)
        if proposal is None or proposal.state is not TopicState.OPEN:
            return Wrong({"label": deciding_blocks.settled(proposal, words, is_news=False) if proposal else TAKEN_BACK})
        if problems := rules.topic_problems(label, chosen, words.topics):
            return Wrong(problems)
        if chosen is not None:
            topics.merge(db, proposal, chosen, form.me.id, form.now)
        else:
            topics.accept(db, proposal, str(label), form.me.id, form.now)
    log.info("reworded topic=%s by=%s", proposal.id, form.me.slack_id)
    return Cleared()


# Looking


def look(ask: Ask) -> None:
    """Opens one programme with all that waits in it."""
    if not who.is_coordinator(ask.house, ask.client, ask.me.slack_id):
        ask.reply(NOT_YOURS)
        return
    view = _drawn(ask, int(ask.value), "")
    if view is None:
        ask.reply(NOT_THERE)
    else:
        ask.show(view)


def _drawn(ask: Ask, programme_id: int, answer: str) -> kit.Block | None:
    with ask.house.store.read() as db:
        meant = programmes.find(db, ask.house.workspace_id, programme_id)
        if meant is None:
            return None
        return overview_blocks.look(overview.of(db, meant, ask.now), ask.house.words(db), ask.me, ask.now, answer)


def _say(ask: Ask, programme_id: int, text: str, *, is_news: bool) -> None:
    """Where it was pressed: in place of a message's buttons, or above the list that is drawn anew.

    The Home is drawn anew by itself, so there only what it doesn't show has to be said.
    """
    view = ask.view or {}
    if view.get("callback_id") == deciding_blocks.LOOK and (drawn := _drawn(ask, programme_id, text)):
        ask.change(str(view["id"]), drawn)
    elif view.get("type") != "home":
        ask.answered(text)
    elif is_news:
        ask.reply(text)


PRESSES: Mapping[str, Word] = {
    blocks.TAKE_OVER: take_over,
    blocks.CLOSE_SIGNUP: close_signup,
    blocks.END: end,
    deciding_blocks.LET_IN: let_in,
    deciding_blocks.TURN_DOWN: turn_down,
    deciding_blocks.ACCEPT: accept,
    deciding_blocks.REWORD: reword,
    deciding_blocks.LEAVE_OUT: leave_out,
    deciding_blocks.LOOK: look,
}
FORMS: Mapping[str, Filed] = {blocks.FORM: filed, blocks.CHANGE: changed, deciding_blocks.TOPIC: reworded}
