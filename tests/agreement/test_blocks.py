"""What one of a pair hears of what the other proposes."""

from dataclasses import replace

import make
import pytest

from bot.agreement import blocks
from store.models import Agreement


@pytest.mark.parametrize(
    ("versions", "opening"),
    [
        ([make.agreement()], "has written down how the two of you could work together."),
        ([make.agreement(), make.agreement(2, id=92)], "has other words for how the two of you could work together."),
        (
            [make.agreement(agreed_at=make.MONDAY), make.agreement(2, id=92)],
            "would like to change what the two of you agreed.",
        ),
    ],
    ids=["the first", "other words before anybody said yes", "a change"],
)
def test_a_change_is_spoken_of_once_something_is_agreed(versions: list[Agreement], opening: str) -> None:
    each = replace(make.partnership(), agreements=tuple(versions))

    told = blocks.proposed(make.telling("agreement_proposed", each, about=versions[-1].id, agreement={"stop": "Any"}))

    assert told.text.startswith(f"<@U0OLIVER> {opening}")
