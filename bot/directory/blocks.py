"""The coordinator's desk for the directory: where it comes from, what is doubtful, and the forms to mend it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import origins
from bot.due import Builder, Message, Telling
from bot.slack import kit
from bot.slack.kit import Answers, Block
from store.models import DirectoryUpload, Person, Source

CONNECT = "directory.connect"
UPLOAD = "directory.upload"
FIELDS_FORM = "directory.fields"
UPLOAD_FORM = "directory.file"
IMPORT = "directory.import"
IMPORT_RIGHT = "directory.import_right"
NEVER_MIND = "directory.never_mind"

MOST_SHOWN = 20
MOST_PROBLEMS = 10
MOST_OPTIONS = 100  # of a menu
NOT_THERE = "-"
RIGHT_ROWS = "right_rows"

# What can be known from a field of Slack's profiles, and which kinds of field it can be.
FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "manager": ("Manager", ("user",)),
    "department": ("Department", ("text", "options_list")),
    "function": ("Function", ("text", "options_list")),
    "team": ("Team", ("text", "options_list")),
    "site": ("Site", ("text", "options_list")),
    "level": ("Level", ("text", "options_list")),
    "started_on": ("First day at the company", ("date",)),
}
TITLES: Mapping[Source, str] = {
    Source.SCIM: "The HR directory (SCIM)",
    Source.FILE: "The company's file",
    Source.PROFILE: "Fields of Slack's profiles",
    Source.SLACK: "Slack's accounts",
}

WORKING = "One moment, I'm looking …"
NO_PROFILE_SCOPE = (
    "I'm not allowed to see the profile fields. Ask whoever runs me to add the scope `users.profile:read` to the app."
)
NO_FILE_SCOPE = (
    "Slack doesn't let me take files here. Ask whoever runs me to add the scope `files:read` to the app, or to use "
    "`python app.py people import FILE`."
)
NO_FIELDS = "Slack didn't tell me its profile fields just now. Nothing was changed; please try again in a minute."
MAPPED = "Kept. I read these fields in the background from now on; the directory shows how far I am."
NOTHING_MAPPED = "Kept: nothing is read from profile fields any more, and what they said is forgotten."
ONLY_COORDINATORS = "Only the people who run the programme can do that."


@dataclass(frozen=True)
class SourceState:
    """How a source stands: when it was last read to its end, of how many people it speaks, what went wrong since."""

    source: Source
    read_at: datetime | None
    people: int
    error: str | None = None
    problems: int = 0


@dataclass(frozen=True)
class Lacking:
    """Somebody in a programme of whom something isn't known that pairing needs."""

    person: Person
    what: Sequence[str]


@dataclass(frozen=True)
class Desk:
    sources: Sequence[SourceState]
    order: Sequence[Source]
    """Whose word counts first."""
    circles: Sequence[Sequence[str]]
    """Names of people who are above each other, as the directory has it."""
    dangling: Sequence[str]
    """Names of people whose manager nobody knows."""
    lacking: Sequence[Lacking]


def working() -> Block:
    return kit.modal("directory.working", "Directory", [kit.section(WORKING)])


def said(text: str) -> Block:
    return kit.modal("directory.working", "Directory", [kit.section(text)])


def desk(desk: Desk) -> Block:
    """Everything a coordinator needs to know of where the directory comes from and what it lacks."""
    buttons = kit.actions(kit.button(CONNECT, "Connect profile fields"), kit.button(UPLOAD, "Upload a file"))
    return kit.modal(
        "directory.desk",
        "Directory",
        [
            kit.section("*Where I know people from*\n" + "\n".join(_source(each) for each in desk.sources)),
            kit.context(_order(desk.order)),
            buttons,
            kit.divider(),
            *_doubts(desk),
        ],
    )


def _source(state: SourceState) -> str:
    line = f"• *{TITLES[state.source]}*: "
    if state.read_at is None and not state.people:
        line += "not read yet"
    else:
        people = "1 person" if state.people == 1 else f"{state.people} people"
        line += people + (f", read {kit.moment(state.read_at)}" if state.read_at else "")
    if state.problems:
        rows = "1 row" if state.problems == 1 else f"{state.problems} rows"
        line += f"; {rows} had something wrong"
    if state.error:
        line += f"\n      ⚠ {_error(state.error)}"
    return line


def _error(code: str) -> str:
    """A code that a source left behind, in words a coordinator can do something with."""
    if code == "missing_scope":
        return "A permission is missing. Ask whoever runs me to look at the scopes in the README."
    if code in ("ratelimited", "rate_limited"):
        return "Slack asked me to slow down; I go on by myself."
    if code in ("http_401", "http_403", "invalid_auth", "token_revoked", "token_expired", "account_inactive"):
        return "It didn't let me in. Ask whoever runs me to look at the token."
    return f"It couldn't be read the last time ({kit.escape(code)}). I try again by myself."


def _order(order: Iterable[Source]) -> str:
    names = [origins.NAMES[source] for source in order if source is not Source.PERSON]
    listed = ", then ".join(names)
    return (
        f"Where they differ, {listed}, and last what people say themselves. Names and time zones are Slack's. "
        "A manager or team that people name themselves is kept away from them too."
    )


def _doubts(desk: Desk) -> list[Block]:
    """What is doubtful counts as "not known": it keeps people from being paired rather than risking it."""
    circles = [", ".join(map(kit.escape, circle)) for circle in desk.circles]  # by id: not who is above whom
    dangling = [kit.escape(name) for name in desk.dangling]
    lacking = [f"{kit.mention(each.person.slack_id)}: {', '.join(each.what)}" for each in desk.lacking]
    found = [
        *_list("Above each other, in a circle", circles, "I take it that nobody knows their managers."),
        *_list("Their manager is nobody I know", dangling, "Look for a wrong id or address, or somebody who has left."),
        *_list(
            "In a programme, and something isn't known",
            lacking,
            "They can't be paired until it is, by a source above or by their own word.",
        ),
    ]
    return found or [kit.section("Nothing is doubtful, and nobody in a programme lacks anything.")]


def _list(title: str, lines: Sequence[str], why: str) -> list[Block]:
    if not lines:
        return []
    shown = [f"• {line}" for line in lines[:MOST_SHOWN]]
    if (more := len(lines) - MOST_SHOWN) > 0:
        shown.append(f"… and {more} more")
    # The count and the last line must not be what a long list cuts off.
    pieces = [f"*{title}* ({len(lines)})", *(kit.shorten(line, 120) for line in shown)]
    return [kit.section("\n".join(pieces)), kit.context(why)]


# ---- Which field of Slack's profiles is which of ours


def fields_form(fields: Sequence[Mapping[str, Any]], mapped: Mapping[str, str]) -> Block:
    """`fields` as team.profile.get has them; what was mapped before is chosen."""
    shown = [field for field in fields if not field.get("is_hidden")]
    there = {str(field["id"]) for field in shown}
    blocks = [
        kit.section(
            "Which field of your Slack profiles says what? I read them in the background, and again each day. "
            "What isn't there is asked of people when they join."
        )
    ]
    for name, (label, kinds) in FIELDS.items():
        choices = _choices(shown, kinds, mapped.get(name))
        chosen = mapped.get(name, NOT_THERE)
        values = {choice["value"] for choice in choices}
        menu = kit.choose_one("static_select", choices, chosen if chosen in values else NOT_THERE)
        hint = _hint(name, chosen, there)
        blocks.append(kit.field(name, label, menu, hint=hint))
    return kit.modal(FIELDS_FORM, "Profile fields", blocks, submit="Keep", close="Not now")


def _hint(name: str, chosen: str, there: Iterable[str]) -> str | None:
    if chosen != NOT_THERE and chosen not in there:
        return "The field that was chosen here is no longer in Slack. Choose another, or leave it."
    if name == "manager":
        return "Only fields that name a person are shown."
    return "A number, higher for more senior, or one of our levels' names." if name == "level" else None


def _choices(fields: Sequence[Mapping[str, Any]], kinds: Sequence[str], mapped: str | None) -> list[Block]:
    """The first fields of these kinds, in Slack's own order, with the one that was mapped among them."""
    fit = sorted((each for each in fields if each.get("type") in kinds), key=lambda each: each.get("ordering") or 0)
    first = fit[: MOST_OPTIONS - 1]
    kept = [each for each in fit[MOST_OPTIONS - 1 :] if each["id"] == mapped]
    shown = [*first[: MOST_OPTIONS - 1 - len(kept)], *kept]
    return [
        kit.option(NOT_THERE, "Not there"),
        *(kit.option(str(each["id"]), str(each.get("label") or each["id"])) for each in shown),
    ]


def read_fields(answers: Answers) -> dict[str, str]:
    """Our name of each field that is there, to Slack's id."""
    chosen = {name: answers.one(name) for name in FIELDS}
    return {name: field for name, field in chosen.items() if field is not None and field != NOT_THERE}


# ---- A file of people


def upload_form() -> Block:
    only = kit.option(RIGHT_ROWS, "Import only the rows that are right, if some are wrong")
    return kit.modal(
        UPLOAD_FORM,
        "Upload a file",
        [
            kit.section(
                "A CSV file with a header, as your HR system exports it. I look it through first and tell you what "
                "would change; nothing is imported before you say so. I keep no copy: you can delete it in Slack after."
            ),
            kit.field(
                "file",
                "File",
                {"type": "file_input", "filetypes": ["csv"], "max_files": 1},
                hint="Columns such as name, email, department, function, team, site, level, manager. Up to 20 MB.",
            ),
            kit.field("rows", "Rows", kit.choose_many("checkboxes", [only]), optional=True),
        ],
        submit="Look it through",
        close="Not now",
    )


@dataclass(frozen=True)
class Sent:
    """The file somebody put into the form."""

    id: str
    name: str
    size: int
    is_partial: bool


def read_upload(answers: Answers) -> Sent | None:
    """None where there isn't exactly one file."""
    files = answers.files("file")
    if len(files) != 1:
        return None
    file = files[0]
    name = kit.shorten(str(file.get("name") or "the file"), 100)
    return Sent(str(file["id"]), name, int(file.get("size") or 0), RIGHT_ROWS in answers.many("rows"))


def sent(name: str) -> Block:
    return said(f"Thank you. I'm looking through *{kit.escape(name)}* and will write to you in a moment.")


# Why a file can't be read, by what is kept of it.
TROUBLES: Mapping[str, str] = {
    "gone": "it is no longer in Slack. Please upload it again.",
    "no_scope": "Slack doesn't let me read it. Ask whoever runs me to add the scope `files:read` to the app.",
    "too_large": "it is larger than 20 MB. Whoever runs me can read it with `python app.py people import FILE`.",
    "strange": "Slack gave me an answer that I don't understand. Please try again, or ask whoever runs me.",
    "later": "Slack didn't give it to me for an hour. Please upload it again.",
}


def upload_checked(telling: Telling) -> Message:
    """To whoever sent it: what would change, what is wrong, and the question whether to go on."""
    upload = _upload(telling)
    report = upload.report["checked"]
    wrong = report["problem_count"]
    name = "upload_checked.wrong" if wrong else "upload_checked"
    parts = [
        telling.prompts.say(name, file=kit.escape(upload.name), rows=_rows(wrong), counts=_counts(report)),
        *_details(report),
    ]
    value = str(upload.id)
    buttons = [kit.button(IMPORT, "Import", value, style="primary")] if not wrong else []
    if wrong and _right(report):
        buttons = [kit.button(IMPORT_RIGHT, "Import the right rows", value)]
        all_or_nothing = telling.prompts.say("upload_checked.partial")
        parts += [] if upload.is_partial else [all_or_nothing]
    buttons += [kit.button(NEVER_MIND, "Never mind", value)] if buttons else []
    if not buttons:
        parts.append(telling.prompts.say("upload_checked.nothing"))
        buttons = [kit.go("directory", "To the directory")]
    return Message("\n\n".join(parts), [*(kit.section(part) for part in parts), kit.actions(*buttons)])


def upload_done(telling: Telling) -> Message:
    """To whoever sent it: it is imported, or why it couldn't be."""
    upload = _upload(telling)
    name, trouble = kit.escape(upload.name), upload.report.get("trouble")
    if trouble is not None:
        text = telling.prompts.say("upload_failed", file=name, why=TROUBLES[trouble])
        return Message(text, [kit.section(text), kit.actions(kit.go("directory", "To the directory"))])
    report = upload.report["done"]
    told = "upload_done" if report["is_done"] else "upload_not_done"
    parts = [telling.prompts.say(told, file=name, counts=_counts(report)), *_details(report)]
    go = kit.actions(kit.go("directory", "To the directory"))
    return Message("\n\n".join(parts), [*(kit.section(part) for part in parts), go])


def _upload(telling: Telling) -> DirectoryUpload:
    return next(each for each in telling.snapshot.uploads if each.id == telling.nudge.about)


def _right(report: Mapping[str, Any]) -> int:
    return int(report["added"] + report["changed"] + report["same"] + report["gone"])


def _counts(report: Mapping[str, Any]) -> str:
    told = [f"{report['added']} new", f"{report['changed']} changed", f"{report['same']} as before"]
    return ", ".join(told + ([f"{report['gone']} gone"] if report["gone"] else []))


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _details(report: Mapping[str, Any]) -> list[str]:
    """The first problems with their lines, and what isn't wrong in itself but good to know."""
    problems = [f"• {kit.escape(kit.shorten(each, 200))}" for each in report["problems"][:MOST_PROBLEMS]]
    if (more := report["problem_count"] - len(problems)) > 0 and problems:
        problems.append(f"… and {more} more")
    warnings = [f"• {kit.escape(kit.shorten(each, 200))}" for each in report["warnings"][:MOST_PROBLEMS]]
    notes = [kit.escape(kit.shorten(each, 200)) for each in report["notes"][:MOST_PROBLEMS]]
    found = [("*What is wrong*", problems), ("*What is doubtful*", warnings), ("*How I read it*", notes)]
    return ["\n".join([title, *lines]) for title, lines in found if lines]


MESSAGES: Mapping[str, Builder] = {"upload_checked": upload_checked, "upload_done": upload_done}
