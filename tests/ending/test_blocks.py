"""How the words of an end keep what each of the two chose to themselves."""

import make
import pytest

from bot.ending import blocks
from store.models import Onward


def told(onward: Onward) -> str:
    return blocks.together(make.telling("together", make.partnership(onward=onward))).text


def test_finishing_is_told_in_the_same_words_as_meeting_informally() -> None:
    """Else one who wished for more, or said nothing, would know by elimination that the other wished to finish."""
    assert told(Onward.FINISH) == told(Onward.INFORMALLY)
    assert len({told(onward) for onward in Onward}) == 3


@pytest.mark.parametrize("ending", [1, 2])
def test_each_button_says_which_end_it_is_about(ending: int) -> None:
    asked = blocks.going_on(make.telling("going_on", make.partnership(ending=ending)))

    values = [button["value"] for button in asked.blocks[-1]["elements"]]
    assert values == [f"5:{ending}:{onward}" for onward in Onward]
