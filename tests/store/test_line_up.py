"""Who is above somebody, as far up as anybody is known."""

import make
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import people, workspaces
from store.database import Store

IDS = [f"U{number}" for number in range(6)]
NOBODY = "U0NOBODY"


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([None, NOBODY, *IDS]), min_size=len(IDS), max_size=len(IDS)))
def test_the_line_goes_up_to_whoever_has_nobody_known_above_them_or_once_round_a_circle(
    store: Store, managers: list[str | None]
) -> None:
    above = dict(zip(IDS, managers, strict=True))
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
        db.add_all(make.person(each, id=None, manager=above[each]) for each in IDS)
        db.flush()

        found = {each: people.ids_up_from(db, make.WORKSPACE, each) for each in [NOBODY, *IDS]}
        elsewhere = people.ids_up_from(db, "T0OTHER", IDS[0])
        db.rollback()

    assert found == {each: walked(each, above) for each in [NOBODY, *IDS]}
    assert elsewhere == set()


def walked(each: str | None, above: dict[str, str | None]) -> set[str]:
    seen: set[str] = set()
    while each in above and each not in seen:
        seen.add(each)
        each = above[each]
    return seen
