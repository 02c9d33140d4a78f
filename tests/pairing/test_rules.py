"""Who may pair, how well two fit and why: what always holds, and a few people one could know."""

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import make
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.due import Due
from bot.pairing import rules
from bot.pairing.rules import ASK_AGAIN, Band, Bar, Break, Candidate, Couple, Ground, Part
from bot.reporting_lines import ReportingLines, doubtful
from bot.working_time import overlap, zone
from store.models import Side, Way
from store.snapshots import Broken

DAY = date(2027, 3, 3)
NONE = timedelta()
MANY = frozenset({"en", "pt", "de"})
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
            department="Engineering", site="Lisbon", zone="Europe/Lisbon",
            languages=frozenset({"en", "pt"}), topics=("ai_tools", "remote_work"),
            ways=frozenset({Way.ONLINE, Way.IN_PERSON}), avoid=frozenset(), rounds_waited=0,
        ),
        **facts,
    )  # fmt: skip


def mentee(**facts: Any) -> Candidate:
    """A senior who may pair with `mentor()`."""
    return replace(
        mentor(
            member_id=2, slack_id="marcus", side=Side.MENTEE, level=5, teams=teams("Sales leads"),
            department="Sales", site="New York", zone="America/New_York",
            languages=frozenset({"en"}), topics=("remote_work", "ai_tools"), ways=frozenset({Way.ONLINE}),
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
        department=st.sampled_from([None, "Sales", "Finance"]),
        site=st.sampled_from(["Lisbon", "Berlin", "Lisbon", "Berlin", None]),
        zone=st.sampled_from([*ZONES, None]),
        languages=st.frozensets(st.sampled_from(["en", "de", "pt", "fr"]), min_size=1),
        topics=st.lists(st.sampled_from(TOPICS)).map(tuple),
        ways=st.sampled_from([frozenset(Way), frozenset({Way.ONLINE}), frozenset({Way.IN_PERSON})]),
        avoid=st.frozensets(st.sampled_from(IDS), max_size=2),
        rounds_waited=st.integers(0, 40),
        hours=st.frozensets(st.sampled_from([*rules.PARTS_OF_DAY, "night"])),
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


def members(side: Side) -> st.SearchStrategy[list[Candidate]]:
    return st.lists(anyone(side), max_size=5, unique_by=lambda each: each.member_id)


# ---- Who may pair


def test_two_whom_no_rule_bars_may_pair() -> None:
    assert rules.barred(mentor(), mentee(), ground()) is None


@given(MENTORS, MENTEES, GROUNDS)
def test_nobody_is_paired_with_themselves(one: Candidate, other: Candidate, any_ground: Ground) -> None:
    same = replace(other, slack_id=one.slack_id)

    assert rules.barred(one, same, any_ground) is Bar.SAME_PERSON


@pytest.mark.parametrize("depth", [1, 2, 7])
def test_nobody_is_paired_with_someone_above_them_at_any_depth(depth: int) -> None:
    between = [f"boss{step}" for step in range(1, depth)]
    chain = ["ana", *between, "marcus"]
    lines: dict[str, tuple[str, ...] | None] = {below: (above,) for below, above in pairwise(chain)}

    assert rules.barred(mentor(), mentee(), ground(lines)) is Bar.REPORTING_LINE


def test_nobody_is_paired_with_someone_below_them_even_by_a_dotted_line() -> None:
    lines: dict[str, tuple[str, ...] | None] = {"marcus": ("chief", "lead"), "lead": ("chief", "ana")}

    assert rules.barred(mentor(), mentee(), ground(lines)) is Bar.REPORTING_LINE


def test_a_reporting_line_that_cant_be_ruled_out_bars() -> None:
    assert rules.barred(mentor(), mentee(), ground({"ana": ("ghost",)})) is Bar.REPORTING_LINE_UNKNOWN


@pytest.mark.parametrize("team", ["Platform", " platform", "PLATFORM"])
def test_team_mates_are_not_paired_however_the_team_is_spelt(team: str) -> None:
    assert rules.barred(mentor(), mentee(teams=teams(team)), ground()) is Bar.SAME_TEAM


@pytest.mark.parametrize("team", [None, ""])
def test_a_team_that_is_not_known_bars(team: str | None) -> None:
    assert rules.barred(mentor(teams=teams(team)), mentee(), ground()) is Bar.TEAM_UNKNOWN
    assert rules.barred(mentor(), mentee(teams=teams(team)), ground()) is Bar.TEAM_UNKNOWN


@pytest.mark.parametrize("theirs", [("Sales leads", "Platform"), ("Platform", "Sales leads"), ("Platform",)])
def test_the_team_somebody_named_themselves_counts_beside_the_directorys(theirs: tuple[str, ...]) -> None:
    assert rules.barred(mentor(), mentee(teams=teams(*theirs)), ground()) is Bar.SAME_TEAM


@given(MENTORS, MENTEES, GROUNDS | OPEN_GROUNDS, st.sampled_from(["Red", "Blue", "Grey"]))
def test_one_more_team_never_lets_a_pair_through_that_was_known_to_be_of_one_team(
    one: Candidate, other: Candidate, any_ground: Ground, team: str
) -> None:
    is_barred = Bar.SAME_TEAM in [bar for bar, _ in rules.left_out(one, [other], any_ground)]
    more = replace(one, teams=one.teams | {team})

    found = [bar for bar, _ in rules.left_out(more, [other], any_ground)]

    assert not is_barred or Bar.SAME_TEAM in found


@pytest.mark.parametrize("level", [2, 1])
def test_a_mentor_who_is_not_below_the_mentee_is_barred(level: int) -> None:
    assert rules.barred(mentor(level=2), mentee(level=level), ground()) is Bar.LEVEL


def test_a_level_that_is_not_known_bars() -> None:
    assert rules.barred(mentor(level=None), mentee(), ground()) is Bar.LEVEL_UNKNOWN
    assert rules.barred(mentor(), mentee(level=None), ground()) is Bar.LEVEL_UNKNOWN


def test_two_without_a_language_in_common_are_barred() -> None:
    assert rules.barred(mentor(), mentee(languages=frozenset({"de"})), ground()) is Bar.NO_LANGUAGE


def test_two_who_like_different_ways_to_meet_are_barred() -> None:
    in_person = mentor(ways=frozenset({Way.IN_PERSON}), site="New York")

    assert rules.barred(in_person, mentee(), ground()) is Bar.NO_WAY_TO_MEET


@pytest.mark.parametrize(("site", "bar"), [("Lisbon", None), ("Berlin", Bar.NO_WAY_TO_MEET)])
def test_to_meet_in_person_needs_the_same_site(site: str, bar: Bar | None) -> None:
    in_person = frozenset({Way.IN_PERSON})

    assert rules.barred(mentor(ways=in_person), mentee(ways=in_person, site=site), ground()) is bar


def test_two_sites_that_are_not_known_are_not_the_same_site() -> None:
    unknown = {"ways": frozenset({Way.IN_PERSON}), "site": None}

    assert rules.barred(mentor(**unknown), mentee(**unknown), ground()) is Bar.NO_WAY_TO_MEET


@pytest.mark.parametrize(
    ("zone", "bar"),
    [
        ("America/New_York", None),  # 9:00 there is 14:00 in Lisbon: three hours
        ("America/Chicago", None),  # exactly two
        ("America/Denver", Bar.NO_WAY_TO_MEET),  # one
        ("Asia/Tokyo", Bar.NO_WAY_TO_MEET),
        (None, Bar.NO_WAY_TO_MEET),
    ],
)
def test_to_meet_online_needs_two_working_hours_in_common(zone: str | None, bar: Bar | None) -> None:
    assert rules.barred(mentor(zone="Europe/Lisbon"), mentee(zone=zone), ground()) is bar


@pytest.mark.parametrize("met", [("ana", "marcus"), ("marcus", "ana")])
def test_two_who_were_ever_paired_are_not_paired_again_either_way_round(met: tuple[str, str]) -> None:
    assert rules.barred(mentor(), mentee(), ground(None, met)) is Bar.PAIRED_BEFORE


def test_whoever_either_of_them_avoids_is_not_available() -> None:
    avoiding_mentor = mentor(avoid=frozenset({"marcus"}))
    avoiding_mentee = mentee(avoid=frozenset({"ana"}))

    assert rules.barred(avoiding_mentor, mentee(), ground()) is Bar.NOT_AVAILABLE
    assert rules.barred(mentor(), avoiding_mentee, ground()) is Bar.NOT_AVAILABLE


def keeps_every_rule(one: Candidate, other: Candidate, any_ground: Ground) -> bool:
    """The rules once more, plainly, from design 5."""
    shared_hours = overlap(zone(one.zone), zone(other.zone), any_ground.day) if one.zone and other.zone else NONE
    return (
        one.slack_id != other.slack_id
        and any_ground.lines.relation(one.slack_id, other.slack_id) == "unrelated"
        and bool(one.teams and other.teams)
        and not {team.strip().lower() for team in one.teams} & {team.strip().lower() for team in other.teams}
        and (one.level or 99) < (other.level or 0)
        and bool(one.languages & other.languages)
        and (
            ("in_person" in one.ways & other.ways and one.site is not None and one.site == other.site)
            or ("online" in one.ways & other.ways and shared_hours >= timedelta(hours=2))
        )
        and (one.slack_id, other.slack_id) not in any_ground.met
        and (other.slack_id, one.slack_id) not in any_ground.met
        and other.slack_id not in one.avoid
        and one.slack_id not in other.avoid
    )


@settings(max_examples=300)
@given(MENTORS, MENTEES, GROUNDS | OPEN_GROUNDS)
def test_two_may_pair_exactly_when_they_keep_every_rule(one: Candidate, other: Candidate, any_ground: Ground) -> None:
    found = rules.barred(one, other, any_ground)

    assert (found is None) == keeps_every_rule(one, other, any_ground)


@pytest.mark.parametrize("bar", list(Bar))
def test_every_rule_has_words_of_its_own_without_the_word_reverse(bar: Bar) -> None:
    others = [rules.words(other) for other in Bar if other is not bar]

    assert rules.words(bar).strip()
    assert rules.words(bar) not in others
    assert "reverse" not in rules.words(bar)


# ---- Who is left out


def test_someone_left_out_is_told_by_rules_the_most_frequent_first() -> None:
    alone = mentee(level=3, teams=teams("Platform"))
    others = [
        mentor(slack_id="bo", level=3),
        mentor(slack_id="cy", level=4, teams=teams("Data")),
        mentor(slack_id="di", level=5, teams=teams("Data")),
        mentor(slack_id="eve", teams=teams("Data")),
    ]

    found = rules.left_out(alone, others, ground())

    assert found == [(Bar.LEVEL, 3), (Bar.SAME_TEAM, 1), (Bar.NOT_AVAILABLE, 1)]


def test_a_mentor_is_left_out_by_the_same_rules_as_a_mentee() -> None:
    assert rules.left_out(mentor(level=5), [mentee(level=4)], ground()) == [(Bar.LEVEL, 1)]
    assert rules.left_out(mentee(level=4), [mentor(level=5)], ground()) == [(Bar.LEVEL, 1)]


def test_oneself_on_the_other_side_stands_in_nobodys_way() -> None:
    assert rules.left_out(mentor(), [mentee(slack_id="ana")], ground()) == []


@given(MENTEES, members(Side.MENTOR), GROUNDS | OPEN_GROUNDS)
def test_everyone_on_the_other_side_is_accounted_for(
    person: Candidate, others: list[Candidate], any_ground: Ground
) -> None:
    strangers = [other for other in others if other.slack_id != person.slack_id]

    found = rules.left_out(person, others, any_ground)

    assert sum(count for _, count in found) >= len(strangers)
    assert all(0 < count <= len(strangers) for _, count in found)
    assert [count for _, count in found] == sorted((count for _, count in found), reverse=True)


# ---- Secrets


@given(MENTEES, members(Side.MENTOR), GROUNDS | OPEN_GROUNDS, st.frozensets(st.sampled_from(IDS)))
def test_why_someone_is_left_out_never_tells_whom_anyone_avoids(
    person: Candidate, others: list[Candidate], any_ground: Ground, secret: frozenset[str]
) -> None:
    changed = [replace(other, avoid=secret) for other in others]

    before = rules.left_out(person, others, any_ground)
    after = rules.left_out(replace(person, avoid=secret), changed, any_ground)

    assert before == after


@given(MENTORS, MENTEES, OPEN_GROUNDS, st.frozensets(st.sampled_from(IDS)))
def test_fit_and_reasons_never_tell_whom_anyone_avoids(
    one: Candidate, other: Candidate, any_ground: Ground, secret: frozenset[str]
) -> None:
    fit = rules.fit(one, other, any_ground.day)
    before = rules.reasons(one, other, fit, any_ground.day)

    one, other = replace(one, avoid=secret), replace(other, avoid=secret)
    changed = rules.fit(one, other, any_ground.day)
    after = rules.reasons(one, other, changed, any_ground.day)

    assert changed == fit
    assert json.dumps(before) == json.dumps(after)


@given(MENTORS, MENTEES, GROUNDS | OPEN_GROUNDS)
def test_an_open_rule_is_named_before_a_secret_one(one: Candidate, other: Candidate, any_ground: Ground) -> None:
    without = replace(one, avoid=frozenset()), replace(other, avoid=frozenset())
    open_bar = rules.barred(*without, any_ground)

    assert rules.barred(one, other, any_ground) in ({open_bar} if open_bar else {None, Bar.NOT_AVAILABLE})


# ---- How well they fit


@given(MENTORS, MENTEES, OPEN_GROUNDS)
def test_every_fit_is_worth_something_and_within_its_bound(
    one: Candidate, other: Candidate, any_ground: Ground
) -> None:
    fit = rules.fit(one, other, any_ground.day)

    assert 1 <= fit.total <= rules.FIT_AT_MOST
    assert all(isinstance(part, int) and part >= 0 for part in fit.parts.values())
    assert set(fit.parts) == set(Part)


def test_the_bound_of_a_fit_is_reached() -> None:
    topics = tuple(str(number) for number in range(30))
    everything = {"languages": MANY, "topics": topics, "rounds_waited": 99}
    berlin = {"zone": "Europe/Berlin", "site": "Berlin", "ways": frozenset(Way)}

    fit = rules.fit(mentor(**everything, **berlin), mentee(**everything, **berlin), DAY)

    assert fit.total == rules.FIT_AT_MOST


def test_a_dearer_wish_come_true_fits_better() -> None:
    wishes = mentee(topics=("ai_tools", "remote_work", "new_markets"))

    fits = [rules.fit(mentor(topics=(topic,)), wishes, DAY).total for topic in wishes.topics]

    assert fits == sorted(set(fits), reverse=True)


def test_a_stronger_offer_of_what_is_wished_for_fits_better() -> None:
    wish = mentee(topics=("ai_tools",))

    strong = rules.fit(mentor(topics=("ai_tools", "remote_work")), wish, DAY)
    weak = rules.fit(mentor(topics=("remote_work", "ai_tools")), wish, DAY)

    assert strong.total > weak.total


@given(MENTORS, MENTEES, st.sampled_from(TOPICS))
def test_one_more_offer_never_makes_a_fit_worse(one: Candidate, other: Candidate, topic: str) -> None:
    more = replace(one, topics=(*one.topics, topic))

    assert rules.fit(more, other, DAY).total >= rules.fit(one, other, DAY).total


@pytest.mark.parametrize("fact", ["department", "site"])
def test_a_difference_that_is_not_known_counts_for_nothing(fact: str) -> None:
    different = rules.fit(mentor(), mentee(), DAY)
    unknown = rules.fit(mentor(), mentee(**{fact: None}), DAY)

    assert different.parts[fact] > 0
    assert unknown.parts[fact] == 0


def test_each_further_working_hour_in_common_makes_an_online_talk_easier() -> None:
    zones = ("America/Chicago", "America/New_York", "Europe/Berlin", "Europe/Lisbon")

    hours = [rules.fit(mentor(), mentee(zone=zone), DAY).parts[Part.PRACTICAL] for zone in zones]

    assert hours == [2, 3, 7, 8]


def test_being_able_to_meet_in_person_counts_where_both_like_it() -> None:
    both = frozenset(Way)

    like = rules.fit(mentor(ways=both), mentee(ways=both, site="Lisbon"), DAY)
    like_not = rules.fit(mentor(ways=both), mentee(site="Lisbon"), DAY)

    assert like.parts[Part.PRACTICAL] == like_not.parts[Part.PRACTICAL] + rules.IN_PERSON


def test_hours_in_common_count_nothing_for_two_who_meet_in_person_only() -> None:
    fit = rules.fit(mentor(), mentee(ways=frozenset({Way.IN_PERSON}), site="Lisbon"), DAY)

    assert fit.parts[Part.PRACTICAL] == rules.IN_PERSON


@given(MENTORS, MENTEES, MENTORS, MENTEES)
def test_three_rounds_waited_outweigh_everything_else(
    one: Candidate, other: Candidate, rival: Candidate, rivals_choice: Candidate
) -> None:
    one, rival, rivals_choice = (replace(each, is_first_in_line=False) for each in (one, rival, rivals_choice))
    waited = replace(one, rounds_waited=0), replace(other, rounds_waited=3)
    fresh = replace(rival, rounds_waited=0), replace(rivals_choice, rounds_waited=0)

    assert rules.fit(*waited, DAY).total > rules.fit(*fresh, DAY).total


def test_only_the_hours_that_suit_both_make_an_online_talk_easier() -> None:
    """Lisbon and Berlin share seven working hours. Of Lisbon's afternoon the last is Berlin's evening."""
    berlin = {"zone": "Europe/Berlin"}

    def practical(mine: set[str], theirs: set[str]) -> int:
        fit = rules.fit(mentor(hours=frozenset(mine)), mentee(**berlin, hours=frozenset(theirs)), DAY)
        return fit.parts[Part.PRACTICAL]

    assert practical(set(), set()) == 7
    assert practical({"afternoon"}, set()) == 2
    assert practical({"morning"}, {"midday"}) == 1
    assert practical({"afternoon"}, {"morning"}) == 0


@given(MENTORS, MENTEES, OPEN_GROUNDS)
def test_hours_that_suit_bar_nobody_and_any_hours_suit_best(
    one: Candidate, other: Candidate, any_ground: Ground
) -> None:
    anytime = replace(one, hours=frozenset()), replace(other, hours=frozenset())
    all_day = replace(one, hours=frozenset(rules.PARTS_OF_DAY)), anytime[1]

    fits = [rules.fit(*each, any_ground.day).parts[Part.PRACTICAL] for each in ((one, other), anytime, all_day)]

    assert rules.barred(one, other, any_ground) == rules.barred(*anytime, any_ground)
    assert fits[0] <= fits[1] == fits[2]


@given(MENTORS, MENTEES, st.integers(0, 40))
def test_nobody_has_waited_longer_than_who_is_first_in_line(one: Candidate, other: Candidate, rounds: int) -> None:
    first = rules.fit(replace(one, is_first_in_line=True), other, DAY)
    waited = rules.fit(replace(one, is_first_in_line=False, rounds_waited=rounds), other, DAY)

    assert first.total >= waited.total
    assert first.band is waited.band


# ---- Why them


@given(MENTORS, MENTEES)
def test_a_band_says_how_well_they_fit_and_not_how_long_they_waited(one: Candidate, other: Candidate) -> None:
    waited = rules.fit(replace(one, rounds_waited=5), other, DAY)
    fresh = rules.fit(replace(one, rounds_waited=0), other, DAY)

    assert waited.band is fresh.band


@given(MENTORS, MENTEES)
@example(mentor(languages=MANY), mentee(languages=MANY, zone="Europe/Lisbon", topics=()))
def test_without_a_topic_in_common_no_fit_is_more_than_fair(one: Candidate, other: Candidate) -> None:
    stranger = replace(one, topics=tuple(set(TOPICS) - set(other.topics)))

    assert rules.fit(stranger, other, DAY).band is Band.FAIR


@given(MENTORS, MENTEES)
def test_reasons_are_plain_data_with_every_key(one: Candidate, other: Candidate) -> None:
    found = rules.reasons(one, other, rules.fit(one, other, DAY), DAY)

    assert json.loads(json.dumps(found)) == found
    assert set(found) == {"band", "topics", "departments", "sites", "languages", "ways", "waited", "first_in_line"}


def test_reasons_tell_the_shared_topics_in_the_order_of_the_wishes() -> None:
    ana = mentor(topics=("ai_tools", "new_markets", "remote_work"))
    marcus = mentee(topics=("remote_work", "sustainability", "ai_tools"), rounds_waited=2)

    found = rules.reasons(ana, marcus, rules.fit(ana, marcus, DAY), DAY)

    assert found == {
        "band": "strong",
        "topics": ["remote_work", "ai_tools"],
        "departments": ["Engineering", "Sales"],
        "sites": ["Lisbon", "New York"],
        "languages": ["en"],
        "ways": ["online"],
        "waited": 2,
        "first_in_line": False,
    }


def test_ana_and_marcus_are_worth_what_one_can_add_up_by_hand() -> None:
    """His dearest wish is her second offer (12 x 3), his second her first (8 x 4)."""
    fit = rules.fit(mentor(), mentee(rounds_waited=1), DAY)

    assert fit.parts == {
        "placed": 1,
        "topics": 68,
        "department": 20,
        "site": 10,
        "practical": 3,
        "languages": 0,
        "waited": 50,
    }
    assert fit.total == 152


# ---- The problem for the solver


@given(members(Side.MENTOR), members(Side.MENTEE), GROUNDS | OPEN_GROUNDS)
def test_the_problem_has_every_allowed_pair_with_its_fit_and_no_other(
    mentors: list[Candidate], mentees: list[Candidate], any_ground: Ground
) -> None:
    allowed = {
        (one.member_id, other.member_id, rules.fit(one, other, any_ground.day).total)
        for one in mentors
        for other in mentees
        if rules.barred(one, other, any_ground) is None
    }

    problem = rules.problem(mentors, mentees, any_ground, seed=7)

    assert set(problem.edges) == allowed
    assert len(problem.edges) == len(allowed)
    assert dict(problem.mentors) == {one.member_id: one.capacity for one in mentors}
    assert set(problem.mentees) == {other.member_id for other in mentees}


@given(members(Side.MENTOR), members(Side.MENTEE), OPEN_GROUNDS, st.randoms(use_true_random=False))
def test_the_same_people_make_the_same_problem_in_any_order(
    mentors: list[Candidate], mentees: list[Candidate], any_ground: Ground, chance: Any
) -> None:
    before = rules.problem(mentors, mentees, any_ground, seed=7)

    chance.shuffle(mentors)
    chance.shuffle(mentees)

    assert rules.problem(mentors, mentees, any_ground, seed=7) == before


# ---- The life of a pair


def couple(**facts: Any) -> Couple:
    return replace(Couple("ana", "marcus", teams("Platform"), teams("Sales leads")), **facts)


LINES = st.dictionaries(st.sampled_from(IDS), MANAGERS, max_size=5)
TEAMS = st.frozensets(st.sampled_from(["Red", "red ", "Blue", "Teal"]), max_size=2)
COUPLES = st.builds(
    lambda two, mine, theirs: Couple(*two, mine, theirs),
    st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True),
    TEAMS,
    TEAMS,
)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ({"ana": ("lead",), "lead": ("marcus",)}, Break.MENTEE_ABOVE),
        ({"marcus": ("chief", "lead"), "lead": ("ana",)}, Break.MENTOR_ABOVE),
    ],
)
def test_a_new_boss_breaks_the_rule_of_a_live_pair_at_any_depth_and_by_dotted_line(
    lines: dict[str, tuple[str, ...] | None], found: Break
) -> None:
    assert rules.breaks(couple(), ground(lines).lines) == {found}


def test_a_new_team_breaks_it_too_and_so_does_the_one_they_named_themselves() -> None:
    told = couple(mentee_teams=teams("Sales leads", " platform"))

    assert rules.breaks(told, ground().lines) == {Break.SAME_TEAM}


@given(COUPLES, LINES)
def test_a_live_pair_breaks_a_rule_only_when_a_new_one_would_surely_be_barred_for_it(
    two: Couple, lines: dict[str, tuple[str, ...] | None]
) -> None:
    known = ReportingLines({**dict.fromkeys(IDS, ()), **lines})
    has_circles = bool(doubtful(lines).circles)
    new = mentor(slack_id=two.mentor, teams=two.mentor_teams), mentee(slack_id=two.mentee, teams=two.mentee_teams)
    bars = {bar for bar, _ in rules.left_out(new[0], [new[1]], Ground(known, frozenset(), DAY))}

    found = rules.breaks(two, known)

    assert (Break.SAME_TEAM in found) == (Bar.SAME_TEAM in bars)
    is_above = bool(found & {Break.MENTOR_ABOVE, Break.MENTEE_ABOVE})
    assert not is_above or Bar.REPORTING_LINE in bars
    assert has_circles or is_above == (Bar.REPORTING_LINE in bars)
    assert len(found & {Break.MENTOR_ABOVE, Break.MENTEE_ABOVE}) <= 1


def test_who_is_in_a_circle_is_surely_above_nobody_in_it_but_those_below_the_circle_keep_their_bosses() -> None:
    lines: dict[str, tuple[str, ...] | None] = {"ana": ("marcus",), "marcus": ("ana",), "bo": ("ana",)}

    assert rules.breaks(couple(), ground(lines).lines) == set()
    assert rules.breaks(couple(mentor="bo", mentee="ana"), ground(lines).lines) == {Break.MENTEE_ABOVE}


def test_what_is_not_known_breaks_nothing() -> None:
    nothing = couple(mentor_teams=frozenset(), mentee_teams=frozenset())

    assert rules.breaks(nothing, ReportingLines({"ana": None, "marcus": None})) == set()


STATES = st.dictionaries(st.integers(1, 4), st.frozensets(st.sampled_from(Break)))
STANDING = st.sets(st.tuples(st.integers(1, 6), st.sampled_from(list(Break)).map(str)))


@given(STATES, STANDING)
def test_each_rule_a_pair_breaks_stands_once_and_no_longer_than_it_is_broken(
    now: dict[int, frozenset[Break]], standing: set[tuple[int, str]]
) -> None:
    changes = rules.changes(now, standing)

    after = (standing | changes.found) - changes.mended
    assert not changes.found & standing, "what is known already isn't found again"
    assert changes.mended <= standing
    assert {each for each in after if each[0] in now} == {
        (pair, str(rule)) for pair, its in now.items() for rule in its
    }
    assert {each for each in standing if each[0] not in now} <= after, "of pairs that have ended nothing is said"
    assert rules.changes(now, after) == rules.Changes(), "and the next look finds nothing new"


def asked(*broken: Broken, me: int = 9) -> list[Due]:
    snapshot = make.snapshot(person=make.person("U0RUTH", id=me), runs=(make.running(*broken),))
    return [due for due in rules.due(snapshot) if due.kind == "rule_broken"]


def test_the_coordinator_is_asked_at_once_and_again_after_a_week_of_silence() -> None:
    first, again = asked(make.broken())

    assert (first.opens_at, first.closes_at) == (make.MONDAY, make.MONDAY + timedelta(days=7))
    assert (again.opens_at, again.closes_at) == (make.MONDAY + timedelta(days=7), make.at("2027-09-01 09:00"))
    assert first.is_notice
    assert not first.at_once, "in working hours"
    assert first.key != again.key


def test_all_that_one_reorganisation_broke_is_told_in_one_message_and_the_next_in_another() -> None:
    later = make.MONDAY + timedelta(days=2)

    found = asked(
        make.broken(id=81),
        make.broken("same_team", id=82),
        make.broken(id=83, pair_id=6, pair={"id": 6}),
        make.broken(id=84, pair_id=7, pair={"id": 7}, found_at=later),
    )

    assert [due.opens_at for due in found] == [make.MONDAY, make.MONDAY + timedelta(days=7), later, later + ASK_AGAIN]
    assert len({due.key for due in found}) == 4


def test_nobody_is_asked_about_a_pair_of_their_own() -> None:
    assert asked(make.broken(), me=1) == []
    assert asked(make.broken(), me=2) == []
