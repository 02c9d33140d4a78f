"""The three pages of the sign-up form, and how they are read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.due import Fact
from bot.prompts import Prompts
from bot.signup.rules import LANGUAGES, LONGEST_FACT, LONGEST_TOPIC, MENU, MOST_AVOIDED, MOST_TOPICS, Answers
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Programme, Side, Way

ABOUT = "signup.about"
TOPICS = "signup.topics"
FACTS = "signup.facts"
SEARCH = "signup.search"
ANEW = "signup.anew"
WRITE = "signup.write"

BOTH = "both"
SIDES: Mapping[str, str] = {Side.MENTOR: "Mentor", Side.MENTEE: "Mentee"}
SIDES_SAY: Mapping[str, str] = {
    Side.MENTOR: "I share what I know with a senior leader.",
    Side.MENTEE: "I lead, and I'd like to learn.",
    BOTH: "One on each side, for different topics.",
}
WAYS = {Way.ONLINE: "Online", Way.IN_PERSON: "In person"}
HOURS = {"morning": "In the morning", "midday": "Around midday", "afternoon": "In the afternoon"}
CAPACITY = {1: "One mentee", 2: "Up to two", 3: "Up to three"}
NOBODY = "nobody"
"""The block of the box for those who report to nobody."""

CONSENT = (
    "*What is stored:* your answers, your pair, the dates you meet and what you write here, in your company's own "
    "database.\n"
    "*Who sees it:* the people who run the programme see that you take part, your side, topics, languages, ways to "
    "meet and hours, what the directory says of you, your pair and whether you meet. What you hope for, the networks "
    "and experiences you bring, and whom you'd rather not meet are encrypted and shown to nobody but you. Notes and "
    "reflections are encrypted: private ones are yours alone, shared ones your pair's.\n"
    "*How long:* what you tell in confidence on these pages is deleted when you leave. The rest stays until the "
    "people who run Flipside at your company delete it.\n"
    "*How to get out:* with *Leave* on the Home tab, at any time and without a reason."
)


@dataclass(frozen=True)
class Page:
    """What a page of the form is drawn from."""

    programme: Programme
    prompts: Prompts
    answers: Answers
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """By the name of the answer; what isn't known isn't there."""
    is_change: bool = False
    asks_consent: bool = True
    was_begun: bool = False


@dataclass(frozen=True)
class Sent:
    """What a page carries back to us: which programme, whether to join or to change, the sides it was drawn for."""

    programme_id: int
    is_change: bool
    sides: tuple[Side, ...]


def carried(private: str) -> Sent:
    number, purpose, *sides = private.split()
    return Sent(int(number), purpose == "change", tuple(Side(side) for side in sides))


def about(page: Page) -> Block:
    """The first page: which side, what for, in which language, where and when."""
    begun = (
        "You have begun before. What you filled in is still here: *Next* takes you on. "
        "It is deleted a month after you last changed it."
    )
    kept = "*Next* keeps what you fill in, encrypted and for you alone, until you join."
    answers = page.answers
    blocks = [
        kit.section(f"*{kit.escape(page.programme.name)}*\n{kit.escape(page.programme.objective)}"),
        *([kit.context(begun), kit.actions(kit.button(ANEW, "Begin anew", _private(page)))] if page.was_begun else []),
        kit.actions(kit.go("hours", "When I may write to you") if page.is_change else write(page.programme.id)),
        _sides(answers),
        kit.field(
            "hopes",
            "What do you hope to get out of it?",
            kit.text_input(answers.hopes, many_lines=True),
            hint="For you alone: it comes back to you half-way.",
            optional=True,
        ),
        _menu("languages", "Languages I'm happy to talk in", LANGUAGES, answers.languages, "Choose languages"),
        _boxes("ways", "Ways to meet", WAYS, answers.ways),
        _boxes(
            "hours",
            "Hours that suit me",
            HOURS,
            answers.hours,
            hint="Of your own working day. Leave it empty if any time will do.",
            optional=True,
        ),
        _site(page),
        *([] if page.is_change else [kit.context(kept)]),
    ]
    return _modal(page, ABOUT, 1, blocks)


def write(programme_id: int | str) -> Block:
    """For those who prefer to be asked one thing at a time in the DM."""
    return kit.button(WRITE, "I'd rather write", str(programme_id))


def _modal(page: Page, form: str, number: int, blocks: Sequence[Block]) -> Block:
    title = f"Change answers, {number} of 3" if page.is_change else f"Join, {number} of 3"
    last = "Save" if page.is_change else "Join"
    return kit.modal(
        form,
        title,
        blocks,
        submit=last if number == 3 else "Next",
        close="Not now" if number == 1 else "Back",
        private=_private(page),
    )


def _private(page: Page) -> str:
    return " ".join([str(page.programme.id), "change" if page.is_change else "join", *page.answers.sides])


def _sides(answers: Answers) -> Block:
    labels = {**SIDES, BOTH: "Both"}
    choices = [kit.option(side, label, SIDES_SAY[side]) for side, label in labels.items()]
    chosen = BOTH if len(answers.sides) > 1 else "".join(answers.sides)
    return kit.field("sides", "I'd like to join as", kit.choose_one("radio_buttons", choices, chosen))


def _menu(
    name: str, label: str, choices: Mapping[Any, str], chosen: Sequence[str], placeholder: str, **more: Any
) -> Block:
    menu = kit.choose_many("multi_static_select", kit.options(choices), chosen, placeholder)
    return kit.field(name, label, menu, **more)


def _boxes(name: str, label: str, choices: Mapping[Any, str], chosen: Sequence[str], **more: Any) -> Block:
    return kit.field(name, label, kit.choose_many("checkboxes", kit.options(choices), chosen), **more)


def _site(page: Page) -> Block:
    known = page.facts.get("site")
    if known is not None and not known.is_their_word and page.answers.site in (None, known.value):
        return kit.context(f"Your site for meeting in person: {kit.escape(known.label)} (from {known.origin}).")
    return kit.field(
        "site",
        "Where do you work?",
        kit.text_input(_now(page, "site"), most=LONGEST_FACT),
        hint="The name of your site or town. Needed only for meeting in person.",
        optional=True,
    )


def read_about(given: kit.Answers, before: Answers) -> Answers:
    side = given.one("sides")
    return replace(
        before,
        sides=tuple(Side) if side == BOTH else (Side(side),) if side else (),
        hopes=given.text("hopes"),
        languages=tuple(given.many("languages")),
        ways=tuple(given.many("ways")),
        hours=tuple(given.many("hours")),
        site=given.text("site"),
    )


def topics(page: Page) -> Block:
    """The second page: topics of their side or sides, and what is told in confidence."""
    answers = page.answers
    mentor = [
        kit.header("As a mentor"),
        _topics(page, "offers", "What I can offer", answers.offers, "The strongest first: the order is kept."),
        _own("own_offer", "Something else I can offer", answers.own_offer),
        kit.field(
            "capacity",
            "How many mentees at once?",
            kit.choose_one("static_select", kit.options(CAPACITY), str(answers.capacity)),
        ),
    ]
    mentee = [
        kit.header("As a mentee"),
        _topics(page, "wishes", "What I'd like to learn", answers.wishes, "The dearest first: the order is kept."),
        _own("own_wish", "Something else I'd like to learn", answers.own_wish),
    ]
    blocks = [
        *(mentor if answers.is_mentor else []),
        *(mentee if answers.is_mentee else []),
        kit.header("In confidence"),
        _menu(
            "networks",
            "Networks and experiences I'm willing to bring",
            page.prompts.networks,
            answers.networks,
            "Choose as many as you like, or none",
            hint="Asked so that pairing can bring different experiences together. Never shown to anyone.",
            optional=True,
        ),
        _avoid(answers),
    ]
    return _modal(page, TOPICS, 2, blocks)


def _topics(page: Page, name: str, label: str, chosen: Sequence[str], order: str) -> Block:
    """Optional, since a topic in their own words will do."""
    hint = f"Up to {MOST_TOPICS}. {order}"
    known = page.prompts.topics
    if len(known) <= MENU:
        menu = kit.choose_many("multi_static_select", kit.options(known), chosen, "Choose topics")
        return kit.field(name, label, menu | {"max_selected_items": MOST_TOPICS}, hint=hint, optional=True)
    menu = kit.search_many(suggested(page.prompts, [topic for topic in chosen if topic in known]), "Search for topics")
    menu["max_selected_items"] = MOST_TOPICS
    return kit.field(name, label, menu, hint=f"Type to search. {hint}", optional=True, action_id=SEARCH)


def suggested(prompts: Prompts, found: Sequence[str]) -> list[Block]:
    """Topics as options of the menu that is searched."""
    return [kit.option(topic, prompts.topic(topic)) for topic in found]


def _own(name: str, label: str, text: str | None) -> Block:
    return kit.field(
        name,
        label,
        kit.text_input(text, most=LONGEST_TOPIC),
        hint="Not in the list? Your words are proposed to the people who run the programme, who may add them.",
        optional=True,
    )


def _avoid(answers: Answers) -> Block:
    menu: Block = {"type": "multi_users_select", "placeholder": kit.plain("Choose people")}
    menu["max_selected_items"] = MOST_AVOIDED
    if answers.avoid:
        menu["initial_users"] = list(answers.avoid)
    hint = f"Always honoured, shown to nobody, no reason needed. Up to {MOST_AVOIDED}."
    return kit.field("avoid", "People I'd rather not be paired with", menu, hint=hint, optional=True)


def read_topics(given: kit.Answers, before: Answers) -> Answers:
    return replace(
        before,
        offers=tuple(given.many("offers")),
        own_offer=given.text("own_offer"),
        capacity=int(given.one("capacity") or 1),
        wishes=tuple(given.many("wishes")),
        own_wish=given.text("own_wish"),
        networks=tuple(given.many("networks")),
        avoid=tuple(given.people("avoid")),
    )


def facts(page: Page) -> Block:
    """The third page: what the directory knows, to confirm or to correct, and their consent."""
    why = (
        "*What the directory knows*\n"
        "Nobody here is paired with their boss or their own team, so this has to be right. Please look it through, and "
        "correct or add what isn't. Where the company's own records differ from your word, they go first."
    )
    levels = kit.options(page.prompts.levels)
    level = _now(page, "level")
    blocks = [
        kit.section(why),
        *_manager(page),
        _text_fact(page, "department", "My department", optional=True),
        _text_fact(page, "team", "My team"),
        kit.field(
            "level",
            "My level",
            kit.choose_one("static_select", levels, None if level is None else str(level), "Choose what comes nearest"),
            **_known(page, "level"),
        ),
        *(_consent() if page.asks_consent else []),
    ]
    return _modal(page, FACTS, 3, blocks)


def _now(page: Page, name: str) -> Any:
    """What they said themselves, or else what is known."""
    said, known = getattr(page.answers, name), page.facts.get(name)
    return known.value if said is None and known is not None else said


def _known(page: Page, name: str) -> dict[str, Any]:
    """A field may be left empty where the answer is known; the hint says from where."""
    known = page.facts.get(name)
    # Optional even where it isn't known, so that our own sentence says what is missing instead of Slack's.
    return {"optional": True} if known is None else {"optional": True, "hint": f"{known.label}: from {known.origin}"}


def _manager(page: Page) -> list[Block]:
    manager, known = _now(page, "manager"), page.facts.get("manager")
    menu: Block = {"type": "users_select", "placeholder": kit.plain("Choose a person")}
    if manager and (known is None or manager != known.value or known.can_be_chosen):
        menu["initial_user"] = manager
    box = kit.choose_many("checkboxes", [kit.option("yes", "I report to nobody")], ["yes"] if manager == "" else [])
    return [
        kit.field("manager", "Whom I report to", menu, **_known(page, "manager")),
        kit.field(NOBODY, "Or", box, optional=True),
    ]


def _text_fact(page: Page, name: str, label: str, *, optional: bool = False) -> Block:
    more = _known(page, name)
    if optional and "hint" not in more:
        more["hint"] = "If there is one."
    text = _now(page, name)
    begins = text if text and kit.shorten(text, LONGEST_FACT) == text else None  # Slack takes no longer beginning
    return kit.field(name, label, kit.text_input(begins, most=LONGEST_FACT), **more)


def _consent() -> list[Block]:
    agree = kit.choose_many("checkboxes", [kit.option("yes", "I agree")])
    # Optional, so that our own sentence says what is missing instead of Slack's.
    return [kit.context(CONSENT), kit.field("has_consented", "Keeping my answers", agree, optional=True)]


def read_facts(given: kit.Answers, before: Answers) -> Answers:
    level = given.one("level")
    return replace(
        before,
        manager="" if given.many(NOBODY) else given.person("manager"),
        department=given.text("department"),
        team=given.text("team"),
        level=int(level) if level else None,
        has_consented=before.has_consented or bool(given.many("has_consented")),
    )
