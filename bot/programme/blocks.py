"""The forms in which a programme is set up and changed; what is said when it opens and when it ends."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import working_time
from bot.due import Builder, Message, Telling
from bot.programme import rules
from bot.programme.rules import LENGTHS, NAME_LIMIT, Answers
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Cadence, Focus, MemberState, Person, Programme

FORM = "programme.form"
CHANGE = "programme.change"
TAKE_OVER = "programme.take_over"
CLOSE_SIGNUP = "programme.close_signup"
END = "programme.end"

OPEN, APPROVAL = "open", "approval"
FOCUS = {
    Focus.DIGITAL: "Digital skills",
    Focus.INCLUSION: "Inclusion",
    Focus.FUTURE: "How work is changing",
    Focus.LEADERSHIP: "Leadership",
    Focus.OWN: "Something of our own",
}
ONGOING = "ongoing"
MONTHLY = Cadence.MONTHLY.value
HOW_OFTEN = {Cadence.MONTHLY: "Once a month", Cadence.FORTNIGHTLY: "Every two weeks"}
WEEKLY = {"weekly": "Propose pairs every Monday"}
WHO_MAY = {OPEN: "Anybody who likes", APPROVAL: "Whoever a coordinator says yes to"}


def form(zone: ZoneInfo) -> Block:
    """Asks for a new programme."""
    lengths = kit.options(
        {months: f"{months} months" for months in LENGTHS} | {ONGOING: "No end: as long as both like"}
    )
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
            kit.field(
                "cadence", "How often a pair meets", kit.choose_one("radio_buttons", kit.options(HOW_OFTEN), MONTHLY)
            ),
            kit.field("months", "How long a pair goes on", kit.choose_one("static_select", lengths, "6")),
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
        kit.field(
            "focus",
            "What comes closest to it?",
            kit.choose_one("static_select", kit.options(FOCUS), programme.focus if programme else Focus.OWN),
            hint="Pairs get questions for each talk. Some of them are about this.",
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
        f"Nobody joins it any more, and there are no new rounds. {go_on(programme)} Whoever asked to join or has no "
        "partner is told kindly. It can't be opened again."
    )
    return [*buttons, kit.confirmed(end, "End the programme?", text, "End it", "Keep it")]


def go_on(programme: Programme) -> str:
    """What the pairs of a programme that ends do."""
    is_ongoing = programme.months is None
    return "Pairs go on for as long as they like." if is_ongoing else "Pairs finish their months as planned."


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
        cadence=Cadence(answers.one("cadence") or MONTHLY),
        months=int(months) if months and months != ONGOING else None,
        is_ongoing=months == ONGOING,
        pairs_weekly=bool(answers.many("weekly")),
        focus=Focus(answers.one("focus") or Focus.OWN),
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
            length=prompts.say("length", months=str(programme.months))
            if programme.months
            else prompts.say("length.none"),
            cadence=prompts.say(f"cadence.{programme.cadence}"),
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


MESSAGES: Mapping[str, Builder] = {"programme_ended": programme_ended}
