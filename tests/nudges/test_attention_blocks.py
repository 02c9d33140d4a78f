"""Below each nudge is a menu; each can say why it came, and whether there may be fewer."""

import make
import pytest

from bot.nudges import attention_blocks as blocks
from bot.nudges import features
from bot.nudges.attention_blocks import Reasons
from bot.nudges.fewer_rules import FAMILIES
from bot.prompts import NUDGES

# What answers somebody or must arrive. A new kind of message belongs here, or to `NUDGES`: then it says why it comes.
NOTICES = {
    "joined", "applied", "queued", "declined", "let_in", "left", "pause_over", "signup_question",
    "partner_left", "partner_paused", "partner_resumed", "introduction", "agreement_proposed", "agreement_agreed",
    "planned", "booked", "cancelled", "together", "thanks", "difference", "ask_to_post", "saying_posted", "saying_kept",
    "reflection_kept", "note_kept", "action_kept", "which_question", "which_pair", "thanks_shown",
    "announcement_unclear", "announcement_refused", "requests", "topic_decided", "programme_ended", "rule_broken",
    "round_ready", "publication", "weekly_ready", "repair_ready", "upload_checked", "upload_done",
}  # fmt: skip


def told(*kinds: str, number: int = 1, **wanted: str) -> str:
    """What the modal says, all of it."""
    reasons = Reasons([make.nudge(kind) for kind in kinds], make.MONDAY, "Europe/Lisbon", number, 3, wanted)
    view = blocks.why(reasons, make.words())
    return "\n".join(str(block.get("text", {}).get("text") or block.get("elements")) for block in view["blocks"])


def test_every_kind_that_comes_unasked_can_say_why() -> None:
    assert set(features.MESSAGES) - NOTICES == set(NUDGES)
    assert all(make.words().texts[f"why.{kind}"] in told(kind) for kind in NUDGES)


def test_of_a_message_with_several_each_says_why_and_once() -> None:
    said = told("preparation", "preparation", "checkin")

    assert said.count("three working days ahead") == 1
    assert "whether you met" in said


@pytest.mark.parametrize(
    ("number", "says"),
    [(2, "number 2 of at most 3"), (4, "This one came besides"), (0, "You had put it off until then")],
)
def test_what_it_says_of_the_week(number: int, says: str) -> None:
    assert says in told("reminder", number=number)


def test_how_to_get_fewer_is_said_where_there_may_be_fewer() -> None:
    hint = "Choose “Fewer of these”"

    assert {kind for kind in NUDGES if hint in told(kind)} == set(FAMILIES)
    assert hint not in told("reminder", reminders="none")
    assert "As you asked, every second reminder" in told("reminder", reminders="half")


@pytest.mark.parametrize("kind", sorted(set(NUDGES) - set(FAMILIES)))
def test_what_stays_says_kindly_why(kind: str) -> None:
    said = blocks.fewer([kind], {}, make.words(), "/flipside").text

    assert said.startswith("This one comes only once" if kind in blocks.ONCE else "This one stays")
