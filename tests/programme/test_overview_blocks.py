"""How programmes are going: counted, cut where it is long, each button meaning its own programme."""

import json
from datetime import timedelta
from typing import Any

import limits
import make

from bot.programme import overview_blocks, rules
from bot.programme.overview_blocks import Overview
from bot.programme.rules import Health, Suggestion, Wish
from store.models import Person, Side

RUTH = make.person("U0RUTH", id=9)


def shown(*overviews: Overview, viewer: Person = RUTH) -> str:
    return json.dumps(overview_blocks.home(overviews, make.words(), viewer, make.MONDAY), ensure_ascii=False)


def test_the_overview_tells_who_waits_who_has_met_and_who_is_quiet() -> None:
    ana, oliver, noor = (make.person(each) for each in ("U0ANA", "U0OLIVER", "U0NOOR"))
    quiet = Health(make.pair(), held=0, next_at=None, is_quiet=True)

    said = shown(Overview(make.programme(), 3, [(noor, Side.MENTOR)], [(ana, oliver, quiet)]))

    assert "Members: 3 · pairs: 1, of them met: 0 · waiting: 1" in said
    assert "• <@U0NOOR>, mentor" in said
    assert "• <@U0ANA> → <@U0OLIVER>: not met yet — *no date for a while*" in said


def test_a_long_list_is_cut_and_says_so() -> None:
    waiting = [(make.person(f"U0P{number}"), Side.MENTOR) for number in range(25)]

    assert "… and 5 more" in shown(Overview(make.programme(), 25, waiting, []))


def test_what_else_there_is_to_look_at_is_counted() -> None:
    asked: list[rules.Request] = [Wish(make.person(), (make.member(),), make.MONDAY)]
    asked.append(Suggestion(make.person(), make.topic_proposal(), make.MONDAY))

    said = shown(Overview(make.programme(), 0, [], [], queued=4, requests=asked, broken=1))

    assert "waiting: 0 · in the queue: 4 · to decide: 2 · rules to look at: 1" in said
    assert "would like to join as a mentor" in said
    assert "proposes a topic: *Knitting*" in said


def test_whom_nothing_reaches_is_named_with_what_helps_and_without_slacks_word_for_it() -> None:
    since = {"U0ANA": 2, "U0BEA": 5}
    people = [make.person(each, unreachable_since=make.MONDAY - timedelta(days=ago)) for each, ago in since.items()]

    said = shown(Overview(make.programme(), 25, [], [], unreachable=people))

    assert "waiting: 0 · not reached: 2" in said
    assert said.index("• <@U0BEA>, since <!date") < said.index("• <@U0ANA>, since <!date"), "who waits longest"
    assert "open my Home in Slack, or to write me a word" in said
    many = [make.person(f"U0P{number}", unreachable_since=make.MONDAY) for number in range(25)]
    assert "… and 5 more" in shown(Overview(make.programme(), 25, [], [], unreachable=many))
    assert "eached" not in shown(Overview(make.programme(), 25, [], []))


def test_on_a_home_three_requests_are_shown_and_all_of_them_where_it_is_looked_at() -> None:
    asked = [Wish(make.person(f"U{number}", id=number), (make.member(),), make.MONDAY) for number in range(1, 9)]
    overview = Overview(make.programme(), 0, [], [], requests=asked)

    assert shown(overview).count("would like to join") == 3
    assert "… and 5 more to decide." in shown(overview)
    look = json.dumps(overview_blocks.look(overview, make.words(), RUTH, make.MONDAY, "Done."))
    assert look.count("would like to join") == 8
    assert '"Done."' in look


def test_on_which_terms_people_join_is_said_where_it_is_not_simply_open() -> None:
    def said(**terms: Any) -> str:
        return shown(Overview(make.programme(**terms), 0, [], []))

    later, before = make.MONDAY + timedelta(days=1), make.MONDAY - timedelta(days=1)
    assert "By approval · Places: 12" in said(needs_approval=True, places=12)
    assert "Sign-up opens <!date" in said(signup_from=later)
    assert "Sign-up closes <!date" in said(signup_until=later)
    assert "Sign-up is closed" in said(signup_until=before)
    assert "Sign-up" not in said(signup_from=before)


def test_of_many_programmes_three_stand_in_detail_and_each_button_means_its_own() -> None:
    overviews = [Overview(make.programme(id=number, name=f"P{number}"), 0, [], []) for number in range(9, 0, -1)]

    elements = list(limits.elements(overview_blocks.home(overviews, make.words(), RUTH, make.MONDAY)))

    pressed = {(each["action_id"], each.get("value")) for each in elements}
    words = ("go.match", "go.announce", "go.programme")
    in_detail = {(word, str(number)) for word in words for number in (9, 8, 7)}
    in_a_line = {("programme.look", str(number)) for number in range(1, 7)}
    assert pressed == in_detail | in_a_line | {("go.setup", None), ("go.directory", None)}


def test_a_programme_that_has_ended_takes_a_line_while_its_pairs_go_on() -> None:
    health = Health(make.pair(), held=1, next_at=None, is_quiet=False)
    ended = make.programme(id=2, name="Old", closed_at=make.MONDAY)

    said = shown(Overview(make.programme(), 0, [], []), Overview(ended, 2, [], [(RUTH, RUTH, health)]))

    assert "*Old* has ended. 1 pair finishes its months." in said
    assert '"value": "2"' in said
    assert "go.match" not in json.dumps(
        overview_blocks.look(Overview(ended, 2, [], []), make.words(), RUTH, make.MONDAY)
    )
