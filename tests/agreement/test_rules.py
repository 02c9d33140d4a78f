"""When the guide for the first talk comes, who is asked for a yes, and what becomes of a form."""

import make
import pytest
from make import at

from bot.agreement import rules
from bot.agreement.rules import Filing
from bot.due import Due
from store.models import Agreement, MemberState
from store.snapshots import Partnership

THURSDAY_THREE = at("2027-03-18 15:00")


def dues(each: Partnership, kind: str) -> list[Due]:
    return [due for due in rules.due(make.snapshot(each)) if due.kind == kind]


def with_versions(*versions: Agreement, **facts: object) -> Partnership:
    each = make.partnership(**facts)  # type: ignore[arg-type]
    return Partnership(
        each.pair, each.programme, each.me, each.mine, each.partner, each.theirs, each.sessions, versions
    )


def test_the_guide_comes_with_the_question_for_the_first_talk() -> None:
    [due] = dues(make.partnership(sessions=[make.session(THURSDAY_THREE)]), "first_talk")

    assert (due.opens_at, due.closes_at) == (at("2027-03-15 09:00"), THURSDAY_THREE)
    assert not due.is_notice


def test_the_guide_too_waits_for_the_word_that_the_date_is_set() -> None:
    on_sunday = make.session(at("2027-03-16 15:00"), booked_at=at("2027-03-14 12:00"))

    [due] = dues(make.partnership(sessions=[on_sunday], partner_zone="America/New_York"), "first_talk")

    assert due.opens_at == at("2027-03-15 13:05")


def test_a_first_talk_that_was_missed_leaves_the_guide_for_the_next() -> None:
    missed, planned = (
        make.session(at("2027-03-04 15:00"), 1, state=make.SessionState.MISSED),
        make.session(THURSDAY_THREE, 2),
    )

    [due] = dues(make.partnership(sessions=[missed, planned]), "first_talk")

    assert due.session_id == planned.id


def test_who_has_talked_already_needs_no_guide() -> None:
    sessions = [make.held(at("2027-03-04 15:00")), make.session(THURSDAY_THREE, 2)]

    assert dues(make.partnership(sessions=sessions), "first_talk") == []


def test_the_newest_version_asks_the_other_for_their_yes() -> None:
    each = with_versions(make.agreement(1, id=91), make.agreement(2, id=92))

    assert [due.key for due in dues(each, "agreement_proposed")] == ["agreement_proposed:92"]


@pytest.mark.parametrize("facts", [{"proposed_by": 1}, {"agreed_at": make.MONDAY}], ids=["my own", "agreed"])
def test_nobody_is_asked_about_their_own_nor_about_what_is_agreed(facts: dict[str, object]) -> None:
    assert dues(with_versions(make.agreement(**facts)), "agreement_proposed") == []


def test_the_one_who_proposed_it_hears_of_the_yes() -> None:
    mine = with_versions(make.agreement(proposed_by=1, agreed_at=make.MONDAY))
    theirs = with_versions(make.agreement(proposed_by=2, agreed_at=make.MONDAY))

    assert [due.opens_at for due in dues(mine, "agreement_agreed")] == [make.MONDAY]
    assert dues(theirs, "agreement_agreed") == []


def test_a_pair_on_hold_is_asked_nothing() -> None:
    assert rules.due(make.snapshot(with_versions(make.agreement(), partner_state=MemberState.PAUSED))) == []


THEIRS = {"purpose": "Ours"}
OTHER = {"purpose": "Another"}


@pytest.mark.parametrize(
    ("terms", "latest", "seen", "filing"),
    [
        (THEIRS, None, 0, Filing.PROPOSE),
        (OTHER, make.agreement(1), 1, Filing.PROPOSE),
        (OTHER, make.agreement(1), 0, Filing.LOOK_FIRST),
        (THEIRS, make.agreement(1), 0, Filing.AGREE),
        (THEIRS, make.agreement(1, proposed_by=1), 0, Filing.KEEP),
        (THEIRS, make.agreement(1, agreed_at=make.MONDAY), 1, Filing.KEEP),
    ],
    ids=["the first", "changed", "changed unseen", "the same words", "sent twice", "agreed already"],
)
def test_what_becomes_of_a_form(terms: dict[str, str], latest: Agreement | None, seen: int, filing: Filing) -> None:
    assert rules.filing(terms, latest, THEIRS, seen, me=1) is filing
