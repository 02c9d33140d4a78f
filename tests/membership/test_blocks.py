"""The words of staying and leaving: neutral to the partner, and plain about where one stands."""

import json
from datetime import date

import limits
import make
import pytest

from bot.due import Message
from bot.membership import blocks, rules
from bot.membership.blocks import Seat
from bot.membership.rules import Stand
from store.models import MemberState, Side

MARCH = date(2027, 3, 22)
# What would give away who ended a pair, or why somebody is away.
GIVES_AWAY = (
    "left", "leave the", "leaving", "because", "reason was", "decided", "quit", "gone", "deactivat", "account", "ill",
    "sick", "holiday", "until", "forgot", "removed", "coordinator", "ended it", "their choice", "wanted", "company",
)  # fmt: skip


def partner_left(*, wants_partner: bool = False, closed: bool = False) -> Message:
    each = make.partnership()
    each.mine.wants_partner = wants_partner
    each.programme.closed_at = make.MONDAY if closed else None
    return blocks.partner_left(make.telling("partner_left", each))


def first_part(message: Message) -> str:
    """What is said of the partner, without what is offered."""
    return message.text.split("\n\n")[0]


@pytest.mark.parametrize("kind", ["partner_left", "partner_paused", "partner_resumed"])
def test_what_a_partner_hears_names_them_and_no_cause(kind: str) -> None:
    message = blocks.MESSAGES[kind](make.telling(kind))

    text = first_part(message)
    assert "<@U0OLIVER>" in text
    assert [word for word in GIVES_AWAY if word in text.lower().replace("still", "").replace("will", "")] == []


def test_what_a_partner_hears_is_the_same_whoever_ended_the_pair() -> None:
    told = set()
    for ended_by in (None, 2):
        each = make.partnership(ended_at=make.MONDAY, ended_by=ended_by)
        each.mine.wants_partner = False
        told.add(blocks.partner_left(make.telling("partner_left", each)).text)

    assert len(told) == 1


def test_a_new_partner_is_offered_and_so_is_none() -> None:
    message = partner_left()

    assert list(limits.action_ids(message.blocks)) == [blocks.SEEK, blocks.NOT_NOW, "go.leave", "go.keepsake"]
    assert "first in line" in message.text


@pytest.mark.parametrize("facts", [{"closed": True}, {"wants_partner": True}], ids=["it has ended", "they have asked"])
def test_where_no_new_partner_can_be_asked_for_none_is_offered(facts: dict[str, bool]) -> None:
    message = partner_left(**facts)

    assert list(limits.action_ids(message.blocks)) == ["go.keepsake"]
    assert "has ended" in message.text


def test_a_pause_can_be_given_a_date_or_lose_it() -> None:
    ids = [list(limits.action_ids(blocks.paused(until).blocks)) for until in (None, MARCH)]

    lasting = [f"{blocks.PAUSE_FOR}.{name}" for name in ("week", "fortnight", "month")]
    assert ids[0] == [*lasting, blocks.PAUSE_DATE, "go.resume"]
    assert ids[1] == [*lasting, blocks.PAUSE_DATE, f"{blocks.PAUSE_FOR}.open", "go.resume"]
    assert "until *Monday 22 March*" in blocks.paused(MARCH).text
    assert "until you say so" in blocks.paused(None).text


def seat(stand: Stand, side: Side = Side.MENTOR, **facts: object) -> Seat:
    member = make.member(side, hopes=b"sealed", avoid=b"sealed", networks=b"sealed")
    return Seat(member, make.programme(), stand, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stand", "facts", "says"),
    [
        (Stand.APPLIED, {}, "You have asked to join *Look Up* as a mentor."),
        (Stand.QUEUED, {"number": 3}, "You're *number 3* on its waiting list"),
        (Stand.PAUSED, {"until": MARCH}, "You're *paused* until Monday 22 March"),
        (Stand.PAUSED, {}, "You're *paused*: nothing comes until you go on."),
        (Stand.WAITING, {}, "You're on the list for the next round of pairing"),
        (Stand.FIRST_IN_LINE, {}, "You're *first in line* for the next round of pairing"),
        (Stand.RESTING, {}, "You aren't looking for a partner just now."),
        (Stand.PAIRED, {}, "You take part in *Look Up* as a mentor."),
    ],
)
def test_the_home_says_where_they_stand_and_nothing_told_in_confidence(
    stand: Stand, facts: dict[str, object], says: str
) -> None:
    shown = json.dumps(blocks.home([seat(stand, **facts)]))

    assert says in shown
    assert "sealed" not in shown


@pytest.mark.parametrize(
    ("stand", "rounds", "says"),
    [
        (Stand.WAITING, 1, "You have waited for one round of pairing; that counts."),
        (Stand.FIRST_IN_LINE, 3, "You have waited for 3 rounds of pairing; that counts."),
    ],
)
def test_who_waits_sees_for_how_many_rounds(stand: Stand, rounds: int, says: str) -> None:
    waiting = seat(stand)
    waiting.member.rounds_waited = rounds

    assert says in json.dumps(blocks.home([waiting]))


@pytest.mark.parametrize(("stand", "rounds"), [(Stand.WAITING, 0), (Stand.RESTING, 2), (Stand.PAIRED, 2)])
def test_nobody_else_does(stand: Stand, rounds: int) -> None:
    other = seat(stand)
    other.member.rounds_waited = rounds

    assert "waited" not in json.dumps(blocks.home([other]))


@pytest.mark.parametrize(
    ("stand", "offered"),
    [
        (Stand.WAITING, ["go.profile", "go.pause", "go.hours", "go.mydata", "go.leave"]),
        (Stand.PAUSED, ["go.profile", "go.resume", "go.hours", "go.mydata", "go.leave"]),
        (Stand.APPLIED, ["go.profile", "go.hours", "go.mydata", "go.leave"]),
        (Stand.QUEUED, ["go.profile", "go.hours", "go.mydata", "go.leave"]),
        (Stand.RESTING, [blocks.SEEK, "go.profile", "go.pause", "go.hours", "go.mydata", "go.leave"]),
    ],
)
def test_the_home_offers_what_they_can_do_there(stand: Stand, offered: list[str]) -> None:
    assert list(limits.action_ids(blocks.home([seat(stand, number=1)]))) == offered


def test_somebody_on_both_sides_sees_both_and_the_buttons_once() -> None:
    shown = blocks.home([seat(Stand.WAITING), seat(Stand.RESTING, Side.MENTEE)])

    assert [block["type"] for block in shown] == ["section", "section", "actions", "actions"]
    assert "as a mentee. You aren't looking" in shown[1]["text"]["text"]


def test_in_a_programme_that_has_ended_no_partner_is_offered() -> None:
    over = Seat(make.member(), make.programme(closed_at=make.MONDAY), Stand.RESTING)

    assert blocks.SEEK not in list(limits.action_ids(blocks.home([over])))


def test_who_is_in_nothing_has_no_lines_of_a_member() -> None:
    assert blocks.home([]) == []


def test_coordinators_read_that_a_contact_or_creator_is_gone() -> None:
    contact, creator = (
        blocks.unattended(make.programme(), contact=True, creator=None),
        blocks.unattended(make.programme(), contact=False, creator="U0RUTH"),
    )

    assert "<@U0NOOR>, whom people turn to with a concern" in contact[0]["text"]["text"]
    assert "<@U0RUTH>, who set up *Look Up*" in creator[0]["text"]["text"]
    assert [each["accessory"]["action_id"] for each in (*contact, *creator)] == ["go.programme"] * 2
    assert blocks.unattended(make.programme(), contact=False, creator=None) == []


@pytest.mark.parametrize("state", MemberState)
def test_every_state_of_a_member_has_words(state: MemberState) -> None:
    stand = rules.stand(make.member(state=state), 1, is_over=False)

    assert blocks.stands(stand)
