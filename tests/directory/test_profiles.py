"""The mapped fields of profiles: read slowly, once a day, and understood whatever Slack has in them."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import make
import pytest
import web
from directory.houses import Hands, everyone, house, the_reading
from hypothesis import given
from hypothesis import strategies as st
from web import Asked, Reply

from bot.directory import profiles
from bot.house import House
from store import workspaces
from store.database import Store
from store.models import Source, Standing, Workspace

FIELDS = {"manager": "Xf0M", "department": "Xf0D", "level": "Xf0L", "function": "Xf0F", "started_on": "Xf0S"}
LABELS = {"director": 5}


@pytest.fixture
def told() -> Iterator[web.Slack]:
    def profile(asked: Asked) -> Reply:
        fields = {"Xf0M": {"value": "U0BOSS", "alt": ""}, "Xf0D": {"value": f"Team of {asked.fields['user']}"}}
        return Reply({"ok": True, "profile": {"fields": fields}})

    with web.slack(users_profile_get=profile) as made:
        yield made


@pytest.fixture
def home(store: Store, hands: Hands, told: web.Slack) -> Iterator[House]:
    with house(store, hands, told.url) as made:
        with store.begin() as db:
            db.get_one(Workspace, make.WORKSPACE).profile_fields = FIELDS
            for name in ("ANA", "BO", "CEM"):
                db.add(make.person(f"U0{name}", id=None, standing=Standing.MEMBER))
            db.add(make.person("X00000000000000000000", id=None, standing=Standing.NO_ACCOUNT))
            db.add(make.person("U0BOT", id=None, standing=Standing.BOT))
        yield made


def go_on(home: House, hands: Hands, steps: int) -> None:
    for _ in range(steps):
        hands.move_to(profiles.read(home))


def test_people_with_accounts_are_read_a_few_at_a_time_and_once_a_day(
    home: House, hands: Hands, store: Store, told: web.Slack
) -> None:
    assert profiles.read(home) == hands.now + timedelta(seconds=4)
    assert [each["user"] for each in told.of("users.profile.get")] == ["U0ANA", "U0BO"]
    go_on(home, hands, 2)
    assert [each["user"] for each in told.of("users.profile.get")] == ["U0ANA", "U0BO", "U0CEM"]
    assert the_reading(store, Source.PROFILE).read_at is not None
    ana = everyone(store)["U0ANA"]
    assert (ana.manager, ana.department) == ("U0BOSS", "Team of U0ANA")

    hands.now += timedelta(hours=23, minutes=59)
    go_on(home, hands, 1)
    assert len(told.of("users.profile.get")) == 5, "those read longest ago"


def test_what_is_the_same_is_not_written_again(home: House, hands: Hands, store: Store) -> None:
    go_on(home, hands, 3)
    before = {slack_id: each.known_version for slack_id, each in everyone(store).items()}
    hands.now += timedelta(days=2)

    go_on(home, hands, 3)

    assert {slack_id: each.known_version for slack_id, each in everyone(store).items()} == before


def test_with_another_mapping_everybody_is_read_anew(home: House, hands: Hands, store: Store, told: web.Slack) -> None:
    go_on(home, hands, 3)
    with store.begin() as db:
        db.get_one(Workspace, make.WORKSPACE).profile_fields = {"department": "Xf0D"}

    go_on(home, hands, 3)

    assert len(told.of("users.profile.get")) == 6
    assert everyone(store)["U0ANA"].manager is None


def test_without_a_mapping_nothing_is_read_and_what_was_is_forgotten(
    home: House, hands: Hands, store: Store, told: web.Slack
) -> None:
    go_on(home, hands, 3)
    with store.begin() as db:
        db.get_one(Workspace, make.WORKSPACE).profile_fields = {}

    go_on(home, hands, 1)
    assert profiles.read(home) is None

    assert len(told.of("users.profile.get")) == 3
    assert everyone(store)["U0ANA"].department is None


def test_when_slack_says_later_only_this_waits(home: House, hands: Hands, store: Store, told: web.Slack) -> None:
    told.answers["users.profile.get"] = Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": 33})

    assert profiles.read(home) == hands.now + timedelta(seconds=33)
    with store.read() as db:
        assert not workspaces.is_waiting(db, make.WORKSPACE, hands.now)


def test_a_lacking_scope_is_told_and_tried_again_after_an_hour(
    home: House, hands: Hands, store: Store, told: web.Slack
) -> None:
    told.answers["users.profile.get"] = Reply({"ok": False, "error": "missing_scope"})

    assert profiles.read(home) == hands.now + timedelta(hours=1)
    assert the_reading(store, Source.PROFILE).error == "missing_scope"


def test_somebody_whom_slack_does_not_know_does_not_hold_up_the_others(
    home: House, hands: Hands, told: web.Slack
) -> None:
    told.answers["users.profile.get"] = Reply({"ok": False, "error": "user_not_found"})

    go_on(home, hands, 3)

    assert len(told.of("users.profile.get")) == 3


# What a profile says


@pytest.mark.parametrize("nothing", [None, [], {}])
def test_no_fields_are_no_facts(nothing: Any) -> None:
    assert profiles.custom_fields({"profile": {"fields": nothing}}) == {}
    assert not any(profiles.facts({}, FIELDS, LABELS, "U0ANA").values())


@pytest.mark.parametrize(
    ("name", "value", "fact"),
    [
        ("manager", "U0BOSS", "U0BOSS"),
        ("manager", "Grace Okonjo", None),
        ("manager", "U0ANA", None),
        ("manager", "", None),
        ("department", " Sales ", "Sales"),
        ("department", None, None),
        ("function", "Design", "Design"),
        ("started_on", "2021-04-01", "2021-04-01"),
        ("started_on", "04/05/2021", None),
        ("started_on", "", None),
        ("level", "4", 4),
        ("level", "-1", -1),
        ("level", "Director", 5),
        ("level", "4.5", None),
        ("level", "٤", None),
    ],
)
def test_what_is_not_what_it_should_be_is_not_known(name: str, value: str | None, fact: Any) -> None:
    custom = {FIELDS[name]: {"value": value, "alt": ""}}

    assert profiles.facts(custom, FIELDS, LABELS, "U0ANA")[name] == fact


def test_the_second_of_two_managers_is_a_dotted_one() -> None:
    found = profiles.facts({"Xf0M": {"value": "U0BOSS,U0OTHER"}}, FIELDS, LABELS, "U0ANA")

    assert (found["manager"], found["dotted_managers"]) == ("U0BOSS", ["U0OTHER"])


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    custom=st.dictionaries(
        st.sampled_from(sorted(FIELDS.values())), anything | st.fixed_dictionaries({"value": anything})
    )
)
def test_whatever_is_in_a_field_it_is_read(custom: Mapping[str, Any]) -> None:
    found = profiles.facts(custom, FIELDS, LABELS, "U0ANA")

    assert all(value is None or isinstance(value, str | int | list) for value in found.values())
