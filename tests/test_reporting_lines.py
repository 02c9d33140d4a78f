"""Nobody is unrelated to someone above or below them, and what can't be ruled out is unknown."""

from itertools import chain, combinations, product

from hypothesis import given
from hypothesis import strategies as st

from bot.reporting_lines import Relation, ReportingLines

Lines = dict[str, tuple[str, ...] | None]
PEOPLE = tuple("abcdefgh")


def companies(people: tuple[str, ...], most_managers: int = 3) -> st.SearchStrategy[Lines]:
    """Any company at all: with gaps, with people who are only named as managers, with circles."""
    managers = st.lists(st.sampled_from(people), max_size=most_managers, unique=True).map(tuple)
    return st.dictionaries(st.sampled_from(people), st.none() | managers)


def is_above(lines: Lines, boss: str, person: str, seen: frozenset[str] = frozenset()) -> bool:
    """The naive walk: up every line there is, one step at a time."""
    ways = set(lines.get(person) or ()) - seen
    return boss in ways or any(is_above(lines, boss, way, seen | ways) for way in ways)


def goes_round(lines: Lines, person: str) -> bool:
    return any(is_above(lines, each, each) for each in PEOPLE if each == person or is_above(lines, each, person))


def are_related(lines: Lines, one: str, other: str) -> bool:
    return one == other or is_above(lines, one, other) or is_above(lines, other, one)


def every_way_to_fill_the_gaps(lines: Lines, people: tuple[str, ...]) -> list[Lines]:
    gaps = [each for each in people if lines.get(each) is None]
    any_managers = list(chain.from_iterable(combinations(people, count) for count in range(len(people) + 1)))
    return [{**lines, **dict(zip(gaps, filled, strict=True))} for filled in product(any_managers, repeat=len(gaps))]


@given(companies(PEOPLE), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_two_are_in_line_exactly_when_a_naive_walk_up_from_one_meets_the_other(
    lines: Lines, one: str, other: str
) -> None:
    found = ReportingLines(lines).relation(one, other)

    assert (found is Relation.ABOVE_OR_BELOW) == are_related(lines, one, other)


@given(companies(PEOPLE), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_the_relation_is_the_same_whoever_is_named_first(lines: Lines, one: str, other: str) -> None:
    assert ReportingLines(lines).relation(one, other) is ReportingLines(lines).relation(other, one)


@given(companies(PEOPLE), st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))))
def test_what_was_asked_before_changes_no_answer(lines: Lines, asked: list[tuple[str, str]]) -> None:
    remembering = ReportingLines(lines)

    assert [remembering.relation(*two) for two in asked] == [ReportingLines(lines).relation(*two) for two in asked]


@given(companies(PEOPLE), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_a_way_up_that_goes_round_is_never_called_unrelated(lines: Lines, one: str, other: str) -> None:
    found = ReportingLines(lines).relation(one, other)

    assert not (found is Relation.UNRELATED and (goes_round(lines, one) or goes_round(lines, other)))


@given(companies(PEOPLE[:3], most_managers=2))
def test_unrelated_is_said_exactly_when_no_sane_company_behind_the_gaps_would_relate_the_two(
    lines: Lines,
) -> None:
    """Every gap is filled in every way; a company in which someone is their own boss is no sane one."""
    people = PEOPLE[:3]
    sane = [
        world
        for world in every_way_to_fill_the_gaps(lines, people)
        if not (goes_round(world, "a") or goes_round(world, "b"))
    ]
    can_be_related = not sane or any(are_related(world, "a", "b") for world in sane)

    found = ReportingLines(lines).relation("a", "b")

    assert (found is Relation.UNRELATED) == (not can_be_related)


def test_a_dotted_line_of_ones_bosss_boss_counts_like_a_line() -> None:
    lines = ReportingLines(
        {
            "junior": ("lead",),
            "lead": ("head",),
            "head": ("chief", "patron"),
            "patron": ("chief",),
            "chief": (),
        }
    )

    assert lines.relation("junior", "patron") is Relation.ABOVE_OR_BELOW
    assert lines.relation("patron", "junior") is Relation.ABOVE_OR_BELOW


def test_two_whose_ways_up_are_all_known_are_unrelated_though_they_share_a_boss() -> None:
    lines = ReportingLines({"one": ("chief",), "other": ("chief",), "chief": ()})

    assert lines.relation("one", "other") is Relation.UNRELATED


def test_a_manager_who_is_not_in_the_directory_leaves_it_unknown() -> None:
    lines = ReportingLines({"junior": ("ghost",), "senior": ("chief",), "chief": ()})

    assert lines.relation("junior", "senior") is Relation.UNKNOWN


def test_someone_whose_manager_is_not_known_may_report_to_anyone() -> None:
    lines = ReportingLines({"junior": None, "senior": ()})

    assert lines.relation("junior", "senior") is Relation.UNKNOWN


def test_a_chief_whose_own_manager_the_directory_leaves_empty_does_not_make_everyone_unknown() -> None:
    lines = ReportingLines({"one": ("lead",), "lead": ("chief",), "other": ("chief",), "chief": None})

    assert lines.relation("one", "other") is Relation.UNRELATED


def test_a_boss_who_is_not_in_the_directory_is_a_boss_all_the_same() -> None:
    lines = ReportingLines({"junior": ("lead",), "lead": ("ghost",)})

    assert lines.relation("junior", "ghost") is Relation.ABOVE_OR_BELOW


def test_two_who_manage_each_other_leave_those_below_them_unknown_to_everyone_else() -> None:
    lines = ReportingLines({"junior": ("x",), "x": ("y",), "y": ("x",), "senior": ()})

    assert lines.relation("junior", "senior") is Relation.UNKNOWN
    assert lines.relation("junior", "y") is Relation.ABOVE_OR_BELOW


def test_a_circle_elsewhere_in_the_company_concerns_nobody_who_is_not_below_it() -> None:
    lines = ReportingLines({"x": ("y",), "y": ("x",), "one": ("chief",), "other": ("chief",), "chief": ()})

    assert lines.relation("one", "other") is Relation.UNRELATED


def test_nobody_is_unrelated_to_themselves() -> None:
    assert ReportingLines({"one": ()}).relation("one", "one") is Relation.ABOVE_OR_BELOW


def test_a_chain_of_a_hundred_thousand_people_is_walked_to_its_end() -> None:
    deep: Lines = {f"p{depth}": (f"p{depth + 1}",) for depth in range(100_000)}
    lines = ReportingLines({**deep, "p100000": (), "other": ()})

    assert lines.relation("p0", "p100000") is Relation.ABOVE_OR_BELOW
    assert lines.relation("p0", "other") is Relation.UNRELATED
