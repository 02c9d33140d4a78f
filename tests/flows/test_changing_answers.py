"""People change their answers, and the sides on which they take part."""

from conftest import Town
from flows.forms import filled, title
from flows.kept import leaves, places
from flows.telling import AI, DATA, change, join, last, pair_up, sending, set_up, texts, words

from sandbox import Sandbox
from store.models import MemberState, Side


def test_changed_answers_are_kept_and_confirmed(box: Sandbox) -> None:
    set_up(box)
    join(box, "ana", "Mentor", [AI], hopes="To learn.", avoid=["tomas"], networks=["Parents and carers"])

    box.command("ana", "/flipside profile")
    assert title(box.modal("ana")) == "Change answers, 1 of 3"
    assert filled(box, "ana", "hopes") == "To learn."
    box.submit("ana")
    assert filled(box, "ana", "avoid") == [box.find("tomas")]
    assert filled(box, "ana", "networks") == ["Parents and carers"]
    box.submit("ana", {"offers": [DATA]})
    assert "Keeping my answers" not in words(box, box.modal("ana")), "they have agreed already"
    assert box.submit("ana") == {}

    assert f"• You offer: {DATA}" in last(box.dm("ana"))
    assert len(box.dm("ana")) == 2


def test_the_other_side_can_be_added_and_dropped_while_there_is_no_pair(box: Sandbox) -> None:
    set_up(box)
    join(box, "ana", "Mentor", [AI])

    change(box, "ana", sides="Both", wishes=[DATA])
    assert {member.side: member.state for member in places(box, "ana")} == {
        Side.MENTOR: MemberState.ACTIVE,
        Side.MENTEE: MemberState.ACTIVE,
    }
    change(box, "ana", sides="Mentee")

    assert {member.side: member.state for member in places(box, "ana")} == {
        Side.MENTOR: MemberState.LEFT,
        Side.MENTEE: MemberState.ACTIVE,
    }
    assert all("You have left" not in text for text in texts(box.dm("ana"))), "they are still in"
    assert len(box.dm("ana")) == 3
    assert "• Side: mentee" in last(box.dm("ana"))


def test_a_side_with_a_partner_can_not_be_dropped_and_the_form_says_what_to_do(town: Town) -> None:
    box = town(after=pair_up)

    box.command("ana", "/flipside profile")
    wrong = box.submit("ana", {"sides": "Mentee"})

    assert wrong == {
        "I'd like to join as": "You have a partner as a mentor just now. Keep this side until your talks have ended, "
        "or end it with *Leave* on the Home tab."
    }
    assert box.submit("ana", {"sides": "Both"}) == {}
    assert box.submit("ana", {"wishes": [DATA]}) == {}
    assert box.submit("ana") == {}


def test_somebody_on_a_pause_changes_their_answers_and_stays_paused(town: Town) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])
    box.command("ana", "/flipside pause")

    change(box, "ana", sides="Both", offers=[DATA], wishes=[AI])

    assert {member.state for member in places(box, "ana")} == {MemberState.PAUSED}
    assert places(box, "ana")[0].topics == ["data"]


def test_a_change_sent_by_somebody_who_left_meanwhile_changes_nothing(town: Town) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])
    box.command("ana", "/flipside profile")
    box.submit("ana")
    box.submit("ana", {"offers": [DATA]})
    form = sending(box, "ana", {})
    leaves(box, "ana")

    answer = box.send_payload(form).json()

    assert answer["errors"]["manager"].startswith("You aren't in a programme just now.")
    assert [(member.state, member.topics) for member in places(box, "ana")] == [(MemberState.LEFT, ["ai_tools"])]
