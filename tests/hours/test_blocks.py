"""The form of hours: what was chosen stands in it, and comes back as it was."""

from typing import Any

import limits
import make
from hypothesis import given

from bot import working_time
from bot.hours import blocks, rules
from bot.hours.rules import Hours
from bot.slack.kit import Answers
from tests.hours.test_rules import sane


def sent(view: dict[str, Any]) -> Answers:
    """The form as Slack sends it when nobody changes anything."""
    values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            initial = {
                name.replace("initial", "selected"): given for name, given in element.items() if "initial" in name
            }
            values[block["block_id"]] = {element["action_id"]: initial}
    return Answers({"state": {"values": values}})


def hints(person: Any) -> str:
    form = blocks.form(person, rules.now(person, 3))
    return " ".join(block["hint"]["text"] for block in form["blocks"] if "hint" in block)


@given(chosen=sane)
def test_a_form_that_is_sent_as_it_is_changes_nothing(chosen: Hours) -> None:
    form = blocks.form(make.person(country="PT"), chosen)

    assert limits.of_view(form) == []
    assert blocks.read(sent(form)) == chosen


def test_it_says_by_whose_clock_and_which_holidays_stay_free() -> None:
    assert "In your time zone, America/New York." in hints(make.person(zone="America/New_York"))
    assert "Public holidays of Portugal stay free." in hints(make.person(country="PT"))
    assert "holidays" not in hints(make.person(country="XX"))


def test_where_their_zone_is_not_known_it_says_which_is_taken() -> None:
    working_time.most_live_in("Asia/Tokyo")

    assert "I don't know your time zone, and take it to be Asia/Tokyo." in hints(make.person(zone=None))


def test_what_was_kept_is_said_in_words() -> None:
    saved = blocks.kept(Hours(rules.time(22), rules.time(6), (0, 4, 6), 1))["blocks"][0]["text"]["text"]

    assert "from 22:00 until 06:00 the next day" in saved
    assert "on Monday, Friday and Sunday" in saved
    assert "at most *one message* a week" in saved
