"""What waits for a coordinator: who asks to join and which topics are proposed; and what was decided of them."""

from collections.abc import Mapping, Sequence
from itertools import chain

from bot import working_time
from bot.due import Builder, Message, Telling
from bot.programme import rules
from bot.programme.rules import TOPIC_LIMIT, Request, Suggestion, Wish
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import MemberState, Person, Programme, Side, TopicProposal, TopicState

LET_IN = "programme.let_in"
TURN_DOWN = "programme.turn_down"
ACCEPT = "programme.accept"
REWORD = "programme.reword"
LEAVE_OUT = "programme.leave_out"
TOPIC = "programme.topic"
LOOK = "programme.look"

MOST_ASKED_IN_A_MESSAGE = 10
MENU = 100  # options; https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element


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
        "\n".join([said, *lines]), [kit.section(said), *to_decide(shown, programme, me, telling.prompts), *more]
    )


def to_decide(found: Sequence[Request], programme: Programme, viewer: Person, prompts: Prompts) -> list[Block]:
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


MESSAGES: Mapping[str, Builder] = {
    "requests": requests,
    "topic_decided": topic_decided,
}
