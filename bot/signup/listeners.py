"""Somebody joins, or changes their answers."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot.house import House
from bot.signup import blocks, checking, joining, pages, rules
from bot.signup.pages import Page, Sent
from bot.signup.rules import Answers
from bot.slack import kit
from bot.slack.kit import Block
from bot.slack.listening import Answer, Ask, Cleared, Filed, Form, OnTop, Search, Word, Wrong
from store import agenda, drafts, events, members, people, programmes
from store.models import IS_OUT, Person, Programme

log = logging.getLogger(__name__)

NOT_IN = "You aren't in a programme just now. You can join with the word *join*."
GONE = "This programme is no longer there."
BEGIN_ANEW = "Something on the pages before is missing. Please go back to the first page and look them through."


# Which programme, and its form


def join(ask: Ask) -> None:
    with ask.house.store.read() as db:
        meant = _meant(db, ask)
        refused = [(each, _refusal(db, each, ask.me, ask.now)) for each in meant]
        joinable = [each for each, why in refused if why is None]
        page = _page(db, ask.house, joinable[0], ask.me, ask.now) if len(joinable) == 1 else None
    if page is not None:
        ask.begin(pages.about(page))
    elif joinable:
        ask.reply(blocks.which_programme("join", joinable, changes=False))
    else:
        ask.reply(_why_none(refused))


def _meant(db: Db, ask: Ask) -> Sequence[Programme]:
    """The programme of the button, or all that are not ended."""
    if ask.number is None:
        return programmes.open_now(db, ask.house.workspace_id)
    found = programmes.find(db, ask.house.workspace_id, ask.number)
    return [found] if found else []


def _refusal(db: Db, programme: Programme, me: Person, now: datetime) -> str | None:
    return rules.may_join(programme, members.find(db, programme.id, me.id), me, now)


def _why_none(refused: Sequence[tuple[Programme, str | None]]) -> str:
    """Why there is nothing they can join; each programme's reason, where there are several."""
    if not refused:
        return rules.NO_PROGRAMME
    if len(refused) == 1:
        return str(refused[0][1])
    return "\n".join(f"*{kit.escape(programme.name)}*: {why}" for programme, why in refused)


def profile(ask: Ask) -> None:
    with ask.house.store.read() as db:
        places = members.of_person(db, ask.me.id)
        mine = {place.id: place for member, place in places if member.state not in IS_OUT and place.closed_at is None}
        meant = mine.get(ask.number) if ask.number is not None else None
        if meant is None and len(mine) == 1:
            [meant] = mine.values()
        page = _page(db, ask.house, meant, ask.me, ask.now) if meant else None
    if page is not None:
        ask.begin(pages.about(page))
    elif mine:
        ask.reply(blocks.which_programme("profile", list(mine.values()), changes=True))
    else:
        ask.reply(NOT_IN)


def _page(
    db: Db, house: House, programme: Programme, me: Person, now: datetime, answers: Answers | None = None
) -> Page:
    """All that a page is drawn from, with these answers or those given before."""
    is_change = joining.is_in(db, programme, me)
    given = answers or joining.answered(db, programme, me)
    return Page(
        programme=programme,
        prompts=house.words(db),
        answers=given,
        facts=checking.facts(db, house, people.get(db, me.id), now),
        is_change=is_change,
        asks_consent=not given.has_consented,
        was_begun=not is_change and drafts.find(db, programme.id, me.id) is not None,
    )


def anew(ask: Ask) -> None:
    """Deletes what they had begun."""
    sent = pages.carried(ask.value)
    with ask.house.store.begin() as db:
        programme = programmes.find(db, ask.house.workspace_id, sent.programme_id)
        if programme is not None:
            drafts.drop(db, programme.id, ask.me.id)
            agenda.touch(db, programme.workspace_id, [ask.me.id], ask.now)
    if programme is None:
        ask.reply(GONE)
    else:
        ask.begin(blocks.forgotten(programme))


# The pages, as they are sent


def told_about(form: Form) -> Answer:
    """The first page: kept, and the second on top of it."""
    sent = pages.carried(form.private)
    with form.house.store.begin() as db:
        programme = _still_open(db, form, sent)
        if isinstance(programme, str):
            return form.wrong(programme)
        before = joining.answered(db, programme, form.me)
        answers = rules.tidied(pages.read_about(form.answers, before), form.house.words(db).topics)
        if wrong := _here(form, joining.problems(db, programme, form.me, answers, form.now)):
            return Wrong(wrong)
        return OnTop(pages.topics(_kept(db, form, programme, answers)))


def told_topics(form: Form) -> Answer:
    """The second page: kept, and the third on top of it."""
    sent = pages.carried(form.private)
    named_before = _named_before(form, sent)
    if strangers := _strangers(
        form, [each for each in form.answers.people("avoid") if each not in named_before], "avoid"
    ):
        return Wrong(strangers)
    with form.house.store.begin() as db:
        programme = _still_open(db, form, sent)
        if isinstance(programme, str):
            return form.wrong(programme)
        # The sides are those that the page was drawn for: another form may have changed the draft meanwhile.
        before = replace(_begun(db, programme, form.me), sides=sent.sides)
        answers = rules.tidied(pages.read_topics(form.answers, before), form.house.words(db).topics)
        if wrong := _here(form, joining.problems(db, programme, form.me, answers, form.now)):
            return Wrong(wrong)
        return OnTop(pages.facts(_kept(db, form, programme, answers)))


def told_facts(form: Form) -> Answer:
    """The third page: all is stored, and all pages close."""
    sent = pages.carried(form.private)
    manager = form.answers.person("manager")
    if manager and (strangers := _strangers(form, [manager], "manager")):
        return Wrong(strangers)
    with form.house.store.begin() as db:
        programme = _still_open(db, form, sent)
        if events.was_taken(db, f"view:{form.view_id}"):  # sent twice, it is one sign-up
            return Cleared()
        if isinstance(programme, str):
            return form.wrong(programme)
        before = replace(_begun(db, programme, form.me), sides=sent.sides)
        answers = rules.tidied(pages.read_facts(form.answers, before), form.house.words(db).topics)
        if problems := joining.problems(db, programme, form.me, answers, form.now):
            return Wrong(_here(form, problems)) if _here(form, problems) else form.wrong(_elsewhere(problems))
        events.take(db, f"view:{form.view_id}", form.now)
        state = joining.keep(db, programme, form.me, answers, form.now)
    doing = "changed" if sent.is_change else "joined"
    log.info("%s person=%s side=%s state=%s", doing, form.me.slack_id, "+".join(answers.sides), state)
    return Cleared()


def _still_open(db: Db, form: Form, sent: Sent) -> Programme | str:
    """The programme, locked; or why the form comes too late, in words fit to show."""
    programme = programmes.find(db, form.house.workspace_id, sent.programme_id)
    if programme is None:
        return GONE
    programme = programmes.lock(db, programme.id)
    if sent.is_change:
        return programme if joining.is_in(db, programme, form.me) else NOT_IN
    return _refusal(db, programme, form.me, form.now) or programme


def _begun(db: Db, programme: Programme, me: Person) -> Answers:
    """What the pages before kept."""
    draft = drafts.find(db, programme.id, me.id)
    return rules.from_json(drafts.answers(db, draft)) if draft else joining.answered(db, programme, me)


def _named_before(form: Form, sent: Sent) -> tuple[str, ...]:
    """Whom they'd rather not be paired with so far: they could be named then, and an account may be closed since."""
    with form.house.store.read() as db:
        programme = programmes.find(db, form.house.workspace_id, sent.programme_id)
        return _begun(db, programme, form.me).avoid if programme else ()


def _here(form: Form, problems: Mapping[str, str]) -> dict[str, str]:
    """What is wrong on this page."""
    return {name: why for name, why in problems.items() if name in form.fields}


def _elsewhere(problems: Mapping[str, str]) -> str:
    return f"{BEGIN_ANEW} ({' '.join(problems.values())})"


def _kept(db: Db, form: Form, programme: Programme, answers: Answers) -> Page:
    drafts.keep(db, programme, form.me, rules.to_json(answers), form.now)
    agenda.touch(db, programme.workspace_id, [form.me.id], form.now)
    return _page(db, form.house, programme, form.me, form.now, answers)


def _strangers(form: Form, chosen: Sequence[str], field: str) -> dict[str, str]:
    """Beside the field, the first of the chosen who can't be named."""
    found = checking.strangers(form.house, form.client, form.me, chosen)
    return {field: next(iter(found.values()))} if found else {}


def search(house: House, typed: str) -> list[Block]:
    """The topics that fit what was typed so far."""
    with house.store.read() as db:
        words = house.words(db)
    return pages.suggested(words, rules.found(words.topics, typed))


PRESSES: Mapping[str, Word] = {pages.ANEW: anew}
FORMS: Mapping[str, Filed] = {pages.ABOUT: told_about, pages.TOPICS: told_topics, pages.FACTS: told_facts}
OPTIONS: Mapping[str, Search] = {pages.SEARCH: search}
