"""The words that people may change without a developer: texts, topics, levels, networks and questions from
`prompts/en/*.toml`.

All are read and checked at the start: a missing text, a placeholder nobody fills, two questions with one id
stop the bot with the name of the file and the entry.
"""

import re
import string
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.themes import THEMES
from store.models import Focus, Side

LANGUAGE = "en"
MENU = 100  # options a menu of Slack's can show
MOST_TOPICS = 1000  # more than a menu shows: it is searched then
LEVEL = re.compile(r"-?\d{1,6}")
WORD = re.compile(r"[a-z0-9_]+")

# What a sign-up by writing asks, and says how to answer where it can't understand.
SIGNUP = (
    *("sides", "offers", "own_offer", "capacity", "wishes", "own_wish", "hopes", "hopes_long", "languages", "ways"),
    *("site", "hours", "networks", "avoid", "manager", "department", "team", "level", "consent", "summary"),
)

# What is answered to a message in the DM that isn't taken.
CHAT = ("nothing_open", "stop", "thanks", "action", "no_pair", "who_sees", "sign", "file", "voice", "file_beside")

SIDES = ("mentor", "mentee")
LOOKS = ("halfway", "halfway_better", "ending", "ending_better", "ending.again", "ending_better.again")
"""What each side is asked half-way and at the end; the id of such a question is the name of its text."""
NUDGES = (
    *("first_talk", "plan", "preparation", "reminder", "checkin", "put_off", "reflection", "halfway", "halfway_better"),
    *("aims", "ending", "ending_better", "going_on", "farewell", "note_shared", "answer_shared"),
)
"""The kinds of messages that come unasked; of each, people may want to know why it came."""
FAMILIES = ("preparation", "looking_back", "reminders", "shared")
"""What people may want fewer of."""
MEETINGS = ("tenure", "practical.in_person", "practical.online", "languages")
RULES = (
    *("same_person", "reporting_line", "reporting_line_unknown", "same_team", "team_unknown", "level", "level_unknown"),
    *("no_language", "no_way_to_meet", "paired_before", "not_available"),
)
GAPS = ("level_unknown", "team_unknown", "reporting_line_unknown", "no_language", "no_way_to_meet")

# Which placeholders each text of texts.toml may use. A text that is not listed here is not used anywhere.
TEXTS: Mapping[str, frozenset[str]] = {
    name: frozenset(fields.split())
    for name, fields in {
        "announcement": "programme objective length cadence contact",
        "length": "months",
        "length.none": "",
        "cadence.monthly": "",
        "cadence.fortnightly": "",
        "joined": "programme side",
        "changed": "programme",
        "joined.mentor_next": "programme",
        "joined.mentee_next": "programme",
        "joined.both_next": "programme",
        "applied": "programme side",
        "applied.next": "programme",
        "queued": "programme side place",
        "queued.next": "programme",
        "declined": "programme contact",
        "let_in": "programme side",
        "introduction": "mentor mentee programme objective",
        "introduction.why": "",
        "introduction.first": "mentee contact",
        "reason.topics": "topics",
        "reason.department": "mentor mentee",
        "reason.function": "mentor mentee",
        "reason.site": "mentor mentee",
        **{f"reason.{part}": "" for part in MEETINGS},
        **{f"reason.topics.{side}": "topics" for side in SIDES},
        **{f"reason.{part}.{side}": "mine theirs" for part in ("department", "function", "site") for side in SIDES},
        **{f"reason.{part}.{side}": "" for part in MEETINGS for side in SIDES},
        **{f"rule.{rule}": "" for rule in RULES},
        "unplaced.of_mentors": "count rules",
        "unplaced.of_mentees": "count rules",
        "unplaced.no_mentors": "",
        "unplaced.no_mentees": "",
        "change.none": "",
        "change.wish": "who",
        "change.gap": "who gaps",
        "change.seat": "who",
        "change.way.online": "who",
        "change.way.in_person": "who",
        "change.site": "who site",
        "change.rule": "who rule",
        "change.mentor": "",
        "change.mentor.topic": "topic",
        "change.mentee": "",
        "change.mentee.topic": "topic",
        "change.first": "gaps",
        **{f"gap.{gap}": "" for gap in GAPS},
        "cost.none": "",
        "cost.little": "",
        "cost.some": "",
        "cost.much": "",
        "cost.placed.one": "",
        "cost.placed.many": "count",
        "cost.partner": "who",
        "cost.band": "who",
        "cost.moves.one": "",
        "cost.moves.many": "count",
        "cost.bar": "rule",
        "cost.no_seat": "",
        "overview.possible": "all possible",
        "overview.placed": "placed mentees seats",
        "overview.rules": "",
        "overview.rule": "rule removes only",
        "overview.rule.who": "rule removes only who",
        "overview.nobody": "who",
        "overview.short": "",
        "overview.topic": "topic wanted offered",
        "overview.topic.none": "topic wanted",
        "and_more": "who count",
        "upload_checked": "file counts",
        "upload_checked.wrong": "file counts rows",
        "upload_checked.partial": "",
        "upload_checked.nothing": "",
        "upload_done": "file counts",
        "upload_not_done": "file",
        "upload_failed": "file why",
        "unreachable": "",
        "publication.going": "programme introduced of",
        "publication.coming": "coming",
        "publication.done": "programme introduced of",
        "publication.lost": "lost",
        "round_ready": "pairs",
        "round_ready.failed": "",
        "round_ready.weekly": "programme pairs",
        "repair.found": "alone programme",
        "repair.changes": "alone programme",
        "rule_broken": "programme",
        "rule_broken.again": "programme",
        "rule_broken.can": "",
        "rule_broken.two": "mentor mentee",
        "rule_broken.above": "above below",
        "rule_broken.same_team": "mentor mentee",
        "signup.begin": "programme",
        "signup.on": "programme",
        "signup.help": "command",
        "signup.unclear": "",
        "signup.wordless": "",
        "signup.needed": "",
        "signup.first": "",
        "signup.wrong": "about",
        "signup.strange": "about",
        "signup.strange_topics": "about",
        "signup.several": "about",
        "signup.too_long": "about",
        "signup.change": "",
        "signup.changed": "answer",
        "signup.correct": "",
        "signup.earlier": "",
        "signup.crossed": "",
        "signup.edited": "",
        "signup.sides": "",
        "signup.offers": "most",
        "signup.capacity": "",
        "signup.wishes": "most",
        "signup.own": "topic",
        "signup.hopes": "",
        "signup.hopes_long": "length most",
        "signup.languages": "",
        "signup.ways": "",
        "signup.site": "",
        "signup.hours": "",
        "signup.networks": "",
        "signup.avoid": "most",
        **{f"signup.{fact}": "" for fact in ("manager", "department", "team", "level")},
        **{f"signup.{fact}_known": "known origin" for fact in ("manager", "department", "team", "level", "site")},
        "signup.consent": "",
        "signup.summary": "",
        **{f"signup.{question}_hint": "" for question in SIGNUP},
        "signup.stopped": "programme",
        "signup.closed": "programme why",
        "first_talk.mentor": "partner",
        "first_talk.mentee": "partner",
        "agreement.none": "partner",
        "agreement.stands": "",
        "agreement_proposed": "partner",
        "agreement_proposed.other": "partner",
        "agreement_proposed.again": "partner",
        "agreement_agreed": "partner",
        "plan.first": "partner",
        "plan.again": "partner",
        "plan.month": "partner",
        "plan.fortnight": "partner",
        "plan.suggested": "zone",
        "planned": "mentor mentee when",
        "moved": "mentor mentee when",
        "booked": "partner when",
        "preparation": "partner when",
        "preparation.question": "question",
        "cancelled": "partner when",
        "cancelled.mine": "partner when",
        "put_off.mentor": "partner contact",
        "put_off.mentee": "partner",
        "preparation.actions": "actions",
        **{f"theme.{theme}": "" for theme in THEMES},
        "ideas.free": "",
        "reminder": "partner when",
        "checkin": "partner",
        "reflection": "partner question",
        "halfway": "partner question",
        "halfway.ongoing": "partner question",
        "halfway.hopes": "hopes",
        "halfway_better": "partner question",
        "aims": "partner purpose",
        "aims.none": "partner",
        "ending": "partner programme when question",
        "ending_better": "partner question",
        **{f"{kind}.question.{side}": "" for kind in LOOKS for side in SIDES},
        "reflection_kept": "",
        "going_on": "partner when",
        "going_on.options": "",
        **{f"together.{onward}": "mentor mentee when" for onward in ("as_now", "less_often", "ends")},
        "farewell": "partner programme",
        "farewell.can": "partner",
        "farewell.difference": "partner",
        "thanks": "partner words",
        "difference": "partner words",
        "ask_to_post.thanks": "partner channel",
        "ask_to_post.lesson": "partner channel",
        "saying_posted": "partner channel",
        "saying_kept": "partner",
        "note_kept": "",
        "action_kept": "",
        **{f"kept.{word}": "" for word in ("added", "changed", "stays", "mended", "deleted", "gone")},
        "kept.shared": "partner",
        "readers.me": "",
        "readers.both": "partner",
        "which_question": "",
        "which_question.one": "",
        "which_question.none": "",
        "which_pair": "",
        "action_shown": "partner",
        "thanks_shown": "partner",
        "thanks_shown.several": "",
        "note_shared": "partner",
        "answer_shared": "partner",
        "slack.deleted": "",
        "slack.passed_on": "",
        **{f"chat.{word}": "" for word in CHAT},
        "chat.help": "command",
        "partner_left": "partner programme contact",
        "partner_left.next": "",
        "partner_paused": "partner",
        "partner_resumed": "partner",
        "pause_over": "",
        "left": "programme",
        "announcement_unclear": "channel",
        "announcement_refused": "channel",
        "announcement.approval": "",
        "announcement.opens": "when",
        "announcement.closes": "when",
        "requests": "programme",
        "topic_accepted": "topic programme",
        "topic_merged": "proposed topic programme",
        "topic_declined": "proposed programme",
        "programme_ended.no_place": "programme contact",
        "programme_ended.no_partner": "programme contact",
        "later.kept": "when",
        "later.day_over": "",
        "later.too_late": "",
        "later.nothing": "",
        **{f"fewer.{family}.{share}": "" for family in FAMILIES for share in ("half", "none", "all")},
        "fewer.once": "",
        "fewer.stays": "command",
        **{f"why.{kind}": "" for kind in NUDGES},
        "why.when": "due came",
        "why.hours": "zone",
        "why.number": "number most",
        "why.besides": "most",
        "why.wished": "most",
        "why.fewer": "",
        "why.unknown": "",
    }.items()
}
BANK = ("preparation", "reflection")  # the kinds of which a pair gets one for each meeting
LEAST = 6  # shared questions of a kind for each theme, and questions for each objective
QUESTION_LIMIT = 150
ID_LIMIT = 60  # what is stored of a question
MARKS = re.compile(r"[*_~`<>&{}]")
OF_TEXTS = ".question."  # in the id of a question that is none of the bank's twins, but a text for each side


class BadPrompt(Exception):
    """Something in `prompts/` is missing or wrong; the message says which file and entry."""


@dataclass(frozen=True)
class Twin:
    """A question for both of a pair, in the words of each. Its id is kept for ever: nobody is asked it twice."""

    id: str
    kind: str
    theme: int | None
    """None: it fits any month."""
    objective: str | None
    """The `Focus` of the programmes it is for; None: for all."""
    mentor: str
    mentee: str

    def text(self, side: Side) -> str:
        return self.mentor if side is Side.MENTOR else self.mentee


@dataclass(frozen=True)
class Prompts:
    texts: Mapping[str, str]
    topics: Mapping[str, str]
    levels: Mapping[int, str]
    """Level to label; higher is more senior."""
    networks: Mapping[str, str]
    twins: Mapping[str, Twin]
    """The questions, by id, in the order in which they are asked."""

    def with_topics(self, more: Mapping[str, str]) -> "Prompts":
        """The same words with more topics: id to label."""
        return replace(self, topics={**self.topics, **more})

    def say(self, name: str, **fields: str) -> str:
        """A text with its placeholders filled. The fields must be fit for mrkdwn already."""
        return self.texts[name].format(**fields)

    def question(self, question_id: str | None, side: Side) -> str | None:
        """A question's words for that side; None for one that was taken out."""
        if question_id is not None and OF_TEXTS in question_id:
            return self.texts.get(question_id)
        twin = self.twins.get(question_id or "")
        return twin.text(side) if twin else None

    def topic(self, topic_id: str) -> str:
        """Its label; a topic that was taken out of the list keeps its id as a name."""
        return self.topics.get(topic_id, topic_id.replace("_", " "))


def load(folder: Path) -> Prompts:
    here = folder / LANGUAGE
    return Prompts(
        texts=_texts(here / "texts.toml"),
        topics=_labels(here / "topics.toml", "topics", MOST_TOPICS),
        levels=_levels(here / "levels.toml"),
        networks=_networks(here / "networks.toml"),
        twins=_twins(here),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadPrompt(f"{path} is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPrompt(f"{path} can't be read: {error}") from None


def _texts(path: Path) -> dict[str, str]:
    found = {name: _text(path, name, text) for name, text in _read(path).items()}
    if lacking := TEXTS.keys() - found.keys():
        raise BadPrompt(f"{path} lacks {', '.join(sorted(lacking))}")
    for name, text in found.items():
        if name not in TEXTS:
            raise BadPrompt(f"{path}: nothing uses the text {name}")
        if strange := _placeholders(path, name, text) - TEXTS[name]:
            raise BadPrompt(f"{path}: {name} has {{{strange.pop()}}}, which nothing fills")
    return found


def _text(path: Path, name: str, text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise BadPrompt(f"{path}: {name} must be a text")
    return text.strip()


def _placeholders(path: Path, name: str, text: str) -> set[str]:
    try:
        parts = [(field, form) for _, field, form, _ in string.Formatter().parse(text) if field is not None]
        return {f"{field}:{form}" if form else field for field, form in parts}
    except ValueError as error:
        raise BadPrompt(f"{path}: {name} has a brace that is not a placeholder: {error}") from None


def _labels(path: Path, what: str, most: int = MENU) -> dict[str, str]:
    """Id to label, in the order in which they are shown."""
    found = {name: _text(path, name, label) for name, label in _read(path).items()}
    for name, label in found.items():
        if len(label) > 75 or len(name) > 75:
            raise BadPrompt(f"{path}: {name} is longer than the 75 characters a menu can show")
    if not 1 <= len(found) <= most:
        raise BadPrompt(f"{path} must have 1 to {most} {what}")
    return found


def _levels(path: Path) -> dict[int, str]:
    found = _labels(path, "levels")
    for number in found:
        if not LEVEL.fullmatch(number):
            raise BadPrompt(f"{path}: {number} must be a whole number, higher for more senior")
    return {int(number): label for number, label in sorted(found.items(), key=lambda each: int(each[0]))}


def _networks(path: Path) -> dict[str, str]:
    found = _labels(path, "networks")
    for name in found:
        if not WORD.fullmatch(name):
            raise BadPrompt(f"{path}: {name} must be an id of small letters, digits and _")
    return found


def _twins(folder: Path) -> dict[str, Twin]:
    found: dict[str, Twin] = {}
    for kind in BANK:
        path = folder / f"{kind}.toml"
        for row in _read(path).get("question", []):
            twin = _twin(path, kind, row)
            if twin.id in found:
                raise BadPrompt(f"{path}: {twin.id} is there twice")
            found[twin.id] = twin
        _enough(path, [twin for twin in found.values() if twin.kind == kind])
    return found


def _twin(path: Path, kind: str, row: dict[str, Any]) -> Twin:
    name = _text(path, "id", row.get("id"))
    theme, objective = row.get("theme"), row.get("objective")
    if len(name) > ID_LIMIT:
        raise BadPrompt(f"{path}: {name} is longer than {ID_LIMIT} characters")
    if strange := row.keys() - {"id", "theme", "objective", *SIDES}:
        raise BadPrompt(f"{path}: {name} has {min(strange)}, which means nothing here")
    if theme is not None and (type(theme) is not int or theme not in THEMES):
        raise BadPrompt(f"{path}: {name} must have a theme from {THEMES[0]} to {THEMES[-1]}, or none")
    if objective is not None and objective not in list(Focus):
        raise BadPrompt(f"{path}: {name} is for no objective there is ({', '.join(Focus)})")
    return Twin(name, kind, theme, objective, *(_words(path, name, side, row.get(side)) for side in SIDES))


def _words(path: Path, name: str, side: str, given: object) -> str:
    text = _text(path, f"the {side}'s side of {name}", given)
    if "\n" in text or MARKS.search(text):
        raise BadPrompt(
            f"{path}: the {side}'s side of {name} must be one line without marks: it is shown as a quotation"
        )
    if len(text) > QUESTION_LIMIT:
        raise BadPrompt(f"{path}: the {side}'s side of {name} is longer than {QUESTION_LIMIT} characters")
    return text


def _enough(path: Path, twins: list[Twin]) -> None:
    """Of each theme for all, and of each objective, so that a pair who meets often has enough for its months."""
    shared = Counter(twin.theme for twin in twins if twin.objective is None)
    own = Counter(twin.objective for twin in twins)
    for what, count in [(f"theme {theme}", shared[theme]) for theme in THEMES] + [
        (f"the objective {focus}", own[focus]) for focus in Focus
    ]:
        if count < LEAST:
            raise BadPrompt(f"{path} has {count} questions for {what}, and needs {LEAST}")
