"""Which nudges have gone to whom: each outcome is recorded once, each lease taken once, each question answered once."""

from datetime import timedelta

import make
import pytest
from sqlalchemy.exc import IntegrityError

from store import nudges, reflections
from store.models import Delivery, DeliveryState, Nudge
from tests.store.kept import Kept

NOW = make.MONDAY
HOUR = timedelta(hours=1)
UNDER_WAY = [DeliveryState.CLAIMED, DeliveryState.WAITING, DeliveryState.UNKNOWN]
SETTLED = [DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.GIVEN_UP]
KINDS = ("reflection", "halfway", "ending")


def settle(kept: Kept, delivery: Delivery, state: DeliveryState, **changes: object) -> bool:
    with kept.store.begin() as db:
        return nudges.settle(db, delivery.id, state, **changes)


def stored(kept: Kept, delivery: Delivery) -> Delivery:
    with kept.store.read() as db:
        return nudges.get_delivery(db, delivery.id)


# Claims


def test_a_key_is_claimed_once_in_a_workspace(kept: Kept) -> None:
    kept.nudge("reminder:1")

    with pytest.raises(IntegrityError):
        kept.nudge("reminder:1")


def test_it_is_known_which_keys_are_taken(kept: Kept) -> None:
    kept.nudge("reminder:1")

    with kept.store.read() as db:
        assert nudges.taken(db, make.WORKSPACE, ["reminder:1", "reminder:2"]) == {"reminder:1"}
        assert nudges.taken(db, "T0ELSEWHERE", ["reminder:1"]) == set()


def test_what_was_dropped_before_a_second_attempt_is_no_longer_carried(kept: Kept) -> None:
    delivery = kept.delivery()
    kept.nudge("reminder:1", delivery_id=delivery.id)
    kept.nudge("checkin:1", delivery_id=delivery.id, dropped="no longer due")

    with kept.store.read() as db:
        assert [nudge.key for nudge in nudges.of_delivery(db, delivery.id)] == ["reminder:1"]


# Outcomes


@pytest.mark.parametrize("state", UNDER_WAY)
def test_a_delivery_under_way_is_settled_with_its_outcome(kept: Kept, state: DeliveryState) -> None:
    delivery = kept.delivery(state=state)

    assert settle(kept, delivery, DeliveryState.SENT, sent_at=NOW, channel="D0ANA", ts="1.0")

    found = stored(kept, delivery)
    assert (found.state, found.sent_at, found.channel, found.ts) == (DeliveryState.SENT, NOW, "D0ANA", "1.0")


@pytest.mark.parametrize("state", SETTLED)
def test_a_settled_delivery_is_left_as_it_is(kept: Kept, state: DeliveryState) -> None:
    delivery = kept.delivery(state=state)

    assert not settle(kept, delivery, DeliveryState.GIVEN_UP, error="too late")

    assert (stored(kept, delivery).state, stored(kept, delivery).error) == (state, None)


def test_of_two_outcomes_the_first_stands(kept: Kept) -> None:
    delivery = kept.delivery()

    first = settle(kept, delivery, DeliveryState.SENT, ts="1.0")
    second = settle(kept, delivery, DeliveryState.REFUSED, error="channel_not_found")

    assert (first, second) == (True, False)
    assert stored(kept, delivery).state is DeliveryState.SENT


# Leases


def lease(kept: Kept, delivery: Delivery, hours: int) -> bool:
    with kept.store.begin() as db:
        until = NOW + HOUR * hours
        return nudges.take(db, delivery, DeliveryState.CLAIMED, lease_until=until, attempts=delivery.attempts + 1)


@pytest.mark.parametrize("state", UNDER_WAY)
def test_of_two_who_want_to_try_again_one_gets_the_lease(kept: Kept, state: DeliveryState) -> None:
    delivery = kept.delivery(state=state)

    taken = [lease(kept, delivery, hours) for hours in (1, 2)]

    assert taken == [True, False]
    found = stored(kept, delivery)
    assert (found.state, found.attempts, found.lease_until) == (DeliveryState.CLAIMED, 2, NOW + HOUR)


def test_nobody_gets_a_lease_of_what_was_settled_since_they_looked(kept: Kept) -> None:
    delivery = kept.delivery()
    settle(kept, delivery, DeliveryState.SENT)

    assert not lease(kept, delivery, 1)


# What is under way


def test_what_is_under_way_is_found_oldest_first_and_what_is_settled_is_not(kept: Kept) -> None:
    deliveries = [kept.delivery(state=state) for state in [*SETTLED, *UNDER_WAY]]
    kept.delivery(person_id=kept.oliver.id)

    with kept.store.read() as db:
        found = [each.id for each in nudges.unsettled(db, person_id=kept.ana.id)]

    assert found == [each.id for each in deliveries[3:]]


# The budget


def nudged(kept: Kept) -> list[object]:
    with kept.store.read() as db:
        return list(nudges.nudged_since(db, [kept.ana.id], NOW - HOUR * 24).get(kept.ana.id, []))


def test_the_budget_counts_messages_and_not_the_nudges_in_them(kept: Kept) -> None:
    delivery = kept.delivery(claimed_at=NOW - HOUR)
    kept.nudge("reminder:1", delivery_id=delivery.id)
    kept.nudge("checkin:1", delivery_id=delivery.id)

    assert nudged(kept) == [NOW - HOUR]


def test_the_budget_does_not_count_notices_nor_what_is_too_old_nor_what_never_arrived(kept: Kept) -> None:
    kept.nudge("joined:1", is_notice=True)
    kept.nudge("reminder:1", delivery_id=kept.delivery(claimed_at=NOW - HOUR * 24).id)
    kept.nudge("reminder:2", delivery_id=kept.delivery(state=DeliveryState.REFUSED).id)
    gone = kept.delivery(state=DeliveryState.GIVEN_UP)
    kept.nudge("reminder:3", delivery_id=gone.id, dropped="no longer due")
    kept.nudge("reminder:4", delivery_id=None, dropped="its moment had passed")

    assert nudged(kept) == []


def test_the_budget_does_not_count_what_comes_back_at_their_wish_but_what_comes_with_it(kept: Kept) -> None:
    alone, with_more = kept.delivery(claimed_at=NOW), kept.delivery(claimed_at=NOW - HOUR)
    kept.nudge("plan:1:later:1", delivery_id=alone.id, is_wished=True)
    kept.nudge("plan:2:later:1", delivery_id=with_more.id, is_wished=True)
    kept.nudge("checkin:1", delivery_id=with_more.id)

    assert nudged(kept) == [NOW - HOUR]


@pytest.mark.parametrize("state", [*UNDER_WAY, DeliveryState.GIVEN_UP])
def test_the_budget_counts_what_may_have_arrived(kept: Kept, state: DeliveryState) -> None:
    kept.nudge("reminder:1", delivery_id=kept.delivery(state=state).id)

    assert nudged(kept) == [NOW]


# The open question


def asked(kept: Kept, key: str, hours: float, *, state: DeliveryState = DeliveryState.SENT, **facts: object) -> Nudge:
    """A question that was sent so many hours after now; its message is known by that number."""
    ts = f"{hours}" if state is DeliveryState.SENT else None
    sent = kept.delivery(state=state, attempted_at=NOW + HOUR * hours, channel="D0ANA", ts=ts)
    return kept.nudge(key, question="refl-1-felt-free", **{"delivery_id": sent.id, **facts})


def answer(kept: Kept, nudge: Nudge, ts: str = "9.0") -> None:
    with kept.store.begin() as db:
        reflections.add(db, nudge, "What I think", "D0ANA", ts, NOW)


def open_question(kept: Kept, thread_ts: str | None = None, since: float = 0) -> str | None:
    with kept.store.read() as db:
        found = nudges.open_question(db, kept.ana.id, KINDS, since=NOW + HOUR * since, thread_ts=thread_ts)
    return found.key if found else None


def test_a_plain_answer_means_the_newest_question(kept: Kept) -> None:
    asked(kept, "reflection:1", 1)
    asked(kept, "halfway:1", 2)

    assert open_question(kept) == "halfway:1"


def test_once_that_is_answered_the_one_before_is_meant(kept: Kept) -> None:
    asked(kept, "reflection:1", 1)
    answer(kept, asked(kept, "halfway:1", 2))

    assert open_question(kept) == "reflection:1"


def test_an_answer_in_the_thread_means_the_question_of_the_thread(kept: Kept) -> None:
    asked(kept, "reflection:1", 1)
    asked(kept, "halfway:1", 2)

    assert open_question(kept, thread_ts="1") == "reflection:1"


def test_in_its_thread_a_question_can_be_answered_again_and_late(kept: Kept) -> None:
    answer(kept, asked(kept, "reflection:1", 1))

    assert open_question(kept, thread_ts="1", since=500) == "reflection:1"


def test_in_another_thread_nothing_is_answered(kept: Kept) -> None:
    asked(kept, "reflection:1", 1)

    assert open_question(kept, thread_ts="7") is None


def test_a_question_of_long_ago_is_no_longer_open(kept: Kept) -> None:
    asked(kept, "reflection:1", 1)

    assert open_question(kept, since=2) is None


@pytest.mark.parametrize("state", [DeliveryState.CLAIMED, DeliveryState.UNKNOWN])
def test_a_question_whose_arrival_is_in_doubt_can_be_answered(kept: Kept, state: DeliveryState) -> None:
    """They may have it before we know."""
    asked(kept, "reflection:1", 1, state=state)

    assert open_question(kept) == "reflection:1"
    assert open_question(kept, thread_ts="1.0") == "reflection:1"


@pytest.mark.parametrize("state", [DeliveryState.WAITING, DeliveryState.REFUSED])
def test_a_question_that_surely_did_not_arrive_is_not_open(kept: Kept, state: DeliveryState) -> None:
    asked(kept, "reflection:1", 1, state=state)

    assert open_question(kept) is None


def test_a_question_that_nobody_has_tried_to_send_is_not_open(kept: Kept) -> None:
    kept.nudge("reflection:1")

    assert open_question(kept) is None


@pytest.mark.parametrize("state", [DeliveryState.CLAIMED, DeliveryState.UNKNOWN])
def test_an_answer_in_a_thread_is_not_taken_for_a_newer_question_whose_arrival_is_in_doubt(
    kept: Kept, state: DeliveryState
) -> None:
    asked(kept, "reflection:1", 1)
    asked(kept, "halfway:1", 2, state=state)

    assert open_question(kept, thread_ts="1") == "reflection:1"


@pytest.mark.parametrize("state", [DeliveryState.UNKNOWN, DeliveryState.GIVEN_UP])
def test_a_text_under_another_message_of_ours_is_no_answer_to_a_question_in_doubt(
    kept: Kept, state: DeliveryState
) -> None:
    asked(kept, "reflection:1", 1, state=state)
    asked(kept, "reminder:1", 7)

    assert open_question(kept, thread_ts="7") is None


def test_a_question_in_doubt_is_not_meant_for_ever_nor_once_it_is_answered(kept: Kept) -> None:
    question = asked(kept, "reflection:1", 1, state=DeliveryState.GIVEN_UP)
    assert open_question(kept, thread_ts="7", since=2) is None

    answer(kept, question)

    assert open_question(kept, thread_ts="7") is None


def test_what_asks_for_no_answer_is_no_question_and_nobody_elses_is_mine(kept: Kept) -> None:
    asked(kept, "reminder:1", 1)
    asked(kept, "reflection:2", 1, person_id=kept.oliver.id)

    assert open_question(kept) is None


def test_a_question_that_was_dropped_before_it_was_sent_is_not_open(kept: Kept) -> None:
    """It was taken out of a message that then went with the rest."""
    asked(kept, "reflection:1", 1, dropped="no longer due")

    assert open_question(kept) is None


def test_one_message_is_one_answer_however_often_it_is_delivered(kept: Kept) -> None:
    question = asked(kept, "reflection:1", 1)
    answer(kept, question, "5.0")

    with pytest.raises(IntegrityError):
        answer(kept, question, "5.0")


# What was put off


def test_a_question_that_came_again_is_open_once_and_closed_by_an_answer_to_either(kept: Kept) -> None:
    first = asked(kept, "reflection:1", -3, put_off_until=NOW)
    again = asked(kept, "reflection:1:later:1", -1, is_wished=True)

    assert [each.id for each in open_questions(kept)] == [again.id]
    answer(kept, first)
    assert open_questions(kept) == []


def open_questions(kept: Kept) -> list[Nudge]:
    with kept.store.read() as db:
        return list(nudges.open_questions(db, kept.ana.id, KINDS, since=NOW - HOUR * 24))


def test_the_ledger_has_all_that_became_of_a_key_and_nothing_of_others(kept: Kept) -> None:
    keys = ["plan:1", "plan:1:later:1", "plan:1:dropped:5", "plan:1:released:4"]
    for key in [*keys, "plan:10", "plan:1:2", "plan_1:later:1"]:
        kept.nudge(key)

    with kept.store.read() as db:
        assert [each.key for each in nudges.about(db, make.WORKSPACE, "plan:1")] == keys
        assert nudges.about(db, "T0ELSEWHERE", "plan:1") == []


def test_the_menu_of_somebody_elses_message_or_of_a_notice_changes_nothing(kept: Kept) -> None:
    mine, notice = kept.delivery(), kept.delivery()
    nudge = kept.nudge("plan:1", delivery_id=mine.id)
    kept.nudge("joined:1", delivery_id=notice.id, is_notice=True)

    with kept.store.begin() as db:
        assert [each.id for each in nudges.told_in(db, kept.ana.id, mine.id, to_change=True)] == [nudge.id]
        assert nudges.told_in(db, kept.oliver.id, mine.id) == []
        assert nudges.told_in(db, kept.ana.id, notice.id) == []
