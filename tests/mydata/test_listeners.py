"""Nothing about a person is stored that they can't see, but how the bot keeps its books."""

from datetime import time

import make

from bot.mydata import listeners
from store.models import Person

HOURS = {"works_from", "works_until", "work_days", "nudges_a_week"}
BOOKS = {
    "id",
    "workspace_id",
    "known",  # what is believed of it is shown field by field, and what isn't, too
    "known_version",
    "profile_read_at",
    "standing",
    "gone_at",
    "dm_channel",
    "unreachable_since",  # whoever looks at what is stored has just been heard from: it is empty by then
    "unreachable_tried_at",
    "home_opened_at",
    "home_stale_at",
    "home_shows_programme",
}


def test_every_column_of_a_person_is_shown_or_is_the_bots_own_book_keeping() -> None:
    assert {column.name for column in Person.__table__.columns} == {
        *listeners.FACTS,
        "slack_id",
        *HOURS,
        "fewer",
        *BOOKS,
    }


def test_the_hours_they_chose_are_shown_and_where_they_chose_none_nothing_is() -> None:
    ana = make.person(works_from=time(22), works_until=time(6), work_days=[0, 4], nudges_a_week=2)

    [kept] = listeners._hours(ana)

    assert kept.text == "From 22:00\nUntil 06:00\nOn Monday and Friday\nMessages a week, at most: 2"
    assert listeners._hours(make.person()) == []
