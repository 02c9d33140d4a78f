"""People one could know, and anyone there could be."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.pairing.candidates import Candidate, Ground
from bot.pairing.problem import Problem
from bot.pairing.weights import WEIGHABLE, weights
from bot.reporting_lines import LineUp, ReportingLines
from bot.working_time import PARTS_OF_DAY
from store.models import Line, Side, Way

DAY = date(2027, 3, 3)
NONE = timedelta()
MANY = frozenset({"en", "pt", "de"})
NETWORKS = ("women", "parents", "veterans")
ZONES = ("Europe/Lisbon", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
TOPICS = tuple("abcdefghijklmnop")
IDS = ("ana", "bo", "cy", "di", "eve")


def teams(*names: str | None) -> frozenset[str]:
    return frozenset(name for name in names if name)


def mentor(**facts: Any) -> Candidate:
    """A junior who may pair with `mentee()`."""
    return replace(
        Candidate(
            member_id=1, slack_id="ana", side=Side.MENTOR, capacity=1, level=2, teams=teams("Platform"),
            department="Engineering", function="Design", started_on=date(2026, 6, 1), site="Lisbon",
            zone="Europe/Lisbon", languages=frozenset({"en", "pt"}), topics=("ai_tools", "remote_work"),
            ways=frozenset({Way.ONLINE, Way.IN_PERSON}), avoid=frozenset(), rounds_waited=0,
        ),
        **facts,
    )  # fmt: skip


def mentee(**facts: Any) -> Candidate:
    """A senior who may pair with `mentor()`."""
    return replace(
        mentor(
            member_id=2, slack_id="marcus", side=Side.MENTEE, level=5, teams=teams("Sales leads"),
            department="Sales", function="Selling", started_on=date(2015, 9, 1), site="New York",
            zone="America/New_York", languages=frozenset({"en"}), topics=("remote_work", "ai_tools"),
            ways=frozenset({Way.ONLINE}),
        ),
        **facts,
    )  # fmt: skip


def ground(lines: dict[str, tuple[str, ...] | None] | None = None, *met: tuple[str, str]) -> Ground:
    """A company in which everyone reports to nobody, unless said otherwise."""
    everyone = dict.fromkeys((*IDS, "ana", "marcus", "lead", "chief"), ())
    return Ground(ReportingLines({**everyone, **(lines or {})}), frozenset(met), DAY)


def anyone(side: Side) -> st.SearchStrategy[Candidate]:
    """Someone of that side, who now and then may pair with someone of the other."""
    is_mentor = side is Side.MENTOR
    return st.builds(
        Candidate,
        member_id=st.integers(1, 10**6),
        slack_id=st.sampled_from(IDS[:3] if is_mentor else IDS[2:]),
        side=st.just(side),
        capacity=st.integers(1, 3),
        level=st.sampled_from([1, 2, 2, 3, 3, 4, None] if is_mentor else [6, 6, 5, 5, 4, 3, None]),
        teams=st.frozensets(
            st.sampled_from(["Red", "Blue", "Teal"] if is_mentor else ["Grey", "Pink", "red ", "Blue"]), max_size=2
        ),
        department=st.sampled_from([None, "Sales", " sales", "Finance"]),
        function=st.sampled_from([None, "", "Design", "Selling"]),
        started_on=st.none() | st.dates(date(2008, 1, 1), date(2031, 1, 1)),
        networks=st.frozensets(st.sampled_from(NETWORKS), max_size=2),
        site=st.sampled_from(["Lisbon", "Berlin", "Lisbon", "Berlin", None]),
        zone=st.sampled_from([*ZONES, None]),
        languages=st.frozensets(st.sampled_from(["en", "de", "pt", "fr"]), min_size=1),
        topics=st.lists(st.sampled_from(TOPICS)).map(tuple),
        ways=st.sampled_from([frozenset(Way), frozenset({Way.ONLINE}), frozenset({Way.IN_PERSON})]),
        avoid=st.frozensets(st.sampled_from(IDS), max_size=2),
        rounds_waited=st.integers(0, 40),
        hours=st.frozensets(st.sampled_from([*PARTS_OF_DAY, "night"])),
        is_first_in_line=st.booleans(),
    )


MENTORS, MENTEES = anyone(Side.MENTOR), anyone(Side.MENTEE)
MANAGERS = st.none() | st.lists(st.sampled_from(IDS), max_size=2).map(tuple)
TWO_IDS = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS))
GROUNDS = st.builds(
    Ground,
    lines=st.dictionaries(st.sampled_from(IDS), MANAGERS, max_size=2).map(
        lambda lines: ReportingLines({**dict.fromkeys(IDS, ()), **lines})
    ),
    met=st.frozensets(TWO_IDS, max_size=2),
    day=st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)
OPEN_GROUNDS = st.builds(
    Ground,
    lines=st.just(ReportingLines(dict.fromkeys(IDS, ()))),
    met=st.just(frozenset()),
    day=st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)


SECRETS = st.fixed_dictionaries(
    {
        "avoid": st.frozensets(st.sampled_from(IDS)),
        "networks": st.frozensets(st.sampled_from(NETWORKS)),
    }
)
LINES: st.SearchStrategy[LineUp] = MANAGERS | st.builds(
    Line,
    manager=st.none() | st.sampled_from(["", *IDS, "chief", "ghost"]),
    dotted=st.lists(st.sampled_from([*IDS, "chief"]), max_size=1).map(tuple),
    told=st.none() | st.sampled_from(["", *IDS, "chief", "ghost"]),
)
WEIGHTS = st.dictionaries(st.sampled_from([part.value for part in WEIGHABLE]), st.integers(0, 3)).map(weights)


@st.composite
def problems(draw: st.DrawFn, lines: st.SearchStrategy[dict[str, LineUp]] | None = None) -> Problem:
    """Rounds of a few people, some of whom are boss of others, and some wishes of a coordinator."""
    mentors, mentees = draw(members(Side.MENTOR, 3)), draw(members(Side.MENTEE, 3))
    pairs = st.frozensets(
        st.tuples(*(st.sampled_from([0, *(each.member_id for each in s)]) for s in (mentors, mentees))), max_size=2
    )
    some = st.dictionaries(st.sampled_from([*IDS, "chief"]), LINES, max_size=2)
    return Problem(
        seed=draw(st.integers(0, 99)),
        day=draw(st.dates(date(2026, 1, 1), date(2030, 1, 1))),
        mentors=tuple(mentors),
        mentees=tuple(mentees),
        lines={**dict.fromkeys((*IDS, "chief"), ()), **draw(some if lines is None else lines)},
        met=draw(st.just(frozenset()) | st.frozensets(TWO_IDS, max_size=2)),
        weights=draw(WEIGHTS),
        pinned=draw(pairs),
        forbidden=draw(pairs),
    )


def members(side: Side, most: int = 5) -> st.SearchStrategy[list[Candidate]]:
    return st.lists(anyone(side), max_size=most, unique_by=lambda each: each.member_id)
