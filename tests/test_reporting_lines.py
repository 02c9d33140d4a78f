"""Nobody is unrelated to someone above or below them, and what can't be ruled out is unknown."""

from itertools import chain, combinations, product

from hypothesis import given
from hypothesis import strategies as st

from bot.reporting_lines import Doubts, LineUp, Relation, ReportingLines, doubtful
from store.models import Line

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


def is_gap(lines: Lines, person: str) -> bool:
    """Nobody knows whom they report to, or they name somebody whom nobody knows."""
    managers = lines.get(person)
    return managers is None or any(manager not in lines for manager in managers)


def every_way_to_fill_the_gaps(lines: Lines, people: tuple[str, ...]) -> list[Lines]:
    """Whoever is a gap may report to anybody, besides those whom they name."""
    gaps = [each for each in people if is_gap(lines, each)]
    any_managers = list(chain.from_iterable(combinations(people, count) for count in range(len(people) + 1)))
    return [
        {**lines, **{gap: (*(lines.get(gap) or ()), *more) for gap, more in zip(gaps, filled, strict=True)}}
        for filled in product(any_managers, repeat=len(gaps))
    ]


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


def test_two_who_name_the_same_unknown_boss_may_yet_be_each_others() -> None:
    lines = ReportingLines({"one": ("ghost",), "other": ("ghost",)})

    assert lines.relation("one", "other") is Relation.UNKNOWN


# What they told themselves


def told_companies() -> st.SearchStrategy[dict[str, LineUp]]:
    """Any company in which some told themselves whom they report to."""
    boss = st.sampled_from(PEOPLE)
    dotted = st.lists(boss, max_size=2, unique=True).map(tuple)
    telling = st.builds(Line, manager=st.none() | st.just("") | boss, dotted=dotted, told=st.just("") | boss)
    return st.dictionaries(boss, st.none() | dotted | telling)


def said(line: LineUp) -> tuple[str, ...]:
    return tuple(filter(None, (line.manager, *line.dotted))) if isinstance(line, Line) else line or ()


def named(line: LineUp) -> tuple[str, ...]:
    return (*said(line), line.told) if isinstance(line, Line) and line.told else said(line)


def is_doubtful(lines: dict[str, LineUp], person: str) -> bool:
    """By a naive walk: their manager isn't known, isn't anybody, or they are above themselves."""
    line = lines.get(person)
    without_words: Lines = {each: said(lines[each]) for each in lines}
    is_open = line is None or (isinstance(line, Line) and line.manager is None)
    return is_open or any(boss not in lines for boss in said(line)) or is_above(without_words, person, person)


def closes(lines: dict[str, LineUp], person: str) -> bool:
    """Whether what they told can stand in: nobody, or somebody who is known."""
    line = lines.get(person)
    return isinstance(line, Line) and (not line.told or line.told in lines)


@given(told_companies(), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_what_people_told_puts_them_below_whom_they_named(lines: dict[str, LineUp], one: str, other: str) -> None:
    everything: Lines = {each: named(lines[each]) for each in lines}

    found = ReportingLines(lines).relation(one, other)

    assert (found is Relation.ABOVE_OR_BELOW) == are_related(everything, one, other)


@given(told_companies(), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_a_doubtful_manager_never_makes_two_unrelated_unless_the_persons_own_word_closes_the_gap(
    lines: dict[str, LineUp], one: str, other: str
) -> None:
    found = ReportingLines(lines)

    is_open = any(is_doubtful(lines, each) and not closes(lines, each) for each in (one, other))
    assert not (is_open and found.relation(one, other) is Relation.UNRELATED)
    assert not (is_open and found.is_known(one) and found.is_known(other))


@given(told_companies(), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_a_gap_on_a_way_up_of_plain_lines_is_one_for_all_below_it(
    lines: dict[str, LineUp], one: str, other: str
) -> None:
    """Walked naively: through those of whom it is known, up to the first of whom it isn't."""
    passed, ahead = {one}, [one]
    while ahead:
        line = lines.get(ahead.pop())
        new = set() if isinstance(line, Line) else set(line or ()) - passed
        passed |= new
        ahead += new
    open_ones = [each for each in passed if is_doubtful(lines, each) and not isinstance(lines.get(each), Line)]
    hidden = [each for each in open_ones if not is_above({k: named(v) for k, v in lines.items()}, each, other)]

    assert not (hidden and ReportingLines(lines).relation(one, other) is Relation.UNRELATED)


@given(told_companies(), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_with_words_too_the_relation_is_the_same_whoever_is_named_first(
    lines: dict[str, LineUp], one: str, other: str
) -> None:
    asked = ReportingLines(lines)
    assert asked.relation(one, other) is asked.relation(other, one) is ReportingLines(lines).relation(other, one)


def test_asking_somebody_whose_manager_nobody_knows_helps() -> None:
    before = ReportingLines({"junior": ("ghost",), "senior": (), "lead": ()})
    after = ReportingLines({"junior": Line("ghost", (), told="lead"), "senior": (), "lead": ()})

    assert (before.is_known("junior"), before.relation("junior", "senior")) == (False, Relation.UNKNOWN)
    assert (after.is_known("junior"), after.relation("junior", "senior")) == (True, Relation.UNRELATED)
    assert after.relation("junior", "lead") is Relation.ABOVE_OR_BELOW


def test_asking_one_of_a_circle_helps_those_below_them_and_not_those_below_the_others() -> None:
    lines = ReportingLines(
        {
            "x": Line("y", (), told="chief"),
            "y": ("x",),
            "below x": ("x",),
            "below y": ("y",),
            "chief": (),
            "senior": ("chief",),
        }
    )

    assert lines.relation("below x", "senior") is Relation.UNRELATED
    assert lines.relation("below y", "senior") is Relation.UNKNOWN
    assert lines.relation("x", "y") is Relation.ABOVE_OR_BELOW


def test_a_word_that_names_somebody_below_closes_nothing() -> None:
    lines = ReportingLines({"lead": Line(None, (), told="junior"), "junior": ("lead",), "senior": ()})

    assert not lines.is_known("lead")
    assert lines.relation("lead", "senior") is Relation.UNKNOWN


def test_a_foolish_word_does_no_harm_where_the_directory_knows() -> None:
    """Somebody named one of their own reports as their manager; all below them can still be paired."""
    lines = ReportingLines(
        {"lead": Line("chief", (), told="junior"), "junior": ("lead",), "chief": (), "other": ("chief",)}
    )

    assert lines.relation("junior", "other") is Relation.UNRELATED
    assert lines.relation("lead", "junior") is Relation.ABOVE_OR_BELOW


# What is doubtful


def test_circles_and_managers_whom_nobody_knows_are_listed_for_those_who_can_put_it_right() -> None:
    found = doubtful(
        {
            "a": ("b",),
            "b": ("c",),
            "c": ("a",),
            "below": ("a",),
            "self": ("self",),
            "d": ("ghost", "phantom"),
            "e": Line("spectre", (), told="a"),
            "f": None,
            "g": (),
        }
    )

    assert found == Doubts(
        circles=(("a", "b", "c"), ("self",)), dangling=(("d", "ghost"), ("d", "phantom"), ("e", "spectre"))
    )


@given(companies(PEOPLE))
def test_the_circles_are_exactly_those_who_are_above_themselves_by_a_naive_walk(lines: Lines) -> None:
    circles = doubtful(lines).circles

    in_circles = [each for circle in circles for each in circle]
    assert sorted(in_circles) == [each for each in PEOPLE if is_above(lines, each, each)]
    assert all(is_above(lines, one, other) for circle in circles for one in circle for other in circle)


def test_nobody_is_unrelated_to_themselves() -> None:
    assert ReportingLines({"one": ()}).relation("one", "one") is Relation.ABOVE_OR_BELOW


def test_a_chain_of_a_hundred_thousand_people_is_walked_to_its_end() -> None:
    deep: Lines = {f"p{depth}": (f"p{depth + 1}",) for depth in range(100_000)}
    lines = ReportingLines({**deep, "p100000": (), "other": ()})

    assert lines.relation("p0", "p100000") is Relation.ABOVE_OR_BELOW
    assert lines.relation("p0", "other") is Relation.UNRELATED


def test_a_circle_of_a_hundred_thousand_people_is_found() -> None:
    deep: Lines = {f"p{depth}": (f"p{(depth + 1) % 100_000}",) for depth in range(100_000)}

    assert [len(circle) for circle in doubtful(deep).circles] == [100_000]
