"""What an HR directory says of somebody, in all the ways in which servers say it."""

from typing import Any

import pytest
from directory.hr import ENTERPRISE
from hypothesis import given
from hypothesis import strategies as st

from bot.directory import scim


@pytest.mark.parametrize(
    ("told", "fact", "value"),
    [
        ({ENTERPRISE: {"manager": {"value": "26"}}}, "manager", "26"),
        ({ENTERPRISE: {"manager": {"$ref": "https://hr.example.com/v2/Users/26"}}}, "manager", "26"),
        ({ENTERPRISE: {"manager": "26"}}, "manager", "26"),
        ({"urn:scim:schemas:extension:enterprise:1.0": {"manager": {"managerId": "26"}}}, "manager", "26"),
        ({ENTERPRISE: {"managerId": "26"}}, "manager", "26"),
        ({ENTERPRISE: {"manager": {"value": "id-1"}}}, "manager", None),
        ({ENTERPRISE: {"manager": {"value": ""}}}, "manager", None),
        ({ENTERPRISE: {"manager": None, "department": "Sales"}}, "department", "Sales"),
        ({ENTERPRISE.lower(): {"Department": "Sales"}}, "department", "Sales"),
        ({"emails": [{"value": "a@x.y", "type": "home"}, {"value": "B@x.y", "type": "work"}]}, "email", "b@x.y"),
        ({"emails": [{"value": "a@x.y", "primary": True}, {"value": "b@x.y", "type": "work"}]}, "email", "a@x.y"),
        ({"emails": [], "userName": "Ana@X.y"}, "email", "ana@x.y"),
        ({"userName": "ana"}, "email", None),
        ({"active": False}, "is_active", False),
        ({"active": "False"}, "is_active", False),
        ({"active": None}, "is_active", True),
        ({"timezone": "Europe/Lisbon"}, "zone", "Europe/Lisbon"),
        ({"timezone": "Mars/Base"}, "zone", None),
        ({"locale": "pt-PT"}, "country", "PT"),
        ({"locale": "pt"}, "country", None),
        ({"locale": "en-US", "addresses": [{"type": "work", "country": "pt"}]}, "country", "PT"),
        ({"name": {"givenName": "Ana", "familyName": "Duarte"}}, "name", "Ana Duarte"),
        ({"id": "U012ABCDEF"}, "account", "U012ABCDEF"),
        ({"externalId": "W012ABCDEF"}, "account", "W012ABCDEF"),
    ],
)
def test_what_a_user_says_is_read(told: dict[str, Any], fact: str, value: Any) -> None:
    assert scim.facts({"id": "id-1"} | told).get(fact) == value


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["id", "emails", "active", "name", "manager", "title", "addresses", "locale", "timezone", ENTERPRISE]


@given(told=anything | st.dictionaries(st.sampled_from(NAMES), anything, max_size=6))
def test_whatever_a_server_says_of_a_user_is_read_or_left(told: Any) -> None:
    found = scim.facts(told)

    assert all(isinstance(value, str | bool) for value in found.values())
    assert all("\x00" not in value for value in found.values() if isinstance(value, str))
