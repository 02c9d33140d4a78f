"""People read from where something about them is known, and as of when."""

import make
import pytest

from bot import origins
from store.directory import Origin
from store.models import Source


def test_it_names_the_source_and_the_day_it_was_last_read() -> None:
    origin = Origin(Source.SCIM, make.at("2026-11-21 07:00"), "2026-10-02")

    assert origins.words(origin, make.LISBON) == "the HR directory, 21 Nov"


def test_the_day_is_that_of_the_readers_calendar() -> None:
    origin = Origin(Source.FILE, make.at("2026-11-21 23:00"), "")

    assert origins.words(origin, "Asia/Kolkata") == "the company's file, 22 Nov"


def test_where_nobody_reads_it_the_day_is_that_of_its_last_change() -> None:
    assert origins.words(Origin(Source.PERSON, None, "2026-11-21"), None) == "your own word, 21 Nov"


def test_a_day_of_another_year_is_shown_with_its_year() -> None:
    origin = Origin(Source.FILE, None, "2025-11-21")

    assert origins.words(origin, None, make.MONDAY) == "the company's file, 21 Nov 2025"


@pytest.mark.parametrize("source", Source)
def test_every_source_has_a_name_even_if_nobody_knows_since_when(source: Source) -> None:
    assert origins.words(Origin(source, None, ""), None) == origins.NAMES[source]
