"""Who may pair, and who is left out by what."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairing.candidates import (
    GROUNDS,
    IDS,
    MENTEES,
    MENTORS,
    NONE,
    OPEN_GROUNDS,
    SECRETS,
    ground,
    members,
    mentee,
    mentor,
    teams,
)

from bot.pairing.bars import HARD, Bar, barred, hard_bar, left_out, open_bars, words
from bot.pairing.candidates import Candidate, Ground
from bot.pairing.fit import fit
from bot.pairing.reasons import reasons
from bot.working_time import overlap, zone
from store.models import Side, Way

Secrets = dict[str, frozenset[str]]


def test_two_whom_no_rule_bars_may_pair() -> None:
    assert barred(mentor(), mentee(), ground()) is None


@given(MENTORS, MENTEES, GROUNDS)
def test_nobody_is_paired_with_themselves(one: Candidate, other: Candidate, any_ground: Ground) -> None:
    same = replace(other, slack_id=one.slack_id)

    assert barred(one, same, any_ground) is Bar.SAME_PERSON


@pytest.mark.parametrize("depth", [1, 2, 7])
def test_nobody_is_paired_with_someone_above_them_at_any_depth(depth: int) -> None:
    between = [f"boss{step}" for step in range(1, depth)]
    chain = ["ana", *between, "marcus"]
    lines: dict[str, tuple[str, ...] | None] = {below: (above,) for below, above in pairwise(chain)}

    assert barred(mentor(), mentee(), ground(lines)) is Bar.REPORTING_LINE


def test_nobody_is_paired_with_someone_below_them_even_by_a_dotted_line() -> None:
    lines: dict[str, tuple[str, ...] | None] = {"marcus": ("chief", "lead"), "lead": ("chief", "ana")}

    assert barred(mentor(), mentee(), ground(lines)) is Bar.REPORTING_LINE


def test_a_reporting_line_that_cant_be_ruled_out_bars() -> None:
    assert barred(mentor(), mentee(), ground({"ana": ("ghost",)})) is Bar.REPORTING_LINE_UNKNOWN


@pytest.mark.parametrize("team", ["Platform", " platform", "PLATFORM"])
def test_team_mates_are_not_paired_however_the_team_is_spelt(team: str) -> None:
    assert barred(mentor(), mentee(teams=teams(team)), ground()) is Bar.SAME_TEAM


@pytest.mark.parametrize("team", [None, ""])
def test_a_team_that_is_not_known_bars(team: str | None) -> None:
    assert barred(mentor(teams=teams(team)), mentee(), ground()) is Bar.TEAM_UNKNOWN
    assert barred(mentor(), mentee(teams=teams(team)), ground()) is Bar.TEAM_UNKNOWN


@pytest.mark.parametrize("theirs", [("Sales leads", "Platform"), ("Platform", "Sales leads"), ("Platform",)])
def test_the_team_somebody_named_themselves_counts_beside_the_directorys(theirs: tuple[str, ...]) -> None:
    assert barred(mentor(), mentee(teams=teams(*theirs)), ground()) is Bar.SAME_TEAM


@given(MENTORS, MENTEES, GROUNDS | OPEN_GROUNDS, st.sampled_from(["Red", "Blue", "Grey"]))
def test_one_more_team_never_lets_a_pair_through_that_was_known_to_be_of_one_team(
    one: Candidate, other: Candidate, any_ground: Ground, team: str
) -> None:
    is_barred = Bar.SAME_TEAM in [bar for bar, _ in left_out(one, [other], any_ground)]
    more = replace(one, teams=one.teams | {team})

    found = [bar for bar, _ in left_out(more, [other], any_ground)]

    assert not is_barred or Bar.SAME_TEAM in found


@pytest.mark.parametrize("level", [2, 1])
def test_a_mentor_who_is_not_below_the_mentee_is_barred(level: int) -> None:
    assert barred(mentor(level=2), mentee(level=level), ground()) is Bar.LEVEL


def test_a_level_that_is_not_known_bars() -> None:
    assert barred(mentor(level=None), mentee(), ground()) is Bar.LEVEL_UNKNOWN
    assert barred(mentor(), mentee(level=None), ground()) is Bar.LEVEL_UNKNOWN


def test_two_without_a_language_in_common_are_barred() -> None:
    assert barred(mentor(), mentee(languages=frozenset({"de"})), ground()) is Bar.NO_LANGUAGE


def test_two_who_like_different_ways_to_meet_are_barred() -> None:
    in_person = mentor(ways=frozenset({Way.IN_PERSON}), site="New York")

    assert barred(in_person, mentee(), ground()) is Bar.NO_WAY_TO_MEET


@pytest.mark.parametrize(("site", "bar"), [("Lisbon", None), ("Berlin", Bar.NO_WAY_TO_MEET)])
def test_to_meet_in_person_needs_the_same_site(site: str, bar: Bar | None) -> None:
    in_person = frozenset({Way.IN_PERSON})

    assert barred(mentor(ways=in_person), mentee(ways=in_person, site=site), ground()) is bar


def test_two_sites_that_are_not_known_are_not_the_same_site() -> None:
    unknown = {"ways": frozenset({Way.IN_PERSON}), "site": None}

    assert barred(mentor(**unknown), mentee(**unknown), ground()) is Bar.NO_WAY_TO_MEET


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
    assert barred(mentor(zone="Europe/Lisbon"), mentee(zone=zone), ground()) is bar


@pytest.mark.parametrize("met", [("ana", "marcus"), ("marcus", "ana")])
def test_two_who_were_ever_paired_are_not_paired_again_either_way_round(met: tuple[str, str]) -> None:
    assert barred(mentor(), mentee(), ground(None, met)) is Bar.PAIRED_BEFORE


def test_whoever_either_of_them_avoids_is_not_available() -> None:
    avoiding_mentor = mentor(avoid=frozenset({"marcus"}))
    avoiding_mentee = mentee(avoid=frozenset({"ana"}))

    assert barred(avoiding_mentor, mentee(), ground()) is Bar.NOT_AVAILABLE
    assert barred(mentor(), avoiding_mentee, ground()) is Bar.NOT_AVAILABLE


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


@settings(max_examples=150)
@given(MENTORS, MENTEES, GROUNDS | OPEN_GROUNDS)
def test_two_may_pair_exactly_when_they_keep_every_rule(one: Candidate, other: Candidate, any_ground: Ground) -> None:
    found = barred(one, other, any_ground)

    assert (found is None) == keeps_every_rule(one, other, any_ground)


@pytest.mark.parametrize("bar", list(Bar))
def test_every_rule_has_words_of_its_own_without_the_word_reverse(bar: Bar) -> None:
    others = [words(other) for other in Bar if other is not bar]

    assert words(bar).strip()
    assert words(bar) not in others
    assert "reverse" not in words(bar)


def test_someone_left_out_is_told_by_rules_the_most_frequent_first() -> None:
    alone = mentee(level=3, teams=teams("Platform"))
    others = [
        mentor(slack_id="bo", level=3),
        mentor(slack_id="cy", level=4, teams=teams("Data")),
        mentor(slack_id="di", level=5, teams=teams("Data")),
        mentor(slack_id="eve", teams=teams("Data")),
    ]

    found = left_out(alone, others, ground())

    assert found == [(Bar.LEVEL, 3), (Bar.SAME_TEAM, 1), (Bar.NOT_AVAILABLE, 1)]


def test_a_mentor_is_left_out_by_the_same_rules_as_a_mentee() -> None:
    assert left_out(mentor(level=5), [mentee(level=4)], ground()) == [(Bar.LEVEL, 1)]
    assert left_out(mentee(level=4), [mentor(level=5)], ground()) == [(Bar.LEVEL, 1)]


def test_oneself_on_the_other_side_stands_in_nobodys_way() -> None:
    assert left_out(mentor(), [mentee(slack_id="ana")], ground()) == []


@given(MENTEES, members(Side.MENTOR), GROUNDS | OPEN_GROUNDS)
def test_everyone_on_the_other_side_is_accounted_for(
    person: Candidate, others: list[Candidate], any_ground: Ground
) -> None:
    strangers = [other for other in others if other.slack_id != person.slack_id]

    found = left_out(person, others, any_ground)

    assert sum(count for _, count in found) >= len(strangers)
    assert all(0 < count <= len(strangers) for _, count in found)
    assert [count for _, count in found] == sorted((count for _, count in found), reverse=True)


@given(MENTEES, members(Side.MENTOR), GROUNDS | OPEN_GROUNDS, st.frozensets(st.sampled_from(IDS)))
def test_why_someone_is_left_out_never_tells_whom_anyone_avoids(
    person: Candidate, others: list[Candidate], any_ground: Ground, secret: frozenset[str]
) -> None:
    changed = [replace(other, avoid=secret) for other in others]

    before = left_out(person, others, any_ground)
    after = left_out(replace(person, avoid=secret), changed, any_ground)

    assert before == after


@given(MENTORS, MENTEES, OPEN_GROUNDS, SECRETS, SECRETS)
def test_fit_and_reasons_never_tell_what_anyone_told_in_confidence(
    one: Candidate, other: Candidate, any_ground: Ground, ones: Secrets, others: Secrets
) -> None:
    before, found = json.dumps(reasons(one, other, any_ground)), fit(one, other, any_ground)

    one, other = replace(one, **ones), replace(other, **others)
    after, changed = json.dumps(reasons(one, other, any_ground)), fit(one, other, any_ground)

    assert before == after
    assert (changed.band, changed.open_total) == (found.band, found.open_total)


@given(MENTORS, MENTEES, GROUNDS | OPEN_GROUNDS)
def test_the_hard_rules_bar_whatever_a_coordinator_wishes(one: Candidate, other: Candidate, any_ground: Ground) -> None:
    without = replace(one, avoid=frozenset()), replace(other, avoid=frozenset())
    hard = [bar for bar in open_bars(one, other, any_ground) if bar in HARD]

    assert hard_bar(*without, any_ground) == (hard[0] if hard else None)
    assert hard_bar(one, other, any_ground) in ([hard[0]] if hard else [None, Bar.NOT_AVAILABLE])


def test_a_coordinator_may_override_what_people_can_get_round_and_nothing_else() -> None:
    assert set(Bar) - HARD == {Bar.LEVEL, Bar.LEVEL_UNKNOWN, Bar.NO_LANGUAGE, Bar.NO_WAY_TO_MEET}


@given(MENTORS, MENTEES, GROUNDS | OPEN_GROUNDS)
def test_an_open_rule_is_named_before_a_secret_one(one: Candidate, other: Candidate, any_ground: Ground) -> None:
    without = replace(one, avoid=frozenset()), replace(other, avoid=frozenset())
    open_bar = barred(*without, any_ground)

    assert barred(one, other, any_ground) in ({open_bar} if open_bar else {None, Bar.NOT_AVAILABLE})
