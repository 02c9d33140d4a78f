"""The watch over live pairs, in a real store: what is found, what is mended, and who is looked at for it."""

import make
import pytest
from pairing.company import Company

from store import directory, pairs, programmes
from store.database import Store
from store.models import Programme, Source, Subject

NEXT_NIGHT = make.at("2027-03-02 02:30")


@pytest.fixture
def company(store: Store) -> Company:
    return Company(store)


def test_a_pair_that_keeps_the_rules_is_left_alone_until_the_next_night(company: Company) -> None:
    assert company.look() == NEXT_NIGHT
    assert company.broken == []
    assert company.looked_at == []


def test_a_new_boss_is_found_once_and_the_coordinator_is_looked_at(company: Company) -> None:
    company.tell("U0ANA", manager="U0OLIVER", team="Platform")

    company.look()
    company.look()

    [broken] = company.broken
    assert (broken.rule, broken.found_at, broken.mended_at) == ("mentee_above", make.MONDAY, None)
    assert company.looked_at == [(Subject.PERSON, company.ruth)], "the two themselves are not"


def test_a_team_in_common_is_found_beside_it(company: Company) -> None:
    company.tell("U0OLIVER", manager="U0ANA", team=" platform")

    company.look()

    assert company.standing == ["mentor_above", "same_team"]


def test_the_team_somebody_named_themselves_counts_even_if_the_directory_names_another(company: Company) -> None:
    company.tell("U0OLIVER", Source.PERSON, team="Platform")

    company.look()

    assert company.standing == ["same_team"]


def test_what_the_directory_no_longer_says_is_mended_and_found_anew_if_it_says_so_again(company: Company) -> None:
    company.tell("U0ANA", manager="U0OLIVER")
    company.look()
    company.tell("U0ANA", manager="U0GRACE")
    company.look(make.at("2027-03-03 09:00"))
    company.tell("U0ANA", manager="U0OLIVER")

    company.look(make.at("2027-03-04 09:00"))

    first, again = company.broken
    assert (first.mended_at, again.mended_at) == (make.at("2027-03-03 09:00"), None)
    assert again.found_at == make.at("2027-03-04 09:00")


def test_a_reporting_line_that_became_unknown_is_no_break(company: Company) -> None:
    company.tell("U0ANA", manager="U0NOBODYKNOWS")
    company.tell("U0OLIVER")

    company.look()

    assert company.broken == []


def test_what_was_decided_is_not_found_again_while_it_stands(company: Company) -> None:
    company.tell("U0ANA", manager="U0OLIVER")
    company.look()
    with company.store.begin() as db:
        [decided] = pairs.unmended(db, make.WORKSPACE)
        decided.decided_at, decided.decided_by = make.MONDAY, company.ruth

    company.look(make.at("2027-03-03 09:00"))

    assert len(company.broken) == 1


@pytest.mark.parametrize(
    "over", [{"ended_at": make.MONDAY}, {"ends_at": make.MONDAY}], ids=["somebody left", "the months are over"]
)
def test_a_pair_that_is_over_is_not_watched(company: Company, over: dict[str, object]) -> None:
    company.change(**over)
    company.tell("U0ANA", manager="U0OLIVER")

    company.look()

    assert company.broken == []


def test_a_pair_that_was_published_and_not_introduced_yet_is_watched(company: Company) -> None:
    company.change(introduced_at=None, ends_at=None)
    company.tell("U0ANA", manager="U0OLIVER")

    company.look()

    assert company.standing == ["mentee_above"]


def test_whatever_changes_the_directory_leads_to_a_look(company: Company) -> None:
    with company.store.begin() as db:
        directory.changed(db, make.WORKSPACE, [], make.MONDAY)

    assert company.looked_at == [(Subject.RULES, 0)]


def test_the_next_night_is_the_coming_one(company: Company) -> None:
    assert company.look(make.at("2027-03-02 01:00")) == NEXT_NIGHT
    assert company.look(NEXT_NIGHT) == make.at("2027-03-03 02:30")


def test_a_closed_programme_tells_nobody(company: Company) -> None:
    with company.store.begin() as db:
        programmes.lock(db, db.query(Programme).one().id).closed_at = make.MONDAY
    company.tell("U0ANA", manager="U0OLIVER")

    company.look()

    assert company.looked_at == []
