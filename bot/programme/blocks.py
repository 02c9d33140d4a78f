"""The forms of a programme, its announcement, what waits for a coordinator, and the coordinator's part of the Home."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from bot import working_time
from bot.due import Builder, Message, Telling
from bot.programme import rules
from bot.programme.rules import LENGTHS, NAME_LIMIT, TOPIC_LIMIT, Answers, Health, Request, Suggestion, Wish
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import MemberState, Person, Programme, Side, TopicProposal, TopicState

FORM = "programme.form"
CHANGE = "programme.change"
TAKE_OVER = "programme.take_over"
CLOSE_SIGNUP = "programme.close_signup"
END = "programme.end"
LET_IN = "programme.let_in"
TURN_DOWN = "programme.turn_down"
ACCEPT = "programme.accept"
REWORD = "programme.reword"
LEAVE_OUT = "programme.leave_out"
TOPIC = "programme.topic"
LOOK = "programme.look"

MOST_SHOWN = 20
MOST_IN_DETAIL = 3  # programmes on a Home
MOST_IN_A_LINE = 10
MOST_ASKED_AT_HOME = 3
MOST_ASKED_IN_A_MESSAGE = 10
MOST_ASKED = 25
MENU = 100  # options; https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element

OPEN, APPROVAL = "open", "approval"
WEEKLY = {"weekly": "Propose pairs every Monday"}
WHO_MAY = {OPEN: "Anybody who likes", APPROVAL: "Whoever a coordinator says yes to"}


# Setting up and changing


def form(zone: ZoneInfo) -> Block:
    """Asks for a new programme."""
    lengths = [kit.option(str(months), f"{months} months") for months in LENGTHS]
    channel: Block = {
        "type": "conversations_select",
        "placeholder": kit.plain("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return kit.modal(
        FORM,
        "Set up a programme",
        [
            *_purpose(None),
            kit.field("channel", "Channel for announcements", channel, hint="Invite the bot to it first: /invite."),
            _contact(None),
            kit.field("months", "How long, meeting once a month", kit.choose_one("static_select", lengths, "6")),
            *_terms(None, zone),
        ],
        submit="Set up",
        close="Not now",
    )


def change_form(programme: Programme, runner: Person, viewer: Person, now: datetime) -> Block:
    """Filled in with what is so now; below it what is done at once."""
    return kit.modal(
        CHANGE,
        "Change a programme",
        [
            *_purpose(programme),
            _contact(programme.contact),
            *_terms(programme, working_time.zone(viewer.zone)),
            kit.divider(),
            kit.section(f"Requests to join and new topics go to {kit.mention(runner.slack_id)}."),
            kit.actions(*_at_once(programme, runner, viewer, now)),
        ],
        submit="Save",
        close="Not now",
        private=f"{programme.id}:{rules.seen(programme)}",
    )


def _purpose(programme: Programme | None) -> list[Block]:
    return [
        kit.field(
            "name",
            "Name",
            kit.text_input(programme.name if programme else None, most=NAME_LIMIT),
            hint="Used in every message. Any name you like.",
        ),
        kit.field(
            "objective",
            "What is it for?",
            kit.text_input(programme.objective if programme else None, many_lines=True, most=500),
            hint="One objective, in a sentence people would say: it stands on the announcement.",
        ),
    ]


def _contact(contact: str | None) -> Block:
    menu: Block = {"type": "users_select", "placeholder": kit.plain("Choose a person")}
    return kit.field(
        "contact",
        "Contact for concerns",
        menu | ({"initial_user": contact} if contact else {}),
        hint="Named in each introduction and each Home. They can't take part themselves.",
    )


def _terms(programme: Programme | None, zone: ZoneInfo) -> list[Block]:
    who_may = APPROVAL if programme and programme.needs_approval else OPEN
    places: Block = {"type": "number_input", "is_decimal_allowed": False}
    if programme and programme.places:
        places["initial_value"] = str(programme.places)
    return [
        kit.field("approval", "Who can join", kit.choose_one("radio_buttons", kit.options(WHO_MAY), who_may)),
        kit.field(
            "places",
            "Places",
            places,
            hint="How many people can take part at once; the next ones wait in a list. Empty: as many as like.",
            optional=True,
        ),
        kit.field(
            "weekly",
            "New pairs",
            kit.choose_many("checkboxes", kit.options(WEEKLY), WEEKLY if programme and programme.pairs_weekly else ()),
            hint="Of whoever waits then. A coordinator looks them through; nothing is published by itself.",
            optional=True,
        ),
        kit.field(
            "opens",
            "First day to sign up",
            _day(programme.signup_from if programme else None, zone),
            hint="Empty: at once.",
            optional=True,
        ),
        kit.field(
            "closes",
            "Last day to sign up",
            _day(programme.signup_until if programme else None, zone),
            hint=f"Until the end of that day in your own time zone, {zone.key}. Empty: sign-up stays open.",
            optional=True,
        ),
    ]


def _day(at: datetime | None, zone: ZoneInfo) -> Block:
    day = rules.day_of(at, zone)
    menu: Block = {"type": "datepicker", "placeholder": kit.plain("Choose a day")}
    return menu | ({"initial_date": day.isoformat()} if day else {})


def _at_once(programme: Programme, runner: Person, viewer: Person, now: datetime) -> list[Block]:
    value = str(programme.id)
    buttons = [kit.button(TAKE_OVER, "Send them to me", value)] if runner.id != viewer.id else []
    if not rules.signup_is_over(programme, now):
        close = kit.button(CLOSE_SIGNUP, "Close sign-up now", value)
        text = "Nobody can join from now on. A later last day opens it again."
        buttons.append(kit.confirmed(close, "Close sign-up?", text, "Close it", "Keep it open"))
    end = kit.button(END, "End the programme", value, style="danger")
    text = (
        "Nobody joins it any more, and there are no new rounds. Pairs finish their months. Whoever asked to join or "
        "has no partner is told kindly. It can't be opened again."
    )
    return [*buttons, kit.confirmed(end, "End the programme?", text, "End it", "Keep it")]


def read(answers: kit.Answers) -> Answers:
    """What was filled in, to set up or to change."""
    months = answers.one("months")
    return Answers(
        name=answers.text("name"),
        objective=answers.text("objective"),
        contact=answers.person("contact"),
        needs_approval=answers.one("approval") == APPROVAL,
        places=answers.text("places"),
        opens=answers.date("opens"),
        closes=answers.date("closes"),
        channel=answers.channel("channel"),
        months=int(months) if months else None,
        pairs_weekly=bool(answers.many("weekly")),
    )


def changing(private: str) -> tuple[int, str]:
    """The programme that a form was opened for, and what was so then."""
    programme_id, _, seen = private.partition(":")
    return int(programme_id), seen


def news(programme: Programme, members: int, *, let_in: int, queued: int) -> list[str]:
    """What a change has led to for those in it, where it is more than the form says."""
    over = members - programme.places if programme.places else 0
    return [
        *([f"{_people(let_in)} got a place just now and will hear of it."] if let_in else []),
        *([f"{_people(queued)} wait for a place." if queued > 1 else "1 person waits for a place."] if queued else []),
        *([f"{_people(members)} take part, {over} more than there are places. Nobody has to leave."] * (over > 0)),
    ]


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def saved(news: Sequence[str]) -> Block:
    """What a change has led to, where it is more than the form says."""
    return kit.modal("programme.saved", "Saved", [kit.section("\n".join(news))])


def opening(programme: Programme, prompts: Prompts) -> Message:
    """What stands in the channel when a programme opens."""
    said = [
        prompts.say(
            "announcement",
            programme=kit.escape(programme.name),
            objective=kit.escape(programme.objective),
            months=str(programme.months),
            contact=kit.mention(programme.contact),
        ),
        *([prompts.say("announcement.approval")] if programme.needs_approval else []),
        *_dates(programme, prompts),
    ]
    text = "\n\n".join(said)
    join = kit.go("join", "Join", str(programme.id), style="primary")
    return Message(text, [kit.section(text), kit.actions(join)])


def _dates(programme: Programme, prompts: Prompts) -> list[str]:
    dates = {"announcement.opens": programme.signup_from, "announcement.closes": programme.signup_until}
    said = [prompts.say(name, when=kit.moment(at)) for name, at in dates.items() if at is not None]
    return ["\n".join(said)] if said else []


# What waits for a coordinator


def requests(telling: Telling) -> Message:
    """To the coordinator who runs it: who would like to join and which topics are new, of one quarter of an hour."""
    running = next(each for each in telling.snapshot.runs if each.programme.id == telling.nudge.about)
    me, programme = telling.snapshot.person, running.programme
    told = rules.told(telling.snapshot, programme)
    found = rules.bunch(running, working_time.of(me), telling.nudge.due_at, told)
    shown = found[:MOST_ASKED_IN_A_MESSAGE]
    said = telling.prompts.say("requests", programme=kit.escape(programme.name))
    lines = [_asked(each, telling.prompts) for each in shown]
    more = _rest(programme, len(found) - len(shown))
    return Message(
        "\n".join([said, *lines]), [kit.section(said), *_to_decide(shown, programme, me, telling.prompts), *more]
    )


def _to_decide(found: Sequence[Request], programme: Programme, viewer: Person, prompts: Prompts) -> list[Block]:
    return list(chain.from_iterable(_request(each, programme, viewer, prompts) for each in found))


def _request(each: Request, programme: Programme, viewer: Person, prompts: Prompts) -> list[Block]:
    """Who or what it is, and the buttons; nobody decides about themselves."""
    said = kit.section(_asked(each, prompts))
    if isinstance(each, Suggestion):
        return [said, _about_a_topic(each)]
    if each.person.id == viewer.id:
        return [said, kit.context("This is you: somebody else who runs programmes decides it.")]
    return [said, _about_joining(each, programme)]


def _asked(each: Request, prompts: Prompts) -> str:
    who = kit.mention(each.person.slack_id)
    if isinstance(each, Suggestion):
        return f"{who} proposes a topic: *{kit.escape(each.proposal.text)}*"
    sides = " and as ".join(f"a {place.side}" for place in each.places)
    where = f" ({kit.escape(each.person.department)})" if each.person.department else ""
    topics = [_topics(place.topics, place.side, prompts) for place in each.places if place.topics]
    return "\n".join([f"{who}{where} would like to join as {sides}.", *topics])


def _topics(topics: Sequence[str], side: Side, prompts: Prompts) -> str:
    listed = ", ".join(kit.escape(prompts.topic(topic)) for topic in topics)
    return f"{'Offers' if side is Side.MENTOR else 'Would like to learn'}: {listed}"


def _about_joining(each: Wish, programme: Programme) -> Block:
    value, name = f"{programme.id}:{each.person.id}", each.person.name
    turn_down = kit.button(TURN_DOWN, "Not this time", value, spoken=f"Not this time: {name}")
    text = "They get a kind message that gives no reason. They may ask again later."
    return kit.actions(
        kit.button(LET_IN, "Let them in", value, style="primary", spoken=f"Let {name} in"),
        kit.confirmed(turn_down, "Not this time?", text, "Tell them so", "Back"),
    )


def asked_by(value: str) -> tuple[int, int]:
    """The programme and the person of a button."""
    programme_id, _, person_id = value.partition(":")
    return int(programme_id), int(person_id)


def standing(person: Person, state: MemberState, number: int, *, is_done: bool) -> str:
    """What a decision has done; or how it stands, where somebody decided before or nothing is asked any more."""
    name = kit.mention(person.slack_id)
    if is_done:
        return {
            MemberState.QUEUED: f"All places are taken, so {name} is in the waiting list, as number {number}.",
            MemberState.DECLINED: f"{name} hears that it isn't possible this time.",
        }.get(state, f"{name} is in and will hear of it.")
    return {
        MemberState.ACTIVE: f"{name} is in already. Nothing was done twice.",
        MemberState.PAUSED: f"{name} is in already. Nothing was done twice.",
        MemberState.QUEUED: f"{name} is in the waiting list already. Nothing was done twice.",
        MemberState.DECLINED: f"Somebody has decided already that it isn't possible for {name} this time.",
    }.get(state, f"{name} has taken the request back. Nothing was changed.")


def settled(proposal: TopicProposal, prompts: Prompts, *, is_news: bool = True) -> str:
    """What became of a topic."""
    text, topic = kit.escape(proposal.text), kit.escape(prompts.topic(str(proposal.topic)))
    before = "" if is_news else "This was decided already. "
    return before + {
        TopicState.ACCEPTED: f"*{topic}* is in the list.",
        TopicState.MERGED: f"*{text}* counts as *{topic}*.",
    }.get(proposal.state, f"*{text}* is left out of the list.")


def _about_a_topic(each: Suggestion) -> Block:
    value, text = str(each.proposal.id), each.proposal.text
    return kit.actions(
        kit.button(ACCEPT, "Add it to the list", value, spoken=f"Add to the list: {text}"),
        kit.button(REWORD, "Reword or merge", value, spoken=f"Reword or merge: {text}"),
        kit.button(LEAVE_OUT, "Leave it out", value, spoken=f"Leave out: {text}"),
    )


def _rest(programme: Programme, more: int) -> list[Block]:
    if more <= 0:
        return []
    look = kit.button(LOOK, "See all", str(programme.id))
    return [kit.section(f"… and {more} more; they are on your Home, too.", look)]


def topic_form(proposal: TopicProposal, person: Person, prompts: Prompts) -> Block:
    """Another label for a topic that somebody proposed, or one of the list that means the same."""
    return kit.modal(
        TOPIC,
        "A new topic",
        [
            kit.section(f"{kit.mention(person.slack_id)} proposes *{kit.escape(proposal.text)}*."),
            kit.field(
                "label",
                "What it is to be called",
                kit.text_input(proposal.text, most=TOPIC_LIMIT),
                hint="It stands in everybody's menu then.",
                optional=True,
            ),
            kit.field(
                "topic",
                "Or the same as one of the list",
                _menu(prompts.topics),
                hint="If you choose one, nothing is added: they get that one.",
                optional=True,
            ),
        ],
        submit="Save",
        close="Not now",
        private=str(proposal.id),
    )


def _menu(topics: Mapping[str, str]) -> Block:
    """All topics by their names. One menu shows a hundred; of more, there are groups, and typing finds any."""
    choices = kit.options(dict(sorted(topics.items(), key=lambda each: each[1].casefold())))
    if len(choices) <= MENU:
        return kit.choose_one("static_select", choices, placeholder="Choose a topic")
    groups = [choices[start : start + MENU] for start in range(0, len(choices), MENU)]
    return {
        "type": "static_select",
        "placeholder": kit.plain("Choose a topic"),
        "option_groups": [
            {"label": kit.plain(f"From {group[0]['text']['text']}"), "options": group} for group in groups
        ],
    }


def read_topic(answers: kit.Answers) -> tuple[str | None, str | None]:
    """The label, and the topic of the list that was chosen instead."""
    return answers.text("label"), answers.one("topic")


def topic_decided(telling: Telling) -> Message:
    """To whoever proposed it."""
    proposal = next(each for each in telling.snapshot.proposals if each.id == telling.nudge.about)
    place = next(each for each in telling.snapshot.places if each.member.id == proposal.member_id)
    fields = {"programme": kit.escape(place.programme.name)}
    if proposal.state is not TopicState.DECLINED:
        fields["topic"] = kit.escape(telling.prompts.topic(str(proposal.topic)))
    if proposal.state is not TopicState.ACCEPTED:
        fields["proposed"] = kit.escape(proposal.text)
    text = telling.prompts.say(f"topic_{proposal.state}", **fields)
    return Message(text, [kit.section(text), kit.actions(kit.go("profile", "Change my answers"))])


def programme_ended(telling: Telling) -> Message:
    """To whoever still waited in it: for a place, or for a partner."""
    mine = [each for each in telling.snapshot.places if each.programme.id == telling.nudge.about]
    asks = any(each.member.state in (MemberState.APPLIED, MemberState.QUEUED) for each in mine)
    programme = mine[0].programme
    text = telling.prompts.say(
        "programme_ended.no_place" if asks else "programme_ended.no_partner",
        programme=kit.escape(programme.name),
        contact=kit.mention(programme.contact),
    )
    return Message(text, [kit.section(text)])


# How it is going


@dataclass(frozen=True)
class Overview:
    """What a coordinator may know of a programme."""

    programme: Programme
    members: int
    """People who take part; whoever has only asked to doesn't."""
    waiting: Sequence[tuple[Person, Side]]
    pairs: Sequence[tuple[Person, Person, Health]]
    """Mentor, mentee, and how they are doing."""
    queued: int = 0
    requests: Sequence[Request] = ()
    broken: int = 0
    """Rules that live pairs break, and that nobody has decided about."""


def home(overviews: Sequence[Overview], prompts: Prompts, viewer: Person, now: datetime) -> list[Block]:
    """The programmes that are open, the newest first, then those in which pairs finish their months."""
    if not overviews:
        return [
            kit.header("For coordinators"),
            kit.section("No programme is open. Setting one up takes a minute."),
            kit.actions(kit.go("setup", "Set up a programme", style="primary"), kit.go("directory", "Directory")),
        ]
    is_open = [each for each in overviews if each.programme.closed_at is None]
    detailed = is_open[:MOST_IN_DETAIL]
    others = [each for each in overviews if each not in detailed]
    return [
        kit.header("For coordinators"),
        *chain.from_iterable(_section(each, prompts, viewer, now, MOST_ASKED_AT_HOME) for each in detailed),
        *map(_line, others[:MOST_IN_A_LINE]),
        kit.actions(kit.go("setup", "New programme"), kit.go("directory", "Directory")),
    ]


def look(overview: Overview, prompts: Prompts, viewer: Person, now: datetime, answer: str = "") -> Block:
    """One programme by itself, with all that waits; `answer` says what the last press has done."""
    blocks = [kit.context(answer)] if answer else []
    blocks += _section(overview, prompts, viewer, now, MOST_ASKED)
    return kit.modal(LOOK, "How it is going", blocks, private=str(overview.programme.id))


def _line(overview: Overview) -> Block:
    name, pairs = kit.escape(overview.programme.name), len(overview.pairs)
    if overview.programme.closed_at is not None:
        said = f"*{name}* has ended. {_counted(pairs, 'pair finishes its', 'pairs finish their')} months."
    else:
        said = f"*{name}*\n{_numbers(overview)}"
    return kit.section(said, kit.button(LOOK, "Look", str(overview.programme.id), spoken=f"Look at {name}"))


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def _section(overview: Overview, prompts: Prompts, viewer: Person, now: datetime, most: int) -> list[Block]:
    programme, shown = overview.programme, overview.requests[:most]
    value = str(programme.id)
    buttons = [
        kit.go("match", "Pair people", value),
        kit.go("announce", "Announce", value),
        kit.go("programme", "Change or end", value),
    ]
    state = " · ".join(_state(programme, now))
    said = [f"*{kit.escape(programme.name)}*", _numbers(overview), *([state] if state else [])]
    return [
        kit.section("\n".join(said)),
        *([kit.actions(*buttons)] if programme.closed_at is None else []),
        *_to_decide(shown, programme, viewer, prompts),
        *_rest_here(programme, len(overview.requests) - len(shown)),
        *_waiting(overview.waiting),
        *_pairs(overview.pairs),
    ]


def _rest_here(programme: Programme, more: int) -> list[Block]:
    if more <= 0:
        return []
    return [kit.section(f"… and {more} more to decide.", kit.button(LOOK, "See all", str(programme.id)))]


def _numbers(overview: Overview) -> str:
    met = sum(health.held > 0 for _, _, health in overview.pairs)
    also = {"in the queue": overview.queued, "to decide": len(overview.requests), "rules to look at": overview.broken}
    return " · ".join(
        [
            f"Members: {overview.members}",
            f"pairs: {len(overview.pairs)}, of them met: {met}",
            f"waiting: {len(overview.waiting)}",
            *(f"{name}: {count}" for name, count in also.items() if count),
        ]
    )


def _state(programme: Programme, now: datetime) -> list[str]:
    """On which terms people join, as far as it isn't simply open."""
    if programme.closed_at is not None:
        return [f"Ended {kit.moment(programme.closed_at)}"]
    found = ["By approval"] if programme.needs_approval else []
    found += [f"Places: {programme.places}"] if programme.places else []
    if rules.signup_is_over(programme, now):
        return [*found, "Sign-up is closed"]
    if programme.signup_from is not None and now < programme.signup_from:
        found.append(f"Sign-up opens {kit.moment(programme.signup_from)}")
    if programme.signup_until is not None:
        found.append(f"Sign-up closes {kit.moment(programme.signup_until)}")
    return found


def _waiting(waiting: Sequence[tuple[Person, Side]]) -> list[Block]:
    if not waiting:
        return [kit.context("Nobody is waiting for a partner.")]
    lines = [f"• {kit.mention(person.slack_id)}, {side}" for person, side in waiting[:MOST_SHOWN]]
    return [kit.section("*Waiting for a partner*\n" + "\n".join(lines + _more(waiting)))]


def _pairs(pairs: Sequence[tuple[Person, Person, Health]]) -> list[Block]:
    if not pairs:
        return []
    lines = [_pair(mentor, mentee, health) for mentor, mentee, health in pairs[:MOST_SHOWN]]
    return [kit.section("*Pairs*\n" + "\n".join(lines + _more(pairs)))]


def _pair(mentor: Person, mentee: Person, health: Health) -> str:
    met = f"met {health.held} times" if health.held > 1 else "met once" if health.held else "not met yet"
    if health.pair.introduced_at is None:
        met = "about to be introduced"
    when = f", next {kit.moment(health.next_at)}" if health.next_at else ""
    quiet = " — *no date for a while*: a kind word may help" if health.is_quiet else ""
    return f"• {kit.mention(mentor.slack_id)} → {kit.mention(mentee.slack_id)}: {met}{when}{quiet}"


def _more(items: Sequence[Any]) -> list[str]:
    more = len(items) - MOST_SHOWN
    return [f"… and {more} more"] if more > 0 else []


MESSAGES: Mapping[str, Builder] = {
    "requests": requests,
    "topic_decided": topic_decided,
    "programme_ended": programme_ended,
}
