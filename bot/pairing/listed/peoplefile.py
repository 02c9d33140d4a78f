"""A company's own list of people, for a round that needs no database: all of it right, or a report by line."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import working_time
from bot.pairing.candidates import Candidate
from bot.pairing.listed.printing import printable
from store.models import Side, Way

COLUMNS = (
    *("id", "side", "capacity", "level", "team", "department", "site"),
    *("manager", "zone", "languages", "topics", "ways", "avoid"),
)
SIDES: Mapping[str, tuple[Side, ...]] = {
    "mentor": (Side.MENTOR,),
    "mentee": (Side.MENTEE,),
    "both": (Side.MENTOR, Side.MENTEE),
    "": (),
}
WAYS: Mapping[str, str] = {"online": Way.ONLINE, "in_person": Way.IN_PERSON}
NOT_KNOWN = "?"  # as a manager: they have one, and nobody says who
LEVEL = re.compile(r"[+-]?[0-9]{1,6}")
CAPACITY = re.compile(r"[0-9]{1,4}")
DELIMITERS = ",;\t"
LONGEST = 200  # characters of a field; of a list, of each thing in it
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class BadFile(Exception):
    """The file can't be used; `problems` has a line for each thing that is wrong with it."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class People:
    """Everyone of the file. Their own ids are the Slack ids here; members are numbered in the order of those."""

    mentors: tuple[Candidate, ...]
    mentees: tuple[Candidate, ...]
    lines: Mapping[str, tuple[str, ...] | None]
    """Whom each of them reports to, those of neither side too; None where that isn't known."""
    notes: tuple[str, ...]
    """What is not known of people, and what follows from that."""


@dataclass(frozen=True)
class _Row:
    line: int
    id: str
    side: str
    capacity: str
    level: str
    team: str
    department: str
    site: str
    manager: str
    zone: str
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    ways: tuple[str, ...]
    avoid: tuple[str, ...]


def read(path: Path) -> People:
    """Raises `BadFile`. The same people make the same round in whatever order their rows come."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path.name} can't be read: {error.strerror}") from error
    return people_of(content)


def people_of(content: bytes) -> People:
    text = _decoded(content)
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    records = list(_records(text, delimiter))
    places = _places(records[0][1] if records else [])
    rows: list[_Row] = []
    problems: list[tuple[int, str]] = []
    for line, fields in records[1:]:
        row = _row(line, fields, places, len(records[0][1]))
        if isinstance(row, str):
            problems.append((line, row))
        else:
            rows.append(row)
            problems += ((line, problem) for problem in _problems(row))
    problems += _between(rows)
    if problems:
        raise BadFile(*(f"line {line}: {problem}" for line, problem in sorted(problems)))
    return _people(sorted(rows, key=lambda row: row.id))


# The file


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadFile(f"line {line}: it isn't UTF-8: save the file as CSV in UTF-8") from error


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that aren't empty, each with the line it begins on; the header is the first."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadFile(f"line {line}: {_why(error)}") from error
        if any(map(str.strip, fields)):
            yield line, fields


def _why(error: csv.Error) -> str:
    if "limit" in str(error):
        return "a field is far too long: a quotation mark may be missing somewhere"
    return "a quotation mark isn't closed, or there is one too many"


def _places(header: Sequence[str]) -> dict[str, int]:
    """Which column has which field, in whatever order they come; columns of other names are left alone."""
    names = [name.strip().casefold() for name in header]
    if not any(names):
        raise BadFile(f"line 1: the header is missing: {','.join(COLUMNS)}")
    twice = sorted({name for name in names if name in COLUMNS and names.count(name) > 1})
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise BadFile(f"line 1: the header lacks {', '.join(missing)}")
    if twice:
        raise BadFile(f"line 1: the header has {', '.join(twice)} twice")
    return {name: names.index(name) for name in COLUMNS}


def _row(line: int, fields: Sequence[str], places: Mapping[str, int], width: int) -> _Row | str:
    """The row as it is given, or that it has too few fields or too many."""
    if len(fields) < width or any(map(str.strip, fields[width:])):
        return f"it has {len(fields)} {'field' if len(fields) == 1 else 'fields'}, and the header {width}"
    given = {name: " ".join(fields[place].split()) for name, place in places.items()}
    return _Row(
        line=line,
        id=given["id"],
        side=given["side"].casefold(),
        capacity=given["capacity"],
        level=given["level"],
        team=given["team"],
        department=given["department"],
        site=given["site"],
        manager=given["manager"],
        zone=given["zone"],
        languages=_listed(given["languages"]),
        topics=_listed(given["topics"]),
        ways=_listed(given["ways"]),
        avoid=_listed(given["avoid"]),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.split(";"))))


# What can be wrong with a row by itself


def _problems(row: _Row) -> Iterator[str]:
    if not row.id:
        yield "the id is empty"
    if row.side not in SIDES:
        yield f"side must be mentor, mentee, both or empty, not {shown(row.side)}"
    if row.capacity and not CAPACITY.fullmatch(row.capacity):
        yield f"capacity must be a whole number, how many a mentor can take, not {shown(row.capacity)}"
    if row.level and not LEVEL.fullmatch(row.level):
        yield f"level must be a whole number, higher for more senior, not {shown(row.level)}"
    if row.zone and row.zone not in working_time.known_zones():
        yield f"there is no time zone {shown(row.zone)}: zones are named like Europe/Lisbon"
    for way in row.ways:
        if _way(way) not in WAYS:
            yield f"ways are online and in_person, not {shown(way)}"
    if row.manager and row.manager == row.id:
        yield "nobody is their own manager"
    if any(_is_unfit(text) for text in _texts(row)):
        yield f"a field holds a character that no text has, or more than {LONGEST} characters"


def _way(way: str) -> str:
    return "_".join(re.split(r"[\s_-]+", way.casefold()))


def _texts(row: _Row) -> Iterator[str]:
    yield from (row.id, row.team, row.department, row.site, row.manager)
    yield from (*row.languages, *row.topics, *row.avoid)


def _is_unfit(text: str) -> bool:
    return len(text) > LONGEST or any(unicodedata.category(each) in ("Cc", "Cs") for each in text)


def shown(text: str) -> str:
    return f"“{printable(text)[:60]}”"


# What can be wrong with a row beside the others


def _between(rows: Sequence[_Row]) -> Iterator[tuple[int, str]]:
    first: dict[str, int] = {}
    for row in rows:
        if row.id and first.setdefault(row.id, row.line) != row.line:
            yield row.line, f"the id {shown(row.id)} is on line {first[row.id]} too"
    for row in rows:
        if row.manager not in ("", NOT_KNOWN, row.id) and row.manager not in first:
            yield row.line, f"the manager {shown(row.manager)} isn't in the file: list them, with an empty side"
        for each in row.avoid:
            if each not in first:
                yield row.line, f"avoid names {shown(each)}, who isn't in the file"
    yield from _circles(rows)


def _circles(rows: Iterable[_Row]) -> Iterator[tuple[int, str]]:
    """Managers who report to one another in a circle, once for each circle, on the line of its first row."""
    managers = {row.id: row.manager for row in rows if row.id and row.manager not in ("", row.id)}
    lines = {row.id: row.line for row in rows}
    done: set[str] = set()
    for start in managers:
        path: dict[str, None] = {}
        person = start
        while person in managers and person not in done and person not in path:
            path[person] = None
            person = managers[person]
        if person in path:
            circle = list(path)[list(path).index(person) :]
            told = " -> ".join(map(shown, [*circle[:5], *(["…"] if len(circle) > 5 else [circle[0]])]))
            yield min(lines[each] for each in circle), f"the reporting line goes round in a circle: {told}"
        done.update(path)


# People


def _people(rows: Sequence[_Row]) -> People:
    spelled = _spellings(word for row in rows for word in (*row.topics, *row.languages))
    places = [(row, side) for row in rows for side in SIDES[row.side]]
    everyone = [_candidate(number, row, side, spelled) for number, (row, side) in enumerate(places, start=1)]
    return People(
        mentors=tuple(each for each in everyone if each.side is Side.MENTOR),
        mentees=tuple(each for each in everyone if each.side is Side.MENTEE),
        lines={row.id: _line(row.manager) for row in rows},
        notes=tuple(_notes(rows)),
    )


def _spellings(words: Iterable[str]) -> dict[str, str]:
    """One spelling for all that differ in capitals alone, the same whichever row comes first."""
    found: dict[str, str] = {}
    for word in words:
        plain = word.casefold()
        found[plain] = min(word, found.get(plain, word))
    return found


def _candidate(number: int, row: _Row, side: Side, spelled: Mapping[str, str]) -> Candidate:
    return Candidate(
        member_id=number,
        slack_id=row.id,
        side=side,
        capacity=int(row.capacity or 1) if side is Side.MENTOR else 1,
        level=int(row.level) if row.level else None,
        teams=frozenset(filter(None, [row.team])),
        department=row.department or None,
        site=row.site or None,
        zone=row.zone or None,
        languages=frozenset(spelled[each.casefold()] for each in row.languages),
        topics=tuple(spelled[each.casefold()] for each in row.topics),
        ways=frozenset(WAYS[_way(each)] for each in row.ways),
        avoid=frozenset(row.avoid),
        rounds_waited=0,
    )


def _line(manager: str) -> tuple[str, ...] | None:
    return None if manager == NOT_KNOWN else tuple(filter(None, [manager]))


GAPS: Sequence[tuple[Callable[[_Row], bool], str]] = (
    (lambda row: not row.level, "no level, so nobody can be paired with them"),
    (lambda row: not row.team, "no team, so nobody can be paired with them"),
    (lambda row: not row.languages, "no language, so nobody can be paired with them"),
    (lambda row: not row.ways, "no way to meet, so nobody can be paired with them"),
    (lambda row: not row.zone and "online" in map(_way, row.ways), "no time zone, so they can't meet online"),
    (lambda row: not row.topics, "no topic, so they may be paired and never fit well"),
)


def _notes(rows: Sequence[_Row]) -> Iterator[str]:
    taking_part = [row for row in rows if row.side]
    for is_so, told in GAPS:
        if found := [row for row in taking_part if is_so(row)]:
            yield f"{_people_on(found)} with {told}."
    heads = [row for row in taking_part if not row.manager]
    if len(heads) > 1:
        yield (
            f"{_people_on(heads)} with no manager: they count as reporting to nobody. "
            f"Write {NOT_KNOWN} where there is one and you don't know who: then a pair is barred rather than risked."
        )


def _people_on(rows: Sequence[_Row]) -> str:
    first = ", ".join(str(row.line) for row in sorted(rows, key=lambda row: row.line)[:5])
    count = "1 person" if len(rows) == 1 else f"{len(rows)} people"
    return f"{count} (line {first}{', …' if len(rows) > 5 else ''})"
